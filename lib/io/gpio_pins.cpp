#include "io/gpio_pins.hpp"

#include <cstring>

#include "io/gpio_board.hpp"

namespace gridtap::io {
namespace {

struct Pin {
  PinSettings settings;
  std::unique_ptr<GpioOutput> output;  // none: not held
  Error why_not;                       // why it is not held
};

Error lost(const Pin& pin, int error) {
  return {Fault::io, gpio_line_text(pin.settings) + " was lost: " + std::strerror(error)};
}

class GpioPins final : public Pins {
 public:
  GpioPins(std::vector<PinSettings> settings, GpioMachine machine) : machine_(std::move(machine)) {
    for (PinSettings& pin : settings) {
      const std::string text = gpio_line_text(pin);
      pins_.push_back({std::move(pin), {}, {Fault::io, text + " has not been set yet"}});
    }
  }

  Result<bool> set(std::size_t pin, bool on) override {
    Pin& wanted = pins_.at(pin);
    if (wanted.output && wanted.output->drive(on) != 0) wanted.output.reset();
    if (!wanted.output) {
      if (auto taken = take(wanted.settings, on); taken) {
        wanted.output = std::move(*taken);
      } else {
        wanted.why_not = taken.error();
      }
    }
    return read(pin);
  }

  Result<bool> read(std::size_t pin) override {
    Pin& wanted = pins_.at(pin);
    if (!wanted.output) return tl::unexpected(wanted.why_not);
    const auto level = wanted.output->level();
    if (level) return *level;
    wanted.why_not = lost(wanted, level.error());
    wanted.output.reset();
    return tl::unexpected(wanted.why_not);
  }

 private:
  Result<std::unique_ptr<GpioOutput>> take(const PinSettings& settings, bool on) const {
    auto chip = find_gpio_chip(machine_, settings.chip);
    if (!chip) return tl::unexpected(chip.error());
    const auto offset = find_gpio_line(**chip, settings.line);
    if (!offset) return tl::unexpected(offset.error());
    auto output = (*chip)->take(*offset, settings, on);
    if (output) return std::move(*output);
    return tl::unexpected(gpio_line_refused(**chip, *offset, settings, output.error()));
  }

  GpioMachine machine_;
  std::vector<Pin> pins_;
};

Result<GpioLineState> look(const PinSettings& settings, const GpioMachine& machine) {
  auto chip = find_gpio_chip(machine, settings.chip);
  if (!chip) return tl::unexpected(chip.error());
  const auto offset = find_gpio_line(**chip, settings.line);
  if (!offset) return tl::unexpected(offset.error());
  const auto line = (*chip)->line(*offset);
  if (!line) return tl::unexpected(gpio_line_refused(**chip, *offset, settings, line.error()));
  using Use = GpioLineState::Use;
  const std::string holder = line->holder.empty() ? "another program" : line->holder;
  return GpioLineState{line->used ? Use::used : Use::free,
                       "line " + std::to_string(*offset) +
                           (line->name.empty() ? "" : " (" + line->name + ")") + " of " +
                           (*chip)->label() + ", " + (*chip)->path() + ": " +
                           (line->used ? "used by " + holder : "free"),
                       board_warning((*chip)->label(), *offset)};
}

}  // namespace

std::unique_ptr<Pins> make_gpio_pins(std::vector<PinSettings> settings, GpioMachine machine) {
  return std::make_unique<GpioPins>(std::move(settings), std::move(machine));
}

std::vector<GpioLineState> gpio_line_states(const std::vector<PinSettings>& settings,
                                            const GpioMachine& machine) {
  std::vector<GpioLineState> states;
  for (const PinSettings& pin : settings) {
    auto state = look(pin, machine);
    states.push_back(state ? std::move(*state)
                           : GpioLineState{GpioLineState::Use::missing, state.error().detail, {}});
  }
  return states;
}

}  // namespace gridtap::io
