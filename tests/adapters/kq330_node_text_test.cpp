// What nodes say: the grammar, and signatures.
#include "adapters/kq330/node_text.hpp"

#include <doctest/doctest.h>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::kq330;

namespace {

// "g1 ! q=12 relay=1"
std::string words(std::string_view payload) {
  const auto text = parse_node_text(payload);
  if (!text) return text.error().detail;
  std::string out(text->id);
  if (text->mark != NodeText::Mark::report) (out += ' ') += static_cast<char>(text->mark);
  if (text->sequence) out += " q=" + std::to_string(*text->sequence);
  for (const auto& [key, value] : text->fields()) ((((out += ' ') += key) += '=') += value);
  return out;
}

}  // namespace

TEST_CASE("node text: reports, commands, polls and acknowledgements") {
  CHECK(words("g1,t=21.5,h=48") == "g1 t=21.5 h=48");
  CHECK(words("g1!,relay=1,q=12") == "g1 ! q=12 relay=1");
  CHECK(words("g1+,q=7") == "g1 + q=7");
  CHECK(words("well?") == "well ?");
  CHECK(words("g1") == "g1");
  CHECK(words("A-b_9,k=a=b c") == "A-b_9 k=a=b c");
}

TEST_CASE("node text: any error drops the whole text, and is named") {
  const std::pair<const char*, const char*> bad[] = {
      {"", "not a node id"},
      {",t=1", "not a node id"},
      {"!,t=1", "not a node id"},
      {"g1!!,t=1", "not a node id"},
      {"toolonger,t=1", "not a node id"},
      {"g 1,t=1", "not a node id"},
      {"g1,", "a field without `=`"},
      {"g1,t", "a field without `=`"},
      {"g1,=1", "a key begins"},
      {"g1,1t=1", "a key begins"},
      {"g1,t-x=1", "a key begins"},
      {"g1,t=", "an empty value"},
      {"g1,t=1,t=2", "twice"},
      {"g1,q=1,q=1", "twice"},
      {"g1,q=100", "q is 0 to 99"},
      {"g1,q=x", "q is 0 to 99"},
      {"g1,t=1,", "a field without"},
  };
  for (const auto& [payload, why] : bad) {
    CAPTURE(payload);
    CAPTURE(words(payload));
    CHECK_FALSE(parse_node_text(payload));
    CHECK(words(payload).find(why) != std::string::npos);
  }
}

TEST_CASE("node text: any text of any characters is taken or refused") {
  Dice dice(2);
  for (int n = 0; n < 20'000; ++n) {
    std::string payload;
    for (std::uint32_t size = dice(40); size > 0; --size) payload += "g1,=q!?+m\n\x80 "[dice(12)];
    (void)parse_node_text(payload);
  }
  std::string many = "g1";
  for (int n = 0; n < 60; ++n) many += ",a" + std::to_string(n) + "=1";
  CHECK(words(many).starts_with("too many fields"));
}

TEST_CASE("node text: a signature is the key's, of this text, and of no other") {
  const std::string key(16, '\x5A'), other(16, '\x5B');
  const std::string text = "g1,t=21.5,c=7";
  const std::string payload = text + signature(text, as_bytes(key));
  CHECK(payload.size() == text.size() + signature_size);
  CHECK(signed_text(payload, as_bytes(key)) == text);
  CHECK_FALSE(signed_text(payload, as_bytes(other)));
  CHECK_FALSE(signed_text(text, as_bytes(key)));
  CHECK_FALSE(signed_text("", as_bytes(key)));
  for (std::size_t at = 0; at < payload.size(); ++at) {
    std::string forged = payload;
    forged[at] = forged[at] == '1' ? '2' : '1';
    CHECK_FALSE(signed_text(forged, as_bytes(key)));
  }
}

TEST_CASE("node text: small hex digits sign as well as capitals") {
  const std::string key(16, 'k'), text = "g1,t=1,c=1";
  std::string seal = signature(text, as_bytes(key));
  for (char& c : seal) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  CHECK(signed_text(text + seal, as_bytes(key)) == text);
}
