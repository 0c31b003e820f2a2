#include "io/journal_form.hpp"

#include <array>
#include <cstddef>
#include <string>

namespace gridtap::io {
namespace {

// The step at n makes form n + 1 from form n; form 0 is an empty file. A new form is a new step:
// those that are here stay as they are.
constexpr std::array steps = {
    "CREATE TABLE series(id INTEGER PRIMARY KEY, name TEXT UNIQUE, unit TEXT, kind TEXT,"
    " exponent INTEGER);"
    "CREATE TABLE recent(start INTEGER, series INTEGER, value INTEGER, low INTEGER, high INTEGER,"
    " covered INTEGER, PRIMARY KEY(start, series)) WITHOUT ROWID;"
    "CREATE TABLE slot(series INTEGER, start INTEGER, value INTEGER, low INTEGER, high INTEGER,"
    " covered INTEGER, PRIMARY KEY(series, start)) WITHOUT ROWID;",
};

constexpr std::int64_t newest_form = steps.size();

tl::unexpected<JournalError> of_newer_form(const std::string& path, std::int64_t form) {
  return tl::unexpected(JournalError{
      JournalFault::newer_form,
      path + " was made by a newer gridtap (form " + std::to_string(form) + ", this one knows " +
          std::to_string(newest_form) +
          "): it is left as it is; install that version again, or give the history another "
          "directory"});
}

tl::unexpected<JournalError> of_another_program(const std::string& path) {
  return tl::unexpected(JournalError{
      JournalFault::other, path + " is no history of gridtap: it is left as it is; give the "
                                  "history another directory"});
}

JournalResult<void> step_from(SqlFile& file, std::size_t form) {
  return file.transaction([&]() -> JournalResult<void> {
    auto done = file.run(steps[form]);
    const std::string now = "PRAGMA user_version = " + std::to_string(form + 1);
    return done ? file.run(now.c_str()) : done;
  });
}

}  // namespace

JournalResult<std::int64_t> form_of(SqlFile& file, const std::string& path) {
  auto form = file.number("PRAGMA user_version");
  if (!form) return form;
  if (*form > newest_form) return of_newer_form(path, *form);
  auto tables = file.number("SELECT count(*) FROM sqlite_schema");
  if (!tables) return tables;
  if (*form < 0 || (*form == 0) != (*tables == 0)) return of_another_program(path);
  return form;
}

JournalResult<void> bring_up_to_date(SqlFile& file, const std::string& path) {
  const auto form = form_of(file, path);
  if (!form) return tl::unexpected(form.error());
  for (auto n = static_cast<std::size_t>(*form); n < steps.size(); ++n) {
    if (const auto done = step_from(file, n); !done) return done;
  }
  return {};
}

JournalResult<void> expect_newest_form(SqlFile& file, const std::string& path) {
  const auto form = form_of(file, path);
  if (!form) return tl::unexpected(form.error());
  if (*form == newest_form) return {};
  return tl::unexpected(JournalError{
      JournalFault::other,
      path + (*form == 0 ? " has no history yet" : " is of an older form: start gridtap once")});
}

}  // namespace gridtap::io
