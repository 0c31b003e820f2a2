// Any bytes as a ciphered APDU, and any text inside a good one, with keys at hand: nothing breaks,
// what we seal comes out as it was, a flipped bit never does.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "codec/ciphered_apdu.hpp"
#include "fuzz/must.hpp"

using namespace gridtap;

namespace {

const CipherKeys keys{std::string(16, 'e'), std::string(16, 'a')};
const CipherKeys one_key{std::string(16, 'e'), std::nullopt};

void open_any(ByteView bytes) {
  const auto apdu = parse_ciphered(bytes);
  if (!apdu) return;
  must(apdu->bytes <= bytes.size() && !apdu->payload.empty());
  must(apdu->tag.size() == (apdu->authenticated() ? 12 : 0));
  const auto plain = decipher(*apdu, keys);
  must(!plain || (*plain)[0] == 0x0F);
  (void)decipher(*apdu, one_key);
  if (apdu->encrypted()) must(!decipher(*apdu, {}));
}

void round_trip(std::string plain, std::uint8_t control, std::size_t flip) {
  plain.insert(0, 1, '\x0F');
  std::string sealed = ciphered_apdu(as_bytes("TST\1\2\3\4\5"), control, 7, as_bytes(plain), keys);
  const auto apdu = parse_ciphered(as_bytes(sealed));
  must(apdu && apdu->bytes == sealed.size() && apdu->counter == 7);
  must(decipher(*apdu, keys) == plain);
  must(decipher(*apdu, one_key) == plain);
  open_any(as_bytes(sealed));
  if (!apdu->authenticated()) return;
  constexpr std::size_t behind_counter = 18;
  sealed[behind_counter + flip % (sealed.size() - behind_counter)] ^= 4;
  const auto broken = parse_ciphered(as_bytes(sealed));
  must(!broken || !decipher(*broken, keys));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  open_any(input);
  for (std::size_t at = 0; at + 10 < size; ++at) {
    if (data[at] == 0xDB && data[at + 1] == 0x08) open_any(input.subspan(at));
  }
  const std::string text(as_text(input.first(std::min<std::size_t>(size, 4000))));
  for (const unsigned control : {0x10u, 0x20u, 0x30u, 0x31u}) {
    round_trip(text, static_cast<std::uint8_t>(control), size > 0 ? data[0] : 0);
  }
  return 0;
}
