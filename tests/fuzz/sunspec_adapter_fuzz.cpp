// A device with any registers: the adapter finds its end, asks a bounded number of times, and says
// nothing that a terminal could stumble over. Words are chosen so that chains of known models
// occur.

#include "adapters/sunspec/adapter.hpp"
#include "fuzz/must.hpp"
#include "parts/modbus_server.hpp"
#include "support/adapter_pair.hpp"

using namespace gridtap;

namespace {

constexpr std::uint16_t ids[] = {1,   101, 103, 113, 120, 123, 124,   160,
                                 203, 213, 701, 704, 714, 802, 64001, 0xFFFF};

RegisterImage image_of(ByteView data) {
  RegisterImage image = {{40000, 0x5375}, {40001, 0x6E53}};
  unsigned address = 40002;
  while (data.size() > 2 && address < 42'000) {
    const std::uint16_t id = ids[data[0] % 16];
    const unsigned length = data[1];
    data = data.subspan(2);
    image[static_cast<std::uint16_t>(address++)] = id;
    image[static_cast<std::uint16_t>(address++)] = static_cast<std::uint16_t>(length);
    for (unsigned n = 0; n < length; ++n, ++address) {
      const std::uint8_t high = n < data.size() ? data[n] : 0;
      if (high == 0xFE) continue;  // a hole
      const unsigned low = n + 1 < data.size() ? data[n + 1] : 0U;
      image[static_cast<std::uint16_t>(address)] =
          static_cast<std::uint16_t>(unsigned{high} << 8 | low);
    }
    data = data.subspan(std::min<std::size_t>(length, data.size()));
  }
  return image;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  AdapterRig gateway(&sunspec::make,
                     {{"writes", "true"}, {"max_count", data[0] % 2 == 0 ? "125" : "20"}});
  AdapterRig device(std::make_unique<ModbusServer>(image_of({data + 1, size - 1})));
  Wires wires;
  wires.connect(gateway, device);
  wires.pass(std::chrono::seconds{2});
  gateway.command("power_limit", Decimal{data[0], 0}, "it");
  wires.pass(std::chrono::seconds{2});
  must(gateway.writes < 5000);
  const std::string said = gateway.said();
  must(said.find('\x7F') == said.npos && said.find('\x1B') == said.npos);
  return 0;
}
