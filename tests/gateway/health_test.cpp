#include "gateway/health.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr auto noon = Instant{std::chrono::milliseconds{1'795'000'000'000}};

// Health with the newest text of each of its entities.
struct Watched final : Effects {
  std::map<std::string, std::string, std::less<>> shown;
  std::string attributes;
  std::uint64_t port_errors = 0;
  int readings = 0;
  Health health{[this] { return port_errors; }};
  Now now{Mono{} + 1h, noon};

  void operator()(const Effect& effect) override {
    const auto& reading = std::get<Reading>(effect);
    CHECK(find_spec(reading.key) != nullptr);
    CHECK(find_spec(reading.key)->line_health == (reading.key != "clock_offset"));
    shown[std::string(reading.key)] = to_text(reading.value);
    if (reading.key == "frames_bad") attributes = reading.attributes;
    ++readings;
  }
  Watched() { health.on_start(now, *this); }
  void hear(const Effect& effect) { health.on_effect("meter", effect, now, *this); }
  void pass(std::chrono::milliseconds time) {
    now.mono += time;
    *now.wall += time;
    if (health.next_wake() <= now.mono) health.on_wake(now, *this);
  }
  void line(bool open, const Error* why = nullptr) {
    health.on_line({open, "115200 8N1", why}, now, *this);
  }
};

}  // namespace

TEST_CASE("health: every entity of a line that never opened is there from the start") {
  Watched w;
  CHECK(w.shown["connected"] == "OFF");
  CHECK(w.shown["frames_ok"] == "0");
  CHECK(w.shown["frames_bad"] == "0");
  CHECK(w.attributes == "");
}

TEST_CASE("health: where a line is shared, `connected` says at which address") {
  struct Attributes final : Effects {
    void operator()(const Effect& effect) override {
      const auto& reading = std::get<Reading>(effect);
      if (reading.key == "connected") heard += std::string(reading.attributes) + ' ';
    }
    std::string heard;
  } said;
  const Now now{Mono{} + 1h, noon};
  Health shared([] { return 0; }, "127.0.0.1:2001");
  shared.on_start(now, said);
  shared.on_effect("meter", Alive{"", 30s}, now, said);
  CHECK(said.heard == R"({"served":"127.0.0.1:2001"} {"served":"127.0.0.1:2001"} )");
  said.heard.clear();
  Health([] { return 0; }).on_start(now, said);
  CHECK(said.heard == " ");
}

TEST_CASE("health: the cause of the run before is not kept over a start") {
  Watched w;
  CHECK(w.shown["cause"] == "none");
  w.line(true);
  CHECK(w.shown["cause"] == "none");
}

TEST_CASE("health: a line that we close ourselves leaves neither a cause nor an error") {
  Watched w;
  w.line(true);
  w.hear(Alive{"", 30s});
  w.line(false);
  CHECK(w.shown["connected"] == "OFF");
  CHECK(w.shown["cause"] == "none");
  CHECK(w.shown.count("last_error") == 0);
}

TEST_CASE("health: a good frame connects, and a lost lease disconnects") {
  Watched w;
  w.line(true);
  w.hear(Alive{"", 30s});
  CHECK(w.shown["connected"] == "ON");
  CHECK(w.shown["cause"] == "none");
  CHECK(w.shown["line_setting"] == "115200 8N1");
  w.hear(Alive{"", 0ms});
  CHECK(w.shown["connected"] == "OFF");
}

TEST_CASE("health: a sub-meter that goes offline does not disconnect the device") {
  Watched w;
  w.hear(Alive{"", 30s});
  w.hear(Alive{"1", 0ms});
  CHECK(w.shown["connected"] == "ON");
}

TEST_CASE("health: the cause of a silent line is named until frames come") {
  Watched w;
  w.line(true);
  w.hear(Diagnosis{Cause::no_bytes, "check the cable"});
  CHECK(w.shown["cause"] == "no_bytes");
  CHECK(w.shown["last_error"] == "check the cable");
  w.hear(Alive{"", 30s});
  CHECK(w.shown["cause"] == "none");
}

TEST_CASE("health: a seven-bit line that is read all the same is no error") {
  Watched w;
  w.hear(Alive{"", 30s});
  w.hear(Diagnosis{Cause::seven_bit, "no action needed"});
  CHECK(w.shown["cause"] == "none");
  CHECK(w.shown.count("last_error") == 0);
}

TEST_CASE("health: a line that cannot be opened gives the reason") {
  Watched w;
  const Error denied{Fault::io, "add the user to group dialout", Cause::permission};
  w.line(false, &denied);
  CHECK(w.shown["cause"] == "permission");
  CHECK(w.shown["last_error"] == denied.detail);
  const Error gone{Fault::io, "busy: these words name no cause"};
  w.line(false, &gone);
  CHECK(w.shown["cause"] == "unreachable");
}

TEST_CASE("health: faults are counted by name") {
  Watched w;
  w.hear(Dropped{{Fault::bad_checksum, "crc 1234, computed ABCD"}, 800});
  w.hear(Dropped{{Fault::bad_checksum, "crc 1234, computed ABCE"}, 800});
  w.hear(Dropped{{Fault::replay, "counter 5 after 9"}, 500});
  w.hear(Dropped{{Fault::noise, "bytes outside frames"}, 17});
  w.pass(10s);
  CHECK(w.shown["frames_bad"] == "3");
  CHECK(w.attributes == R"({"bad_checksum":2,"replay":1})");
  CHECK(w.shown["bytes_discarded"] == "17");
  CHECK(w.shown["last_error"] == "replay: counter 5 after 9");
}

TEST_CASE("health: frames that come in one burst have no period, bursts have") {
  Watched w;
  w.hear(Frame{80});
  w.hear(Frame{80});
  w.pass(10s);
  CHECK(w.shown.count("frame_period") == 0);
  for (int n = 0; n < 5; ++n) {
    for (int meter = 0; meter < 3; ++meter) {
      w.hear(Frame{80});
      w.pass(20ms);
    }
    w.pass(10s);
  }
  CHECK(w.shown["frame_period"] == "10.0");
}

TEST_CASE("health: counters move at most every ten seconds, and nothing ticks in silence") {
  Watched w;
  w.pass(10s);
  const int before = w.readings;
  for (int n = 0; n < 100; ++n) {
    w.hear(Frame{800});
    w.pass(100ms);
  }
  CHECK(w.readings - before <= 2 * 10 + 1);
  w.pass(10s);
  CHECK(w.shown["frames_ok"] == "100");
  CHECK(w.shown["frame_period"] == "0.1");
  CHECK(w.shown["frame_size"] == "800");
  CHECK(w.health.next_wake() == Mono::max());
}

TEST_CASE("health: a frame without any reading is sound but unknown") {
  Watched w;
  w.hear(Frame{800});
  w.hear(Reading{"", "power_import", "1-0:1.7.0", Decimal{244, 0}});
  w.hear(Frame{800});
  w.hear(Frame{40, true});  // a kind that has none
  w.pass(10s);
  CHECK(w.shown["frames_unknown"] == "1");
}

TEST_CASE("health: the line opened three times is two reconnects") {
  Watched w;
  const Error hang_up{Fault::io, "hang-up"};
  for (int n = 0; n < 3; ++n) {
    w.line(true);
    w.line(false, &hang_up);
  }
  w.pass(10s);
  CHECK(w.shown["reconnects"] == "2");
}

TEST_CASE("health: the time of the last frame is reported once a minute") {
  Watched w;
  w.hear(Frame{800});
  const std::string first = w.shown["last_frame"];
  CHECK(first != "");
  w.pass(59s);
  w.hear(Frame{800});
  CHECK(w.shown["last_frame"] == first);
  w.pass(1s);
  w.hear(Frame{800});
  CHECK(w.shown["last_frame"] != first);
}

TEST_CASE("health: the meter's clock is compared with ours") {
  Watched w;
  w.hear(Reading{"", "meter_time", "0-0:1.0.0", Timestamp{noon - 90s, 60min}});
  w.hear(Frame{800});
  w.pass(10s);
  CHECK(w.shown["clock_offset"] == "-90");
}

TEST_CASE("health: errors of the port are read when counters are reported") {
  Watched w;
  w.port_errors = 12;
  w.hear(Frame{800});
  w.pass(10s);
  CHECK(w.shown["line_errors"] == "12");
}

TEST_CASE("health: a long error text is cut to what Home Assistant can show") {
  Watched w;
  w.hear(Dropped{{Fault::bad_syntax, std::string(1000, 'x')}, 1});
  CHECK(w.shown["last_error"].size() == Health::max_error_text);
}

TEST_CASE(
    "health: what is held back is told with its reason, from a frame on, until it is accepted") {
  Watched w;
  CHECK(w.shown["held"] == "None");  // what the run before held back
  w.hear(Frame{100});
  CHECK(w.shown["held"] == "None");
  const Reading reading{"", "energy_import", "1-0:1.8.0", Decimal{0, 0}};
  w.hear(Entity{"", find_spec(accept_key)});
  w.hear(Held{reading, "zero"});
  w.hear(Frame{100});
  CHECK(w.shown["held"].starts_with("energy_import 0 kWh: a counter never becomes 0 again"));
  w.hear(Reading{"", "energy_import", "1-0:1.8.0", Decimal{5, 0}});
  w.hear(Frame{100});
  CHECK(w.shown["held"] == "none");
}

TEST_CASE("health: a device without the button does not say what it holds back") {
  Watched w;
  w.hear(Held{{"", "temperature", "t", Decimal{0, 0}}, "left its range"});
  w.hear(Frame{100});
  CHECK(w.shown["held"] == "None");
}

TEST_CASE("health: another device in its place holds nothing back yet") {
  Watched w;
  w.hear(Entity{"", find_spec(accept_key)});
  w.hear(Held{{"", "energy_import", "1-0:1.8.0", Decimal{0, 0}}, "zero"});
  w.hear(Identified{"", {"", "2", "2", "", "", ""}});
  w.hear(Frame{100});
  CHECK(w.shown["held"] == "none");
}
