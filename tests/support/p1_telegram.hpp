#pragma once
// Telegrams and envelopes made by hand, as a meter would send them, and a wire that writes down
// what it says. An encoder of its own: the simulator's is under test as well.

#include <bit>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/p1/wire.hpp"
#include "codec/cipher.hpp"
#include "codec/crc16.hpp"
#include "support/wire_bytes.hpp"

namespace gridtap::p1 {

// DSMR 5: a checksum belongs behind it.
inline constexpr std::string_view small_text =
    "/TST5demo\r\n\r\n"
    "1-3:0.2.8(50)\r\n"
    "1-0:1.7.0(00.123*kW)\r\n"
    "1-0:1.8.1(000001.234*kWh)\r\n!";
// DSMR 2.2: none does.
inline constexpr std::string_view old_text =
    "/TST5old\r\n\r\n"
    "0-0:96.1.1(5A5A)\r\n"
    "1-0:1.8.1(00001.234*kWh)\r\n"
    "1-0:1.7.0(0000.12*kW)\r\n!";

inline std::string checksum_of(std::string_view text) {
  char digits[8];
  std::snprintf(digits, sizeof digits, "%04X", static_cast<unsigned>(crc16_arc(as_bytes(text))));
  return digits;
}

// `text`: from the `/` up to and with the `!`.
inline std::string with_crc(std::string_view text) {
  return std::string(text) + checksum_of(text) + "\r\n";
}
inline std::string small_telegram() { return with_crc(small_text); }
inline std::string old_telegram() { return std::string(old_text) + "\r\n"; }

inline std::string with_line_ends(std::string_view text, std::string_view line_end) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += line_end;
    if (c != '\n' && c != '\r') out += c;
  }
  return out;
}

// 7E1 as a reader of 8N1 gets it: bit 7 makes the number of set bits even.
inline std::string seven_bit(std::string text) {
  for (char& c : text) {
    const bool odd = std::popcount(static_cast<unsigned char>(c)) % 2 != 0;
    c = static_cast<char>(odd ? c | 0x80 : c);
  }
  return text;
}

// One encrypted frame: DB 08 title length SC counter ciphertext tag.
struct Sealed {
  std::string text = small_telegram();
  std::uint32_t counter = 1;
  std::string key = hex("000102030405060708090A0B0C0D0E0F");
  std::string authentication = hex("00112233445566778899AABBCCDDEEFF");
  std::string title = "TST" + hex("0000012345");
  char control = 0x30;
  int length_form = 0x82;

  std::string counter_bytes() const { return big_endian(counter, 4); }

  static std::string big_endian(std::size_t value, int count) {
    std::string out;
    while (count-- > 0) out += static_cast<char>(value >> 8 * count & 0xFF);
    return out;
  }

  std::string length_of(std::size_t size) const {
    if (length_form < 0x80) return big_endian(size, 1);
    return static_cast<char>(length_form) + big_endian(size, length_form & 0x7F);
  }

  std::string operator()() const {
    const std::string iv = title + counter_bytes(), additional = control + authentication;
    std::string sealed =
        gcm_encrypt(as_bytes(key), as_bytes(iv), as_bytes(additional), as_bytes(text)).value_or("");
    if ((control & 0x10) == 0) sealed.resize(text.size());
    const std::string body = control + counter_bytes() + sealed;
    return "\xDB\x08" + title + length_of(body.size()) + body;
  }
};

inline Keys demo_keys() { return {Sealed{}.key, std::nullopt, false}; }

// A wire, its clock, and what it says: one line each, "telegram /TST5demo checked",
// "dropped noise 12", "diagnosis hdlc". `whole` has every word of it.
class WireRig final : Telegrams, Effects {
 public:
  explicit WireRig(const WireSettings& settings = {}) : wire(settings, *this) { wire.open(now); }
  WireRig(const WireRig&) = delete;
  WireRig& operator=(const WireRig&) = delete;

  void feed(std::string_view bytes) { wire.bytes(as_bytes(bytes), now, *this); }
  void feed_each(std::string_view bytes) {
    for (std::size_t n = 0; n < bytes.size(); ++n) feed(bytes.substr(n, 1));
  }
  void feed_cut(std::string_view bytes, Dice& dice, std::uint32_t longest) {
    while (!bytes.empty()) {
      const std::size_t size = std::min<std::size_t>(1 + dice(longest), bytes.size());
      feed(bytes.substr(0, size));
      bytes.remove_prefix(size);
    }
  }
  void close() { wire.close(now, *this); }
  void reopen() {
    close();
    wire.open(now);
  }
  // Time passes; the wire is woken when it asks for it.
  void pass(std::chrono::milliseconds time) {
    const Mono until = now.mono + time;
    while (wire.next_wake() <= until) {
      now.mono = std::max(now.mono, wire.next_wake());
      wire.wake(now, *this);
    }
    now.mono = until;
  }

  // What was said since the last call.
  std::string said() { return std::exchange(short_, {}); }

  Now now{};
  Wire wire;
  std::string whole;
  std::vector<std::string> texts;    // of the telegrams
  std::vector<std::size_t> dropped;  // sizes

 private:
  void on_telegram(const Telegram& telegram, Now, Effects&) override {
    texts.emplace_back(telegram.text);
    const std::string proof = telegram.repaired  ? " repaired"
                              : telegram.checked ? " checked"
                                                 : " unchecked";
    short_ += "telegram " + std::string(header_of(telegram.text)) + proof + '\n';
    whole += "telegram " + std::to_string(telegram.bytes) + proof + texts.back() + '\n';
  }
  void operator()(const Effect& effect) override {
    if (const auto* drop = std::get_if<Dropped>(&effect)) {
      dropped.push_back(drop->bytes);
      const std::string what =
          "dropped " + std::string(name(drop->error.fault)) + ' ' + std::to_string(drop->bytes);
      short_ += what + '\n';
      whole += what + ' ' + drop->error.detail + '\n';
    } else if (const auto* diagnosis = std::get_if<Diagnosis>(&effect)) {
      short_ += "diagnosis " + std::string(name(diagnosis->cause)) + '\n';
      whole += std::string(name(diagnosis->cause)) + ' ' + std::string(diagnosis->detail) + '\n';
    }
  }

  std::string short_;
};

}  // namespace gridtap::p1
