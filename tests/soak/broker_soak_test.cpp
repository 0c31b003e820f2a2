#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "end_to_end/world.hpp"
#include "support/raw_broker.hpp"

using namespace gridtap;
using namespace gridtap::end_to_end;
using namespace std::chrono_literals;
using Kind = RawBroker::Deed::Kind;

namespace {

constexpr std::chrono::seconds usual_seconds = 1200s;
// A silent broker is noticed within 30 s; then the usual wait of up to 6 s.
constexpr std::chrono::seconds back_after_silence = 40s, back_after_word = 10s;

std::chrono::seconds long_seconds() {
  const char* const text = std::getenv("GRIDTAP_LONG_SECONDS");
  return text == nullptr ? usual_seconds : std::chrono::seconds{std::atoi(text)};
}

// How and when each connection ends, told by its number alone.
struct End {
  Kind kind;
  std::string bytes;
  std::chrono::milliseconds age;
};
End end_of(int connection) {
  std::minstd_rand random(static_cast<unsigned>(connection) * 7919U);
  random.discard(3);
  const auto age = std::chrono::milliseconds{random() % 5000};
  static const int reasons[] = {0x80, 0x8B, 0x95, 0x97, 0x98, 0x9B};
  switch (random() % 8) {
    case 0:
      return {Kind::silence, {}, age};
    case 1:
    case 2:
      return {Kind::reset, {}, age};
    case 3:
      return {Kind::send_and_close, {}, age};
    default:
      return {Kind::send_and_close,
              std::string("\xE0\1", 2) + static_cast<char>(reasons[random() % 6]), age};
  }
}

}  // namespace

TEST_CASE("soak: a broker that ends every connection finds the gateway back each time") {
  RawBroker::Script script;
  script.deed = [](int connection, std::chrono::milliseconds age) -> RawBroker::Deed {
    const End end = end_of(connection);
    return age < end.age ? RawBroker::Deed{} : RawBroker::Deed{end.kind, end.bytes};
  };
  const RawBroker broker(script);
  World world;
  world.use_broker(broker.port());
  world.start_gridtap("  meter:\n    adapter: p1\n    line: " + world.plug("tty", "dsmr5") +
                      "\n    interval: 0s\n");
  REQUIRE(eventually([&] { return broker.connections() == 1; }));
  const auto until = RawBroker::Clock::now() + long_seconds();
  const std::size_t before = world.resident_kilobytes();
  for (int connection = 1; RawBroker::Clock::now() < until; ++connection) {
    CAPTURE(connection);
    const bool silence = end_of(connection).kind == Kind::silence;
    const auto patience = 5s + (silence ? back_after_silence : back_after_word);
    REQUIRE(eventually([&] { return broker.connections() > connection; }, patience));
    REQUIRE(world.gridtap().running());
  }
  MESSAGE("connections: ", broker.connections(), ", resident: ", before, " kB, then ",
          world.resident_kilobytes(), " kB");
  CHECK(world.resident_kilobytes() < before + 8192);
}
