#pragma once
// SQLite as the history needs it; no other file uses it: one database, its statements, and what its
// errors mean. Used by one thread at a time.

#include <chrono>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/journal.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace gridtap::io {

// A number, nothing, or a text.
using SqlValue = std::variant<std::optional<std::int64_t>, std::string_view>;

// Where the system itself refuses what is done with a file: `error` of errno.h.
JournalError system_error(const std::string& path, int error);

class SqlStatement {
 public:
  // What is wrong with the text shows at the first step.
  SqlStatement(sqlite3* database, const char* text);

  // Begins anew with these values. Their texts must stay for as long as it steps.
  SqlStatement& bind(std::initializer_list<SqlValue> values);
  JournalResult<bool> step();  // true: there is a row
  // All of what has no rows.
  JournalResult<void> run(std::initializer_list<SqlValue> values);

  // Of the row, columns from 0 on.
  std::int64_t number(int column) const;
  std::optional<std::int64_t> number_if(int column) const;
  std::string text(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* it) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> it_;
  std::optional<JournalError> failed_;
};

class SqlFile {
 public:
  // keep: made where there is none. look: never written to, as far as that goes without a file
  // beside it (immutable.hpp of SQLite's URIs); an error where there is none.
  enum class Use { keep, look };
  static constexpr std::chrono::seconds patience{5};  // with another program that has it locked

  // For a file that has no value before it is whole.
  static constexpr const char* unsafe = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF";

  static JournalResult<SqlFile> open(const std::string& path, Use use);
  // A file that no program writes to, as a copy is. It stays as it is, and a -wal beside it is
  // ignored.
  static JournalResult<SqlFile> open_still(const std::string& path);

  // Statements without rows and values.
  JournalResult<void> run(const char* text);
  // One number: the first of the first row, 0 where there is none.
  JournalResult<std::int64_t> number(const char* text);
  SqlStatement statement(const char* text) { return {it_.get(), text}; }
  // All that `work` does, or nothing.
  JournalResult<void> transaction(const std::function<JournalResult<void>()>& work);
  std::int64_t newest_id() const;     // of the row put in last, where SQLite numbers them
  std::int64_t changed_rows() const;  // since it was opened
  // All of it, as it is now, into a file that is new; what a power cut leaves of that is nothing.
  JournalResult<void> copy_to(const std::string& path);
  // All of what is beside it goes into it, and nothing is beside it then. False: others look at it,
  // or the disk refuses; what is beside it still counts.
  bool take_in();
  bool is_elsewhere() const;  // another file has its name now, or none has it
  // From now on closing the file leaves it as it is, with what is beside it.
  void leave_untouched(bool untouched);

 private:
  struct Close {
    void operator()(sqlite3* it) const;
  };
  explicit SqlFile(sqlite3* it) : it_(it) {}
  static JournalResult<SqlFile> open_as(const std::string& name, int flags);
  std::unique_ptr<sqlite3, Close> it_;
};

}  // namespace gridtap::io
