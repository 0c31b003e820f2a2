#include "io/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "io/made_files.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

JournalFault fault_of_system(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return JournalFault::full;
    case EROFS:
    case EACCES:
    case EPERM:
      return JournalFault::read_only;
    default:
      return JournalFault::other;
  }
}

JournalFault fault_of(int code, int system) {
  switch (code) {
    case SQLITE_FULL:
      return JournalFault::full;
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return JournalFault::read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return JournalFault::damaged;
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      return fault_of_system(system);
    default:
      return JournalFault::other;
  }
}

std::string remedy(JournalFault fault, int code) {
  switch (fault) {
    case JournalFault::full:
      return "; make room on its disk";
    case JournalFault::read_only:
      return "; the user that runs gridtap must be allowed to read and write it and its directory, "
             "and the file system must not be mounted read-only";
    case JournalFault::damaged:
      return "; gridtap takes over what can be read of it when it runs";
    default:
      break;
  }
  if (code == SQLITE_BUSY) return "; another program writes to it for longer than that may take";
  if (code == SQLITE_CANTOPEN) return "; its directory must be there";
  return "; try its disk";
}

// Of the call that has just failed. SQLite keeps what the system said of some calls only, not of a
// commit; errno was 0 before.
JournalError error_of(sqlite3* database, const std::string& path) {
  const int newest = errno;
  const int code = sqlite3_errcode(database) & 0xff;
  const int kept = sqlite3_system_errno(database);
  const int system = kept != 0 ? kept : newest;
  JournalError error{fault_of(code, system), path + ": " + sqlite3_errmsg(database)};
  const bool of_system = code == SQLITE_CANTOPEN || code == SQLITE_IOERR;
  if (of_system && system != 0) error.detail += std::string(": ") + std::strerror(system);
  error.detail += remedy(error.fault, code);
  return error;
}

// SQLite opens it all the same.
JournalError not_writable(const std::string& path) {
  constexpr auto fault = JournalFault::read_only;
  return {fault, path + ": may be read only" + remedy(fault, SQLITE_READONLY)};
}

// SQLite would wait for a FIFO, and says of a directory that it cannot be opened. Empty: it may be
// tried.
std::string what_it_is(const std::string& path) {
  std::error_code ignored;
  switch (fs::status(path, ignored).type()) {
    case fs::file_type::directory:
      return "a directory";
    case fs::file_type::fifo:
      return "a FIFO";
    case fs::file_type::socket:
      return "a socket";
    case fs::file_type::block:
    case fs::file_type::character:
      return "a device";
    default:
      return {};
  }
}

JournalError error_of(sqlite3* database) {
  const char* path = sqlite3_db_filename(database, "main");
  return error_of(database, path ? path : "");
}

// A name that says how to open it.
std::string unchanging(const std::string& path) {
  std::string uri = "file:";
  for (const char letter : path) {
    const std::string_view special = "?#%";
    const auto at = special.find(letter);
    uri += at == special.npos ? std::string(1, letter)
                              : std::string(at == 0   ? "%3f"
                                            : at == 1 ? "%23"
                                                      : "%25");
  }
  return uri + "?immutable=1";
}

}  // namespace

JournalError system_error(const std::string& path, int error) {
  const JournalFault fault = fault_of_system(error);
  return {fault, path + ": " + std::strerror(error) + remedy(fault, SQLITE_IOERR)};
}

namespace {

// Where a directory may not be written, SQLite says that there is no such file.
JournalError not_made(const std::string& path, JournalError error) {
  const std::string directory = fs::path(path).parent_path() / ".";
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK, AT_EACCESS) == 0) return error;
  const int why = errno;
  return fault_of_system(why) == JournalFault::other ? error : system_error(path, why);
}

}  // namespace

void SqlStatement::Finalize::operator()(sqlite3_stmt* it) const { sqlite3_finalize(it); }

SqlStatement::SqlStatement(sqlite3* database, const char* text) {
  sqlite3_stmt* it = nullptr;
  if (sqlite3_prepare_v2(database, text, -1, &it, nullptr) != SQLITE_OK) {
    failed_ = error_of(database);
  }
  it_.reset(it);
}

SqlStatement& SqlStatement::bind(std::initializer_list<SqlValue> values) {
  if (failed_) return *this;
  sqlite3_reset(it_.get());
  int n = 0;
  for (const SqlValue& value : values) {
    ++n;
    if (const auto* text = std::get_if<std::string_view>(&value)) {
      sqlite3_bind_text(it_.get(), n, text->data(), static_cast<int>(text->size()), nullptr);
    } else if (const auto number = std::get<0>(value)) {
      sqlite3_bind_int64(it_.get(), n, *number);
    } else {
      sqlite3_bind_null(it_.get(), n);
    }
  }
  return *this;
}

JournalResult<bool> SqlStatement::step() {
  if (failed_) return tl::unexpected(*failed_);
  errno = 0;
  const int code = sqlite3_step(it_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(error_of(sqlite3_db_handle(it_.get())));
}

JournalResult<void> SqlStatement::run(std::initializer_list<SqlValue> values) {
  if (auto done = bind(values).step(); !done) return tl::unexpected(std::move(done).error());
  sqlite3_reset(it_.get());
  return {};
}

std::int64_t SqlStatement::number(int column) const {
  return sqlite3_column_int64(it_.get(), column);
}

std::optional<std::int64_t> SqlStatement::number_if(int column) const {
  if (sqlite3_column_type(it_.get(), column) == SQLITE_NULL) return {};
  return number(column);
}

std::string SqlStatement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(it_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(it_.get(), column));
  return text ? std::string(text, text + size) : std::string{};
}

void SqlFile::Close::operator()(sqlite3* it) const { sqlite3_close_v2(it); }

JournalResult<SqlFile> SqlFile::open_as(const std::string& name, int flags) {
  sqlite3* it = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &it, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  SqlFile file(it);
  const bool to_write = (flags & SQLITE_OPEN_READWRITE) != 0;
  if (code != SQLITE_OK) {
    JournalError error = error_of(it, name);
    return tl::unexpected(to_write ? not_made(name, std::move(error)) : std::move(error));
  }
  if (to_write && sqlite3_db_readonly(it, "main") == 1) return tl::unexpected(not_writable(name));
  sqlite3_busy_timeout(it, static_cast<int>(patience / std::chrono::milliseconds(1)));
  return file;
}

// A reader of a file in WAL mode makes files beside it where there are none, and leaves them to the
// writer, who may be another user. So it makes none: with none there, nobody writes.
JournalResult<SqlFile> SqlFile::open(const std::string& path, Use use) {
  for (const char* part : {"", "-wal", "-shm", "-journal"}) {
    const std::string what = what_it_is(path + part);
    if (what.empty()) continue;
    return tl::unexpected(
        JournalError{JournalFault::other,
                     path + part + " is " + what +
                         ", not a file: move it away, or give the history another directory"});
  }
  if (use == Use::keep) {
    make_file_for_owner(path);  // what SQLite makes beside it gets its owner and mode, too
    return open_as(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  }
  std::error_code ignored;
  if (fs::exists(path + "-wal", ignored)) {
    auto file = open_as(path, SQLITE_OPEN_READONLY);
    if (!file || file->number("PRAGMA user_version")) return file;
    if (file->number("PRAGMA user_version").error().fault == JournalFault::damaged) return file;
  }
  return open_still(path);
}

JournalResult<SqlFile> SqlFile::open_still(const std::string& path) {
  return open_as(unchanging(path), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

JournalResult<void> SqlFile::run(const char* text) {
  errno = 0;
  if (sqlite3_exec(it_.get(), text, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return tl::unexpected(error_of(it_.get()));
}

JournalResult<std::int64_t> SqlFile::number(const char* text) {
  SqlStatement one = statement(text);
  const auto row = one.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? one.number(0) : 0;
}

JournalResult<void> SqlFile::transaction(const std::function<JournalResult<void>()>& work) {
  auto done = run("BEGIN IMMEDIATE");
  if (!done) return done;
  done = work();
  if (done) done = run("COMMIT");
  if (!done && sqlite3_get_autocommit(it_.get()) == 0) static_cast<void>(run("ROLLBACK"));
  return done;
}

std::int64_t SqlFile::newest_id() const { return sqlite3_last_insert_rowid(it_.get()); }

std::int64_t SqlFile::changed_rows() const { return sqlite3_total_changes64(it_.get()); }

JournalResult<void> SqlFile::copy_to(const std::string& path) {
  constexpr int pages_at_once = 256;
  auto target = open(path, Use::keep);
  if (!target) return tl::unexpected(std::move(target).error());
  sqlite3* const to = target->it_.get();
  if (auto done = target->run(unsafe); !done) return done;
  errno = 0;
  sqlite3_backup* const copy = sqlite3_backup_init(to, "main", it_.get(), "main");
  int code = copy ? SQLITE_OK : SQLITE_ERROR;
  while (code == SQLITE_OK) code = sqlite3_backup_step(copy, pages_at_once);
  sqlite3_backup_finish(copy);
  return code == SQLITE_DONE ? JournalResult<void>() : tl::unexpected(error_of(to));
}

bool SqlFile::take_in() {
  const auto others = number("PRAGMA wal_checkpoint(TRUNCATE)");
  return others && *others == 0;
}

bool SqlFile::is_elsewhere() const {
  int moved = 0;
  sqlite3_file_control(it_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

void SqlFile::leave_untouched(bool untouched) {
  sqlite3_db_config(it_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, untouched ? 1 : 0, nullptr);
}

}  // namespace gridtap::io
