// What a unit consists of: walked once, looked at after a reconnect, walked again when in doubt.
#include "adapters/sunspec/discovery.hpp"

#include <doctest/doctest.h>

#include "support/sunspec_map.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;
using namespace std::chrono_literals;

namespace {

using Found = Discovery::Found;

struct Rig {
  explicit Rig(TestMap map) : image(std::move(map.image)) { discovery.open(now, 125); }

  // Answers until it has nothing to ask; the number of reads.
  int run() {
    int reads = 0;
    while (const auto range = discovery.next()) {
      REQUIRE(++reads < 400);
      std::vector<std::uint16_t> words;
      for (unsigned at = range->address; at < range->end(); ++at) {
        const auto word = image.find(static_cast<std::uint16_t>(at));
        if (word != image.end()) words.push_back(word->second);
      }
      if (words.size() == range->count) {
        discovery.take(words, now, 125);
      } else {
        discovery.refuse(now, 125);
      }
    }
    return reads;
  }
  int reopen() {
    discovery.open(now, 125);
    return run();
  }

  Mono now{1h};
  RegisterImage image;
  Discovery discovery{{}};
};

TestMap inverter(std::uint16_t common_length = 66, std::uint16_t base = 40000) {
  TestMap map(base);
  map.add(1, common_length);
  map.add(103, 50);
  return map.end();
}

Rig found(TestMap map) {
  Rig rig(std::move(map));
  rig.run();
  CHECK(rig.discovery.conclude() == Found::another);
  return rig;
}

}  // namespace

TEST_CASE("sunspec discovery: a chain that is found ends the search") {
  Rig rig(inverter());
  CHECK(rig.discovery.walking());
  CHECK(rig.run() > 2);
  CHECK_FALSE(rig.discovery.over());  // until the owner has looked at it
  CHECK(rig.discovery.conclude() == Found::another);
  CHECK(rig.discovery.over());
  CHECK_FALSE(rig.discovery.walking());
  REQUIRE(rig.discovery.chain().size() == 2);
  CHECK(rig.discovery.chain()[1].id == 103);
}

TEST_CASE("sunspec discovery: nothing found, or a marker without models, is nothing") {
  Rig rig(inverter(66, 30000));
  rig.run();
  CHECK(rig.discovery.conclude() == Found::nothing);
  CHECK_FALSE(rig.discovery.over());
  TestMap empty;
  Rig bare(empty.end());
  bare.run();
  CHECK(bare.discovery.conclude() == Found::nothing);
}

TEST_CASE("sunspec discovery: after a reconnect two reads are enough where nothing moved") {
  Rig rig = found(inverter());
  CHECK(rig.reopen() == 2);
  CHECK(rig.discovery.over());
}

TEST_CASE("sunspec discovery: after a reconnect a chain that moved is walked again") {
  Rig rig = found(inverter(66));
  rig.image = inverter(65).image;  // firmware with the other length of the common model
  CHECK(rig.reopen() > 2);
  CHECK(rig.discovery.conclude() == Found::another);
  CHECK(rig.discovery.chain()[1].address == 40069);
}

TEST_CASE("sunspec discovery: a marker that is gone, or refused, means another search") {
  Rig rig = found(inverter());
  rig.image = inverter(66, 0).image;
  rig.reopen();
  CHECK(rig.discovery.conclude() == Found::another);
  CHECK(rig.discovery.chain()[0].address == 2);
  rig.image[0] = 0;
  rig.reopen();
  CHECK(rig.discovery.conclude() == Found::nothing);
}

TEST_CASE("sunspec discovery: a last model of another id or length is another chain") {
  for (const auto& [place, word] : {std::pair{40070, 101}, std::pair{40071, 60}}) {
    Rig rig = found(inverter());
    rig.image[static_cast<std::uint16_t>(place)] = static_cast<std::uint16_t>(word);
    CHECK(rig.reopen() > 2);
    CHECK(rig.discovery.conclude() == Found::another);
  }
}

TEST_CASE("sunspec discovery: a chain that broke off is not trusted after a reconnect") {
  TestMap endless;
  endless.add(1, 66);
  endless.add(103, 50);
  Rig rig = found(endless);
  CHECK(rig.reopen() > 2);
  CHECK(rig.discovery.conclude() == Found::the_same);
}

TEST_CASE("sunspec discovery: once a day, and after a doubt, the chain is walked again") {
  Rig rig = found(inverter());
  rig.now += 23h;
  CHECK_FALSE(rig.discovery.too_old(rig.now));
  rig.now += 1h;
  CHECK(rig.discovery.too_old(rig.now));
  CHECK(rig.reopen() > 2);
  CHECK(rig.discovery.conclude() == Found::the_same);
  rig.discovery.doubt(rig.now, 10s);
  CHECK_FALSE(rig.discovery.too_old(rig.now));
  CHECK(rig.discovery.too_old(rig.now + 10s));
}

TEST_CASE("sunspec discovery: a check that was broken off begins with the marker again") {
  Rig rig = found(inverter());
  rig.discovery.open(rig.now, 125);
  rig.discovery.take({0x5375, 0x6E53}, rig.now, 125);
  CHECK(rig.discovery.next() == modbus::Range{40070, 2});
  rig.discovery.retry();
  CHECK(rig.discovery.next() == modbus::Range{40000, 2});
  CHECK(rig.run() == 2);
}
