#pragma once
// What must survive a restart, in two files of the state directory: `state`, and the generation
// before it. A file is written beside, synchronised and renamed, so a power cut leaves the old or
// the new one; a file that is broken all the same is set aside and the generation before it is
// taken.
//
//   gridtap-state 1 CBF29CE484222325         version, FNV-1a of all that follows
//   meter.line=115200 8N1                    one line a key; \n, \r, \\ and, as \e, = escaped
//
// Changes are written within half an hour, urgent ones within seconds: an SD card has to last.

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "core/ports.hpp"

namespace gridtap::io {

class FileStore final : public Store {
 public:
  static constexpr std::chrono::seconds soon_delay{5};
  static constexpr std::chrono::minutes late_delay{30};
  static constexpr std::size_t max_file = 16 * 1024 * 1024;  // a larger one is not written
  static constexpr int max_set_aside = 9;                    // broken files that are kept

  // Makes the directory if only its last part is missing. A directory that cannot be written is a
  // warning: gridtap then runs from memory. An error only where another gridtap has the directory.
  static Result<std::unique_ptr<FileStore>> open(const std::string& directory, Clock& clock,
                                                 Log& log);
  ~FileStore() override;

  std::string get(std::string_view key) const override;
  void put(std::string_view key, std::string text, bool soon) override;
  // Writes what has changed, now.
  void flush();

 private:
  FileStore(std::string directory, Clock& clock, Log& log);
  Result<bool> lock();
  void read();
  bool read_file(const std::string& path);
  void set_aside(const std::string& path, const std::string& why);
  std::string write();
  void warn(const std::string& text);
  void failed_to_write(const std::string& why);

  std::string directory_, path_;
  Clock& clock_;
  Log& log_;
  std::unique_ptr<Timer> timer_;
  std::map<std::string, std::string, std::less<>> texts_;
  Mono due_ = Mono::max();
  bool complained_ = false;
  int lock_ = -1;
};

}  // namespace gridtap::io
