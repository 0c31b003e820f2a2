#include "io/login_secrets.hpp"

#include <doctest/doctest.h>

#include <set>

using namespace gridtap;

TEST_CASE("login secrets: the digest is that of the standard") {
  CHECK(io::sha256("abc") == "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD");
  CHECK(io::sha256("") == "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855");
  CHECK(io::sha256(std::string(100'000, 'x')).size() == 64);
}

TEST_CASE("login secrets: no two are the same, and none is short") {
  std::set<std::string> all;
  for (int n = 0; n < 1000; ++n) {
    const std::string bits = io::random_bits();
    CHECK(bits.size() == 32);
    CHECK(bits.find_first_not_of("0123456789ABCDEF") == bits.npos);
    all.insert(bits);
  }
  CHECK(all.size() == 1000);
}
