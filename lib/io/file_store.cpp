#include "io/file_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view magic = "gridtap-state 1 ";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') out += "\\\\";
    if (c == '\n') out += "\\n";
    if (c == '\r') out += "\\r";
    if (c != '\\' && c != '\n' && c != '\r') out += c;
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
    const char c = text[++n];
    out += c == 'n' ? '\n' : c == 'r' ? '\r' : c;
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
  const std::string why = written ? "" : std::strerror(errno);
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
    return failed(Fault::io, "another gridtap uses " + directory_ +
                                 ": give this one a `state_dir` of its own");
  }
  return true;
}

void FileStore::read() {
  if (!read_file(path_, true)) read_file(path_ + ".old", false);
}

bool FileStore::read_file(const std::string& path, bool first) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return false;
  std::string text(max_file + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  auto texts = text.size() <= max_file ? parse_file(text) : std::nullopt;
  if (texts) {
    texts_ = std::move(*texts);
    return true;
  }
  set_aside(path, first ? "taking the generation before it" : "beginning anew");
  return false;
}

void FileStore::set_aside(const std::string& path, const std::string& what_next) {
  const std::string aside = path + ".broken";
  std::rename(path.c_str(), aside.c_str());
  log_.write(Level::warning, "gateway",
             "the state file " + path + " is broken or of another version: set aside as " + aside +
                 ", " + what_next);
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
  const std::string why = write_atomically(directory_, path_, file_text(texts_));
  if (why.empty()) {
    due_ = Mono::max();
    complained_ = false;
  } else {
    failed_to_write(why);
    due_ = clock_.now().mono + late_delay;
  }
  timer_->set(due_);
}

void FileStore::failed_to_write(const std::string& why) {
  if (std::exchange(complained_, true)) return;
  log_.write(Level::warning, "gateway",
             "cannot keep its state in " + directory_ + ": " + why +
                 "; running from memory until that is mended");
}

}  // namespace gridtap::io
