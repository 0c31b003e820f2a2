// The addresses of devices that share a line.
#include "parts/addresses.hpp"

#include <doctest/doctest.h>

#include "support/settings.hpp"

using namespace gridtap;

namespace {

constexpr AddressRule rule{"address", 1, 99, 3, "an address is listed twice", "at most 3 meters"};

struct Read {
  explicit Read(std::vector<Member> members) : rig(std::move(members)) {
    Section section = rig.section();
    found = read_addresses(section, rule);
    section.finish();
    problems = rig.problems();
  }
  SectionRig rig;
  std::vector<std::int64_t> found;
  std::string problems;
};

Member addresses(std::vector<const char*> texts) {
  std::vector<Setting> items;
  for (const char* text : texts) items.push_back(plain(text));
  return {"address", list_of(std::move(items))};
}

}  // namespace

TEST_CASE("addresses: none is 1, and one need not be a list") {
  CHECK(Read(std::vector<Member>{}).found == std::vector<std::int64_t>{1});
  const Read one({{"address", plain("7")}});
  CHECK(one.found == std::vector<std::int64_t>{7});
  CHECK(one.problems == "");
}

TEST_CASE("addresses: several keep their order") {
  const Read it({addresses({"7", "3", "5"})});
  CHECK(it.found == std::vector<std::int64_t>{7, 3, 5});
  CHECK(it.problems == "");
}

TEST_CASE("addresses: twice the same, too many, or beyond the limits is a problem") {
  CHECK(Read({addresses({"7", "3", "7"})}).problems.find("listed twice") != std::string::npos);
  CHECK(Read({addresses({"1", "2", "3", "4"})}).problems.find("at most 3") != std::string::npos);
  CHECK(Read({addresses({"1", "100"})}).problems.find("address") != std::string::npos);
}
