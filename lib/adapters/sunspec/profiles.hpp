#pragma once
// What makers do their own way (sunspec.md 9): data, by the manufacturer's name in the common
// model.

#include <string_view>

namespace gridtap::sunspec {

struct Profile {
  std::string_view maker;              // the first word of the name, in small letters
  bool unverifiable_controls = false;  // model 123 reads back what was never set: never a state
  bool signed_accumulators = false;    // negative numbers in acc32
  bool single_writes = false;          // function 16 is refused on controls: use 6
  bool inverted_factors = false;       // scale factors have the wrong sign
  bool unsigned_codes = false;         // FFFF in a signed point of 701 is "not implemented"
};

// The row of a maker, or one without any peculiarity.
const Profile& profile_of(std::string_view maker);

}  // namespace gridtap::sunspec
