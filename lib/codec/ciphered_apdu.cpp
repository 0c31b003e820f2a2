#include "codec/ciphered_apdu.hpp"

#include <algorithm>

#include "codec/axdr.hpp"
#include "codec/cipher.hpp"
#include "codec/dlms.hpp"

namespace gridtap {
namespace {

constexpr std::size_t title_bytes = 8, counter_bytes = 4, shortest_rest = 5;
constexpr std::uint8_t compressed = 0x80, protections = 0x30;

std::string nonce_of(const CipheredApdu& apdu) {
  std::string nonce(as_text(apdu.title));
  return nonce += as_text(apdu.counter_bytes);
}

// What the tag covers beside the ciphertext.
std::string additional_data(std::uint8_t control, const std::string& authentication,
                            ByteView plain) {
  std::string data(1, static_cast<char>(control));
  data += authentication;
  if ((control & 0x20u) == 0) data += as_text(plain);
  return data;
}

bool is_notification(std::string_view plain) {
  return !plain.empty() && static_cast<std::uint8_t>(plain[0]) ==
                               static_cast<std::uint8_t>(ApduTag::data_notification);
}

// The bytes of the payload as they are where nothing is encrypted.
std::optional<std::string> unproved(const CipheredApdu& apdu, const CipherKeys& keys) {
  if (!apdu.encrypted()) return std::string(as_text(apdu.payload));
  return gcm_decrypt_unproved(as_bytes(*keys.encryption), as_bytes(nonce_of(apdu)), apdu.payload);
}

std::optional<std::string> proved(const CipheredApdu& apdu, const CipherKeys& keys) {
  const std::string nonce = nonce_of(apdu);
  const std::string additional = additional_data(apdu.control, *keys.authentication, apdu.payload);
  const ByteView ciphertext = apdu.encrypted() ? apdu.payload : ByteView{};
  auto plain = gcm_decrypt(as_bytes(*keys.encryption), as_bytes(nonce), as_bytes(additional),
                           ciphertext, apdu.tag);
  if (plain && !apdu.encrypted()) return std::string(as_text(apdu.payload));
  return plain;
}

}  // namespace

Result<CipheredApdu> parse_ciphered(ByteView apdu) {
  Cursor cursor(apdu);
  CipheredApdu parsed;
  const auto tag = cursor.u8();
  const auto title_size = cursor.u8();
  if (!tag || !title_size)
    return failed(Fault::truncated, "the header of a ciphered APDU is cut off");
  if (*title_size != title_bytes) {
    return failed(Fault::bad_syntax,
                  "a system title of " + std::to_string(*title_size) + " bytes, not 8");
  }
  const auto title = cursor.take(title_bytes);
  const auto length = title ? take_axdr_count(cursor) : std::nullopt;
  const auto rest = length ? cursor.take(*length) : std::nullopt;
  if (!rest) return failed(Fault::truncated, "a ciphered APDU is longer than its frame");
  const std::size_t tag_size = !rest->empty() && ((*rest)[0] & 0x10u) != 0 ? cipher_tag_bytes : 0;
  if (rest->size() < shortest_rest + 1 + tag_size) {
    return failed(Fault::truncated, "a ciphered APDU with nothing in it");
  }
  parsed.title = *title;
  parsed.control = (*rest)[0];
  parsed.counter_bytes = rest->subspan(1, counter_bytes);
  parsed.counter = *Cursor(parsed.counter_bytes).u32();
  parsed.payload = rest->subspan(shortest_rest, rest->size() - shortest_rest - tag_size);
  parsed.tag = rest->last(tag_size);
  parsed.bytes = apdu.size() - cursor.rest().size();
  if ((parsed.control & compressed) != 0) {
    return failed(Fault::unsupported, "a compressed APDU");
  }
  if ((parsed.control & protections) == 0) {
    return failed(Fault::unsupported, "a ciphered APDU that is neither encrypted nor signed");
  }
  return parsed;
}

std::string system_title_text(ByteView title) {
  std::string text;
  for (const std::uint8_t byte : title.first(3)) {
    text += byte >= 0x20 && byte <= 0x7E ? static_cast<char>(byte) : '?';
  }
  return text + to_hex(title.subspan(3));
}

Result<std::string> decipher(const CipheredApdu& apdu, const CipherKeys& keys) {
  if (apdu.encrypted() && !keys.encryption) {
    return failed(Fault::no_key, "encrypted, system title " + system_title_text(apdu.title) +
                                     ", and no key_file is configured");
  }
  const bool provable = apdu.authenticated() && keys.authentication && keys.encryption;
  const auto plain = provable ? proved(apdu, keys) : unproved(apdu, keys);
  if (plain && is_notification(*plain)) return *plain;
  if (provable && !plain) {
    const auto unchecked = unproved(apdu, keys);
    if (unchecked && is_notification(*unchecked)) {
      return failed(Fault::wrong_key,
                    "the tag does not verify: check authentication_key_file (system title " +
                        system_title_text(apdu.title) + ")");
    }
  }
  return failed(Fault::wrong_key, "the key does not match this meter (system title " +
                                      system_title_text(apdu.title) + ")");
}

std::string ciphered_apdu(ByteView title, std::uint8_t control, std::uint32_t counter,
                          ByteView plain, const CipherKeys& keys) {
  std::string rest(1, static_cast<char>(control));
  for (int shift = 24; shift >= 0; shift -= 8) rest += static_cast<char>(counter >> shift & 0xFF);
  const std::string nonce = std::string(as_text(title)) + rest.substr(1);
  const bool encrypted = (control & 0x20u) != 0;
  const std::string additional =
      (control & 0x10u) != 0 ? additional_data(control, *keys.authentication, plain) : "";
  const std::string sealed = gcm_encrypt(as_bytes(*keys.encryption), as_bytes(nonce),
                                         as_bytes(additional), encrypted ? plain : ByteView{})
                                 .value_or("");
  if (!encrypted) rest += as_text(plain);
  const std::size_t kept = sealed.size() - ((control & 0x10u) != 0 ? 0 : cipher_tag_bytes);
  rest += sealed.substr(0, kept);
  std::string apdu = "\xDB\x08";
  apdu += as_text(title);
  apdu += '\x82';
  apdu += static_cast<char>(rest.size() >> 8);
  apdu += static_cast<char>(rest.size() & 0xFF);
  return apdu + rest;
}

}  // namespace gridtap
