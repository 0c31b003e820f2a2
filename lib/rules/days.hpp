#pragma once
// The rule that shows what a house has drawn and given since local midnight, `today_import` and
// `today_export`, of any meter that counts an import or an export. The days are those of a time
// zone, an hour shorter or longer where its clocks change. The keys are those of the vocabulary.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/part.hpp"
#include "core/zone.hpp"
#include "rules/day_energy.hpp"
#include "rules/meter_channel.hpp"

namespace gridtap {

class DaysRule final : public Rule {
 public:
  // A clock that is moved by more than this was wrong before; by less it was put right a little.
  static constexpr std::chrono::seconds longest_clock_step{60};

  static std::vector<std::string_view> day_keys();  // what it publishes

  explicit DaysRule(const Zone& zone) : zone_(zone), channel_(true) {}

  std::string_view name() const override { return "days"; }
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;

  // Of which meter, which day, and for each direction what it counted of it and its register. The
  // day outlives the meter: it is of the house.
  std::string state() const override;
  void restore(std::string_view text) override;

 private:
  struct Day {
    Instant begin, end;
  };
  struct Said {
    Decimal value;
    Instant since;
    friend bool operator==(const Said&, const Said&) = default;
  };
  struct Direction {
    DayEnergy energy;
    std::optional<Decimal> total, live;  // of the frame in hand
    std::optional<Said> said;
  };

  void identified(std::string_view identity);
  void reading(const Reading& reading);
  void frame(Now now, Effects& effects);
  static void count(Direction& direction, Instant wall);
  static void say(Direction& direction, std::string_view key, Effects& effects);
  void follow_clock(Instant wall, Mono mono);
  bool turn(Instant wall);
  Day day_of(Instant time) const;

  Zone zone_;
  MeterChannel channel_;
  std::string serial_;
  std::optional<Instant> counted_;  // the midnight of the day that is counted
  std::optional<Day> day_;          // the same day, or the one before, which is over
  std::optional<Instant> last_wall_;
  Mono last_mono_{};
  std::array<Direction, 2> directions_;
};

}  // namespace gridtap
