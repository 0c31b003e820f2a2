#include "adapters/p1/header.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gridtap::p1 {
namespace {

// Flag ids of the DLMS User Association, as far as they occur in P1 headers.
constexpr std::array<std::pair<std::string_view, std::string_view>, 16> makers = {{
    {"ADN", "Aidon"},
    {"EGM", "Elgama"},
    {"ELL", "Sagemcom"},
    {"EST", "Sagemcom"},
    {"ENE", "Sagemcom"},
    {"FLU", "Fluvius"},
    {"ISK", "Iskraemeco"},
    {"KAM", "Kamstrup"},
    {"KFM", "Kaifa"},
    {"KMP", "Kamstrup"},
    {"LGF", "Landis+Gyr"},
    {"LUX", "Sagemcom"},
    {"MCS", "Sagemcom"},
    {"SAG", "Sagemcom"},
    {"WSE", "Wasion"},
    {"XMX", "Landis+Gyr"},
}};

// Some write their flag in small letters: `/ISk5`, `/Lux5`.
bool same_letters(std::string_view flag, std::string_view capitals) {
  return std::equal(flag.begin(), flag.end(), capitals.begin(), capitals.end(),
                    [](char a, char b) { return (a >= 'a' && a <= 'z' ? a - 'a' + 'A' : a) == b; });
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
  // The digit names a baud rate; `\2` in front is a relic of IEC 62056-21.
  if (!maker.model.empty() && maker.model[0] >= '0' && maker.model[0] <= '9') {
    maker.model.remove_prefix(1);
  }
  if (maker.model.starts_with("\\2")) maker.model.remove_prefix(2);
  while (!maker.model.empty() && maker.model[0] == ' ') maker.model.remove_prefix(1);
  return maker;
}

}  // namespace gridtap::p1
