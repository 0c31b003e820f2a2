// Meters behind the meter: what they measure, which reading counts, and which of two is alive.

#include <doctest/doctest.h>

#include "adapters/p1_mbus_lines.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

// The first reading: "1/gas 246.138".
std::string value_of(std::string_view lines) {
  const std::string said = hear(lines).readings;
  return said.substr(0, said.find('\n'));
}

}  // namespace

TEST_CASE("p1 mbus: the type decides what a meter measures") {
  struct Case {
    std::string_view type, value, reading;
  };
  const Case cases[] = {
      {"002", "00123.456*kWh", "1/mbus_electricity 123.456"},
      {"003", "00246.138*m3", "1/gas 246.138"},
      {"3", "00246.138*m3", "1/gas 246.138"},
      {"004", "12.345*GJ", "1/heat 12.345"},
      {"006", "1.5*m3", "1/hot_water 1.5"},
      {"007", "00872.234*m3", "1/water 872.234"},
      {"007", "872234*dm3", "1/water 872.234"},
      {"008", "1234", "1/heat_cost 1234"},
      {"010", "0.5*GJ", "1/cooling 0.5"},
      {"011", "0.5*GJ", "1/cooling 0.5"},
      {"012", "12345*MJ", "1/heat 12.345"},
      {"013", "12.345*GJ", "1/heat 12.345"},
      {"21", "1.5*m3", "1/hot_water 1.5"},
      {"022", "1.5*m3", "1/water 1.5"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.type);
    CHECK(value_of(type(1, one.type) + id(1, "4730") + reading(1, one.value)) == one.reading);
  }
}

TEST_CASE("p1 mbus: the unit decides where type and unit disagree") {
  const auto heard = [](std::string_view code, std::string_view value) {
    return value_of(type(1, code) + id(1, "4730") + reading(1, value));
  };
  CHECK(heard("004", "1000*kWh") == "1/heat 3.6000");
  CHECK(heard("012", "0001.234*MWh") == "1/heat 4.4424");
  CHECK(heard("003", "12.345*GJ") == "1/gas_energy 12.345");
  CHECK(heard("003", "12345*MJ") == "1/gas_energy 12.345");
  CHECK(heard("003", "1000*kWh") == "1/gas_energy 3.6000");
  for (const auto& [code, value] : {std::pair{"007", "1*GJ"},
                                    {"004", "1*m3"},
                                    {"002", "1*GJ"},
                                    {"021", "1*kWh"},
                                    {"003", "1*kW"},
                                    {"003", "1*furlong"}}) {
    CAPTURE(code);
    const Heard raw = hear(type(1, code) + id(1, "4730") + reading(1, value));
    CHECK(raw.readings == "");
    CHECK(raw.devices.find("1/") == std::string::npos);
    CHECK(raw.raw == reading(1, value));
  }
}

TEST_CASE("p1 mbus: an empty slot gives no reading, an unknown type is raw") {
  const std::string line = reading(1, "00246.138*m3");
  CHECK(hear(type(1, "000") + id(1, "4730") + line).raw == "");
  for (const std::string_view code : {"1", "099", "259", "4294967299", "-3", "3.0", "gas", ""}) {
    CAPTURE(code);
    const Heard heard = hear(type(1, code) + id(1, "4730") + line);
    CHECK(heard.readings == "");
    CHECK(heard.raw == line);
  }
  CHECK(hear(id(1, "4730") + line).raw == line);
}

TEST_CASE("p1 mbus: the order of type, id and reading does not matter") {
  CHECK(value_of(reading(1, "1*m3") + id(1, "4730") + type(1, "003")) == "1/gas 1");
  CHECK(value_of(id(1, "4730") + type(1, "003") + reading(1, "1*m3")) == "1/gas 1");
}

TEST_CASE("p1 mbus: one reading counts on a channel: 24.2.1, 24.2.3, 24.3.0, 24.2.0, 2, 4, 5") {
  const std::vector<std::string> lines = {
      reading(1, "1*m3"),
      reading(1, "2*m3", fresh, "24.2.3"),
      "0-1:24.3.0(261120090000)(00)(60)(1)(0-1:24.2.1)(m3)(3)\n",
      reading(1, "4*m3", fresh, "24.2.0"),
      reading(1, "5*m3", fresh, "24.2.2"),
      reading(1, "6*m3", fresh, "24.2.4"),
      reading(1, "7*m3", fresh, "24.2.5"),
  };
  std::string sent;
  for (std::size_t best = lines.size(); best-- > 0;) {
    CAPTURE(lines[best]);
    const Heard heard = hear(type(1, "003") + id(1, "4730") + sent + lines[best]);
    CHECK(heard.readings.starts_with("1/gas " + std::to_string(best + 1) + '\n'));
    CHECK(heard.raw == sent);  // the others
    sent += lines[best];
  }
}

TEST_CASE("p1 mbus: what is available goes before what is first, a unit that fits before others") {
  const std::string meter = type(1, "003") + id(1, "4730");
  CHECK(value_of(meter + reading(1, "1*m3", "000101000000W") +
                 reading(1, "2*m3", fresh, "24.2.3")) == "1/gas 2");
  CHECK(value_of(meter + reading(1, "1") + reading(1, "2*m3", fresh, "24.2.3")) == "1/gas 2");
  CHECK(value_of(meter + reading(1, "1*V") + reading(1, "2*m3", fresh, "24.2.5")) == "1/gas 2");
}

TEST_CASE("p1 mbus: a reading without unit or without a time that can be is never published") {
  struct Case {
    std::string_view time, value;
  };
  for (const auto& [time, value] :
       {Case{fresh, "00000.000"}, Case{"632525252525S", "00000.000*m3"},
        Case{"000101000000W", "1*m3"}, Case{"061231235959W", "1*m3"}, Case{"261122090000W", "1*m3"},
        Case{"", "1*m3"}, Case{"hello", "1*m3"}, Case{fresh, ""}, Case{fresh, "one*m3"}}) {
    CAPTURE(time);
    CAPTURE(value);
    const Heard heard = hear(type(1, "003") + id(1, "4730") + reading(1, value, time));
    CHECK(heard.readings == "");
    CHECK(heard.raw == reading(1, value, time));
    CHECK(heard.leases == "35000\n");
  }
  // Of today by the meter's clock, a little ahead.
  CHECK(value_of(gas_meter(1, "4730", "1*m3", "261121090000W")) == "1/gas 1");
}

TEST_CASE("p1 mbus: the old record has its value on its own line, or not") {
  const std::string old = type(1, "03") + id(1, "3238313031") + "0-1:24.3.0(";
  const std::string rest = ")(08)(60)(1)(0-1:24.2.1)(m3)";
  const std::string wanted = "1/gas 2307.368\n1/reading_time 2026-11-20T09:00:00+01:00\n";
  CHECK(hear(old + "261120090000" + rest + "\n(02307.368)\n").readings == wanted);
  CHECK(hear(old + "261120090000" + rest + "(02307.368)\n").readings == wanted);
  // In summer the zone tells the offset.
  HouseRig summer;
  summer.now.wall = *summer.now.wall - hours(24 * 123);
  CHECK(summer.hear(old + "260720090000" + rest + "\n(1)\n").readings ==
        "1/gas 1\n1/reading_time 2026-07-20T09:00:00+02:00\n");
  CHECK(hear(old + "000000000000" + rest + "\n(02307.368)\n").readings == "");
  CHECK(hear(old + "261120090000" + rest + "\n").readings == "");
}

TEST_CASE("p1 mbus: a reading has its own time") {
  const Heard heard = hear(gas_meter(1, "4730", "246.138*m3", "261120092500W"));
  CHECK(heard.readings == "1/gas 246.138\n1/reading_time 2026-11-20T09:25:00+01:00\n");
  CHECK(heard.times.ends_with("1/gas 2026-11-20T08:25:00Z\n1/reading_time 2026-11-20T08:25:00Z\n"));
}

TEST_CASE("p1 mbus: a valve is closed, open or ready") {
  const std::string gas = gas_meter(1, "4730", "1*m3");
  const auto valve = [&](std::string_view text) {
    return hear(gas + "0-1:24.4.0(" + std::string(text) + ")\n");
  };
  CHECK(valve("0").readings.ends_with("1/valve closed\n"));
  CHECK(valve("1").readings.ends_with("1/valve open\n"));
  CHECK(valve("2").readings.ends_with("1/valve ready\n"));
  CHECK(valve("").readings.ends_with("1/valve None\n"));
  CHECK(valve("3").raw == "0-1:24.4.0(3)\n");
}

TEST_CASE("p1 mbus: a Belgian meter has its id under 96.1.1 and its EAN under 96.1.2") {
  const Heard heard = hear(type(2, "007") + "0-2:96.1.1(3853414731323334)\n" +
                           "0-2:96.1.2(353431)\n" + reading(2, "872.234*m3", fresh, "24.2.1"));
  CHECK(heard.devices.ends_with("2/water|Water meter|8SAG1234|3853414731323334\n"));
  CHECK(heard.readings.ends_with("2/ean 541\n"));
  CHECK(hear(type(2, "007") + "0-2:96.1.1(38)\n0-2:96.1.2(2D2D)\n" + reading(2, "1*m3"))
            .readings.find("ean") == std::string::npos);
}

TEST_CASE("p1 mbus: an old reading beside a new one is of a meter that was exchanged") {
  const std::string old = gas_meter(1, "OLD1", "9*m3", "170612090000S");
  const std::string new_gas = gas_meter(2, "NEW2", "1*m3");
  HouseRig house;
  const Heard heard = hear(house, old + new_gas);
  CHECK(heard.readings.starts_with("2/gas 1\n"));
  CHECK(heard.raw == reading(1, "9*m3", "170612090000S"));
  CHECK(names_of(heard) == "2/gas ");
  CHECK(heard.leases == "2/35000\n35000\n");
  // Alone it is all there is, however old; but it has lost its radio link.
  const Heard alone = hear(old);
  CHECK(alone.readings.starts_with("1/gas 9\n"));
  CHECK(alone.leases == "1/0\n35000\n");
}

TEST_CASE("p1 mbus: a meter is old behind thirty days, by the telegram's own time") {
  struct Case {
    std::string_view first, second;
    bool first_lives;
  };
  // The clock says 20 November, 9:30.
  for (const auto& [first, second, lives] :
       {Case{"261021093000W", fresh, true}, Case{"261021092959W", fresh, false},
        Case{"260901090000W", "261021093000W", true},  // none is younger than thirty days
        Case{"260901090000W", "261021093001W", false}}) {
    CAPTURE(first);
    CAPTURE(second);
    const Heard heard =
        hear(gas_meter(1, "OLD1", "9*m3", first) + gas_meter(2, "NEW2", "1*m3", second));
    CHECK((heard.readings.find("1/gas 9") != std::string::npos) == lives);
    CHECK(heard.readings.find("/gas 1\n") != std::string::npos);
  }
}

TEST_CASE("p1 mbus: in a telegram without a time, age is against the newest reading in it") {
  const std::string gas =
      gas_meter(1, "OLD1", "9*m3", "260801090000W") + gas_meter(2, "NEW2", "1*m3", "260825090000W");
  HouseRig house;
  // The newest is of August: none of both is thirty days older.
  CHECK(names_of(house.hear(gas)) == "1/gas 2/gas_2 ");
  HouseRig later;
  CHECK(names_of(later.hear(gas + gas_meter(3, "NEW3", "1*m3", fresh))) == "3/gas ");
  // Water of today says that both gas meters are old: nobody knows which of them lives.
  HouseRig wet;
  CHECK(names_of(wet.hear(gas + type(4, "007") + id(4, "W") + reading(4, "1*m3"))) ==
        "1/gas 2/gas_2 4/water ");
}

TEST_CASE("p1 mbus: one telegram with a jump is held back, and three that agree are the way out") {
  HouseRig house;
  hear(house, gas_meter(1, "4731", "300*m3"));
  house.pass(10s);
  CHECK(hear(house, gas_meter(1, "4731", "60000*m3")).held == "1/gas 60000 jumped\n");
  house.pass(10s);
  const Heard back = hear(house, gas_meter(1, "4731", "300*m3"));
  CHECK(back.held == "");
  CHECK(back.readings.starts_with("1/gas 300\n"));
  for (const bool accepted : {false, false, true}) {
    house.pass(10s);
    const Heard heard = hear(house, gas_meter(1, "4731", "900*m3"));
    CHECK(heard.readings.starts_with("1/gas 900\n") == accepted);
    CHECK(heard.held == (accepted ? "" : "1/gas 900 jumped\n"));
  }
}

TEST_CASE("p1 mbus: each medium has what no house draws of it in an hour") {
  struct Case {
    const char *type, *first, *high, *too_high, *key;
  };
  for (const auto& [kind, first, high, too_high, key] :
       {Case{"003", "300*m3", "340*m3", "341*m3", "gas"},
        Case{"007", "300*m3", "310*m3", "311*m3", "water"},
        Case{"006", "300*m3", "310*m3", "311*m3", "hot_water"},
        Case{"004", "300*GJ", "300.36*GJ", "300.37*GJ", "heat"},
        Case{"010", "300*GJ", "300.36*GJ", "300.37*GJ", "cooling"},
        Case{"003", "300*GJ", "301.8*GJ", "301.9*GJ", "gas_energy"}}) {
    CAPTURE(key);
    for (const char* value : {high, too_high}) {
      HouseRig house;
      const std::string meter = type(1, kind) + id(1, "4731");
      // The hour is that of the readings: the second telegram may follow at once.
      hear(house, meter + reading(1, first, "261120080000W"));
      house.pass(1s);
      const Heard heard = hear(house, meter + reading(1, value, "261120090000W"));
      CHECK((heard.held == "") == (value == high));
    }
  }
}

TEST_CASE("p1 mbus: a meter that was not read for long may have risen by much") {
  HouseRig house;
  hear(house, gas_meter(1, "4731", "300*m3"));
  house.pass(30h);
  CHECK(hear(house, gas_meter(1, "4731", "1300*m3")).held == "");
}

TEST_CASE("p1 mbus: totals that fall or become zero are held back") {
  HouseRig house;
  hear(house, gas_meter(1, "4731", "100*m3"));
  CHECK(hear(house, gas_meter(1, "4731", "0*m3")).held == "1/gas 0 zero\n");
  CHECK(hear(house, gas_meter(1, "4731", "99*m3")).held == "1/gas 99 fell\n");
  // The factor of the current transformers is not theirs.
  HouseRig factor(HouseRig::Settings{{"factor", "60"}});
  CHECK(hear(factor, gas_meter(1, "4731", "2*m3")).readings.starts_with("1/gas 2\n"));
}

TEST_CASE("p1 mbus: a reading of more than 26 hours ago takes its meter offline") {
  CHECK(hear(gas_meter(1, "4731", "1*m3", "261119073000W")).leases == "1/35000\n35000\n");
  CHECK(hear(gas_meter(1, "4731", "1*m3", "261119072959W")).leases == "1/0\n35000\n");
  // The meter itself stays, and the reading is said all the same.
  CHECK(hear(gas_meter(1, "4731", "1*m3", "261119072959W")).readings.starts_with("1/gas 1\n"));
}

TEST_CASE("p1 mbus: without the telegram's time a reading unchanged for 26 hours is stale") {
  HouseRig house;
  const std::string gas = gas_meter(1, "4731", "1*m3", "261119000000W");
  CHECK(house.hear(gas).leases == "1/35000\n35000\n");
  CHECK(house.hear_after(26h, gas).leases == "1/35000\n35000\n");
  CHECK(house.hear_after(1s, gas).leases == "1/0\n10000\n");
  CHECK(house.hear_after(1s, gas_meter(1, "4731", "1*m3", "261121000000W")).leases ==
        "1/10000\n10000\n");
}

TEST_CASE("p1 mbus: other objects of a channel are raw, also of channels that cannot be") {
  for (const std::string_view line :
       {"0-1:24.9.9(1)\n", "0-5:24.1.0(003)\n", "0-12:24.2.1(1)(2*m3)\n", "0-1:24.2.1*01(1)\n",
        "7-0:23.1.0(261120090000)(1*m3)\n"}) {
    CAPTURE(line);
    const Heard heard = hear(line);
    CHECK(heard.readings == "");
    CHECK(heard.raw == line);
  }
}
