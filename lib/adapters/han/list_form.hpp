#pragma once
// What a list of unknown form looks like, for a report: counts, types, codes and the maker. It
// holds no number of the meter, and of texts the first three characters: the user of a ciphered
// meter can give it away without his key.
//
//   structure of 9: octets(12), uint32 x8; LGZ

#include <string>
#include <string_view>

#include "codec/axdr.hpp"

namespace gridtap::han {

// `title`: the system title of a ciphered list, or nothing.
std::string form_of(const AxdrTree& nodes, std::string_view title);

}  // namespace gridtap::han
