// Test case 4 of the GCM specification (McGrew and Viega; also NIST SP 800-38D validation), its
// tag cut to the twelve bytes of DLMS.

#include <string>

#include <doctest/doctest.h>

#include "codec/cipher.hpp"

using namespace gridtap;

namespace {

std::string hex(std::string_view text) { return from_hex(text).value(); }

struct Vector {
  std::string key = hex("FEFFE9928665731C6D6A8F9467308308");
  std::string iv = hex("CAFEBABEFACEDBADDECAF888");
  std::string additional = hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
  std::string plain =
      hex("D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A72"
          "1C3C0C95956809532FCF0E2449A6B525B16AEDF5AA0DE657BA637B39");
  std::string cipher =
      hex("42831EC2217774244B7221B784D0D49CE3AA212F2C02A4E035C17E2329ACA12E"
          "21D514B25466931C7D8F6A5AAC84AA051BA30B396A0AAC973D58E091");
  std::string tag = hex("5BC94FBC3221A5DB94FAE95A");

  std::optional<std::string> decrypted() const {
    return gcm_decrypt(as_bytes(key), as_bytes(iv), as_bytes(additional), as_bytes(cipher),
                       as_bytes(tag));
  }
};

using Part = std::string Vector::*;
constexpr Part parts[] = {&Vector::key, &Vector::iv, &Vector::additional, &Vector::cipher,
                          &Vector::tag};

}  // namespace

TEST_CASE("cipher: one flipped bit in any part, and nothing comes out") {
  for (const Part part : parts) {
    const std::size_t size = (Vector().*part).size();
    for (std::size_t bit = 0; bit < 8 * size; ++bit) {
      Vector damaged;
      char& byte = (damaged.*part)[bit / 8];
      byte = static_cast<char>(byte ^ (1 << bit % 8));
      CHECK_FALSE(damaged.decrypted());
    }
  }
}

TEST_CASE("cipher: a key, an iv or a tag of another size gives nothing") {
  for (const Part part : {&Vector::key, &Vector::iv, &Vector::tag}) {
    for (const unsigned size : {0u, 1u, 8u, 11u, 13u, 15u, 17u, 24u, 32u}) {
      Vector odd;
      (odd.*part).resize(size);
      CHECK_FALSE(odd.decrypted());
    }
  }
  const Vector v;
  const ByteView key = as_bytes(v.key), iv = as_bytes(v.iv), text = as_bytes(v.plain);
  CHECK_FALSE(gcm_decrypt_unproved(key.first(15), iv, text));
  CHECK_FALSE(gcm_decrypt_unproved(key, iv.first(11), text));
  CHECK_FALSE(gcm_encrypt(key.first(15), iv, {}, text));
  CHECK_FALSE(gcm_encrypt(key, iv.first(11), {}, text));
}

TEST_CASE("cipher: the vector of the specification decrypts with a tag of twelve bytes") {
  const Vector v;
  CHECK(v.decrypted() == v.plain);
}

TEST_CASE("cipher: encrypting gives the ciphertext of the specification and its tag") {
  const Vector v;
  const auto sent =
      gcm_encrypt(as_bytes(v.key), as_bytes(v.iv), as_bytes(v.additional), as_bytes(v.plain));
  CHECK(sent == v.cipher + v.tag);
}

TEST_CASE("cipher: counter mode alone gives the same text, whatever the tag") {
  const Vector v;
  CHECK(gcm_decrypt_unproved(as_bytes(v.key), as_bytes(v.iv), as_bytes(v.cipher)) == v.plain);
}

TEST_CASE("cipher: in counter mode a flipped bit damages that bit of the text and no other") {
  const Vector v;
  for (std::size_t at = 0; at < v.cipher.size(); ++at) {
    std::string cipher = v.cipher, plain = v.plain;
    cipher[at] = static_cast<char>(cipher[at] ^ 0x20);
    plain[at] = static_cast<char>(plain[at] ^ 0x20);
    CHECK(gcm_decrypt_unproved(as_bytes(v.key), as_bytes(v.iv), as_bytes(cipher)) == plain);
  }
}

TEST_CASE("cipher: an empty text has a tag of its own and comes back empty") {
  const Vector v;
  const auto sent = gcm_encrypt(as_bytes(v.key), as_bytes(v.iv), as_bytes(v.additional), {});
  REQUIRE(sent);
  CHECK(sent->size() == cipher_tag_bytes);
  CHECK(gcm_decrypt(as_bytes(v.key), as_bytes(v.iv), as_bytes(v.additional), {}, as_bytes(*sent)) ==
        "");
}

// RFC 4231, test cases 1 and 2.
TEST_CASE("cipher: HMAC-SHA256 is that of the specification") {
  CHECK(to_hex(as_bytes(hmac_sha256(as_bytes(std::string(20, '\x0B')), as_bytes("Hi There")))) ==
        "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7");
  CHECK(to_hex(as_bytes(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")))) ==
        "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843");
}
