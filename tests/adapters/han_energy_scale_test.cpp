// The power of ten of registers that come without unit and scaler: what is documented holds, and
// powers that say otherwise in two spans decide.

#include <doctest/doctest.h>

#include "core/record.hpp"
#include "support/han_house.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono_literals;

namespace {

using Meter = CountingHouse::Meter;
using Form = CountingHouse::Form;
constexpr std::string_view unheard_type = "6841138BN243101777";

Meter kamstrup(std::string_view type, int energy_exponent) {
  Meter meter;
  meter.type = type;
  meter.energy_exponent = energy_exponent;
  return meter;
}
Meter kaifa(int energy_exponent) {
  Meter meter;
  meter.form = Form::kaifa;
  meter.type = "MA304H3E";
  meter.current_unit = 0.001;
  meter.energy_exponent = energy_exponent;
  return meter;
}
std::string notices(std::string_view said) { return lines_with(said, "notice"); }

// The newest total that was published, kWh; 0: none.
double total_of(std::string_view said, std::string_view key = "energy_import ") {
  const std::string lines = lines_with(said, key);
  if (lines.empty()) return 0;
  const std::size_t last = lines.rfind('\n', lines.size() - 2);
  return std::stod(lines.substr((last == lines.npos ? 0 : last + 1) + key.size()));
}
bool is_near(double value, double expected) { return std::abs(value - expected) < 0.02; }
// Whether the total after one more hour is what the house has taken.
bool is_right(CountingHouse& house, double watts) {
  const double published = total_of(house.take(watts, 1h));
  return is_near(published, house.watt_hours() / 1000);
}

}  // namespace

TEST_CASE("han energy scale: an hour that is documented rightly changes and says nothing") {
  for (const Meter& meter : {kamstrup("6841131BN243101040", 1), kamstrup("6841131BN243101092", 0),
                             kamstrup("6841131BN243101090", 0), kaifa(0)}) {
    CountingHouse house(meter);
    const std::string said = house.take(2000, 5h);
    CHECK(is_near(total_of(said), house.watt_hours() / 1000));
    CHECK(notices(said) == "");
    CHECK(lines_with(said, "held") == "");
  }
}

TEST_CASE("han energy scale: registers that rise by a tenth of the power count ten times as much") {
  CountingHouse house(kamstrup("6841131BN243101092", 1));
  std::string said = house.take(2000, 2h);
  CHECK(is_near(total_of(said), house.watt_hours() / 10'000));  // what is documented holds
  CHECK(notices(said) == "");
  said = house.take(2000, 1h);
  CHECK(notices(said).find("registers count 10 Wh, as the power shows, and not 1 Wh") !=
        std::string::npos);
  CHECK(notices(said).find("energy_exponent: 1 would say the same") != std::string::npos);
  CHECK(is_near(total_of(said), house.watt_hours() / 1000));  // at once
  CHECK(house.rig.keeps > 0);
  said = house.take(2000, 3h);
  CHECK(is_near(total_of(said), house.watt_hours() / 1000));
  CHECK(notices(said) == "");
  CHECK(lines_with(said, "held") == "");
}

TEST_CASE("han energy scale: registers that rise by ten times the power count a tenth") {
  for (const auto& [meter, text] :
       {std::pair{kamstrup("6841131BN243101040", 0), "registers count 1 Wh"},
        std::pair{kaifa(-1), "registers count 0.1 Wh"}}) {
    Meter counting = meter;
    counting.watt_hours = 14'512'345;
    CountingHouse house(counting);
    const std::string said = house.take(1000, 3h);
    CHECK(notices(said).find(text) != std::string::npos);
    CHECK(is_right(house, 1000));
  }
}

TEST_CASE("han energy scale: what is fed in proves it as well, for both registers") {
  Meter meter = kamstrup("6841131BN243101040", 0);
  meter.watt_hours = 14'512'345;
  CountingHouse house(meter);
  CHECK(notices(house.take(-3000, 3h)).find("registers count 1 Wh") != std::string::npos);
  const std::string said = house.take(-3000, 1h);
  CHECK(is_near(total_of(said, "energy_export "), 2000 + 12));
  CHECK(is_near(total_of(said), 14'512.345));
}

TEST_CASE("han energy scale: registers in every list are judged over spans of 50 counts") {
  Meter meter = kamstrup("6841131BN243101040", 0);
  meter.watt_hours = 14'512'345;
  CountingHouse house(meter);
  // 200 Wh at 3 kW are 4 minutes.
  CHECK(notices(house.take(3000, 470s, 10s)) == "");
  CHECK(notices(house.take(3000, 50s, 10s)).find("registers count 1 Wh") != std::string::npos);
}

TEST_CASE("han energy scale: spans of less than 200 Wh, or 50 counts, prove nothing alone") {
  Meter meter = kamstrup("6841131BN243101040", 0);
  meter.watt_hours = 14'512'345;
  CountingHouse frugal(meter);
  CHECK(notices(frugal.take(60, 6h)) == "");  // one span of four hours
  CHECK(notices(frugal.take(60, 4h)).find("registers count 1 Wh") != std::string::npos);
  CountingHouse coarse(kamstrup("6841131BN243101092", 1));
  CHECK(notices(coarse.take(240, 4h)) == "");  // 24 counts an hour: the span ends after three
}

TEST_CASE("han energy scale: a span whose powers are missing for a twentieth of it is not judged") {
  Meter meter = kamstrup("6841131BN243101040", 0);
  meter.watt_hours = 14'512'345;
  CountingHouse house(meter);
  std::string said;
  for (int hour = 0; hour < 6; ++hour) {
    said += house.take(1500, 30min);
    house.silence(1500, 4min);
    said += house.take(1500, 26min);
  }
  CHECK(notices(said) == "");
}

TEST_CASE("han energy scale: two spans in a row, not one here and one there") {
  CountingHouse house(kamstrup("6841131BN243101040", 1));
  (void)house.take(2000, 1h);
  for (int turn = 0; turn < 4; ++turn) {
    house.meter().energy_exponent = turn % 2 == 0 ? 0 : 1;  // a meter gone mad
    CHECK(notices(house.take(2000, 2h)) == "");
  }
}

TEST_CASE("han energy scale: a unit that changes while the meter runs is followed by two spans") {
  Meter meter = kamstrup("6841131BN243101040", 1);
  meter.watt_hours = 14'512'345;
  CountingHouse house(meter);
  (void)house.take(2000, 2h);
  CHECK(is_right(house, 2000));
  house.meter().energy_exponent = 0;
  CHECK(total_of(house.take(2000, 2h)) == 0);  // ten times as much: held back
  CHECK(is_right(house, 2000));
  CHECK(is_right(house, 2000));
}

TEST_CASE(
    "han energy scale: a unit that becomes a hundred or a thousand times another is followed") {
  for (const int exponent : {1, 2, 3}) {
    CAPTURE(exponent);
    Meter meter = kaifa(0);
    meter.watt_hours = 1'451'234'567;
    CountingHouse house(meter);
    (void)house.take(9000, 2h);
    house.meter().energy_exponent = exponent;
    CHECK(total_of(house.take(9000, 1h)) == 0);  // as much less: held back
    CHECK(notices(house.take(9000, 12h)).find("as the power shows, and not 1 Wh") !=
          std::string::npos);
    const double published = total_of(house.take(9000, 1h));
    CHECK(std::abs(published - house.watt_hours() / 1000) <= std::pow(10.0, exponent - 3));
    house.meter().energy_exponent = 0;
    CHECK(total_of(house.take(9000, 1h)) == 0);  // as much more
    (void)house.take(9000, 3h);
    CHECK(is_right(house, 9000));
  }
}

TEST_CASE("han energy scale: few counts of a true register are no proof of another unit") {
  for (const double watts : {300.0, 900.0, 2700.0}) {
    CountingHouse house(kamstrup("6841131BN243101040", 1));
    CHECK(notices(house.take(watts, 6h, 10s)) == "");
    CHECK(is_right(house, watts));
  }
}

TEST_CASE("han energy scale: a set exponent is never overruled, and a contradiction is said once") {
  CountingHouse house(kamstrup("6841131BN243101092", 1), {{"energy_exponent", "0"}});
  const std::string said = house.take(2000, 8h);
  CHECK(is_near(total_of(said), house.watt_hours() / 10'000));
  const std::string warned = notices(said);
  CHECK(warned.find("energy_exponent: 0 makes registers rise by a tenth of") != std::string::npos);
  CHECK(warned.find("energy_exponent: 1 would fit") != std::string::npos);
  CHECK(warned.find('\n') == warned.size() - 1);
}

TEST_CASE("han energy scale: a set exponent that is far off is said to be so") {
  Meter meter = kaifa(0);
  meter.watt_hours = 14'512'345;
  CountingHouse house(meter, {{"energy_exponent", "3"}});
  CHECK(notices(house.take(2000, 4h))
            .find("energy_exponent: 3 makes registers rise by a thousand times what the power adds "
                  "up to: energy_exponent: 0 would fit") != std::string::npos);
}

TEST_CASE("han energy scale: a set exponent holds for Kaifa, too") {
  CountingHouse house(kaifa(1), {{"energy_exponent", "1"}});
  const std::string said = house.take(2000, 5h);
  CHECK(is_near(total_of(said), house.watt_hours() / 1000));
  CHECK(notices(said) == "");
}

TEST_CASE("han energy scale: the decision outlives a restart, and ends with the meter") {
  Meter meter = kamstrup("6841131BN243101040", 0);
  meter.watt_hours = 14'512'345;
  CountingHouse first(meter);
  (void)first.take(2000, 3h);
  meter.watt_hours = first.watt_hours();
  CountingHouse second(meter);
  second.rig.adapter->restore(first.rig.adapter->state());
  CHECK(is_right(second, 2000));
  second.meter().serial = "5706567300000018";
  second.meter().energy_exponent = 1;
  CHECK(is_right(second, 2000));
}

TEST_CASE("han energy scale: an unknown Kamstrup type waits for one span, and says so") {
  for (const int exponent : {0, 1}) {
    CAPTURE(exponent);
    Meter meter = kamstrup(unheard_type, exponent);
    meter.watt_hours = 14'512'345;
    CountingHouse house(meter);
    std::string said = house.take(2000, 1h);
    CHECK(total_of(said) == 0);
    CHECK(lines_with(said, "held energy_import").ends_with(" unit\n"));
    CHECK(notices(said).find("energy_exponent decides at once") != std::string::npos);
    said = house.take(2000, 1h);
    CHECK(is_near(total_of(said), house.watt_hours() / 1000));
    CHECK(notices(said).find("as the power shows") != std::string::npos);
    CHECK(is_right(house, 2000));
  }
}

TEST_CASE("han energy scale: an unknown type waits for a day at most, over restarts") {
  Meter meter = kamstrup(unheard_type, 1);
  CountingHouse house(meter);
  house.rig.now.wall = Instant(1'770'000'000s);
  CHECK(total_of(house.take(0, 1h)) == 0);
  const std::string state = house.rig.adapter->state();
  CHECK(total_of(house.take(0, 23h)) == 0);
  const std::string said = house.take(0, 1h);
  CHECK(total_of(said) > 0);
  CHECK(notices(said).find("taken as 10 Wh") != std::string::npos);

  CountingHouse again(meter);
  again.rig.adapter->restore(state);
  again.rig.now.wall = Instant(1'770'000'000s) + 22h;
  CHECK(total_of(again.take(0, 1h)) == 0);
  again.rig.now.wall = Instant(1'770'000'000s) + 25h;
  CHECK(total_of(again.take(0, 1h)) > 0);
}

TEST_CASE(
    "han energy scale: an unknown type does not wait where the exponent is set, or in decode") {
  CountingHouse house(kamstrup(unheard_type, 0), {{"energy_exponent", "0"}});
  CHECK(is_right(house, 2000));
  LineRig recording;
  const CountingHouse meter(kamstrup(unheard_type, 1));
  recording.feed(meter.list(2000, true));
  CHECK(is_near(total_of(recording.said()), std::floor(meter.watt_hours() / 10) / 100));
}

TEST_CASE("han energy scale: unusual installations that no rule may touch") {
  SUBCASE("a meter behind a current transformer, whose factor is set") {
    CountingHouse house(kamstrup("6851131BN243101040", 1), {{"factor", "40"}});
    const std::string said = house.take(4000, 5h);
    CHECK(std::abs(total_of(said) - 40 * house.watt_hours() / 1000) < 1);
    CHECK(notices(said) == "");
  }
  SUBCASE("one that shows the side of the transformer that it measures") {
    CountingHouse house(kamstrup("6851131BN243101040", 1));
    CHECK(notices(house.take(95, 48h)) == "");
  }
  SUBCASE("a house that takes nothing for weeks, and then little") {
    CountingHouse house(kamstrup("6841131BN243101040", 1));
    std::string said = house.take(0, 72h);
    said += house.take(12, 72h);
    CHECK(notices(said) == "");
    CHECK(lines_with(said, "held") == "");
  }
  SUBCASE("powers that jump between lists") {
    CountingHouse house(kamstrup("6841131BN243101040", 1));
    std::string said;
    for (int turn = 0; turn < 400; ++turn) said += house.take(turn % 3 == 0 ? 9000 : 40, 30s);
    CHECK(notices(said) == "");
  }
  SUBCASE("a meter that gridtap hears for a while only, again and again") {
    CountingHouse house(kamstrup("6841131BN243101040", 1));
    std::string said;
    for (int turn = 0; turn < 12; ++turn) {
      said += house.take(500, 20min);
      house.silence(8000, 41min);
    }
    CHECK(notices(said) == "");
  }
}

TEST_CASE("han energy scale: registers with their unit are never judged") {
  LineRig rig;
  std::string said;
  std::int64_t kwh = 1000;
  for (int hour = 0; hour < 4; ++hour, kwh += 20) {
    for (int n = 0; n < 360; ++n) {
      ValueWriter body;
      body.array(2).structure(3).obis("1-0:1.7.0").u32(2000).scaler(0, 27);
      body.structure(3).obis("1-0:1.8.0").u32(kwh).scaler(3, 30);
      rig.pass(9700ms);
      said += rig.hear(pushed(body));
    }
  }
  CHECK(notices(said) == "");
  CHECK(total_of(said) == 1060);
}

TEST_CASE("han energy scale: a state that makes no sense is passed over") {
  for (const auto& [name, value] :
       {std::pair{"energy_exponent", "99"}, {"energy_exponent", "-"}, {"energy_waits", "soon"}}) {
    RecordWriter record;
    record.add(name, std::string_view("5706567300000017"), std::string_view(value));
    CountingHouse house;
    house.rig.adapter->restore(record.text());
    CHECK(is_right(house, 2000));
  }
}
