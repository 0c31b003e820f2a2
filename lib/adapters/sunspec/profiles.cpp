#include "adapters/sunspec/profiles.hpp"

#include <algorithm>
#include <iterator>

namespace gridtap::sunspec {
namespace {

constexpr Profile table[] = {
    {.maker = "elgris", .inverted_factors = true},
    {.maker = "kostal", .signed_accumulators = true, .single_writes = true},
    {.maker = "sma", .unverifiable_controls = true},
};
constexpr Profile plain{.maker = ""};

bool begins(std::string_view name, std::string_view begin) {
  return name.size() >= begin.size() &&
         std::equal(begin.begin(), begin.end(), name.begin(), [](char wanted, char found) {
           return wanted ==
                  (found >= 'A' && found <= 'Z' ? static_cast<char>(found - 'A' + 'a') : found);
         });
}

}  // namespace

const Profile& profile_of(std::string_view maker) {
  const auto* const found =
      std::find_if(std::begin(table), std::end(table),
                   [&](const Profile& row) { return begins(maker, row.maker); });
  return found == std::end(table) ? plain : *found;
}

}  // namespace gridtap::sunspec
