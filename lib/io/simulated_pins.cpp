#include "io/simulated_pins.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace gridtap::io {
namespace {

constexpr std::string_view on_text = "ON \n", off_text = "OFF\n";
constexpr mode_t readable_by_all = 0644;

// A file that shows a level, for as long as it is the one of that name.
class LevelFile {
 public:
  explicit LevelFile(std::string path) : path_(std::move(path)) {}
  LevelFile(const LevelFile&) = delete;
  LevelFile& operator=(const LevelFile&) = delete;
  ~LevelFile() { close(); }

  Result<bool> set(bool on) {
    if (fd_ < 0 || is_gone()) {
      close();
      fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW,
                   readable_by_all);
    }
    struct stat status{};
    const bool is_file = fd_ >= 0 && ::fstat(fd_, &status) == 0 && S_ISREG(status.st_mode);
    if (fd_ >= 0 && !is_file) errno = EINVAL;
    const std::string_view text = on ? on_text : off_text;
    if (!is_file || ::pwrite(fd_, text.data(), text.size(), 0) < 0) return lost();
    return read();
  }
  Result<bool> read() {
    char text[3] = {};
    if (fd_ < 0 || is_gone()) return lost();
    const ssize_t size = ::pread(fd_, text, sizeof text, 0);
    if (size < 0) return lost();
    return std::string_view(text, static_cast<std::size_t>(size)).starts_with("ON");
  }

 private:
  bool is_gone() const {
    struct stat status{};
    return ::fstat(fd_, &status) != 0 || status.st_nlink == 0;
  }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  Result<bool> lost() {
    const int error = fd_ >= 0 && is_gone() ? ENOENT : errno;
    close();
    return failed(Fault::io, "the simulated line " + path_ + ": " + std::strerror(error));
  }

  std::string path_;
  int fd_ = -1;
};

class SimulatedPins final : public Pins {
 public:
  explicit SimulatedPins(const std::vector<PinSettings>& pins) : lines_(pins.size()) {
    for (std::size_t n = 0; n < pins.size(); ++n) {
      const std::string& line = pins[n].line;
      if (line.starts_with('/')) lines_[n].file = std::make_unique<LevelFile>(line);
    }
  }

  Result<bool> set(std::size_t pin, bool on) override {
    SimulatedLine& line = lines_[pin];
    if (line.file != nullptr) return line.file->set(on);
    line.is_held = true;
    line.on = on;
    return on;
  }
  Result<bool> read(std::size_t pin) override {
    SimulatedLine& line = lines_[pin];
    if (line.file != nullptr) return line.file->read();
    if (!line.is_held) return failed(Fault::io, "the simulated line is not held");
    return line.on;
  }

 private:
  struct SimulatedLine {
    std::unique_ptr<LevelFile> file;
    bool is_held = false, on = false;
  };
  std::vector<SimulatedLine> lines_;
};

}  // namespace

std::unique_ptr<Pins> make_simulated_pins(const std::vector<PinSettings>& pins) {
  return std::make_unique<SimulatedPins>(pins);
}

}  // namespace gridtap::io
