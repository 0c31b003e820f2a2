#include "parts/addresses.hpp"

#include <set>
#include <string>

namespace gridtap {

std::vector<std::int64_t> read_addresses(Section& section, const AddressRule& rule) {
  auto addresses = section.integers(rule.key, rule.least, rule.most);
  if (addresses.empty()) return {1};
  if (std::set(addresses.begin(), addresses.end()).size() < addresses.size()) {
    section.problem(rule.key, std::string(rule.twice));
  }
  if (addresses.size() > rule.max_count) section.problem(rule.key, std::string(rule.too_many));
  return addresses;
}

}  // namespace gridtap
