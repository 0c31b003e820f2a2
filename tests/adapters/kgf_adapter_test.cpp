// A coulometer as its owner sees it: values, what is derived of them, what is not believed.
#include "adapters/kgf/adapter.hpp"

#include <doctest/doctest.h>

#include "adapters/kgf/lines.hpp"
#include "core/record.hpp"
#include "support/adapter_rig.hpp"

using namespace gridtap;
using namespace gridtap::kgf;
using namespace std::chrono_literals;

namespace {

class Meter final : public AdapterRig {
 public:
  explicit Meter(std::initializer_list<Settings::value_type> settings = {})
      : AdapterRig(&make, Settings(settings)) {}

  // Keys with their values, of one line.
  std::string values(std::string_view line, const std::string& key) {
    return lines_with(hear(line), key + ' ');
  }
};

// Volts and amperes in hundredths; mAh that remain, and that were taken.
struct Measured {
  std::int64_t voltage = 5366, current = 5410, remaining = 416983, discharged = 289634;
  std::int64_t direction = 1, state = 0, temperature = 128;

  std::string line(int address = 1) const {
    const std::int64_t data[] = {voltage,     current, remaining, discharged, 1427701, 88851,
                                 temperature, 0,       state,     direction,  3,       4277};
    return answer_line('r', r_measurements, address, data);
  }
};

std::string settings_line(std::int64_t capacity, int address = 1) {
  const std::int64_t data[] = {0, 0, 0, 0, 0, 100, 0, 0, capacity, 100, 100, 100, 0, 1, 1};
  return answer_line('r', r_settings, address, data);
}
std::string identity_line(std::int64_t type = 2140, std::int64_t serial = 6) {
  const std::int64_t data[] = {type, 110, serial};
  return answer_line('r', r_identity, 1, data);
}

}  // namespace

TEST_CASE("kgf: the line may cut, glue and disturb answers, intact ones are still read") {
  const std::string good = Measured().line(), noisy = noise(40) + "\r\n";
  Meter whole, each, cut;
  const std::string stream = noisy + good + flipped(good, 90) + good.substr(0, 30) + good + noisy;
  whole.feed(stream);
  each.feed_each(stream);
  Dice dice(3);
  cut.feed_cut(stream, dice, 9);
  const std::string said = whole.said();
  CHECK(each.said() == said);
  CHECK(cut.said() == said);
  CHECK(lines_with(said, "frame") == "frame 67\nframe 67\n");
  CHECK(lines_with(said, "dropped bad_checksum") != "");
  CHECK(lines_with(said, "dropped truncated") == "dropped truncated 30\n");
}

TEST_CASE("kgf: an answer becomes signed current, power, state and time") {
  Meter meter;
  const std::string said = meter.hear(Measured().line());
  for (const char* line :
       {"voltage 53.66 r50.0\n", "current 54.10 r50.1\n", "capacity_remaining 416.983 r50.2\n",
        "capacity_discharged 289.634 r50.3\n", "energy_charged 14.27701 r50.4\n",
        "run_time 88851 r50.5\n", "temperature 28 r50.6\n", "output_state on r50.8\n",
        "output_on ON r50.8\n", "direction charge r50.9\n", "time_left 3 r50.10\n",
        "internal_resistance 42.77 r50.11\n", "power 2903.0060 computed\n",
        "charging ON computed\n"}) {
    CAPTURE(line);
    CHECK(said.find(line) != std::string::npos);
  }
  CHECK(said.find("battery_level") == std::string::npos);
}

TEST_CASE("kgf: discharging is negative, nothing is no minus, and a shunt can be backwards") {
  Meter meter, inverted({{"invert_current", "true"}});
  Measured out{.current = 1030, .direction = 0};
  CHECK(meter.values(out.line(), "current") == "current -10.30 r50.1\n");
  CHECK(meter.values(out.line(), "power") == "power -552.6980 computed\n");
  CHECK(inverted.values(out.line(), "current") == "current 10.30 r50.1\n");
  CHECK(inverted.values(out.line(), "direction") == "direction charge r50.9\n");
  CHECK(inverted.values(out.line(), "charging") == "charging ON computed\n");
  out.current = 0;
  CHECK(meter.values(out.line(), "current") == "current 0.00 r50.1\n");
}

TEST_CASE("kgf: charging needs more than what a shunt shows at rest") {
  Meter meter;
  CHECK(meter.values(Measured{.current = 5}.line(), "charging") == "charging OFF computed\n");
  CHECK(meter.values(Measured{.current = 6}.line(), "charging") == "charging ON computed\n");
}

TEST_CASE("kgf: the level is what remains of the capacity from R51, with one decimal") {
  Meter meter;
  meter.hear(settings_line(4200));
  CHECK(meter.values(Measured{.remaining = 210'210}.line(), "battery_level") ==
        "battery_level 50.1 computed\n");
  CHECK(meter.values(Measured{.remaining = 500'000}.line(), "battery_level") ==
        "battery_level 100.0 computed\n");
  meter.hear(settings_line(0));
  CHECK(meter.values(Measured().line(), "battery_level") == "battery_level None computed\n");
}

TEST_CASE("kgf: a level that can be set says what it is, in whole per cent") {
  for (const bool writes : {false, true}) {
    Meter meter({{"writes", writes ? "true" : "false"}});
    const std::string said = meter.hear(settings_line(4200) + Measured().line());
    CHECK(lines_with(said, "battery_level ") == "battery_level 99.3 computed\n");
    CHECK(lines_with(said, "battery_level_set ") ==
          (writes ? "battery_level_set 99 computed\n" : ""));
    CHECK(lines_with(meter.hear(settings_line(0) + Measured().line()), "battery_level_set ") ==
          (writes ? "battery_level_set None computed\n" : ""));
  }
}

TEST_CASE("kgf: a button that destroys something is not shown unless it is asked for") {
  Meter meter({{"writes", "true"}});
  for (const std::string key : {"zero_current", "clear_totals"}) {
    CHECK(std::count(meter.disabled.begin(), meter.disabled.end(), key) == 1);
  }
  CHECK(std::count(meter.disabled.begin(), meter.disabled.end(), "battery_full") == 0);
}

TEST_CASE("kgf: the current is not taken as zero while one flows") {
  const auto refusal = [](std::int64_t type, std::int64_t current) {
    Meter meter({{"writes", "true"}});
    if (type > 0) (void)meter.hear(identity_line(type));
    if (current >= 0) (void)meter.hear(Measured{.current = current}.line());
    (void)meter.said();
    meter.command("zero_current", true, "PRESS");
    return lines_with(meter.said(), "rejected");
  };
  CHECK(refusal(2140, 3800) ==
        "rejected zero_current PRESS refused: 38.00 A flow, and zero is taken up to 8.00 A: switch "
        "off what charges and discharges first\n");
  CHECK(refusal(2140, 801) != "");
  CHECK(refusal(2140, 800) == "");
  CHECK(refusal(2110, 201).find("up to 2.00 A") != std::string::npos);
  CHECK(refusal(0, 101).find("up to 1.00 A") != std::string::npos);  // a meter that says no type
  CHECK(refusal(0, 100) == "");
  CHECK(refusal(21, 101).find("up to 1.00 A") != std::string::npos);
  CHECK(refusal(2140, -1) ==
        "rejected zero_current PRESS refused: the present current is not known yet\n");
}

TEST_CASE("kgf: the level of one meter never comes from the settings of another") {
  AdapterRig meters(&make, {{"address", list_of({plain("1"), plain("3")})}});
  CHECK(meters.problems == "");
  (void)meters.hear(settings_line(4200, 1));
  CHECK(lines_with(meters.hear(Measured().line(3)), "3: battery_level") == "");
  CHECK(lines_with(meters.hear(Measured().line(1)), "1: battery_level") ==
        "1: battery_level 99.3 computed\n");
  (void)meters.leases();
  meters.feed(Measured().line(3));
  CHECK(meters.leases() == "3: 30000\n30000\n");
}

TEST_CASE("kgf: answers of other addresses are ignored") {
  Meter meter({{"address", "2"}});
  CHECK(meter.hear(Measured().line(1)) == "");
  CHECK(lines_with(meter.hear(Measured().line(2)), "frame") == "frame 67\n");
}

TEST_CASE("kgf: own sums follow the counters of the meter, over a clear and a restart") {
  Meter meter;
  const auto sums = [&](Meter& rig, std::int64_t remaining, std::int64_t discharged) {
    const std::string said = rig.hear(
        Measured{.voltage = 5000, .remaining = remaining, .discharged = discharged}.line());
    return lines_with(said, "capacity_charged") + lines_with(said, "energy_discharged");
  };
  CHECK(sums(meter, 100'000, 500) ==
        "capacity_charged 0.000 computed\nenergy_discharged 0.00000 computed\n");
  CHECK(sums(meter, 99'000, 1500) ==
        "capacity_charged 0.000 computed\nenergy_discharged 0.05000 computed\n");
  CHECK(sums(meter, 99'700, 1500) ==
        "capacity_charged 0.700 computed\nenergy_discharged 0.05000 computed\n");
  // Cleared, and the level set by hand: new starts.
  CHECK(sums(meter, 200'000, 0) ==
        "capacity_charged 0.700 computed\nenergy_discharged 0.05000 computed\n");
  CHECK(sums(meter, 199'000, 1000) ==
        "capacity_charged 0.700 computed\nenergy_discharged 0.10000 computed\n");
  meter.adapter->on_stop(meter.now, meter);
  Meter next;
  next.adapter->restore(meter.adapter->state());
  CHECK(sums(next, 198'000, 2000) ==
        "capacity_charged 0.700 computed\nenergy_discharged 0.15000 computed\n");
}

TEST_CASE("kgf: after a power cut a sum is unknown until it is above all that was shown") {
  const auto charged = [](Meter& meter, std::int64_t remaining) {
    return meter.values(Measured{.remaining = remaining, .discharged = 500}.line(),
                        "capacity_charged");
  };
  Meter meter;
  CHECK(meter.keeps == 1);
  std::string disk = meter.adapter->state(), last;
  int keeps = meter.keeps;
  std::int64_t remaining = 100'000;
  for (int n = 0; n <= 7; ++n, remaining += 1000) {
    last = charged(meter, remaining);
    if (std::exchange(keeps, meter.keeps) != meter.keeps) disk = meter.adapter->state();
  }
  CHECK(last == "capacity_charged 7.000 computed\n");
  CHECK(meter.keeps == 2);  // at 6 Ah: up to 16 Ah may be shown
  Meter next;
  next.adapter->restore(disk);
  for (int n = 0; n < 10; ++n, remaining += 1000) CHECK(charged(next, remaining) == "");
  CHECK(charged(next, remaining) == "capacity_charged 16.000 computed\n");
}

TEST_CASE("kgf: sums of the version before go on, of each meter its own") {
  const auto addresses = [] { return list_of({plain("1"), plain("3")}); };
  AdapterRig meter(&make, {{"address", addresses()}});
  meter.adapter->restore("3 7000 8 9\n1 500 6 -1\n");
  CHECK(meter.adapter->state() == RecordWriter()
                                      .add("sums", 1, 500, 6, -1, 10'500, 100'000'006)
                                      .add("sums", 3, 7000, 8, 9, 17'000, 100'000'008)
                                      .text());
  CHECK(lines_with(meter.hear(Measured{}.line()), "1: capacity_charged") ==
        "1: capacity_charged 0.500 computed\n");
  AdapterRig next(&make, {{"address", addresses()}});
  meter.adapter->on_stop(meter.now, meter);
  next.adapter->restore(meter.adapter->state());
  next.adapter->on_stop(next.now, next);
  CHECK(next.adapter->state() == meter.adapter->state());
}

TEST_CASE("kgf: a state that cannot be read is no state") {
  const auto row = [](const auto&... values) {
    return RecordWriter().add("sums", values...).text();
  };
  for (const std::string& state :
       {std::string(), std::string("rubbish"), std::string("1 2"), std::string("1 -5 3 4"),
        std::string("2 5 5 5"), std::string("1 5 5"), row(1, 5), row(1, -5, 3, 4), row(2, 5, 5, 5),
        row(1, 5, 5), row(1, 5, 5, 5, 4, 5), row("x", 5, 5, 5),
        RecordWriter().add("other", 1, 5, 5, 5).text(), row(1, 5, 5, 5).substr(0, 20)}) {
    CAPTURE(state);
    Meter meter;
    meter.adapter->restore(state);
    CHECK(meter.values(Measured().line(), "capacity_charged") ==
          "capacity_charged 0.000 computed\n");
  }
}

TEST_CASE("kgf: what cannot be is dropped whole, a temperature alone is unknown") {
  Meter meter, narrow({{"voltage_range", "40-60"}}), bare({{"hide_open_probe", "true"}});
  CHECK(meter.hear(Measured{.voltage = 15001}.line()) == "dropped out_of_range 68\n");
  CHECK(meter.leases() == "");
  CHECK(lines_with(meter.hear(Measured{.current = 65'001}.line()), "dropped")
            .starts_with("dropped out_of_range"));
  CHECK(lines_with(meter.hear(Measured{.remaining = 10'000'001}.line()), "dropped") != "");
  CHECK(lines_with(narrow.hear(Measured{.voltage = 2056}.line()), "dropped") != "");
  CHECK(narrow.values(Measured().line(), "voltage") == "voltage 53.66 r50.0\n");
  CHECK(meter.values(Measured{.temperature = 226}.line(), "temperature") ==
        "temperature None r50.6\n");
  CHECK(meter.values(Measured{.temperature = 79}.line(), "temperature") ==
        "temperature -21 r50.6\n");
  CHECK(bare.values(Measured{.temperature = 79}.line(), "temperature") ==
        "temperature None r50.6\n");
}

TEST_CASE("kgf: the identity comes from R00, and is reported when it changes") {
  Meter meter;
  CHECK(meter.hear(identity_line()) == "identified Juntek|KG140F|6|kgf_KG140F_6_1\nframe 23\n");
  CHECK(meter.hear(identity_line()) == "frame 23\n");
  CHECK(lines_with(meter.hear(identity_line(4140)), "identified") ==
        "identified Juntek|KH140F|6|kgf_KH140F_6_1\n");
  Meter nameless;
  CHECK(lines_with(nameless.hear(Measured().line()), "identified") == "identified Juntek|||\n");
}

TEST_CASE("kgf: a KH-F counts energy both ways, and has no inner resistance") {
  Meter meter;
  const std::int64_t data[] = {5319, 396, 254929, 25304424, 26717081, 91107, 122,
                               0,    99,  0,      3877,     100,      101,   0};
  const std::string said = meter.hear(answer_line('r', r_measurements, 1, data));
  CHECK(lines_with(said, "energy_discharged") == "energy_discharged 253.04424 r50.3\n");
  CHECK(lines_with(said, "records") == "records 91107 r50.5\n");
  CHECK(lines_with(said, "output_state") == "output_state off r50.8\n");
  for (const char* absent : {"run_time", "internal_resistance", "capacity_charged"}) {
    CHECK(lines_with(said, absent) == "");
  }
}

TEST_CASE("kgf: settings are those of R51, as far as the meter sends them") {
  Meter meter;
  const std::string said = meter.hear(settings_line(4200));
  CHECK(lines_with(said, "capacity_nominal") == "capacity_nominal 420.0 r51.8\n");
  CHECK(lines_with(said, "over_temperature") == "over_temperature 0 r51.5\n");
  CHECK(lines_with(said, "relay_type") == "relay_type nc r51.13\n");
  CHECK(lines_with(said, "current_ratio") == "current_ratio 1 r51.14\n");
  CHECK(lines_with(said, "voltage_curve_scale") == "");
}

TEST_CASE("kgf: invalid settings are reported with the remedy") {
  Meter twice({{"address", "0"}});
  CHECK(twice.problems.find("address: must be from 1 to 99") != std::string::npos);
  AdapterRig same(&make, {{"address", list_of({plain("2"), plain("2")})}});
  CHECK(same.problems.find("an address is listed twice") != std::string::npos);
  for (const char* range : {"40", "60-40", "a-b", "10-200"}) {
    Meter meter({{"voltage_range", range}});
    CHECK(meter.problems.find("expected volts from least to most") != std::string::npos);
  }
  Meter mode({{"mode", "listen"}});
  CHECK(mode.problems.find("expected one of auto, passive, poll") != std::string::npos);
}
