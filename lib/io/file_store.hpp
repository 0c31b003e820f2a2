#pragma once
// What must survive a restart, in two files of the state directory: `state`, and the generation
// before it. A file that is broken all the same (state_file.hpp) is set aside and the generation
// before it is taken.
//
// Changes are written within half an hour, urgent ones within seconds: an SD card has to last. It
// may stall for seconds, too: written is on a thread of its own, one write at a time, and what
// changes meanwhile goes with the next.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/ports.hpp"
#include "io/background.hpp"
#include "io/state_file.hpp"
#include "io/state_lock.hpp"

namespace gridtap::io {

class FileStore final : public Store {
 public:
  static constexpr std::chrono::seconds soon_delay{3};
  static constexpr std::chrono::minutes late_delay{30};
  static constexpr std::chrono::seconds patience{5};  // with a disk that stalls at the end
  static constexpr int max_set_aside = 9;             // broken files that are kept

  // As write_state(); called on another thread.
  using Write = std::function<std::string(const std::string& directory, const std::string& path,
                                          const std::string& rows)>;

  // Makes the directory if only its last part is missing. A directory that cannot be written is a
  // warning: gridtap then runs from memory. An error only where another gridtap has the directory.
  static Result<std::unique_ptr<FileStore>> open(const std::string& directory, Loop& loop,
                                                 Clock& clock, Log& log, Write write = write_state);
  ~FileStore() override;

  std::string get(std::string_view key) const override;
  void put(std::string_view key, std::string text, bool soon) override;
  // Writes what has changed, now, and waits for the disk with patience. The loop need not run.
  void flush();
  // The same where something urgent waits: at the start, before anything relies on it.
  void flush_urgent();
  bool writing() const { return writing_ != nullptr; }

 private:
  FileStore(std::string directory, Loop& loop, Clock& clock, Log& log, Write write);
  Result<bool> lock();
  void read();
  bool read_file(const std::string& path);
  void set_aside(const std::string& path, const std::string& why);
  void change(std::string_view key, std::string text);
  void set_due(Mono due);
  void begin_write();
  void end_write();
  void warn(const std::string& text);
  void failed_to_write(const std::string& why);

  std::string directory_, path_;
  Clock& clock_;
  Log& log_;
  Write write_;
  Background background_;
  std::unique_ptr<Timer> timer_;
  StateTexts texts_;
  std::shared_ptr<std::string> writing_;  // where the write on its way says why it failed
  Mono due_ = Mono::max();
  bool complained_ = false, urgent_ = false;
  std::optional<StateLock> lock_;
};

}  // namespace gridtap::io
