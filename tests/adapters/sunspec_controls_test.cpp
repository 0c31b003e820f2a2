// Commands to an inverter: allowed or not, sent, read back, kept alive, let go of.
#include <doctest/doctest.h>

#include "adapters/sunspec/adapter.hpp"
#include "support/adapter_pair.hpp"
#include "support/sunspec_map.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

// Takes writes, or refuses some function, or keeps what it has.
class Server final : public ModbusServer {
 public:
  explicit Server(RegisterImage image) : ModbusServer(std::move(image)) {}
  void on_bytes(ByteView bytes, Now now, Effects& effects) override {
    const std::uint8_t function = bytes.size() > 7 ? bytes[7] : 0;
    if (function == 6 || function == 16) written_by += std::to_string(function) + ' ';
    if (function == 16 && refuse_16) {
      std::string answer(as_text(bytes.first(8)));
      answer[5] = 3;
      answer[7] = static_cast<char>(0x90);
      answer += '\x02';
      return effects(Send{as_bytes(answer)});
    }
    ModbusServer::on_bytes(bytes, now, effects);
  }
  std::uint8_t written(std::uint16_t address, std::uint16_t value, Now now) override {
    ++writes;
    return stubborn ? 0 : ModbusServer::written(address, value, now);
  }
  std::uint16_t at(unsigned address) { return image().at(static_cast<std::uint16_t>(address)); }
  void set(unsigned address, std::uint16_t value) {
    image()[static_cast<std::uint16_t>(address)] = value;
  }

  bool refuse_16 = false, stubborn = false;
  int writes = 0;
  std::string written_by;
};

struct House {
  explicit House(TestMap map, const char* writes = "true")
      : House(std::make_unique<Server>(map.image), writes) {}
  House(std::unique_ptr<Server> made, const char* writes)
      : server(*made), gateway(&make, {{"writes", plain(writes)}}), device(std::move(made)) {
    wires.connect(gateway, device);
    wires.pass(1s);
    (void)gateway.said();
  }
  std::string after(std::string_view key, const Value& value, std::string_view text) {
    gateway.command(key, value, text);
    wires.pass(3s);
    return gateway.said();
  }

  Server& server;
  AdapterRig gateway, device;
  Wires wires;
};

constexpr unsigned controls_at = 40002 + 67 + 52;  // behind a common model of 65 and model 103

TestMap inverter(std::string_view maker = "Maker") {
  TestMap map;
  map.common(maker, "S1");
  map.inverter();
  map.controls();
  return map.end();
}

}  // namespace

TEST_CASE(
    "sunspec controls: without `writes` nothing is declared, and no command reaches the wire") {
  House house(inverter(), "false");
  CHECK(house.gateway.entities.empty());
  CHECK(house.after("power_limit", Decimal{50, 0}, "50")
            .starts_with("rejected power_limit 50 unsupported: takes no commands\n"));
  CHECK(house.server.writes == 0);
}

TEST_CASE("sunspec controls: what can be written is enabled where writing is allowed") {
  House house(inverter());
  CHECK(house.gateway.entities.size() == 3);
  CHECK(house.gateway.disabled.empty());
}

TEST_CASE("sunspec controls: a limit is scaled, written, read back, and only then shown") {
  House house(inverter());
  const std::string said = house.after("power_limit", Decimal{605, -1}, "60.5");
  CHECK(house.server.at(controls_at + 5) == 6050);
  CHECK(lines_with(said, "rejected") == "");
  CHECK(lines_with(said, "power_limit ") == "power_limit 60.50 123.WMaxLimPct\n");
  const std::string on = house.after("power_limit_enabled", true, "ON");
  CHECK(house.server.at(controls_at + 9) == 1);
  CHECK(lines_with(on, "power_limit_enabled") == "power_limit_enabled ON 123.WMaxLim_Ena\n");
  CHECK(house.server.written_by == "16 16 ");
}

TEST_CASE(
    "sunspec controls: a value between two steps goes to the nearest, outside the limits nowhere") {
  House house(inverter());
  house.after("power_limit", Decimal{33'335, -3}, "33.335");
  CHECK(house.server.at(controls_at + 5) == 3334);
  CHECK(lines_with(house.after("power_limit", Decimal{101, 0}, "101"), "rejected") ==
        "rejected power_limit 101 out_of_range: outside 0 to 100\n");
  house.server.set(controls_at + 23, 0x8000);
  house.wires.pass(61s);
  (void)house.gateway.said();
  CHECK(lines_with(house.after("power_limit", Decimal{10, 0}, "10"), "rejected") ==
        "rejected power_limit 10 refused: the device reports no scale factor\n");
}

TEST_CASE("sunspec controls: a device that hears and does not obey is found out") {
  House house(inverter());
  house.server.stubborn = true;
  const std::string said = house.after("power_limit", Decimal{50, 0}, "50");
  CHECK(lines_with(said, "rejected") ==
        "rejected power_limit 50 refused: the device acknowledged the write but did not change the "
        "value\n");
}

TEST_CASE("sunspec controls: where function 16 is refused function 6 does it, from then on") {
  House house(inverter());
  house.server.refuse_16 = true;
  CHECK(lines_with(house.after("power_limit", Decimal{50, 0}, "50"), "rejected") == "");
  CHECK(house.server.at(controls_at + 5) == 5000);
  house.after("power_limit", Decimal{40, 0}, "40");
  CHECK(house.server.written_by == "16 6 6 ");
  House kostal(inverter("KOSTAL"));
  kostal.after("power_limit", Decimal{50, 0}, "50");
  CHECK(kostal.server.written_by == "6 ");
}

TEST_CASE(
    "sunspec controls: a limit that would lapse is set again at half its time, until it is off") {
  House house(inverter());
  house.after("power_limit_revert_time", Decimal{60, 0}, "60");
  house.after("power_limit", Decimal{50, 0}, "50");
  house.after("power_limit_enabled", true, "ON");
  const int before = house.server.writes;
  house.server.set(controls_at + 9, 0);  // it has lapsed
  house.wires.pass(31s);
  CHECK(house.server.writes - before == 2);
  CHECK(house.server.at(controls_at + 9) == 1);
  CHECK(house.server.at(controls_at + 5) == 5000);
  house.after("power_limit_enabled", false, "OFF");
  const int off = house.server.writes;
  house.wires.pass(120s);
  CHECK(house.server.writes == off);
}

TEST_CASE("sunspec controls: a limit without revert time is set once") {
  House house(inverter());
  house.after("power_limit_enabled", true, "ON");
  const int before = house.server.writes;
  house.wires.pass(600s);
  CHECK(house.server.writes == before);
}

TEST_CASE("sunspec controls: what SMA reads back in model 123 is never shown") {
  House house(inverter("SMA"));
  const std::string said = house.after("power_limit", Decimal{50, 0}, "50");
  CHECK(house.server.at(controls_at + 5) == 5000);
  CHECK(lines_with(said, "power_limit ") == "power_limit None 123\n");
  house.wires.pass(120s);
  CHECK(lines_with(house.gateway.said(), "power_limit") == "");
}

TEST_CASE("sunspec controls: of SMA only what was ordered is renewed, never what it reads back") {
  House house(inverter("SMA"));
  house.server.set(controls_at + 9, 1);  // it says so all the time
  house.wires.pass(61s);
  house.after("power_limit_revert_time", Decimal{60, 0}, "60");
  house.after("power_limit", Decimal{50, 0}, "50");
  const int before = house.server.writes;
  house.wires.pass(120s);
  CHECK(house.server.writes == before);
  house.after("power_limit_enabled", true, "ON");
  house.server.set(controls_at + 5, 0);
  house.wires.pass(31s);
  CHECK(house.server.at(controls_at + 5) == 5000);
}

TEST_CASE("sunspec controls: a limit is renewed from day to day") {
  House house(inverter());
  house.after("power_limit_revert_time", Decimal{60'000, 0}, "60000");
  house.after("power_limit_enabled", true, "ON");
  const int before = house.server.writes;
  house.wires.pass(3 * 24h);
  CHECK(house.server.writes - before >= 2 * 8);
}

TEST_CASE("sunspec controls: where both are there 704 takes the limit, watts with their mode") {
  TestMap map;
  map.common("Maker", "S1");
  map.inverter();
  map.controls();
  const std::uint16_t der = map.add(704, 65);
  map.set(der + 54U, 0xFFFF);
  House house(map.end());
  house.after("power_limit", Decimal{50, 0}, "50");
  CHECK(house.server.at(der + 15U) == 500);
  CHECK(house.server.at(controls_at + 5) == 10'000);
  house.after("power_set", Decimal{-3000, 0}, "-3000");
  CHECK(house.server.at(der + 23U) == 1);
  CHECK(house.server.at(der + 24U) == 0xFFFF);
  CHECK(house.server.at(der + 25U) == static_cast<std::uint16_t>(-3000));
}

TEST_CASE("sunspec controls: rates and modes of a battery") {
  TestMap map;
  map.common("Maker", "S1");
  const std::uint16_t storage = map.add(124, 24);
  map.set(storage + 25U, 0xFFFE);
  map.set(storage + 21U, 0xFFFE);
  House house(map.end());
  house.after("charge_rate", Decimal{25, 0}, "25");
  CHECK(house.server.at(storage + 13U) == 2500);
  house.after("discharge_rate", Decimal{-10, 0}, "-10");
  CHECK(house.server.at(storage + 12U) == static_cast<std::uint16_t>(-1000));
  house.after("storage_control_mode", std::string_view("charge_discharge"), "charge_discharge");
  CHECK(house.server.at(storage + 5U) == 3);
  house.after("charge_from_grid", true, "ON");
  CHECK(house.server.at(storage + 17U) == 1);
  house.after("minimum_reserve", Decimal{20, 0}, "20");
  CHECK(house.server.at(storage + 7U) == 2000);
}

TEST_CASE("sunspec controls: a connection that is lost fails what was on its way") {
  House house(inverter());
  house.gateway.command("power_limit", Decimal{50, 0}, "50");
  house.gateway.close();
  CHECK(lines_with(house.gateway.said(), "rejected") ==
        "rejected power_limit 50 io: the connection to the device was lost\n");
}

TEST_CASE("sunspec controls: before the device is found a command is refused, not kept") {
  AdapterRig gateway(&make, {{"writes", plain("true")}});
  gateway.command("power_limit", Decimal{50, 0}, "50");
  CHECK(lines_with(gateway.said(), "rejected").find("has not been found yet") != std::string::npos);
}

TEST_CASE("sunspec controls: rates of a battery are renewed with their mode, in this order") {
  TestMap map;
  map.common("Maker", "S1");
  const std::uint16_t storage = map.add(124, 24);
  map.set(storage + 25U, 0xFFFE);
  House house(map.end());
  house.after("rate_revert_time", Decimal{60, 0}, "60");
  house.after("charge_rate", Decimal{25, 0}, "25");
  house.after("storage_control_mode", std::string_view("charge"), "charge");
  const int before = house.server.writes;
  for (const unsigned at : {5U, 13U}) house.server.set(storage + at, 0);  // it has lapsed
  house.wires.pass(31s);
  CHECK(house.server.writes - before == 3);  // both rates, then the mode
  CHECK(house.server.at(storage + 13U) == 2500);
  CHECK(house.server.at(storage + 5U) == 1);
}

TEST_CASE("sunspec controls: a limit of 704 and its watts are renewed apart from one another") {
  TestMap map;
  map.common("Maker", "S1");
  const std::uint16_t der = map.add(704, 65);
  map.set(der + 54U, 0xFFFF);
  map.set(der + 19U, 60);  // seconds until the limit lapses
  map.set(der + 32U, 40);  // and until the watts do
  House house(map.end());
  house.after("power_limit", Decimal{50, 0}, "50");
  house.after("power_limit_enabled", true, "ON");
  house.after("power_set", Decimal{2000, 0}, "2000");
  house.after("power_set_enabled", true, "ON");
  house.server.written_by.clear();
  house.wires.pass(60s);
  // In a minute: the limit twice, the watts three times, each by one write.
  CHECK(house.server.written_by == "16 16 16 16 16 ");
  CHECK(house.server.at(der + 15U) == 500);
  CHECK(house.server.at(der + 25U) == 2000);
}

TEST_CASE("sunspec controls: a limit whose time is set to zero is no longer renewed") {
  House house(inverter());
  house.after("power_limit_revert_time", Decimal{60, 0}, "60");
  house.after("power_limit_enabled", true, "ON");
  house.after("power_limit_revert_time", Decimal{0, 0}, "0");
  const int before = house.server.writes;
  house.wires.pass(300s);
  CHECK(house.server.writes == before);
}

TEST_CASE("sunspec controls: an unknown mode and a number beyond its register are refused") {
  TestMap map;
  map.common("Maker", "S1");
  map.add(124, 24);
  House house(map.end());
  CHECK(lines_with(house.after("storage_control_mode", std::string_view("sideways"), "sideways"),
                   "rejected")
            .find("not one of its states") != std::string::npos);
  House limited(inverter());
  limited.server.set(controls_at + 23, 0xFFFB);  // a factor of -5: 100 % would be 10,000,000
  limited.wires.pass(61s);
  (void)limited.gateway.said();
  CHECK(lines_with(limited.after("power_limit", Decimal{100, 0}, "100"), "rejected")
            .find("more than its register holds") != std::string::npos);
}

TEST_CASE("sunspec controls: a device that does not answer function 6 has failed the command") {
  House house(inverter("KOSTAL"));
  house.server.set(controls_at + 5, 1234);
  house.server.stubborn = true;
  CHECK(lines_with(house.after("power_limit", Decimal{50, 0}, "50"), "rejected") != "");
  CHECK(house.server.at(controls_at + 5) == 1234);
}
