#include "adapters/sunspec/profiles.hpp"

#include <algorithm>
#include <iterator>

namespace gridtap::sunspec {
namespace {

constexpr Profile table[] = {
    {.maker = "elgris", .inverted_factors = true},
    {.maker = "kostal", .signed_accumulators = true, .single_writes = true},
    {.maker = "sma", .unverifiable_controls = true},
    {.maker = "solaredge", .unsigned_codes = true},
};
constexpr Profile plain{.maker = ""};

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

// As a whole word: SMARTFOX is not SMA.
bool begins(std::string_view name, std::string_view begin) {
  const bool ends =
      name.size() == begin.size() || (name.size() > begin.size() && !is_letter(name[begin.size()]));
  return ends && std::equal(begin.begin(), begin.end(), name.begin(), [](char wanted, char found) {
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
