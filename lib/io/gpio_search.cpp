#include "io/gpio_search.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/setting.hpp"
#include "io/permission.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view device_name = "gpiochip";
constexpr std::size_t max_listed = 12;  // names of lines in one error

// What the kernel answers where a driver has no such feature; not a name of this system's errno.h.
constexpr int kernel_not_supported = 524;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// The device files gpiochip0, gpiochip1, ... in the order of their numbers. Links are other names
// of the same chips: Raspberry Pi OS has one, gpiochip4, for programs made for the first Pi 5.
std::vector<std::string> chip_paths(const std::string& directory) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename();
    std::error_code unreadable;
    if (name.starts_with(device_name) && is_number(name.substr(device_name.size())) &&
        !at->is_symlink(unreadable)) {
      paths.push_back(at->path());
    }
  }
  std::sort(paths.begin(), paths.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return paths;
}

struct Chips {
  std::vector<std::unique_ptr<GpioChip>> open;
  std::optional<Error> denied;  // of the first that may not be opened
};

Error why_not_open(const std::string& path, int error) {
  if (error == EACCES || error == EPERM) {
    return permission_denied(path, error,
                             {"gpio",
                              "/etc/udev/rules.d/60-gpio.rules: SUBSYSTEM==\"gpio\", "
                              "KERNEL==\"gpiochip*\", GROUP=\"gpio\", MODE=\"0660\""});
  }
  return {Fault::io, path + ": " + std::strerror(error)};
}

Chips open_all(const GpioMachine& machine) {
  Chips chips;
  for (const std::string& path : chip_paths(machine.directory)) {
    auto chip = machine.open(path);
    if (chip) {
      chips.open.push_back(std::move(*chip));
    } else if (!chips.denied && (chip.error() == EACCES || chip.error() == EPERM)) {
      chips.denied = why_not_open(path, chip.error());
    }
  }
  return chips;
}

std::string name_of(const GpioChip& chip) { return fs::path(chip.path()).filename(); }

std::string listed(const std::vector<std::unique_ptr<GpioChip>>& chips) {
  std::string text;
  for (const auto& chip : chips) {
    (text += text.empty() ? "" : ", ") += chip->label() + " (" + chip->path() + ')';
  }
  return text;
}

tl::unexpected<Error> no_such_chip(const Chips& chips, const std::string& wanted) {
  if (chips.denied) return tl::unexpected(*chips.denied);
  if (chips.open.empty()) {
    return failed(Fault::io, "no chip " + wanted +
                                 ": this machine has no GPIO chip; in a container its device has "
                                 "to be passed in (docker run --device /dev/gpiochip0)");
  }
  const bool header = std::any_of(chips.open.begin(), chips.open.end(),
                                  [](const auto& chip) { return chip->label() == "pinctrl-rp1"; });
  return failed(Fault::io, "no chip " + wanted + ": this machine has " + listed(chips.open) +
                               (header && wanted.starts_with("pinctrl-bcm")
                                    ? ": the pin header of a Raspberry Pi 5 is pinctrl-rp1"
                                    : ": give chip the label of one of these"));
}

Result<std::unique_ptr<GpioChip>> by_path(const GpioMachine& machine, const std::string& wanted) {
  std::error_code error;
  const fs::path path = fs::canonical(wanted, error);
  if (error == std::errc::permission_denied) {
    return tl::unexpected(why_not_open(wanted, EACCES));
  }
  if (error) return no_such_chip(open_all(machine), wanted);
  auto chip = machine.open(path);
  if (chip) return std::move(*chip);
  if (chip.error() == ENOTTY || chip.error() == EINVAL || chip.error() == ENODEV) {
    return failed(Fault::io, wanted + " is not a GPIO chip: give chip the label of one");
  }
  return tl::unexpected(why_not_open(path, chip.error()));
}

struct Named {
  std::vector<unsigned> offsets;   // of the lines with the name wanted
  std::vector<std::string> names;  // of all lines that have one
  int error = 0;                   // of a line that cannot be looked at
};

Named lines_named(GpioChip& chip, const std::string& wanted) {
  Named found;
  for (unsigned offset = 0; offset < chip.size(); ++offset) {
    auto line = chip.line(offset);
    if (!line) return {{}, {}, line.error()};
    if (line->name.empty()) continue;
    if (line->name == wanted) found.offsets.push_back(offset);
    found.names.push_back(std::move(line->name));
  }
  return found;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t n = 0; n < std::min(names.size(), max_listed); ++n) {
    (text += n == 0 ? "" : ", ") += names[n];
  }
  return text + (names.size() > max_listed ? ", ..." : "");
}

std::string range_of(const GpioChip& chip) {
  return "0 to " + std::to_string(chip.size() == 0 ? 0 : chip.size() - 1);
}

tl::unexpected<Error> no_such_line(const GpioChip& chip, const std::string& wanted,
                                   const std::vector<std::string>& names) {
  const std::string start = "no line " + wanted + " on chip " + chip.label() + ": ";
  if (names.empty()) {
    return failed(Fault::io, start + "its lines have no names: give the offset, " + range_of(chip));
  }
  const std::string_view meant = nearest(wanted, {names.begin(), names.end()});
  return failed(Fault::io, start +
                               (meant.empty() ? "its lines are named " + listed(names) + "; an"
                                              : "did you mean " + std::string(meant) + "? An") +
                               " offset, " + range_of(chip) + ", is good too");
}

Result<unsigned> by_offset(const GpioChip& chip, const std::string& wanted) {
  unsigned offset = 0;
  const auto parsed = std::from_chars(wanted.data(), wanted.data() + wanted.size(), offset);
  if (parsed.ec == std::errc() && offset < chip.size()) return offset;
  return failed(Fault::io, "no line " + wanted + " on chip " + chip.label() + ": its lines are " +
                               range_of(chip));
}

// The settings beyond the usual that a kernel may refuse, as the configuration spells them.
std::string special_settings(const PinSettings& settings) {
  constexpr std::array<std::string_view, 4> biases = {"", "bias: disabled", "bias: pull_up",
                                                      "bias: pull_down"};
  constexpr std::array<std::string_view, 3> drives = {"", "drive: open_drain",
                                                      "drive: open_source"};
  std::string text(biases[static_cast<std::size_t>(settings.bias)]);
  const std::string_view drive = drives[static_cast<std::size_t>(settings.drive)];
  if (!text.empty() && !drive.empty()) text += " and ";
  return text.append(drive);
}

Error busy(GpioChip& chip, unsigned offset, const std::string& text) {
  const auto line = chip.line(offset);
  const std::string holder = line && !line->holder.empty() ? line->holder : "another program";
  return {Fault::io,
          text + " is busy: " + holder +
              " holds it: stop that, or give the relay another line (gpioinfo lists them)",
          Cause::busy};
}

}  // namespace

Result<std::unique_ptr<GpioChip>> find_gpio_chip(const GpioMachine& machine,
                                                 const std::string& wanted) {
  if (wanted.starts_with('/')) return by_path(machine, wanted);
  Chips chips = open_all(machine);
  std::vector<std::unique_ptr<GpioChip>> labelled;
  std::unique_ptr<GpioChip> named;
  for (auto& chip : chips.open) {
    if (chip->label() == wanted) {
      labelled.push_back(std::move(chip));
    } else if (name_of(*chip) == wanted) {
      named = std::move(chip);
    }
  }
  if (labelled.size() > 1) {
    return failed(Fault::io, std::to_string(labelled.size()) + " chips have the label " + wanted +
                                 ": " + listed(labelled) + ": give chip the path of one of them");
  }
  if (!labelled.empty()) return std::move(labelled.front());
  if (named) return named;
  return no_such_chip(chips, wanted);
}

Result<unsigned> find_gpio_line(GpioChip& chip, const std::string& wanted) {
  if (is_number(wanted)) return by_offset(chip, wanted);
  const Named found = lines_named(chip, wanted);
  if (found.error != 0) return tl::unexpected(why_not_open(chip.path(), found.error));
  if (found.offsets.empty()) return no_such_line(chip, wanted, found.names);
  if (found.offsets.size() > 1) {
    return failed(Fault::io, "lines " + std::to_string(found.offsets[0]) + " and " +
                                 std::to_string(found.offsets[1]) + " of chip " + chip.label() +
                                 " are both named " + wanted + ": give the offset of one");
  }
  return found.offsets.front();
}

Error gpio_line_refused(GpioChip& chip, unsigned offset, const PinSettings& settings, int error) {
  const std::string text = gpio_line_text(settings);
  if (error == EBUSY) return busy(chip, offset, text);
  if (error == EACCES || error == EPERM) return why_not_open(chip.path(), error);
  const std::string special = special_settings(settings);
  const bool refused = error == EINVAL || error == ENOTSUP || error == kernel_not_supported;
  if (refused && !special.empty()) {
    return {Fault::io, text + ": this chip refuses " + special + ": leave that setting out"};
  }
  return {Fault::io,
          text + " cannot be made an output: " +
              (error == kernel_not_supported ? "its chip cannot do that" : std::strerror(error))};
}

std::string gpio_line_text(const PinSettings& settings) {
  return "line " + settings.line + " of " + settings.chip;
}

}  // namespace gridtap::io
