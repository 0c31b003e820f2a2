#include "parts/scratch.hpp"

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

using gridtap::Scratch;

namespace {

bool is_inside(const Scratch& scratch, const void* at) {
  const auto begin = reinterpret_cast<std::uintptr_t>(&scratch);
  const auto place = reinterpret_cast<std::uintptr_t>(at);
  return place >= begin && place < begin + sizeof scratch;
}

}  // namespace

TEST_CASE("scratch: what does not fit is on the heap, and what came before stays as it is") {
  Scratch scratch;
  std::pmr::vector<int> small(100, 7, scratch.memory());
  std::pmr::vector<int> large(Scratch::bytes, 8, scratch.memory());
  CHECK(is_inside(scratch, small.data()));
  CHECK_FALSE(is_inside(scratch, large.data()));
  CHECK(small == std::pmr::vector<int>(100, 7));
  CHECK(large.back() == 8);
}

TEST_CASE("scratch: two lists do not share bytes, and both are aligned for anything") {
  Scratch scratch;
  std::pmr::vector<char> odd(3, 'x', scratch.memory());
  std::pmr::vector<std::max_align_t> wide(2, scratch.memory());
  CHECK(reinterpret_cast<std::uintptr_t>(wide.data()) % alignof(std::max_align_t) == 0);
  CHECK(static_cast<const void*>(wide.data()) != static_cast<const void*>(odd.data()));
  wide.assign(2, {});
  CHECK(odd == std::pmr::vector<char>(3, 'x'));
}
