#include "io/make_pins.hpp"

#include <utility>

#include "io/gpio_pins.hpp"
#include "io/simulated_pins.hpp"

namespace gridtap::io {
namespace {

class RoutedPins final : public Pins {
 public:
  explicit RoutedPins(const std::vector<PinSettings>& pins) {
    std::vector<PinSettings> simulated, hardware;
    for (const PinSettings& pin : pins) {
      auto& own = pin.chip == simulated_chip ? simulated : hardware;
      routes_.push_back({pin.chip == simulated_chip, own.size()});
      own.push_back(pin);
    }
    simulated_ = make_simulated_pins(simulated);
    if (!hardware.empty()) hardware_ = make_gpio_pins(std::move(hardware));
  }

  Result<bool> set(std::size_t pin, bool on) override { return of(pin).set(routes_[pin].pin, on); }
  Result<bool> read(std::size_t pin) override { return of(pin).read(routes_[pin].pin); }

 private:
  struct Route {
    bool is_simulated;
    std::size_t pin;
  };
  Pins& of(std::size_t pin) { return routes_[pin].is_simulated ? *simulated_ : *hardware_; }

  std::vector<Route> routes_;
  std::unique_ptr<Pins> simulated_, hardware_;
};

}  // namespace

std::unique_ptr<Pins> make_pins(const std::vector<PinSettings>& pins) {
  return std::make_unique<RoutedPins>(pins);
}

}  // namespace gridtap::io
