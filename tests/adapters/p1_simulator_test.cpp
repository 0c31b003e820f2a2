#include "adapters/p1/simulator.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "adapters/p1/telegram_writer.hpp"
#include "core/bytes.hpp"
#include "support/settings.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

constexpr Second morning = sys_days{November / 20 / 2026} + hours{7};

// "meter=dsmr5 paced=false"
std::vector<Member> members_of(std::string_view settings) {
  std::vector<Member> members;
  while (!settings.empty()) {
    const std::string_view pair = settings.substr(0, settings.find(' '));
    settings.remove_prefix(std::min(pair.size() + 1, settings.size()));
    const std::size_t sign = pair.find('=');
    members.push_back(
        {std::string(pair.substr(0, sign)), plain(std::string(pair.substr(sign + 1)))});
  }
  return members;
}

struct Built {
  std::unique_ptr<Adapter> simulator;
  std::string problems;
};
Built built(std::string_view settings, std::uint32_t seed) {
  SectionRig rig(members_of(settings));
  rig.files.emplace_back("ones", "11111111111111111111111111111111\n");
  Section section = rig.section();
  Built out{std::move(simulate(section, seed)[0]), {}};
  section.finish();
  out.problems = rig.problems();
  return out;
}

// A simulator on a clock that only the test moves; keeps what was sent, piece by piece.
class Played final : public Effects {
 public:
  explicit Played(std::string_view settings = "", std::uint32_t seed = 1) {
    Built made = built(settings, seed);
    CHECK(made.problems == "");
    simulator_ = std::move(made.simulator);
  }

  void operator()(const Effect& effect) override {
    const auto* send = std::get_if<Send>(&effect);
    REQUIRE(send != nullptr);
    REQUIRE(!send->bytes.empty());
    pieces.emplace_back(elapsed, std::string(as_text(send->bytes)));
  }

  void open() { simulator_->on_open(now(), *this); }
  void close() { simulator_->on_close(now(), *this); }
  void hear(std::string_view text) { simulator_->on_bytes(as_bytes(text), now(), *this); }
  void wake() { simulator_->on_wake(now(), *this); }

  // Wakes the simulator whenever it asks for it, until then.
  void run_until(microseconds end) {
    while (simulator_->next_wake() <= Mono{} + end) {
      elapsed = std::max(elapsed, duration_cast<microseconds>(next_wake()));
      wake();
    }
    elapsed = end;
  }

  // The next whole telegram.
  std::string telegram() {
    const Mono due = simulator_->next_wake();
    const std::size_t begin = pieces.size();
    run_until(duration_cast<microseconds>(due.time_since_epoch()) + milliseconds{900});
    std::string bytes;
    for (std::size_t n = begin; n < pieces.size(); ++n) bytes += pieces[n].second;
    return bytes;
  }

  std::string all() const {
    std::string bytes;
    for (const auto& piece : pieces) bytes += piece.second;
    return bytes;
  }

  nanoseconds next_wake() const { return simulator_->next_wake().time_since_epoch(); }
  bool asleep() const { return simulator_->next_wake() == Mono::max(); }

  microseconds elapsed{0};
  std::vector<std::pair<microseconds, std::string>> pieces;
  bool wall_known = true;

 private:
  Now now() const {
    Now out{Mono{} + elapsed, {}};
    if (wall_known) out.wall = floor<milliseconds>(morning + elapsed);
    return out;
  }

  std::unique_ptr<Adapter> simulator_;
};

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (std::string_view rest = simulated_meters; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    names.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return names;
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("p1 simulator: every name on the list is a meter, and every meter is on the list") {
  const auto names = all_names();
  CHECK(names.size() == dutch_meters().size() + other_meters().size());
  CHECK(names.front() == "dsmr5");
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(find_played_meter(name) != nullptr);
    CHECK(built("meter=" + name, 1).problems == "");
  }
  CHECK(find_played_meter("dsmr6") == nullptr);
}

TEST_CASE("p1 simulator: wrong settings are problems with a place") {
  struct {
    std::string settings;
    std::string_view key;
  } const rows[] = {
      {"meter=dsmr6", "meter"},
      {"noise=101", "noise"},
      {"noise=some", "noise"},
      {"paced=perhaps", "paced"},
      {"serial=E00/4", "serial"},
      {"serial=" + std::string(33, '7'), "serial"},
      {"meter=sweden serial=123", "serial"},
      {"meter=austria key_file=nowhere", "key_file"},
      {"sped=7", "sped"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.settings);
    const Built made = built(row.settings, 1);
    CHECK(made.simulator != nullptr);
    CHECK(std::count(made.problems.begin(), made.problems.end(), '\n') == 1);
    CHECK(holds(made.problems, ": " + std::string(row.key) + ": "));
  }
}

TEST_CASE("p1 simulator: nothing is sent before the line is open, nor after it is closed") {
  Played played;
  CHECK(played.asleep());
  played.wake();
  CHECK(played.pieces.empty());
  played.open();
  CHECK(played.next_wake() == nanoseconds{0});
  played.run_until(milliseconds{10});
  CHECK(!played.pieces.empty());
  played.close();
  const std::size_t sent = played.pieces.size();
  CHECK(played.asleep());
  played.elapsed = hours{1};
  played.wake();
  CHECK(played.pieces.size() == sent);
}

TEST_CASE("p1 simulator: a line that opens again begins with a whole telegram") {
  Played played;
  played.open();
  played.run_until(milliseconds{20});  // in the midst of the first
  played.close();
  played.pieces.clear();
  played.elapsed += seconds{7};
  played.open();
  const std::string telegram = played.telegram();
  CHECK(telegram.starts_with("/ISK5"));
  CHECK(telegram.ends_with("\r\n"));
  CHECK(holds(telegram, "0-0:1.0.0(261120080007W)"));
}

TEST_CASE("p1 simulator: a telegram comes every period, with the time of the wall clock") {
  struct {
    std::string_view meter;
    seconds period;
  } const rows[] = {{"dsmr5", seconds{1}},      {"dsmr5_1ph", seconds{1}}, {"belgium", seconds{1}},
                    {"dsmr42", seconds{10}},    {"sweden", seconds{10}},   {"hungary", seconds{10}},
                    {"lithuania", seconds{10}}, {"dsmr22", seconds{10}},   {"dsmr30", seconds{10}}};
  for (const auto& row : rows) {
    CAPTURE(std::string(row.meter));
    Played played("paced=false meter=" + std::string(row.meter));
    played.open();
    played.run_until(3 * row.period);
    REQUIRE(played.pieces.size() == 4);
    for (std::size_t n = 0; n < 4; ++n) CHECK(played.pieces[n].first == row.period * n);
  }
}

TEST_CASE("p1 simulator: time stamps follow the wall clock") {
  Played played("paced=false");
  played.open();
  played.run_until(seconds{62});
  REQUIRE(played.pieces.size() == 63);
  CHECK(holds(played.pieces[0].second, "0-0:1.0.0(261120080000W)"));
  CHECK(holds(played.pieces[62].second, "0-0:1.0.0(261120080102W)"));
}

TEST_CASE("p1 simulator: without a wall clock the time is made up and runs on") {
  Played played("paced=false");
  played.wall_known = false;
  played.elapsed = hours{3};
  played.open();
  played.run_until(hours{3} + seconds{1});
  REQUIRE(played.pieces.size() == 2);
  CHECK(holds(played.pieces[0].second, "0-0:1.0.0(261120080000W)"));
  CHECK(holds(played.pieces[1].second, "0-0:1.0.0(261120080001W)"));
}

TEST_CASE("p1 simulator: no byte comes before its baud rate allows") {
  struct {
    std::string_view meter;
    double microseconds_a_byte;
  } const rows[] = {{"dsmr5", 1e7 / 115200}, {"lithuania", 1e7 / 115200}, {"dsmr22", 1e7 / 9600}};
  for (const auto& row : rows) {
    CAPTURE(std::string(row.meter));
    Played played("meter=" + std::string(row.meter));
    played.open();
    const std::string telegram = played.telegram();
    REQUIRE(played.pieces.size() == (telegram.size() + 63) / 64);
    std::size_t before = 0;
    for (const auto& [when, bytes] : played.pieces) {
      CHECK(bytes.size() <= 64);
      const double due = static_cast<double>(before) * row.microseconds_a_byte;
      CHECK(static_cast<double>(when.count()) >= due - 1);
      CHECK(static_cast<double>(when.count()) <= due + 1);
      before += bytes.size();
    }
  }
}

TEST_CASE("p1 simulator: paced or not, the bytes are the same") {
  Played paced("meter=belgium");
  Played at_once("meter=belgium paced=false");
  paced.open();
  at_once.open();
  paced.run_until(milliseconds{4900});
  at_once.run_until(milliseconds{4900});
  CHECK(at_once.pieces.size() == 5);
  CHECK(paced.all() == at_once.all());
}

TEST_CASE("p1 simulator: a clock that jumps brings one telegram, not all that were missed") {
  Played played("paced=false");
  played.open();
  played.run_until(milliseconds{1500});
  REQUIRE(played.pieces.size() == 2);
  played.elapsed = minutes{10};
  played.wake();
  played.wake();
  CHECK(played.pieces.size() == 3);
  CHECK(played.next_wake() == minutes{10} + seconds{1});
}

TEST_CASE("p1 simulator: a meter does not listen") {
  Played talked_to;
  Played left_alone;
  talked_to.open();
  left_alone.open();
  talked_to.hear("/?!\r\n");
  talked_to.run_until(seconds{3});
  left_alone.run_until(seconds{3});
  CHECK(talked_to.all() == left_alone.all());
}

TEST_CASE("p1 simulator: old meters send seven bits and even parity") {
  for (const char* meter : {"dsmr22", "dsmr30"}) {
    CAPTURE(std::string(meter));
    Played played("meter=" + std::string(meter));
    played.open();
    std::string text = played.telegram();
    for (char& byte : text) {
      const auto bits = static_cast<std::uint8_t>(byte);
      REQUIRE(std::popcount(bits) % 2 == 0);
      byte = static_cast<char>(byte & 0x7F);
    }
    CHECK(text.starts_with("/"));
    CHECK(text.ends_with("!\r\n"));
    CHECK(holds(text, "0-1:24.3.0(261120080000)("));
  }
}

TEST_CASE("p1 simulator: the serial number is the configured one, and its meters' too") {
  Played played("serial=E0099");
  played.open();
  const std::string telegram = played.telegram();
  CHECK(holds(telegram, "0-0:96.1.1(4530303939)"));
  CHECK(holds(telegram, "0-1:96.1.0(4730303939)"));
}

TEST_CASE("p1 simulator: the seed decides the house") {
  Played first("", 1), same("", 1), other("", 2);
  for (Played* played : {&first, &same, &other}) {
    played->open();
    played->run_until(seconds{5});
  }
  CHECK(first.all() == same.all());
  CHECK(first.all() != other.all());
}

TEST_CASE("p1 simulator: noise damages the configured share of telegrams") {
  const auto sound = [](const std::string& telegram, const std::string& undamaged) {
    return telegram == undamaged;
  };
  for (const int noise : {0, 30, 100}) {
    CAPTURE(noise);
    Played quiet("paced=false");
    Played noisy("paced=false noise=" + std::to_string(noise));
    quiet.open();
    noisy.open();
    std::map<microseconds, std::string> heard;
    quiet.run_until(seconds{399});
    noisy.run_until(seconds{399});
    for (const auto& [when, bytes] : noisy.pieces) heard[when] = bytes;
    int damaged = 0;
    for (const auto& [when, bytes] : quiet.pieces) damaged += sound(heard[when], bytes) ? 0 : 1;
    CHECK(quiet.pieces.size() == 400);
    CHECK(damaged >= 4 * noise - 4 * noise / 5);
    CHECK(damaged <= 4 * noise + 4 * noise / 5);
    if (noise == 100) CHECK(damaged == 400);
  }
}

TEST_CASE("p1 simulator: encrypted meters wrap each telegram, and their counters rise") {
  for (const char* meter : {"luxembourg", "austria"}) {
    CAPTURE(std::string(meter));
    Played played("paced=false meter=" + std::string(meter));
    played.open();
    played.run_until(seconds{10});
    REQUIRE(played.pieces.size() == 2);
    std::uint32_t before = 0;
    for (const auto& piece : played.pieces) {
      Cursor frame(as_bytes(piece.second));
      CHECK(frame.u16() == 0xDB08);
      CHECK(as_text(*frame.take(3)) == "GTP");
      CHECK(frame.take(5).has_value());
      CHECK(frame.u8() == 0x82);
      const auto length = frame.u16();
      CHECK(length == frame.rest().size());
      CHECK(frame.u8() == 0x30);
      const std::uint32_t counter = *frame.u32();
      CHECK(counter > before);
      before = counter;
      CHECK(!holds(piece.second, "1-0:1.8.0"));
    }
  }
}

TEST_CASE("p1 simulator: after a restart the frame counter goes on above the old one") {
  const auto counter_at = [](microseconds start) {
    Played played("meter=austria paced=false");
    played.elapsed = start;
    played.open();
    played.run_until(start);
    Cursor frame(as_bytes(played.pieces.at(0).second));
    (void)frame.take(14);
    return *frame.u32();
  };
  CHECK(counter_at(seconds{60}) > counter_at(seconds{50}));
}

TEST_CASE("p1 simulator: another key gives other bytes of the same length") {
  Played demo("meter=austria paced=false");
  Played ones("meter=austria paced=false key_file=ones");
  demo.open();
  ones.open();
  CHECK(demo.telegram() != ones.telegram());
  CHECK(demo.all().size() == ones.all().size());
}
