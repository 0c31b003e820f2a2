// GPIO by libgpiod 1.x, as Debian 12 has it.
#include <gpiod.h>

#include <array>
#include <cerrno>

#include "io/gpio_chip.hpp"

namespace gridtap::io {
namespace {

using Handle = std::shared_ptr<gpiod_chip>;

std::string text_of(const char* text) { return text == nullptr ? std::string() : text; }

int flags_of(const PinSettings& settings) {
  constexpr std::array<int, 4> biases = {0, GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE,
                                         GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
                                         GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN};
  constexpr std::array<int, 3> drives = {0, GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN,
                                         GPIOD_LINE_REQUEST_FLAG_OPEN_SOURCE};
  return biases[static_cast<std::size_t>(settings.bias)] |
         drives[static_cast<std::size_t>(settings.drive)] |
         (settings.active_low ? GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW : 0);
}

class Output final : public GpioOutput {
 public:
  Output(Handle chip, gpiod_line* line) : chip_(std::move(chip)), line_(line) {}
  ~Output() override { gpiod_line_release(line_); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  int drive(bool on) override { return gpiod_line_set_value(line_, on ? 1 : 0) == 0 ? 0 : errno; }
  tl::expected<bool, int> level() override {
    const int value = gpiod_line_get_value(line_);
    if (value < 0) return tl::unexpected(errno);
    return value != 0;
  }

 private:
  Handle chip_;  // the line is a part of it
  gpiod_line* line_;
};

class Chip final : public GpioChip {
 public:
  Chip(const std::string& path, Handle chip)
      : GpioChip(path, text_of(gpiod_chip_label(chip.get())), gpiod_chip_num_lines(chip.get())),
        chip_(std::move(chip)) {}

  tl::expected<GpioLine, int> line(unsigned offset) override {
    gpiod_line* line = gpiod_chip_get_line(chip_.get(), offset);
    if (line == nullptr || gpiod_line_update(line) != 0) return tl::unexpected(errno);
    return GpioLine{text_of(gpiod_line_name(line)), gpiod_line_is_used(line),
                    text_of(gpiod_line_consumer(line))};
  }
  tl::expected<std::unique_ptr<GpioOutput>, int> take(unsigned offset, const PinSettings& settings,
                                                      bool on) override {
    gpiod_line* line = gpiod_chip_get_line(chip_.get(), offset);
    if (line == nullptr) return tl::unexpected(errno);
    const gpiod_line_request_config config{gpio_consumer, GPIOD_LINE_REQUEST_DIRECTION_OUTPUT,
                                           flags_of(settings)};
    if (gpiod_line_request(line, &config, on ? 1 : 0) != 0) return tl::unexpected(errno);
    return std::make_unique<Output>(chip_, line);
  }

 private:
  Handle chip_;
};

}  // namespace

tl::expected<std::unique_ptr<GpioChip>, int> open_gpio_chip(const std::string& path) {
  gpiod_chip* chip = gpiod_chip_open(path.c_str());
  if (chip == nullptr) return tl::unexpected(errno);
  return std::make_unique<Chip>(path, Handle(chip, gpiod_chip_close));
}

}  // namespace gridtap::io
