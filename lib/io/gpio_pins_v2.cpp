// GPIO by libgpiod 2.x, as Debian 13 has it.
#include <gpiod.h>

#include <array>
#include <cerrno>

#include "io/gpio_chip.hpp"

namespace gridtap::io {
namespace {

template <class T>
using Owned = std::unique_ptr<T, void (*)(T*)>;

std::string text_of(const char* text) { return text == nullptr ? std::string() : text; }

gpiod_line_value value_of(bool on) {
  return on ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

// An output with this level, or why the library refuses the settings.
int describe(gpiod_line_settings& line, const PinSettings& settings, bool on) {
  constexpr std::array<gpiod_line_bias, 4> biases = {
      GPIOD_LINE_BIAS_AS_IS, GPIOD_LINE_BIAS_DISABLED, GPIOD_LINE_BIAS_PULL_UP,
      GPIOD_LINE_BIAS_PULL_DOWN};
  constexpr std::array<gpiod_line_drive, 3> drives = {
      GPIOD_LINE_DRIVE_PUSH_PULL, GPIOD_LINE_DRIVE_OPEN_DRAIN, GPIOD_LINE_DRIVE_OPEN_SOURCE};
  gpiod_line_settings_set_active_low(&line, settings.active_low);
  const bool good =
      gpiod_line_settings_set_direction(&line, GPIOD_LINE_DIRECTION_OUTPUT) == 0 &&
      gpiod_line_settings_set_bias(&line, biases[static_cast<std::size_t>(settings.bias)]) == 0 &&
      gpiod_line_settings_set_drive(&line, drives[static_cast<std::size_t>(settings.drive)]) == 0 &&
      gpiod_line_settings_set_output_value(&line, value_of(on)) == 0;
  return good ? 0 : errno;
}

class Output final : public GpioOutput {
 public:
  Output(gpiod_line_request* request, unsigned offset)
      : request_(request, gpiod_line_request_release), offset_(offset) {}

  int drive(bool on) override {
    return gpiod_line_request_set_value(request_.get(), offset_, value_of(on)) == 0 ? 0 : errno;
  }
  tl::expected<bool, int> level() override {
    const gpiod_line_value value = gpiod_line_request_get_value(request_.get(), offset_);
    if (value == GPIOD_LINE_VALUE_ERROR) return tl::unexpected(errno);
    return value == GPIOD_LINE_VALUE_ACTIVE;
  }

 private:
  Owned<gpiod_line_request> request_;
  unsigned offset_;
};

class Chip final : public GpioChip {
 public:
  Chip(const std::string& path, gpiod_chip_info& info, Owned<gpiod_chip> chip)
      : GpioChip(path, text_of(gpiod_chip_info_get_label(&info)),
                 static_cast<unsigned>(gpiod_chip_info_get_num_lines(&info))),
        chip_(std::move(chip)) {}

  tl::expected<GpioLine, int> line(unsigned offset) override {
    const Owned<gpiod_line_info> info(gpiod_chip_get_line_info(chip_.get(), offset),
                                      gpiod_line_info_free);
    if (!info) return tl::unexpected(errno);
    return GpioLine{text_of(gpiod_line_info_get_name(info.get())),
                    gpiod_line_info_is_used(info.get()),
                    text_of(gpiod_line_info_get_consumer(info.get()))};
  }
  tl::expected<std::unique_ptr<GpioOutput>, int> take(unsigned offset, const PinSettings& settings,
                                                      bool on) override {
    const Owned<gpiod_line_settings> line(gpiod_line_settings_new(), gpiod_line_settings_free);
    const Owned<gpiod_line_config> lines(gpiod_line_config_new(), gpiod_line_config_free);
    const Owned<gpiod_request_config> request(gpiod_request_config_new(),
                                              gpiod_request_config_free);
    if (!line || !lines || !request) return tl::unexpected(errno);
    if (const int error = describe(*line, settings, on)) return tl::unexpected(error);
    if (gpiod_line_config_add_line_settings(lines.get(), &offset, 1, line.get()) != 0) {
      return tl::unexpected(errno);
    }
    gpiod_request_config_set_consumer(request.get(), gpio_consumer);
    gpiod_line_request* taken = gpiod_chip_request_lines(chip_.get(), request.get(), lines.get());
    if (taken == nullptr) return tl::unexpected(errno);
    return std::make_unique<Output>(taken, offset);
  }

 private:
  Owned<gpiod_chip> chip_;
};

}  // namespace

tl::expected<std::unique_ptr<GpioChip>, int> open_gpio_chip(const std::string& path) {
  Owned<gpiod_chip> chip(gpiod_chip_open(path.c_str()), gpiod_chip_close);
  if (!chip) return tl::unexpected(errno);
  const Owned<gpiod_chip_info> info(gpiod_chip_get_info(chip.get()), gpiod_chip_info_free);
  if (!info) return tl::unexpected(errno);
  return std::make_unique<Chip>(path, *info, std::move(chip));
}

}  // namespace gridtap::io
