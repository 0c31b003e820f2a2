// Any bytes on a coulometer's pair of wires: however they are cut into pieces, the adapter says the
// same, to the last word; and whatever a meter answers to a command, the command ends.

#include "adapters/kgf/adapter.hpp"
#include "fuzz/must.hpp"
#include "fuzz/pieces.hpp"

using namespace gridtap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_cuts({data, size}, [] {
    auto rig = std::make_unique<AdapterRig>(
        &kgf::make, AdapterRig::Settings{{"writes", "true"}, {"mode", "poll"}});
    rig->command("over_voltage", Decimal{57, 0}, "57");
    rig->pass(std::chrono::milliseconds{1});
    return rig;
  });
  return 0;
}
