// What no object says but follows from those of one telegram; and totals that are held back.

#include <doctest/doctest.h>

#include "support/p1_house.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

// All that was read but the lines sent themselves: what comes behind the `count` first readings.
std::string behind(std::size_t count, std::string readings) {
  while (count-- > 0) readings.erase(0, readings.find('\n') + 1);
  return readings;
}

std::string computed(std::string_view lines, std::size_t sent,
                     const HouseRig::Settings& settings = {}) {
  HouseRig house(settings);
  return behind(sent, house.hear(lines).readings);
}

std::string total_line(std::string_view kilowatt_hours) {
  return "1-0:1.8.0(" + std::string(kilowatt_hours) + "*kWh)\n";
}

// "read 5" or "held zero": what became of the total in this telegram.
std::string fate(const Heard& heard) {
  if (!heard.held.empty()) return "held " + heard.held.substr(heard.held.rfind(' ') + 1);
  return "read " + heard.readings.substr(heard.readings.find(' ') + 1);
}

}  // namespace

TEST_CASE("p1 computed: without a total of the meter it is the sum of its tariffs") {
  CHECK(computed("1-0:1.8.1(1.250*kWh)\n1-0:1.8.2(2.5*kWh)\n", 2) == "energy_import 3.750\n");
  CHECK(computed("1-0:2.8.1(1*kWh)\n1-0:2.8.2(2*kWh)\n1-0:2.8.3(4*kWh)\n", 3) ==
        "energy_export 7\n");
  CHECK(computed("1-0:1.8.11(1*kWh)\n1-0:1.8.12(2*kWh)\n1-0:1.8.13(4*kWh)\n", 3) ==
        "energy_import 7\n");
  CHECK(computed("1-0:1.8.0(9*kWh)\n1-0:1.8.1(1*kWh)\n1-0:1.8.2(2*kWh)\n", 3) == "");
  // A total that says nothing: the sum does.
  CHECK(computed("1-0:1.8.0()\n1-0:1.8.1(1*kWh)\n1-0:1.8.2(2*kWh)\n", 2) == "energy_import 3\n");
  CHECK(computed("1-0:1.8.0(0)\n1-0:1.8.1(1*kWh)\n1-0:1.8.2(2*kWh)\n", 2) == "energy_import 3\n");
}

TEST_CASE("p1 computed: a sum with a part that is not known is no sum") {
  for (const std::string_view bad :
       {"1-0:1.8.2()\n", "1-0:1.8.2(2)\n", "1-0:1.8.2(2*kW)\n", "1-0:1.8.2(2,5*kWh)\n"}) {
    CAPTURE(bad);
    HouseRig house;
    const std::string said = house.hear("1-0:1.8.1(1*kWh)\n" + std::string(bad)).readings;
    CHECK(said.find("energy_import ") == said.npos);
  }
}

TEST_CASE("p1 computed: net power is import minus export, of the whole and of each phase") {
  CHECK(computed("1-0:1.7.0(00.244*kW)\n1-0:2.7.0(01.000*kW)\n", 2) == "power_net -756\n");
  CHECK(computed("1-0:21.7.0(00.244*kW)\n1-0:22.7.0(00.000*kW)\n", 2) == "power_net_l1 244\n");
  CHECK(computed("1-0:61.7.0(00.001*kW)\n1-0:62.7.0(00.500*kW)\n", 2) == "power_net_l3 -499\n");
  CHECK(computed("1-0:1.7.0(00.244*kW)\n", 1) == "");
  // The meter's own goes before it.
  CHECK(computed("1-0:1.7.0(3*W)\n1-0:2.7.0(0*W)\n1-0:16.7.0(4*W)\n", 3) == "");
  CHECK(computed("1-0:1.7.0(3*W)\n1-0:2.7.0(0*W)\n1-0:16.7.0()\n", 2) == "power_net 3\n");
}

TEST_CASE("p1 computed: a current has the sign of its phase's power, above 20 W") {
  struct Case {
    std::string_view import, given, current;
  };
  const Case cases[] = {
      {"00.500", "00.000", "current_signed_l2 7\n"},
      {"00.000", "00.500", "current_signed_l2 -7\n"},
      {"00.021", "00.000", "current_signed_l2 7\n"},
      {"00.020", "00.000", ""},
      {"00.000", "00.020", ""},
      {"00.000", "00.000", ""},
      {"00.500", "00.500", ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.import);
    CAPTURE(one.given);
    const std::string said =
        computed("1-0:41.7.0(" + std::string(one.import) + "*kW)\n1-0:42.7.0(" +
                     std::string(one.given) + "*kW)\n1-0:51.7.0(007*A)\n",
                 3);
    CHECK(behind(1, said) == one.current);
  }
  CHECK(computed("1-0:41.7.0(00.500*kW)\n1-0:51.7.0(007*A)\n", 2) == "");
}

TEST_CASE("p1 computed: tariff 1 is low in the Netherlands, normal in Belgium, 3 has no name") {
  struct Case {
    std::string_view country, tariff, sign, name;
  };
  const std::string_view dutch = "1-0:1.8.1(1*kWh)\n", belgian = "0-0:96.1.4(50217)\n",
                         total = "1-0:1.8.0(1*kWh)\n1-0:1.8.1(1*kWh)\n";
  const Case cases[] = {
      {"", "1", dutch, "low"},   {"", "2", dutch, "normal"}, {"", "1", belgian, "normal"},
      {"", "2", belgian, "low"}, {"", "1", total, ""},       {"", "1", "", ""},
      {"nl", "1", total, "low"}, {"be", "1", "", "normal"},  {"nl", "2", belgian, "normal"},
      {"lu", "1", dutch, ""},    {"", "3", dutch, "None"},   {"", "0", dutch, "None"},
      {"be", "3", "", "None"},   {"", "3", total, ""},
  };
  for (const Case& one : cases) {
    CAPTURE(one.country);
    CAPTURE(one.sign);
    CAPTURE(one.tariff);
    HouseRig house(
        HouseRig::Settings{{"country", std::string(one.country.empty() ? "nl" : one.country)}});
    HouseRig guessing;
    HouseRig& rig = one.country.empty() ? guessing : house;
    const std::string said =
        rig.hear(std::string(one.sign) + "0-0:96.14.0(000" + std::string(one.tariff) + ")\n")
            .readings;
    const std::string wanted =
        one.name.empty() ? std::string{} : "tariff_name " + std::string(one.name) + '\n';
    const std::size_t at = said.find("tariff_name");
    CHECK((at == said.npos ? std::string{} : said.substr(at)) == wanted);
  }
}

TEST_CASE("p1 computed: phases that show nothing of the import for a minute are unknown") {
  const std::string silent =
      "1-0:1.7.0(00.500*kW)\n1-0:2.7.0(0*kW)\n1-0:21.7.0(0*kW)\n1-0:22.7.0(0*kW)\n";
  const std::string loaded =
      "1-0:1.7.0(00.500*kW)\n1-0:2.7.0(0*kW)\n1-0:21.7.0(0.400*kW)\n1-0:22.7.0(0*kW)\n";
  const std::string resting =
      "1-0:1.7.0(00.050*kW)\n1-0:2.7.0(0*kW)\n1-0:21.7.0(0*kW)\n1-0:22.7.0(0*kW)\n";
  const std::string whole = "power_import 500\npower_export 0\n";
  const std::string zero = "power_import_l1 0\npower_export_l1 0\npower_net 500\npower_net_l1 0\n";
  const std::string unknown =
      "power_import_l1 None\npower_export_l1 None\npower_net 500\npower_net_l1 None\n";

  HouseRig house;
  CHECK(house.hear(silent).readings == whole + zero);
  CHECK(house.hear_after(59s, silent).readings == whole + zero);
  house.hear_after(1s, silent);
  CHECK(house.hear_after(1s, silent).readings == whole + unknown);
  SUBCASE("until one of them shows something") {
    house.hear_after(1s, loaded);
    CHECK(house.hear_after(1s, loaded).readings.find("None") == std::string::npos);
    CHECK(house.hear_after(1s, silent).readings == whole + zero);
  }
  SUBCASE("and little import proves nothing") {
    house.hear_after(1s, resting);
    CHECK(house.hear_after(1s, silent).readings == whole + unknown);
  }
}

TEST_CASE("p1 computed: a minute of silence is broken by little import, too") {
  HouseRig house;
  const std::string silent = "1-0:1.7.0(00.500*kW)\n1-0:21.7.0(0*kW)\n";
  const std::string resting = "1-0:1.7.0(00.050*kW)\n1-0:21.7.0(0*kW)\n";
  house.hear(silent);
  house.hear_after(40s, resting);
  house.hear_after(30s, silent);
  CHECK(house.hear_after(1s, silent).readings.find("None") == std::string::npos);
}

// ---- totals -------------------------------------------------------------------------------------

TEST_CASE("p1 totals: a single zero, fall or jump is held back") {
  struct Case {
    std::string_view second, fate;
  };
  for (const auto& [second, what] :
       {Case{"0", "held zero\n"}, Case{"999.999", "held fell\n"}, Case{"1001.000", "held jumped\n"},
        Case{"1000.306", "read 1000.306\n"}, Case{"1000.307", "held jumped\n"},
        Case{"1000", "read 1000\n"}}) {
    CAPTURE(second);
    HouseRig house;
    CHECK(fate(house.hear(total_line("1000"))) == "read 1000\n");
    CHECK(fate(house.hear_after(10s, total_line(second))) == what);  // 0.0306 kWh a second
    CHECK(fate(house.hear_after(10s, total_line("1000.3"))) ==
          (second == "1000.306" ? "held fell\n" : "read 1000.3\n"));
  }
}

TEST_CASE("p1 totals: a fall needs ten minutes, a zero and a jump are not believed by repetition") {
  HouseRig house;
  house.hear(total_line("1000"));
  CHECK(fate(house.hear_after(10s, total_line("5.0"))) == "held fell\n");
  CHECK(fate(house.hear_after(5min, total_line("5.0"))) == "held fell\n");
  CHECK(fate(house.hear_after(5min, total_line("5.1"))) == "read 5.1\n");
  for (int n = 0; n < 5; ++n) CHECK(fate(house.hear_after(5min, total_line("0"))) == "held zero\n");
  CHECK(fate(house.hear_after(10s, total_line("5.1"))) == "read 5.1\n");
  for (int n = 0; n < 5; ++n) {
    CHECK(fate(house.hear_after(10s, total_line("900"))) == "held jumped\n");
  }
}

TEST_CASE("p1 totals: a plant whose power explains its register is never held") {
  HouseRig house;
  const auto line = [](int kwh) {
    return "1-0:2.7.0(2500.000*kW)\n" + total_line(std::to_string(kwh));
  };
  (void)house.hear(line(1000));
  (void)house.hear_after(10s, line(1000));  // the second such power is believed
  for (int n = 1; n < 6; ++n) {
    const Heard heard = house.hear_after(10s, line(1000 + 7 * n));
    CHECK(heard.held == "");
    CHECK(heard.readings.find("energy_import " + std::to_string(1000 + 7 * n)) !=
          std::string::npos);
  }
}

TEST_CASE("p1: a power above twice max_power is withheld, in both directions") {
  HouseRig house(HouseRig::Settings{{"max_power", "17000"}});
  CHECK(house.hear("1-0:1.7.0(34.000*kW)").readings == "power_import 34000\n");
  const Heard heard = house.hear("1-0:1.7.0(34.001*kW)\n1-0:2.7.0(00.000*kW)");
  CHECK(heard.held == "power_import 34001 implausible\n");
  CHECK(heard.readings == "power_export 0\n");
  HouseRig far(HouseRig::Settings{{"max_power", "17000"}, {"factor", "40"}});
  CHECK(far.hear("1-0:1.7.0(00.850*kW)").readings == "power_import 34000\n");
  CHECK(far.hear("1-0:1.7.0(00.860*kW)").held == "power_import 34400 implausible\n");
  HouseRig off;
  CHECK(off.hear("1-0:1.7.0(900.000*kW)").readings == "power_import 900000\n");
  CHECK(HouseRig(HouseRig::Settings{{"max_power", "0"}}).problems != "");
}

TEST_CASE("p1: without max_power one power far above all before it waits for the next one") {
  HouseRig house;
  house.hear("1-0:1.7.0(01.234*kW)\n1-0:2.7.0(00.000*kW)");
  const Heard heard = house.hear("1-0:1.7.0(95.000*kW)\n1-0:2.7.0(00.000*kW)");
  CHECK(heard.held == "power_import 95000 implausible\n");
  CHECK(heard.readings == "power_export 0\n");  // and no net power
  CHECK(house.hear("1-0:1.7.0(01.234*kW)").readings == "power_import 1234\n");
  CHECK(house.hear("1-0:1.7.0(95.000*kW)").held == "power_import 95000 implausible\n");
  CHECK(house.hear("1-0:1.7.0(60.000*kW)").readings == "power_import 60000\n");
  CHECK(house.hear("1-0:1.7.0(95.000*kW)").readings == "power_import 95000\n");
}

TEST_CASE("p1: a plant, a transformer and a large house are no damaged powers") {
  constexpr std::string_view small = "1-0:1.7.0(000.600*kW)\n1-0:21.7.0(000.200*kW)";
  constexpr std::string_view large = "1-0:1.7.0(900.000*kW)\n1-0:21.7.0(300.000*kW)";
  HouseRig plant;
  CHECK(plant.hear(large).held == "");  // the first telegram
  CHECK(plant.hear(small).held == "");
  CHECK(plant.hear(large).held == "");
  HouseRig morning;
  morning.hear(small);
  CHECK(morning.hear(large).held ==
        "power_import 900000 implausible\npower_import_l1 300000 implausible\n");
  CHECK(morning.hear(large).held == "");
  HouseRig behind(HouseRig::Settings{{"factor", "200"}});
  behind.hear("1-0:1.7.0(00.010*kW)");
  CHECK(behind.hear("1-0:1.7.0(05.000*kW)").readings == "power_import 1000000\n");
  HouseRig house;
  house.hear("1-0:1.7.0(00.010*kW)");
  CHECK(house.hear("1-0:1.7.0(55.000*kW)").held == "");
  HouseRig set(HouseRig::Settings{{"max_power", "500000"}});
  set.hear("1-0:1.7.0(00.010*kW)");
  CHECK(set.hear("1-0:1.7.0(900.000*kW)").held == "");
}

TEST_CASE("p1 totals: a held part leaves its sum out, and nothing else") {
  HouseRig house;
  house.hear("1-0:1.8.1(1000*kWh)\n1-0:1.8.2(2000*kWh)\n");
  const Heard heard =
      house.hear_after(10s, "1-0:1.8.1(0*kWh)\n1-0:1.8.2(2000*kWh)\n1-0:1.7.0(1*W)\n");
  CHECK(heard.held == "energy_import_t1 0 zero\n");
  CHECK(heard.readings == "energy_import_t2 2000\npower_import 1\n");
}

TEST_CASE("p1 totals: another equipment id is another meter, and believed at once") {
  HouseRig house;
  house.hear("0-0:96.1.1(4B3132333435)\n" + total_line("1000"));
  const Heard heard = house.hear_after(10s, "0-0:96.1.1(4B3132333436)\n" + total_line("0"));
  CHECK(fate(heard) == "read 0\n");
  CHECK(heard.devices == "|house|K12346|\n");
}

TEST_CASE("p1 totals: without an id another header is another meter") {
  HouseRig house;
  house.hear(total_line("1000"));
  house.from_header("/TST5other");
  CHECK(fate(house.hear_after(10s, total_line("0"))) == "read 0\n");
}

TEST_CASE("p1 totals: the factor is applied behind the test") {
  HouseRig house(HouseRig::Settings{{"factor", "60"}});
  CHECK(fate(house.hear(total_line("10"))) == "read 600\n");
  CHECK(fate(house.hear_after(10s, total_line("10.300"))) == "read 618.000\n");
  const Heard heard = house.hear_after(10s, total_line("11"));
  CHECK(heard.held == "energy_import 660 jumped\n");
}

TEST_CASE("p1 totals: where no time passes, nothing jumps") {
  HouseRig house;
  house.hear(total_line("1000"));
  CHECK(fate(house.hear(total_line("9000"))) == "read 9000\n");
  CHECK(fate(house.hear(total_line("0"))) == "held zero\n");
}
