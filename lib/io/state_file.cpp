#include "io/state_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace gridtap::io {
namespace {

constexpr std::string_view magic = "gridtap-state 1 ";

// What would end a line or a key, and the letter that replaces it after a `\`.
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

}  // namespace

std::string rows_of(const StateTexts& texts) {
  std::string rows;
  for (const auto& [key, text] : texts) rows += escaped(key) + '=' + escaped(text) + '\n';
  return rows;
}

std::optional<StateTexts> parse_state(std::string_view text) {
  constexpr std::size_t digits = 16;
  if (text.size() < magic.size() + digits + 1 || !text.starts_with(magic)) return {};
  if (text[magic.size() + digits] != '\n') return {};
  std::string_view body = text.substr(magic.size() + digits + 1);
  if (text.substr(magic.size(), digits) != checksum(body)) return {};
  StateTexts texts;
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    const std::size_t equals = line.find('=');
    if (equals == line.npos) return {};
    texts[unescaped(line.substr(0, equals))] = unescaped(line.substr(equals + 1));
  }
  return texts;
}

std::optional<std::string> content_of(const std::string& path, std::error_code& error) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) {
    error.assign(errno, std::generic_category());
    return {};
  }
  std::string text;
  char piece[4096];
  ::ssize_t got = 0;
  while (text.size() <= max_state_file && (got = ::read(fd, piece, sizeof piece)) > 0) {
    text.append(piece, static_cast<std::size_t>(got));
  }
  if (got < 0) error.assign(errno, std::generic_category());
  ::close(fd);
  return error ? std::nullopt : std::optional(std::move(text));
}

std::string write_state(const std::string& directory, const std::string& path,
                        const std::string& rows) {
  if (rows.size() > max_state_file - 64) {
    return "more than " + std::to_string(max_state_file) + " bytes";
  }
  const std::string text = std::string(magic) + checksum(rows) + '\n' + rows;
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

}  // namespace gridtap::io
