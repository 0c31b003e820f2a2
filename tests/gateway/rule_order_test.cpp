// What the rules of a device hear of it, of each other and of other devices.
#include <doctest/doctest.h>

#include "gateway/fan_out.hpp"
#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// Says a power for each `p`, and ends a frame for each `f`.
struct LetterAdapter final : Adapter {
  void on_bytes(ByteView bytes, Now, Effects& effects) override {
    for (const char letter : as_text(bytes)) {
      if (letter == 'p') effects(Reading{"", "power", "wire", Decimal{244, 0}});
      if (letter == 'f') effects(Frame{bytes.size(), false, bytes});
    }
  }
};

// Writes down what it hears; on a Frame it has a reading of its own.
struct Follower final : Rule {
  Follower(std::string its_name, std::string& diary) : name_(std::move(its_name)), diary_(diary) {}

  std::string_view name() const override { return name_; }
  void on_start(Now, Effects& effects) override {
    effects(Entity{"", find_spec("announce_again")});
  }
  void on_effect(std::string_view device, const Effect& effect, Now, Effects& effects) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      ((((diary_ += name_) += '<') += device) += ':') += reading->source;
      diary_ += ' ';
    }
    if (!std::holds_alternative<Frame>(effect)) return;
    diary_ += name_ + "<frame ";
    effects(Reading{"", "power_net", name_, Decimal{1, 0}});
  }
  void on_command(const Command& command, Now, Effects&) override {
    (diary_ += name_ + "<") += std::string(command.key) + ' ';
  }

 private:
  std::string name_;
  std::string& diary_;
};

struct Words final : Sink {
  void on_effect(std::string_view device, const Effect& effect, Now) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      (((said += device) += ':') += reading->source) += ' ';
    } else if (const auto* frame = std::get_if<Frame>(&effect)) {
      ((said += device) += ":frame=") += std::string(as_text(frame->raw)) + ' ';
    }
  }
  std::string take() { return std::exchange(said, {}); }
  std::string said;
};

struct World {
  std::unique_ptr<Session> make(std::string id, ScriptLine* line, std::vector<std::string> names) {
    std::vector<std::unique_ptr<Rule>> rules;
    for (std::string& each : names) {
      rules.push_back(std::make_unique<Follower>(std::move(each), diary));
    }
    SessionOptions options;
    options.id = std::move(id);
    std::unique_ptr<Adapter> adapter;
    if (line != nullptr) adapter = std::make_unique<LetterAdapter>();
    auto session = std::make_unique<Session>(options, clock, line, std::move(adapter),
                                             std::move(rules), sinks);
    session->start();
    return session;
  }

  io::ManualClock clock;
  std::string diary;
  Words words;
  FanOut sinks;
};

}  // namespace

TEST_CASE("rule order: a rule hears the adapter and the rules before it, and none behind it") {
  World w;
  w.sinks.add(w.words);
  ScriptLine line;
  const auto session = w.make("meter", &line, {"one", "two", "three"});
  line.accept();
  line.push(as_bytes("p"));
  CHECK(w.diary == "one<meter:wire two<meter:wire three<meter:wire ");
  w.diary.clear();
  line.push(as_bytes("f"));
  CHECK(w.diary ==
        "one<frame two<meter:one three<meter:one two<frame three<meter:two three<frame ");
}

TEST_CASE("rule order: what rules make of a frame reaches the sink before the frame ends") {
  World w;
  w.sinks.add(w.words);
  ScriptLine line;
  const auto session = w.make("meter", &line, {"one", "two"});
  line.accept();
  line.push(as_bytes("pf"));
  CHECK(w.words.take() == "meter:wire meter:one meter:two meter:frame=pf ");
}

TEST_CASE("rule order: a session hears the devices it is given, and answers in its own name") {
  World w;
  ScriptLine meter_line, other_line;
  const auto meter = w.make("meter", &meter_line, {});
  const auto other = w.make("other", &other_line, {});
  const auto relays = w.make("gateway", nullptr, {"relays"});
  w.sinks.add(*relays, {"meter"});
  w.sinks.add(w.words);
  meter_line.accept();
  other_line.accept();
  meter_line.push(as_bytes("pf"));
  other_line.push(as_bytes("pf"));
  CHECK(w.diary == "relays<meter:wire relays<frame ");
  CHECK(w.words.take() == "meter:wire gateway:relays meter:frame=pf other:wire other:frame=pf ");
  relays->command({"", "announce_again", true, "PRESS"});
  CHECK(w.diary.ends_with("relays<announce_again "));
}

TEST_CASE("fan-out: listeners hear in the order in which they came, until they are removed") {
  FanOut sinks;
  Words first, second;
  sinks.add(first);
  sinks.add(second, {"a", "b"});
  const Reading reading{"", "power", "wire", Decimal{1, 0}};
  for (const char* device : {"a", "b", "c"}) sinks.on_effect(device, reading, {});
  CHECK(first.take() == "a:wire b:wire c:wire ");
  CHECK(second.take() == "a:wire b:wire ");
  sinks.remove(first);
  sinks.on_effect("a", reading, {});
  CHECK(first.said.empty());
  CHECK(second.said == "a:wire ");
}

TEST_CASE("fan-out: a listener that comes during an effect hears the next one") {
  struct Host final : Sink {
    Host(FanOut& its_sinks, Words& its_guest) : sinks(its_sinks), guest(its_guest) {}
    void on_effect(std::string_view, const Effect&, Now) override {
      if (!std::exchange(added, true)) sinks.add(guest);
    }
    FanOut& sinks;
    Words& guest;
    bool added = false;
  };
  FanOut sinks;
  Words guest;
  Host host(sinks, guest);
  sinks.add(host);
  const Reading reading{"", "power", "wire", Decimal{1, 0}};
  sinks.on_effect("a", reading, {});
  CHECK(guest.said.empty());
  sinks.on_effect("b", reading, {});
  CHECK(guest.said == "b:wire ");
}
