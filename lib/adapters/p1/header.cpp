#include "adapters/p1/header.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gridtap::p1 {
namespace {

// Flag ids of the DLMS User Association, as far as they occur in P1 headers.
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> makers = {{
    {"ACE", "Itron"},      {"ADN", "Aidon"},    {"AUX", "Sanxing"},    {"EGM", "Elgama"},
    {"ELL", "Sagemcom"},   {"EST", "Sagemcom"}, {"ENE", "Sagemcom"},   {"ESY", "EasyMeter"},
    {"FLU", "Fluvius"},    {"HLY", "Holley"},   {"ISK", "Iskraemeco"}, {"KAM", "Kamstrup"},
    {"KFM", "Kaifa"},      {"KMP", "Kamstrup"}, {"LGF", "Landis+Gyr"}, {"LUX", "Sagemcom"},
    {"MCS", "Sagemcom"},   {"NES", "NES"},      {"SAG", "Sagemcom"},   {"WSE", "Wasion"},
    {"XMX", "Landis+Gyr"},
}};

// Some write their flag in small letters: `/ISk5`, `/Lux5`.
bool same_letters(std::string_view flag, std::string_view capitals) {
  return std::equal(flag.begin(), flag.end(), capitals.begin(), capitals.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
}

// `53769484_A`: digits and one letter; one number with the meters of four makers.
bool is_software(std::string_view text) {
  const std::size_t bar = text.find_first_not_of("0123456789");
  const bool letter_ends = bar != text.npos && bar + 2 == text.size() && text[bar] == '_';
  return letter_ends && bar >= 6 && text.back() >= 'A' && text.back() <= 'Z';
}

}  // namespace

Maker maker_of(std::string_view header) {
  constexpr std::size_t flag_size = 3;
  if (header.size() <= flag_size) return {};
  const std::string_view flag = header.substr(1, flag_size);
  Maker maker;
  const auto found = std::find_if(makers.begin(), makers.end(), [&](const auto& entry) {
    return same_letters(flag, entry.first);
  });
  if (found != makers.end()) maker.manufacturer = found->second;
  maker.model = header.substr(1 + flag_size);
  // Without maker and digit the whole line is a name: `/WARMTELINK-VI\`.
  const bool has_digit = !maker.model.empty() && maker.model[0] >= '0' && maker.model[0] <= '9';
  if (!has_digit && maker.manufacturer.empty()) maker.model = header.substr(1);
  // The digit names a baud rate; `\2` in front is a relic of IEC 62056-21.
  if (!maker.model.empty() && maker.model[0] >= '0' && maker.model[0] <= '9') {
    maker.model.remove_prefix(1);
  }
  if (maker.model.starts_with("\\2")) maker.model.remove_prefix(2);
  maker.model.remove_prefix(std::min(maker.model.find_first_not_of(" \\:"), maker.model.size()));
  while (maker.model.ends_with('\\')) maker.model.remove_suffix(1);
  if (is_software(maker.model)) maker.software = std::exchange(maker.model, {});
  return maker;
}

}  // namespace gridtap::p1
