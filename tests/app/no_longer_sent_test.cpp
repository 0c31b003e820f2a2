// From the bytes of a meter to what is known of it: what it sends no longer, or what is held back,
// does not go on as the newest value.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/registry.hpp"
#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "model/model.hpp"
#include "support/fakes.hpp"
#include "support/p1_telegram.hpp"
#include "support/settings.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct NothingKnown final : model::EarlierRuns {
  std::optional<model::RememberedDevice> recall(std::string_view) const override { return {}; }
  std::vector<model::RememberedDevice> recall_identity(std::string_view) const override {
    return {};
  }
};

// A P1 meter at its gateway, with a telegram of these object lines every ten seconds.
class MeterAtGateway {
 public:
  explicit MeterAtGateway(std::vector<Member> settings = {}) {
    SectionRig rig(std::move(settings));
    Section section = rig.section();
    SessionOptions session_options;
    session_options.id = "meter";
    session_ = std::make_unique<Session>(session_options, clock_, &line_,
                                         find_kind("p1")->make(section, 1),
                                         std::vector<std::unique_ptr<Rule>>{}, model_);
    model_.start();
    session_->start();
    line_.accept();
  }
  void telegrams(int count, std::string_view lines) {
    for (int n = 0; n < count; ++n) {
      const std::string text = "/TST5house\r\n\r\n1-3:0.2.8(50)\r\n" +
                               p1::with_line_ends(lines, "\r\n") + "1-0:1.8.0(" +
                               std::to_string(100'000 + ++counted_) + ".000*kWh)\r\n!";
      line_.push(as_bytes(p1::with_crc(text)));
      clock_.advance(10s);
    }
  }
  void silence(std::chrono::milliseconds time) { clock_.advance(time); }
  std::string shown(std::string_view key) const {
    const model::Entity* const entity = model_.find("meter", "")->find(key);
    return entity == nullptr ? "no entity" : to_text(entity->value());
  }
  bool online() const { return model_.find("meter", "")->online(); }

 private:
  static model::Options options() {
    model::Options options;
    options.devices.push_back({"meter", "", 60s});
    return options;
  }

  io::ManualClock clock_{Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}}};
  NothingKnown nothing_;
  MemoryLog log_;
  model::Model model_{options(), clock_, nothing_, log_};
  ScriptLine line_;
  std::unique_ptr<Session> session_;
  int counted_ = 0;
};

constexpr std::string_view power = "1-0:1.7.0(00.500*kW)\n1-0:2.7.0(00.000*kW)\n";
const std::string powers_and_voltages =
    std::string(power) + "1-0:32.7.0(231.0*V)\n1-0:52.7.0(229.0*V)\n";
const std::string one_voltage = std::string(power) + "1-0:32.7.0(231.0*V)\n";

}  // namespace

TEST_CASE("no longer sent: a phase that a meter leaves out is unknown, the others go on") {
  MeterAtGateway meter;
  meter.telegrams(6, powers_and_voltages);
  REQUIRE(meter.shown("voltage_l2") == "229.0");
  meter.telegrams(5, one_voltage);
  CHECK(meter.shown("voltage_l2") == "None");
  CHECK(meter.shown("voltage_l1") == "231.0");
  meter.telegrams(1, powers_and_voltages);
  CHECK(meter.shown("voltage_l2") == "229.0");
}

TEST_CASE("no longer sent: a power that cannot be is held back, and does not leave the old one") {
  MeterAtGateway meter({{"max_power", plain("10000")}});
  meter.telegrams(6, one_voltage);
  REQUIRE(meter.shown("power_import") == "500");
  meter.telegrams(5, "1-0:1.7.0(90.000*kW)\n1-0:2.7.0(00.000*kW)\n1-0:32.7.0(231.0*V)\n");
  CHECK(meter.shown("power_import") == "None");
  CHECK(meter.shown("voltage_l1") == "231.0");
  meter.telegrams(2, one_voltage);
  CHECK(meter.shown("power_import") == "500");
}

TEST_CASE("no longer sent: a register that is left out keeps what it was") {
  MeterAtGateway meter;
  meter.telegrams(6, "1-0:1.8.1(001234.000*kWh)\n" + one_voltage);
  meter.telegrams(300, one_voltage);
  CHECK(meter.shown("energy_import_t1") == "1234.000");
}

TEST_CASE("no longer sent: a meter that misses one telegram of ten has lost nothing") {
  MeterAtGateway meter;
  for (int n = 0; n < 20; ++n) {
    meter.telegrams(9, powers_and_voltages);
    meter.silence(10s);
    CHECK(meter.shown("voltage_l2") == "229.0");
    CHECK(meter.online());
  }
}

TEST_CASE("no longer sent: a phase that comes in every third telegram is one that comes") {
  MeterAtGateway meter;
  for (int n = 0; n < 100; ++n) {
    meter.telegrams(1, powers_and_voltages);
    meter.telegrams(2, one_voltage);
    CHECK(meter.shown("voltage_l2") == "229.0");
  }
}

TEST_CASE(
    "no longer sent: a meter that falls silent is offline, and its values stay as they were") {
  MeterAtGateway meter;
  meter.telegrams(6, powers_and_voltages);
  meter.silence(48h);
  CHECK_FALSE(meter.online());
  CHECK(meter.shown("voltage_l2") == "229.0");
  meter.telegrams(1, powers_and_voltages);
  CHECK(meter.online());
  CHECK(meter.shown("voltage_l2") == "229.0");
}
