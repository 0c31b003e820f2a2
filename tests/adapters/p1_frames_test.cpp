// The frames in tests/data/p1 are the encoder's own: each is one moment of one house, and beside it
// stand the JSON lines that `gridtap decode` prints for it. After a change that is meant,
// GRIDTAP_WRITE_FRAMES=1 in the environment of this test writes both anew: read the difference.

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "adapters/p1/adapter.hpp"
#include "adapters/p1/simulator.hpp"
#include "adapters/p1/telegram_writer.hpp"
#include "app/json_lines.hpp"
#include "core/bytes.hpp"
#include "support/settings.hpp"

using namespace gridtap;
using namespace gridtap::p1;
using namespace std::chrono;

namespace {

constexpr Second morning = sys_days{November / 20 / 2026} + hours{7};
constexpr auto lived = hours{1} + minutes{23} + seconds{45};
constexpr std::uint32_t seed = 1;
constexpr std::uint32_t frame_counter = 4242;

struct FrameFile {
  std::string_view name, meter;
  std::string_view setting = {}, value = {};  // what the reader needs to know
  bool parity = false;                        // as a reader of eight bits gets it
};
constexpr FrameFile files[] = {
    {"iskra-am550-dsmr5", "dsmr5"},
    {"sagemcom-s210-dsmr5-one-phase", "dsmr5_1ph"},
    {"kaifa-ma304-dsmr42", "dsmr42"},
    {"iskra-mt382-dsmr30", "dsmr30", "time_zone", "Europe/Amsterdam"},
    {"kamstrup-162-dsmr22", "dsmr22", "time_zone", "Europe/Amsterdam"},
    {"kamstrup-162-dsmr22-seven-bits", "dsmr22", "time_zone", "Europe/Amsterdam", true},
    {"fluvius-siconia-peaks", "belgium"},
    {"sagemcom-smarty-encrypted", "luxembourg", "key_file", "demo.key"},
    {"sagemcom-t210dr-encrypted", "austria", "key_file", "demo.key"},
    {"landis-e360-no-serial", "sweden"},
    {"sagemcom-eso-kilo-units", "lithuania", "utc_offset", "2h"},
    {"sagemcom-eon-quadrants", "hungary"},
};

std::string path_of(std::string_view name, std::string_view kind) {
  return std::string(GRIDTAP_SOURCE_DIR "/tests/data/p1/").append(name).append(kind);
}

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void keep(const std::string& path, const std::string& text) {
  if (std::getenv("GRIDTAP_WRITE_FRAMES") == nullptr) return;
  std::ofstream(path, std::ios::binary) << text;
}

std::string encoded(const FrameFile& file) {
  const PlayedMeter& meter = *find_played_meter(file.meter);
  House house(meter.house, morning, seed);
  house.advance(morning + lived);
  std::string bytes = write_telegram({meter, house.state(), meter.serial});
  if (meter.encrypted) {
    const EnvelopeKeys keys = {*from_hex(demo_key), *from_hex(demo_authentication_key), "GTP00001"};
    bytes = write_envelope(bytes, keys, frame_counter);
  }
  if (file.parity) add_even_parity(bytes);
  return bytes;
}

// What `decode` prints when the bytes arrive in pieces of that size.
std::string decoded(const FrameFile& file, std::size_t piece) {
  struct Lines final : Effects {
    void operator()(const Effect& effect) override { lines.on_effect("", effect, now); }
    std::ostringstream out;
    app::JsonLines lines{out, app::JsonLines::Devices::unnamed};
    Now now{};
  } lines;
  std::vector<Member> settings;
  if (!file.setting.empty()) {
    settings.push_back({std::string(file.setting), plain(std::string(file.value))});
  }
  SectionRig rig(settings);
  rig.files.emplace_back("demo.key", content(path_of("demo", ".key")));
  Section section = rig.section();
  const std::unique_ptr<Adapter> adapter = make(section, seed);
  section.finish();
  REQUIRE(rig.problems() == "");
  const std::string bytes = content(path_of(file.name, ".txt"));
  adapter->on_start(lines.now, lines);
  adapter->on_open(lines.now, lines);
  for (ByteView rest = as_bytes(bytes); !rest.empty();) {
    const std::size_t size = std::min(piece, rest.size());
    adapter->on_bytes(rest.first(size), lines.now, lines);
    rest = rest.subspan(size);
  }
  adapter->on_close(lines.now, lines);
  lines.lines.summary(bytes.size());
  return lines.out.str();
}

}  // namespace

TEST_CASE("p1 frames: the files of the repository are what the encoder writes") {
  for (const FrameFile& file : files) {
    CAPTURE(std::string(file.name));
    const std::string bytes = encoded(file);
    keep(path_of(file.name, ".txt"), bytes);
    CHECK(content(path_of(file.name, ".txt")) == bytes);
  }
}

TEST_CASE("p1 frames: each gives the JSON lines beside it, however its bytes arrive") {
  for (const FrameFile& file : files) {
    CAPTURE(std::string(file.name));
    keep(path_of(file.name, ".expect"), decoded(file, std::string::npos));
    const std::string expected = content(path_of(file.name, ".expect"));
    CHECK(expected.find("\"frames_good\":1,\"frames_dropped\":0,") != std::string::npos);
    for (const std::size_t piece : {std::string::npos, std::size_t{64}, std::size_t{1}}) {
      CAPTURE(piece);
      CHECK(decoded(file, piece) == expected);
    }
  }
}
