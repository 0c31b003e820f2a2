// A run that the recorder kept and that day lines were written of: its files agree with the
// history; those of another house contradict it.
#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "history/day_house.hpp"
#include "history/day_table.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

Slot mean(std::int64_t value, std::int64_t low, std::int64_t high, std::int32_t covered = 900) {
  return {first, value, low, high, covered};
}
Slot grown(std::int64_t begin, std::int64_t end, std::int32_t covered = 900) {
  return {first, end - begin, begin, end, covered};
}
Slot on(std::int64_t seconds) { return {first, seconds, {}, {}, 900}; }

Joined join_means(const Slot& old, const Slot& fresh) {
  return join_sampled(SeriesKind::mean, old, fresh);
}
Joined join_growth(const Slot& old, const Slot& fresh) {
  return join_sampled(SeriesKind::growth, old, fresh);
}
Joined join_switch(const Slot& old, const Slot& fresh) {
  return join_sampled(SeriesKind::time_on, old, fresh);
}

// Hours of a meter whose power changes between the lines, and whose register comes each telegram,
// or each `seldom`. It is offline now and then.
struct BothKept {
  explicit BothKept(std::uint32_t seed, std::chrono::seconds interval, std::chrono::seconds seldom,
                    std::int64_t register_wh = 5'000'000)
      : dice(seed), total_wh(register_wh) {
    house.clock.set(noon + Milliseconds(dice(3'600'000)));
    house.start();
    DayLinesOptions options;
    options.interval = interval;
    lines = std::make_unique<DayLines>(options, days, house.clock, house.log, house.zone);
    house.model->add(*lines);
    lines->start();
    for (int n = 0; n < 4000; ++n) telegram(seldom);
    days.answer();
    lines->end();
    house.model->remove(*lines);
    house.end();
  }
  void telegram(std::chrono::seconds seldom) {
    if (dice(40) == 0) watts = dice(8000);
    house.alive();
    house.power(watts + dice(20));
    house.read("voltage_l1", Decimal{2300 + dice(50), -1});
    total_wh += (watts + total_rest) / 1440;
    total_rest = (watts + total_rest) % 1440;
    if (house.clock.wall() - told >= seldom) {
      told = house.clock.wall();
      house.energy(total_wh);
    }
    house.clock.advance(Milliseconds(2000 + dice(1000)));
    days.answer();
    if (dice(1500) > 0) return;
    house.offline();
    house.clock.advance(Milliseconds(dice(1'500'000)));
    days.answer();
  }

  Imported read() const {
    DayTable table("meter", SeriesChoice({"*"}), {});
    std::string_view rest = days.text;
    for (std::uint32_t number = 1; !rest.empty(); ++number) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(line.size() + 1);
      const std::size_t bar = line.find('|');
      if (bar != line.npos) {
        CHECK(table.head(line.substr(bar + 1), {0, number}) == "");
      } else {
        table.line(line, {0, number});
      }
    }
    return table.finish();
  }

  Dice dice;
  HistoryHouse house;
  PlayedDays days;
  std::unique_ptr<DayLines> lines;
  std::int64_t watts = 500, total_wh, total_rest = 0;
  Instant told{};
};

// Of files, beside a history.
std::optional<ImportSum::Contradiction> met(const Imported& files, HistoryHouse& history) {
  ImportSum sum;
  CHECK_FALSE(sum.add(files));
  for (const SeriesSlots& each : files.series) {
    auto found = sum.meet(each.head.name, history.journal.all(each.head.name));
    if (found) return found;
  }
  return {};
}

}  // namespace

TEST_CASE("day agree: a mean of lines agrees with what can have been seen of the same") {
  CHECK(join_means(mean(700, 100, 2000), mean(690, 110, 1990)) == Joined::old);
  CHECK(join_means(mean(700, 600, 800), mean(900, 820, 1000)) == Joined::old);
  CHECK(join_means(mean(700, 600, 800), mean(1100, 1000, 1100)) == Joined::contradiction);
  CHECK(join_means(mean(700, 700, 700), mean(700, 700, 700)) == Joined::old);
  CHECK(join_means(mean(700, 700, 700), mean(701, 701, 701)) == Joined::contradiction);
  CHECK(join_means({first, 700, {}, {}, 900}, mean(690, 600, 800)) == Joined::old);
}

TEST_CASE("day agree: a growth of lines agrees where the registers overlap or touch") {
  CHECK(join_growth(grown(100, 110), grown(98, 108)) == Joined::old);
  CHECK(join_growth(grown(110, 110), grown(109, 110)) == Joined::old);
  CHECK(join_growth(grown(110, 120), grown(100, 109)) == Joined::contradiction);
  CHECK(join_growth({first, 5, 110, {}, 900}, grown(112, 118)) == Joined::old);
  CHECK(join_growth({first, 10, {}, {}, 900}, grown(100, 110)) == Joined::old);
  CHECK(join_growth({first, 10, {}, {}, 900}, grown(100, 111)) == Joined::contradiction);
}

TEST_CASE("day agree: a switch contradicts only what was never so") {
  CHECK(join_switch(on(420), on(430)) == Joined::old);
  CHECK(join_switch(on(4), on(0)) == Joined::old);
  CHECK(join_switch(on(0), on(0)) == Joined::old);
  CHECK(join_switch(on(0), on(900)) == Joined::contradiction);
}

TEST_CASE("day agree: of which the history knows much less is replaced") {
  CHECK(join_growth(grown(105, 110, 300), grown(100, 110)) == Joined::fresh);
  CHECK(join_growth(grown(105, 110, 850), grown(100, 110)) == Joined::old);
  CHECK(join_growth(grown(105, 110, 300), grown(500, 510)) == Joined::fresh);
  CHECK(join_growth(grown(100, 109, 890), grown(100, 110)) == Joined::fresh);  // it goes on
  CHECK(join_means(mean(700, 600, 800), mean(750, 700, 800, 100)) == Joined::old);
}

TEST_CASE("day agree: the day files of a gateway agree with what its recorder kept") {
  int refused_otherwise = 0;
  for (std::uint32_t seed = 1; seed <= 24; ++seed) {
    CAPTURE(seed);
    const std::chrono::seconds intervals[] = {10s, 60s, 300s}, seldom[] = {0s, 300s, 900s, 3600s};
    BothKept run(seed, intervals[seed % 3], seldom[seed % 4]);
    const Imported files = run.read();
    CHECK(files.is_sampled);
    CHECK(files.series.size() == 3);
    const auto found = met(files, run.house);
    CHECK_FALSE(found);
    Imported exact = files;
    exact.is_sampled = false;
    if (met(exact, run.house)) ++refused_otherwise;
  }
  CHECK(refused_otherwise == 24);
}

TEST_CASE("day agree: the day files of another house are refused") {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    BothKept run(seed, 10s, 0s), other(seed, 10s, 0s, 31'000'000);
    const auto found = met(other.read(), run.house);
    REQUIRE(found);
    CHECK(found->head.name == energy_series);
  }
}
