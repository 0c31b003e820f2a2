// The frames in tests/data/p1 are the encoder's own: each is one moment of one house. A change of
// the encoder that changes them shows here first; `GRIDTAP_WRITE_FRAMES=1 adapters_test
// -tc="p1 frames*"` writes them anew (and their .expect files then with `gridtap decode`).

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/simulator.hpp"
#include "adapters/p1/telegram_writer.hpp"
#include "core/bytes.hpp"

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
  bool parity = false;  // as a reader of eight bits gets it
};
constexpr FrameFile files[] = {
    {"iskra-am550-dsmr5", "dsmr5"},           {"sagemcom-s210-dsmr5-one-phase", "dsmr5_1ph"},
    {"kaifa-ma304-dsmr42", "dsmr42"},         {"iskra-mt382-dsmr30", "dsmr30"},
    {"kamstrup-162-dsmr22", "dsmr22"},        {"kamstrup-162-dsmr22-seven-bits", "dsmr22", true},
    {"fluvius-siconia-peaks", "belgium"},     {"sagemcom-smarty-encrypted", "luxembourg"},
    {"sagemcom-t210dr-encrypted", "austria"}, {"landis-e360-no-serial", "sweden"},
    {"sagemcom-eso-kilo-units", "lithuania"}, {"sagemcom-eon-quadrants", "hungary"},
};

std::string path_of(const FrameFile& file) {
  return std::string(GRIDTAP_SOURCE_DIR "/tests/data/p1/") + std::string(file.name) + ".txt";
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

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace

TEST_CASE("p1 frames: the files of the repository are what the encoder writes") {
  const bool writes = std::getenv("GRIDTAP_WRITE_FRAMES") != nullptr;
  for (const FrameFile& file : files) {
    CAPTURE(std::string(file.name));
    const std::string bytes = encoded(file);
    if (writes) std::ofstream(path_of(file), std::ios::binary) << bytes;
    CHECK(content(path_of(file)) == bytes);
  }
}
