#include "io/make_pins.hpp"

#include <utility>

#include "io/simulated_pins.hpp"

namespace gridtap::io {
namespace {

// Chips of a build without GPIO.
class NoPins final : public Pins {
 public:
  Result<bool> set(std::size_t, bool) override { return none(); }
  Result<bool> read(std::size_t) override { return none(); }

 private:
  static Result<bool> none() {
    return failed(Fault::unsupported, "this build of gridtap has no GPIO");
  }
};

std::unique_ptr<Pins> make_hardware_pins(const std::vector<PinSettings>&) {
  return std::make_unique<NoPins>();
}

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
    if (!hardware.empty()) hardware_ = make_hardware_pins(hardware);
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

bool has_gpio() { return false; }

std::unique_ptr<Pins> make_pins(const std::vector<PinSettings>& pins) {
  return std::make_unique<RoutedPins>(pins);
}

}  // namespace gridtap::io
