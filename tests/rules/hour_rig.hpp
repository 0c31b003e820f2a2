#pragma once
// A house with an hour meter, from noon of a Friday on.

#include <cstdint>
#include <string>

#include "rules/hour_meter.hpp"

namespace gridtap::test {

using namespace std::chrono_literals;

inline constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 12h};

struct HourRig {
  HourMeter meter;
  Now now{Mono{50h}, noon};

  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    *now.wall += time;
  }
  void power(std::int64_t watts, std::chrono::milliseconds later = 10s) {
    pass(later);
    meter.sample({Decimal{watts, 0}, {}}, now);
  }
  void draw(std::int64_t watts, std::chrono::seconds time) {
    for (auto left = time; left > 0s; left -= 10s) power(watts);
  }
  void total(std::int64_t wh) { meter.sample({{}, Decimal{wh, -3}}, now); }
  // A register in each telegram: `watts` for so long.
  void count(std::int64_t& wh, std::int64_t watts, std::chrono::seconds time) {
    for (auto left = time; left > 0s; left -= 10s) {
      pass(10s);
      wh += watts / 360;
      meter.sample({Decimal{watts, 0}, Decimal{wh, -3}}, now);
    }
  }
  // "12:00 3600" an hour; ~: estimated, !: not measured whole
  std::string hours() {
    std::string out;
    while (const auto hour = meter.take()) {
      const auto since = hour->start - noon + 12h;
      out += std::to_string(since / 1h) + ':' + std::to_string(since % 1h / 10min) +
             std::to_string(since % 10min / 1min) + ' ';
      out += hour->wh ? std::to_string(*hour->wh) : "none";
      if (hour->estimated) out += '~';
      if (!hour->whole) out += '!';
      out += '\n';
    }
    return out;
  }
  std::string running() const {
    const auto mwh = meter.running_mwh();
    return mwh ? std::to_string(*mwh) : "none";
  }
  void restart(std::chrono::milliseconds away, std::string_view text) {
    pass(away);
    now.mono = Mono{1h};
    meter = HourMeter();
    meter.restore(Record(text), "hours");
  }
  std::string kept() const {
    RecordWriter record;
    meter.keep(record, "hours");
    return record.text();
  }
};

// One hourly list at 12:00:10, and the hour up to 13:00:00.
inline HourRig after_an_hour(std::int64_t watts) {
  HourRig rig;
  rig.power(watts, 0s);
  rig.power(watts);
  rig.total(5'000'000);
  rig.draw(watts, 3590s);
  return rig;
}

}  // namespace gridtap::test
