#include "io/own_process.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

using namespace gridtap;
using namespace std::chrono_literals;

TEST_CASE("own process: memory that is written to is resident") {
  const std::uint64_t before = io::resident_bytes();
  CHECK(before > 100'000);
  const std::string more(50'000'000, 'x');
  CHECK(io::resident_bytes() >= before + more.size() / 2);
}

TEST_CASE("own process: the time of the processor only grows, and with work") {
  const auto before = io::cpu_time();
  std::uint64_t sum = 0;
  while (io::cpu_time() < before + 20ms) sum += 1;
  CHECK(sum > 0);
  CHECK(io::cpu_time() >= before + 20ms);
}

TEST_CASE("own process: the name of the machine has no domain") {
  const std::string name = io::machine_name();
  CHECK(name.find('.') == name.npos);
  char whole[256] = {};
  REQUIRE(::gethostname(whole, sizeof whole - 1) == 0);
  CHECK(std::string(whole).starts_with(name));
  CHECK_FALSE(name.empty());
}
