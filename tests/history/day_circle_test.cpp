// Houses at random: what the writer of day files makes of them, the reader understands, and the
// sums of its quarter-hours are those of the registers.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "history/day_house.hpp"
#include "history/day_table.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

// Hours of a meter whose register comes each telegram or each hour; it is offline now and then, and
// gets another column.
std::string played(std::uint32_t seed, std::chrono::seconds interval, bool seldom) {
  Dice dice(seed);
  DayHouse house(noon + Milliseconds(dice(3'600'000)), {interval});
  std::int64_t now_wh = 5000 + dice(1'000'000), told_wh = now_wh;
  const std::uint32_t watts = 10 * (1 + dice(300));
  std::int64_t joules = 0;
  for (int n = 0; n < 8 * 360; ++n) {
    joules += watts * 10;
    now_wh += joules / 3600;
    joules %= 3600;
    if (!seldom || n % 360 == 0) told_wh = now_wh;
    house.read("energy_import", wh(told_wh));
    house.power(watts + dice(10));
    if (n > 700) house.read("voltage_l1", Decimal{2300 + dice(50), -1});
    house.clock.advance(10s);
    house.days.answer();
    if (dice(400) > 0) continue;
    house.alive("meter", 0s);
    const int missed = 1 + static_cast<int>(dice(200));
    now_wh += static_cast<std::int64_t>(watts) * missed / 360;
    house.clock.advance(missed * 10s);
    house.days.answer();
  }
  return house.end();
}

struct Reread {
  explicit Reread(std::string_view text) {
    for (std::uint32_t number = 1; !text.empty(); ++number) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(line.size() + 1);
      const std::size_t bar = line.find('|');
      if (bar != line.npos) {
        CHECK(days.head(line.substr(bar + 1), {0, number}) == "");
      } else {
        days.line(line, {0, number});
      }
    }
    all = days.finish();
    CHECK(days.notes().all().empty());
  }
  std::vector<Slot> slots(const std::string& name) const {
    for (const SeriesSlots& each : all.series) {
      if (each.head.name == name) return each.slots;
    }
    return {};
  }

  DayTable days{"meter", SeriesChoice({"*"}), {}};
  Imported all;
};

// The registers in the lines, in their order.
std::vector<std::int64_t> registers_in(std::string_view text) {
  std::vector<std::int64_t> all;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() + 1);
    const std::size_t begin = line.find(',') + 1;
    const auto number = parse_decimal(line.substr(begin, line.find(',', begin) - begin));
    if (number) all.push_back(*whole_of(*number, -3));
  }
  return all;
}

}  // namespace

TEST_CASE("day circle: whatever a house does, its lines make the sums of its registers") {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const bool seldom = seed % 2 == 0;
    const std::chrono::seconds interval{seed % 3 == 0 ? 60 : 10};
    const std::string text = played(seed, interval, seldom);
    const Reread read(text);
    const auto energy = read.slots(energy_series), power = read.slots(power_series);
    const auto registers = registers_in(text);
    REQUIRE_FALSE(energy.empty());
    CHECK(sum(energy) == *energy.back().high - *energy.front().low);
    CHECK(*energy.back().high == registers.back());
    if (!seldom) CHECK(*energy.front().low == registers.front());
    for (const Slot& each : power) {
      CHECK(each.low <= each.value);
      CHECK(each.value <= each.high);
    }
    CHECK(covered(power) <= std::count(text.begin(), text.end(), '\n') * 3 * interval.count());
    CHECK(read.slots("meter/voltage_l1").size() > 10);
  }
}
