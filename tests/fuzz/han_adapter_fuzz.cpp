// Any bytes on a HAN line, with a key at hand: however they are cut into pieces, the adapter says
// the same, to the last word.

#include "fuzz/pieces.hpp"
#include "support/han_line.hpp"

using namespace gridtap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_cuts({data, size}, [] {
    return std::make_unique<AdapterRig>(
        &han::make, AdapterRig::Settings{{"key_file", "key"}, {"factor", "1.5"}});
  });
  return 0;
}
