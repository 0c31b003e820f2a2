#include "adapters/kgf/simulated_meter.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "adapters/kgf/lines.hpp"

namespace gridtap::kgf {
namespace {

constexpr std::int64_t cycle = 600;             // seconds of charging and discharging
constexpr double most_current = 5400.0;         // hundredths of an ampere
constexpr std::int64_t most_seconds = 100'000;  // measured at once, after a long sleep
constexpr std::int64_t off_state = 99;

std::optional<std::int64_t> number_at(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<Request> parse_request(std::string_view line) {
  if (line.size() < 6 || (line[1] != 'R' && line[1] != 'W') || line[4] != '=') return {};
  const auto number = number_at(line.substr(2, 2));
  const auto address = number_at(line.substr(5));
  if (!number || !address) return {};
  while (!line.empty() && (line.back() < '0' || line.back() > '9')) line.remove_suffix(1);
  const auto last = line.find_last_not_of("0123456789");
  return Request{line[1] == 'W', static_cast<int>(*number), static_cast<int>(*address),
                 number_at(line.substr(last + 1)).value_or(0)};
}

SimulatedMeter::SimulatedMeter(Options options, std::uint32_t seed)
    : options_(options), random_(seed + static_cast<std::uint32_t>(options.address)) {}

std::string SimulatedMeter::answer(const Request& request) {
  if (request.address != options_.address) return {};
  if (request.write) {
    if (!options_.stubborn) set(request);
    constexpr std::int64_t heard = 0;
    return answer_line('w', request.number, options_.address, {&heard, 1});
  }
  if (request.number == r_identity) {
    const std::array<std::int64_t, 3> who = {options_.high_precision ? 4140 : 2140, 110,
                                             5 + options_.address};
    return answer_line('r', r_identity, options_.address, who);
  }
  if (request.number == r_settings) {
    return answer_line('r', r_settings, options_.address, settings_);
  }
  return request.number == r_measurements ? measured() : std::string{};
}

std::string SimulatedMeter::measured() const {
  const std::int64_t shown = current_ - zero_;
  const std::int64_t magnitude = std::abs(shown);
  const bool charge = shown > 0;
  const std::int64_t room = settings_[8] * 100'000 - remaining_;
  const std::int64_t way = charge ? std::max<std::int64_t>(room, 0) : remaining_;
  const std::int64_t minutes = magnitude == 0 ? 0 : way * 60 / (magnitude * 10'000);
  const std::int64_t state = on_ ? 0 : off_state;
  const std::int64_t direction = charge ? 1 : 0;
  std::vector<std::int64_t> data = {voltage_,
                                    magnitude,
                                    remaining_ / 1000,
                                    discharged_ / 1000,
                                    charged_energy_ / 1000,
                                    run_time_,
                                    121,
                                    0,
                                    state,
                                    direction,
                                    minutes,
                                    4277};
  if (options_.high_precision) {
    data[3] = discharged_energy_ / 1000;
    data[5] = seconds_ / 60;
    data[11] = 100;
    data.insert(data.end(), {101, 0});
  }
  return answer_line('r', r_measurements, options_.address, data);
}

void SimulatedMeter::advance(Mono now) {
  if (!measured_at_) measured_at_ = now;
  for (std::int64_t n = 0; now - *measured_at_ >= std::chrono::seconds{1}; ++n) {
    *measured_at_ += std::chrono::seconds{1};
    if (n < most_seconds) second();
  }
}

void SimulatedMeter::second() {
  const double turn = 2 * 3.14159265358979 * static_cast<double>(seconds_++ % cycle) / cycle;
  const auto wobble = static_cast<std::int64_t>(random_() % 21) - 10;
  current_ = on_ ? std::lround(most_current * std::sin(turn)) + wobble : 0;
  voltage_ = 5300 + current_ / 80 + wobble / 4;
  if (!on_) return;  // with the output off nothing is counted
  ++run_time_;
  const std::int64_t moved = current_ * 10'000 / 3600;  // 10^-6 Ah
  const std::int64_t energy = std::abs(moved) * voltage_ / 1000;
  remaining_ = std::clamp<std::int64_t>(remaining_ + moved, 0, settings_[8] * 100'000);
  if (moved < 0) {
    discharged_ -= moved;
    discharged_energy_ += energy;
  } else {
    charged_energy_ += energy;
  }
}

void SimulatedMeter::set(const Request& request) {
  if (request.number >= 20 && request.number <= 28) {
    settings_[static_cast<std::size_t>(request.number - 20)] = request.value;
  } else if (request.number == 10) {
    on_ = request.value == 1;
    if (!on_) current_ = 0;
  } else if (request.number == 31) {
    settings_[11] = request.value;
  } else if (request.number == 60) {
    remaining_ = settings_[8] * 1000 * request.value;
  } else if (request.number == 61) {
    zero_ = current_;
  } else if (request.number == 62) {
    discharged_ = discharged_energy_ = charged_energy_ = run_time_ = 0;
  }
}

}  // namespace gridtap::kgf
