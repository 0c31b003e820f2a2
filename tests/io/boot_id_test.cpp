#include "io/boot_id.hpp"

#include <doctest/doctest.h>

#include <filesystem>

using namespace gridtap;

TEST_CASE("boot id: the same within one boot, one word") {
  const std::string id = io::boot_id();
  CHECK(id == io::boot_id());
  CHECK(id.find_first_of(" \n") == id.npos);
  CHECK(id.empty() != std::filesystem::exists("/proc/sys/kernel/random/boot_id"));
}
