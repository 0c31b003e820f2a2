// Any bytes from a modem, in each mode: however they are cut into pieces, the adapter says the
// same, to the last word.

#include "adapters/kq330/adapter.hpp"
#include "fuzz/must.hpp"
#include "fuzz/pieces.hpp"

using namespace gridtap;

namespace {

AdapterRig::Settings settings_of(unsigned mode) {
  switch (mode % 5) {
    case 0:
      return {};
    case 1:
      return {{"mode", "line"}};
    case 2:
      return {{"mode", "regex"}, {"pattern", "T[:=](?P<t>[0-9.]+);"}};
    case 3:
      return {{"mode", "kq"}};
    default:
      return {{"mac_key_file", "key"}, {"commands_from_line", "true"}};
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  check_cuts({data + 1, size - 1},
             [&] { return std::make_unique<AdapterRig>(&kq330::make, settings_of(data[0])); });
  return 0;
}
