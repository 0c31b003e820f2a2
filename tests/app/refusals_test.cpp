// A command that is refused, wherever: by the check of its form, by the device at once, by the
// device seconds later, by nobody's being there to obey it. Each time the owner reads it once in
// the log, and the sender once on the `rejected` topic.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "gateway/health.hpp"
#include "gateway/reporter.hpp"
#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "mqtt/bridge.hpp"
#include "support/fake_broker.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// Obeys its switch, refuses its limit at once, and its time three seconds later.
class Stubborn final : public Adapter {
 public:
  void on_start(Now, Effects& effects) override {
    effects(Identified{"", {"", "S1", "S1", "Maker", "M1", "1.0"}});
    for (const auto key : {"output_on", "power_limit", "power_limit_revert_time"}) {
      effects(Entity{"", find_spec(key)});
    }
  }
  void on_open(Now, Effects& effects) override {
    effects(Reading{"", "output_on", "x", false});
    effects(Alive{"", 1h});
    effects(Frame{1});
  }
  void on_bytes(ByteView, Now, Effects&) override {}
  void on_close(Now, Effects&) override {}
  void on_command(const Command& command, Now now, Effects& effects) override {
    if (command.key == "output_on") return effects(Reading{"", "output_on", "x", command.value});
    if (command.key == "power_limit") return refuse(command.key, command.text, effects);
    later_ = command.text;
    due_ = now.mono + 3s;
  }
  void on_wake(Now, Effects& effects) override {
    due_ = Mono::max();
    refuse("power_limit_revert_time", later_, effects);
  }
  Mono next_wake() const override { return due_; }

 private:
  static void refuse(std::string_view key, std::string_view text, Effects& effects) {
    effects(Rejected{"", key, text, {Fault::refused, "the device keeps what it has"}});
  }
  std::string later_;
  Mono due_ = Mono::max();
};

class Home {
 public:
  Home()
      : model(known(), clock, announcements, log),
        bridge(
            shown(), model, clock, broker, announcements, log, 1,
            [this](std::string_view, const Command& command) { session.command(command); },
            [](bool) {}),
        session(options(), clock, &line, std::make_unique<Stubborn>(), rules(), model) {
    model.start();
    bridge.start();
    broker.connect();
    session.start();
    line.accept();
    clock.advance(1s);
    broker.echo();
    log.lines.clear();
    broker.clear();
  }
  void send(std::string_view key, std::string_view payload, bool retained = false) {
    broker.send("gridtap/heater/" + std::string(key) + "/set", payload, retained);
    clock.advance(10s);
  }
  std::vector<std::string> answers(std::string_view key) const {
    return broker.on("gridtap/heater/" + std::string(key) + "/rejected");
  }

  MemoryStore store;
  FakeBroker broker;
  MemoryLog log;
  io::ManualClock clock{Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 20}}};
  ScriptLine line;
  mqtt::AnnouncementStore announcements{store};
  model::Model model;
  mqtt::Bridge bridge;
  Session session;

 private:
  static mqtt::BridgeOptions shown() {
    mqtt::DeviceOptions device;
    device.id = "heater";
    device.interval = 0ms;
    mqtt::BridgeOptions options;
    options.devices.push_back(device);
    return options;
  }
  static model::Options known() {
    model::Options options;
    for (const auto& device : shown().devices) options.devices.push_back(device);
    return options;
  }
  static SessionOptions options() {
    SessionOptions options;
    options.id = "heater";
    return options;
  }
  // As a house gives them to each device.
  std::vector<std::unique_ptr<Rule>> rules() {
    std::vector<std::unique_ptr<Rule>> rules;
    rules.push_back(std::make_unique<Health>([] { return std::uint64_t{0}; }));
    rules.push_back(std::make_unique<Reporter>(log, "heater"));
    return rules;
  }
};

struct Refusal {
  std::string_view key, payload, reason;
  bool retained = false;
};

}  // namespace

TEST_CASE("refusals: each is one line of the log and one answer, whoever refuses, and when") {
  for (const Refusal& refusal :
       {Refusal{"output_on", "on", "a switch takes ON or OFF"},
        Refusal{"output_on", "ON", "retained commands are refused: send it without the retain flag",
                true},
        Refusal{"power_limit", "much", "not a plain decimal number"},
        Refusal{"power_limit", "50", "the device keeps what it has"},
        Refusal{"power_limit_revert_time", "60", "the device keeps what it has"},
        Refusal{"connected", "ON", "takes no commands"}}) {
    CAPTURE(refusal.key);
    CAPTURE(refusal.payload);
    Home home;
    home.send(refusal.key, refusal.payload, refusal.retained);
    const auto answers = home.answers(refusal.key);
    REQUIRE(answers.size() == 1);
    const auto answer = nlohmann::json::parse(answers[0]);
    CHECK(answer["command"] == std::string(refusal.payload));
    CHECK(answer["reason"] == std::string(refusal.reason));
    REQUIRE(home.log.lines.size() == 1);
    CHECK(home.log.lines[0] == "warning heater: a command of " + std::string(refusal.key) +
                                   " was refused: " + std::string(refusal.reason));
    CHECK(home.model.counters().rejected_commands == 1);
    CHECK(home.bridge.counters().unknown_commands == 0);
  }
}

TEST_CASE("refusals: a switch that is refused shows what it really is, again") {
  Home home;
  home.send("output_on", "maybe");
  CHECK(home.broker.on("gridtap/heater/output_on") == std::vector<std::string>{"OFF"});
}

TEST_CASE("refusals: a command that is obeyed is neither logged nor answered") {
  Home home;
  home.send("output_on", "ON");
  CHECK(home.answers("output_on").empty());
  CHECK(home.log.lines.empty());
  CHECK(home.broker.held("gridtap/heater/output_on") == "ON");
}

TEST_CASE("refusals: with the broker away the log still has its line") {
  Home home;
  home.broker.send("gridtap/heater/power_limit_revert_time/set", "60");
  home.broker.lose();
  home.clock.advance(10s);
  CHECK(home.answers("power_limit_revert_time").empty());
  CHECK(home.log.lines.size() == 1);
  CHECK(home.model.counters().rejected_commands == 1);
}
