#pragma once
// The addresses of devices that share a line or connection, as the configuration lists them: one or
// several, each once.

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/section.hpp"

namespace gridtap {

struct AddressRule {
  std::string_view key;
  std::int64_t least, most;
  std::size_t max_count;
  std::string_view twice, too_many;  // what is wrong, as problems of the section
};

// 1 where the section names none. Problems are the section's.
std::vector<std::int64_t> read_addresses(Section& section, const AddressRule& rule);

}  // namespace gridtap
