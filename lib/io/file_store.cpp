#include "io/file_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "gridtap-state 1 ";

// What would end a line or a key, and the letter that stands for it behind a `\`.
constexpr std::string_view special = "\\\n\r=", letters = "\\nre";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::size_t found = special.find(c);
    if (found == special.npos) {
      out += c;
    } else {
      out += {'\\', letters[found]};
    }
  }
  return out;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    if (text[n] != '\\' || n + 1 == text.size()) {
      out += text[n];
      continue;
    }
    const std::size_t found = letters.find(text[++n]);
    out += found == letters.npos ? text[n] : special[found];
  }
  return out;
}

// FNV-1a, 64 bits: against torn and damaged files, not against people.
std::string checksum(std::string_view body) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : body) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llX", static_cast<unsigned long long>(hash));
  return text;
}

using Texts = std::map<std::string, std::string, std::less<>>;

std::string file_text(const Texts& texts) {
  std::string body;
  for (const auto& [key, text] : texts) body += escaped(key) + '=' + escaped(text) + '\n';
  return std::string(magic) + checksum(body) + '\n' + body;
}

// Nothing where the text is not a whole state file of this version.
std::optional<Texts> parse_file(std::string_view text) {
  constexpr std::size_t digits = 16;
  if (text.size() < magic.size() + digits + 1 || !text.starts_with(magic)) return {};
  if (text[magic.size() + digits] != '\n') return {};
  std::string_view body = text.substr(magic.size() + digits + 1);
  if (text.substr(magic.size(), digits) != checksum(body)) return {};
  Texts texts;
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return {};
    texts[unescaped(line.substr(0, equals))] = unescaped(line.substr(equals + 1));
  }
  return texts;
}

// The content of a file of at most that size; nothing with `error` set where it cannot be read.
std::optional<std::string> content_of(const std::string& path, std::error_code& error) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) {
    error.assign(errno, std::generic_category());
    return {};
  }
  std::string text;
  char piece[4096];
  ::ssize_t got = 0;
  while (text.size() <= FileStore::max_file && (got = ::read(fd, piece, sizeof piece)) > 0) {
    text.append(piece, static_cast<std::size_t>(got));
  }
  if (got < 0) error.assign(errno, std::generic_category());
  ::close(fd);
  return error ? std::nullopt : std::optional(std::move(text));
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ::ssize_t written = ::write(fd, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(fd) == 0;
}

void synchronise_directory(const std::string& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

// Empty where it was written, else why not.
std::string write_atomically(const std::string& directory, const std::string& path,
                             std::string_view text) {
  const std::string fresh = path + ".new";
  ::unlink(fresh.c_str());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return std::strerror(errno);
  const bool written = write_all(fd, text);
  std::string why = written ? "" : std::strerror(errno);
  ::close(fd);
  if (!written) {
    ::unlink(fresh.c_str());
    return why;
  }
  std::rename(path.c_str(), (path + ".old").c_str());
  if (std::rename(fresh.c_str(), path.c_str()) != 0) return std::strerror(errno);
  synchronise_directory(directory);
  return {};
}

// The lock file holds the number of the process that has it.
void sign(int lock) {
  const std::string pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(lock, 0) == 0) static_cast<void>(::pwrite(lock, pid.data(), pid.size(), 0));
}

std::string holder(int lock) {
  char text[16];
  const ::ssize_t size = ::pread(lock, text, sizeof text, 0);
  const std::string_view said(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string_view digits = said.substr(0, said.find_first_not_of("0123456789"));
  return digits.empty() ? "of unknown pid" : "pid " + std::string(digits);
}

}  // namespace

Result<std::unique_ptr<FileStore>> FileStore::open(const std::string& directory, Clock& clock,
                                                   Log& log) {
  std::error_code ignored;
  fs::create_directory(directory, ignored);
  std::unique_ptr<FileStore> store(new FileStore(directory, clock, log));
  if (const auto locked = store->lock(); !locked) return tl::unexpected(locked.error());
  store->read();
  return store;
}

FileStore::FileStore(std::string directory, Clock& clock, Log& log)
    : directory_(std::move(directory)),
      path_(directory_ + "/state"),
      clock_(clock),
      log_(log),
      timer_(clock.timer([this] { flush(); })) {}

FileStore::~FileStore() {
  if (lock_ >= 0) ::close(lock_);
}

// A directory without permission or on a full disk has no lock either: that shows when we write.
Result<bool> FileStore::lock() {
  const std::string path = directory_ + "/lock";
  lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) {
    failed_to_write(std::strerror(errno));
    return false;
  }
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    return failed(Fault::io, "another gridtap (" + holder(lock_) + ") uses " + directory_ +
                                 ": give this one a `state_dir` of its own");
  }
  sign(lock_);
  return true;
}

void FileStore::read() {
  if (!read_file(path_)) read_file(path_ + ".old");
}

bool FileStore::read_file(const std::string& path) {
  std::error_code error;
  const auto text = content_of(path, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return false;
  }
  auto texts = text && text->size() <= max_file ? parse_file(*text) : std::nullopt;
  if (!texts) {
    set_aside(path,
              error ? "cannot be read: " + error.message() : "is broken or of another version");
    return false;
  }
  texts_ = std::move(*texts);
  return true;
}

void FileStore::set_aside(const std::string& path, const std::string& why) {
  std::string aside;
  std::error_code ignored;
  for (int n = 1; n <= max_set_aside; ++n) {
    aside = path_ + ".broken-" + std::to_string(n);
    if (!fs::exists(fs::symlink_status(aside, ignored))) break;
  }
  const bool moved = std::rename(path.c_str(), aside.c_str()) == 0;
  warn("the state file " + path + " " + why + (moved ? ": set aside as " + aside : "") +
       ", the generation before it is taken if there is one");
}

std::string FileStore::get(std::string_view key) const {
  const auto found = texts_.find(key);
  return found == texts_.end() ? std::string{} : found->second;
}

void FileStore::put(std::string_view key, std::string text, bool soon) {
  const auto found = texts_.find(key);
  if (found != texts_.end() ? found->second == text : text.empty()) return;
  if (text.empty()) {
    texts_.erase(found);
  } else {
    texts_.insert_or_assign(std::string(key), std::move(text));
  }
  const auto delay = soon ? std::chrono::seconds(soon_delay) : std::chrono::seconds(late_delay);
  due_ = std::min(due_, clock_.now().mono + delay);
  timer_->set(due_);
}

void FileStore::flush() {
  if (due_ == Mono::max()) return;
  const std::string why = write();
  if (why.empty()) {
    due_ = Mono::max();
    complained_ = false;
  } else {
    failed_to_write(why);
    due_ = clock_.now().mono + late_delay;
  }
  timer_->set(due_);
}

std::string FileStore::write() {
  const std::string text = file_text(texts_);
  if (text.size() > max_file) return "more than " + std::to_string(max_file) + " bytes";
  return write_atomically(directory_, path_, text);
}

void FileStore::warn(const std::string& text) { log_.write(Level::warning, "gateway", text); }

void FileStore::failed_to_write(const std::string& why) {
  if (std::exchange(complained_, true)) return;
  warn("cannot keep its state in " + directory_ + ": " + why +
       "; running from memory until it can. The directory must exist, and the user that runs "
       "gridtap "
       "must be allowed to write there");
}

}  // namespace gridtap::io
