#pragma once
// GPIO as the kernel offers it: a chip that is open, its lines, and a line that is driven. Behind
// it is libgpiod, in one file for each generation of it. Errors are errno values: what they mean
// for a person is said in gpio_search.hpp.

#include <functional>
#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "io/pin_settings.hpp"

namespace gridtap::io {

// A line that we hold as an output; given back when this ends. Levels are what a person means by on
// and off, whatever the polarity of the line.
struct GpioOutput {
  virtual ~GpioOutput() = default;
  virtual int drive(bool on) = 0;  // 0, or an errno
  virtual tl::expected<bool, int> level() = 0;
};

struct GpioLine {
  std::string name;  // empty: the board gives it none
  bool used = false;
  std::string holder;  // who uses it, as it calls itself; may be empty
};

class GpioChip {
 public:
  GpioChip(std::string path, std::string label, unsigned size)
      : path_(std::move(path)), label_(std::move(label)), size_(size) {}
  virtual ~GpioChip() = default;
  GpioChip(const GpioChip&) = delete;
  GpioChip& operator=(const GpioChip&) = delete;

  const std::string& path() const { return path_; }
  const std::string& label() const { return label_; }
  unsigned size() const { return size_; }  // lines 0 to size - 1

  // Looks at a line without touching it.
  virtual tl::expected<GpioLine, int> line(unsigned offset) = 0;
  // Makes the line an output, with this level from the first moment.
  virtual tl::expected<std::unique_ptr<GpioOutput>, int> take(unsigned offset,
                                                              const PinSettings& settings,
                                                              bool on) = 0;

 private:
  std::string path_, label_;
  unsigned size_;
};

// Opens the chip of a device file; no line changes by that.
using OpenGpioChip =
    std::function<tl::expected<std::unique_ptr<GpioChip>, int>(const std::string& path)>;

// By the libgpiod of this build.
tl::expected<std::unique_ptr<GpioChip>, int> open_gpio_chip(const std::string& path);

// How we name ourselves as the holder of a line.
inline constexpr const char* gpio_consumer = "gridtap";

}  // namespace gridtap::io
