#include "adapters/p1/envelope.hpp"

#include <algorithm>

#include "codec/cipher.hpp"
#include "codec/ciphered_apdu.hpp"
#include "codec/crc16.hpp"

namespace gridtap::p1 {
namespace {

constexpr std::size_t title_begin = 2, title_bytes = 8, length_begin = 10;
constexpr std::uint8_t authenticated = 0x10, encrypted = 0x20;

// Handed out for every meter of Luxembourg (E-Meter P1 1.1.3, 3.2.5).
constexpr std::string_view luxembourg_authentication_key =
    "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xAA\xBB\xCC\xDD\xEE\xFF";
std::string_view default_authentication() {
  return {luxembourg_authentication_key.data(), cipher_key_bytes};
}

bool is_letter(std::uint8_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

struct Length {
  std::size_t bytes;  // of the field itself
  std::size_t value;
};

// BER: one byte below 80, else 81, 82 or 84 and as many bytes.
std::optional<Length> read_length(ByteView bytes, bool& impossible) {
  Cursor cursor(bytes);
  const auto first = cursor.u8();
  if (!first) return {};
  if (*first < 0x80) return Length{1, *first};
  const std::size_t count = *first & 0x7Fu;
  if (count != 1 && count != 2 && count != 4) {
    impossible = true;
    return {};
  }
  const auto field = cursor.take(count);
  if (!field) return {};
  std::size_t value = 0;
  for (const std::uint8_t byte : *field) value = value << 8 | byte;
  return Length{1 + count, value};
}

// The parts of a whole envelope.
struct Parts {
  ByteView title, counter_bytes, ciphertext, tag;
  std::uint8_t control;
  std::uint32_t counter;
};

Parts parts_of(ByteView envelope) {
  bool impossible = false;
  const auto length = read_length(envelope.subspan(length_begin), impossible);
  Cursor cursor(envelope.subspan(length_begin + length->bytes));
  Parts parts{};
  parts.title = envelope.subspan(title_begin, title_bytes);
  parts.control = *cursor.u8();
  parts.counter_bytes = cursor.rest().first(4);
  parts.counter = *cursor.u32();
  const bool has_tag = (parts.control & authenticated) != 0;
  const std::size_t tag_size = has_tag ? cipher_tag_bytes : 0;
  parts.ciphertext = cursor.rest().first(cursor.rest().size() - tag_size);
  parts.tag = cursor.rest().last(tag_size);
  return parts;
}

bool is_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 0x20 && c <= 0x7E) || c == '\r' || c == '\n'; });
}

// Noise decrypted with a wrong key is printable in about 98 of 256 bytes.
bool is_mostly_text(std::string_view text) {
  const auto odd = std::count_if(text.begin(), text.end(), [](char c) {
    return !((c >= 0x20 && c <= 0x7E) || c == '\r' || c == '\n');
  });
  return static_cast<std::size_t>(odd) * 4 < text.size();
}

constexpr std::string_view tag_could_prove =
    "; with authentication_key_file the tag could prove it";

bool inner_checksum_fits(std::string_view text) {
  const std::size_t bang = text.rfind('!');
  if (bang == text.npos) return false;
  unsigned value = 0;
  std::size_t count = 0;
  for (std::size_t at = bang + 1; at < text.size() && count < 4; ++at, ++count) {
    const int digit = hex_digit(text[at]);
    if (digit < 0) break;
    value = value << 4 | static_cast<unsigned>(digit);
  }
  return count > 0 && crc16_arc(as_bytes(text.substr(0, bang + 1))) == value;
}

}  // namespace

std::optional<std::size_t> envelope_size(ByteView bytes) {
  constexpr std::uint8_t begin[] = {0xDB, 0x08};
  for (std::size_t n = 0; n < std::min<std::size_t>(bytes.size(), 5); ++n) {
    if (n < 2 ? bytes[n] != begin[n] : !is_letter(bytes[n])) return 0;
  }
  if (bytes.size() <= length_begin) return {};
  bool impossible = false;
  const auto length = read_length(bytes.subspan(length_begin), impossible);
  if (impossible) return 0;
  if (!length) return {};
  if (length->value < Envelopes::shortest || length->value > Envelopes::longest) return 0;
  const std::size_t control = length_begin + length->bytes;
  if (control >= bytes.size()) return {};
  if (bytes[control] != encrypted && bytes[control] != (encrypted | authenticated)) return 0;
  return control + length->value;
}

std::string title_text(ByteView envelope) {
  return system_title_text(envelope.subspan(title_begin, title_bytes));
}

// The tag of some Luxembourgish meters does not verify with the documented authentication key
// though the text is right. So the text is decrypted in any case, and without a good tag its own
// CRC has to prove it. Text that is mostly binary means another key; text with a wrong CRC, damage
// on the line.
Opened Envelopes::open(ByteView envelope) {
  Opened opened;
  if (!keys_.encryption) {
    opened.sound = true;
    opened.error = Error{Fault::no_key, "encrypted, system title " + title_text(envelope) +
                                            ", and no key_file is configured"};
    return opened;
  }
  const Parts parts = parts_of(envelope);
  std::string iv(as_text(parts.title));
  iv += as_text(parts.counter_bytes);
  std::string additional(1, static_cast<char>(parts.control));
  additional +=
      keys_.authentication ? *keys_.authentication : std::string(default_authentication());
  const ByteView key = as_bytes(*keys_.encryption);
  auto plain = gcm_decrypt(key, as_bytes(iv), as_bytes(additional), parts.ciphertext, parts.tag);
  const bool proved = plain.has_value();
  if (!proved) plain = gcm_decrypt_unproved(key, as_bytes(iv), parts.ciphertext);
  opened.text = plain.value_or("");
  const bool fits = inner_checksum_fits(opened.text);
  const bool telegram = opened.text.starts_with('/') && is_text(opened.text);
  opened.is_telegram = opened.text.starts_with('/') && is_mostly_text(opened.text);
  if (!proved && !is_mostly_text(opened.text)) {
    opened.error = Error{Fault::wrong_key, "the key does not match this meter (system title " +
                                               title_text(envelope) + ")"};
  } else if (!proved && !(telegram && fits)) {
    opened.error =
        Error{Fault::bad_checksum, "encrypted telegram damaged: neither tag nor checksum matches" +
                                       std::string(keys_.authentication ? "" : tag_could_prove)};
  } else if (!proved && keys_.require_tag) {
    opened.error =
        Error{Fault::wrong_key, "the tag does not verify: check authentication_key_file"};
  } else if (!opened.text.starts_with('/') || opened.text.find('!') == std::string::npos) {
    opened.error = Error{Fault::bad_syntax, "the decrypted text is not a telegram"};
  } else if (auto refused =
                 counters_.judge(as_text(parts.title), parts.counter, as_text(envelope))) {
    opened.sound = true;
    opened.error = std::move(refused);
  } else {
    counters_.accept(as_text(parts.title), parts.counter, as_text(envelope));
  }
  opened.tag_failed = !proved && !parts.tag.empty();
  opened.inner_failed = !fits;
  opened.text.resize(std::min(opened.text.rfind('!'), opened.text.size()));
  return opened;
}

}  // namespace gridtap::p1
