// The search for SunSpec and the walk along its chain: whatever a device answers, it ends.
#include "adapters/sunspec/walker.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "support/sunspec_map.hpp"
#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::sunspec;

namespace {

struct Walked {
  std::string models;
  int requests = 0;
  bool found, broken, too_long;
};

// Walks an image; a register that is not there refuses the whole request.
Walked walk(const RegisterImage& image, std::optional<std::uint16_t> base = {},
            std::uint16_t most = 125) {
  Walker walker(base, most);
  Walked walked{};
  while (const auto range = walker.next()) {
    REQUIRE(++walked.requests < 400);
    REQUIRE(range->count <= most);
    std::vector<std::uint16_t> words;
    for (unsigned n = 0; n < range->count; ++n) {
      const auto at = image.find(static_cast<std::uint16_t>(range->address + n));
      if (range->address + n <= 0xFFFF && at != image.end()) words.push_back(at->second);
    }
    if (words.size() == range->count) {
      walker.take(words);
    } else {
      walker.refuse();
    }
  }
  for (const FoundModel& model : walker.models()) {
    walked.models += std::to_string(model.id) + '@' + std::to_string(model.address) + '+' +
                     std::to_string(model.length) + ' ';
  }
  walked.found = walker.found();
  walked.broken = walker.broken();
  walked.too_long = walker.too_long();
  return walked;
}

TestMap small(std::uint16_t base = 40000) {
  TestMap map(base);
  map.add(1, 65);
  map.add(103, 50);
  return map;
}

}  // namespace

TEST_CASE("sunspec walker: it looks at 40000, 0 and 50000, or at the configured address") {
  for (const std::uint16_t base : {std::uint16_t{40000}, std::uint16_t{0}, std::uint16_t{50000}}) {
    const Walked walked = walk(small(base).end().image);
    CHECK(walked.found);
    CHECK(walked.models ==
          "1@" + std::to_string(base + 2) + "+65 103@" + std::to_string(base + 69) + "+50 ");
  }
  CHECK_FALSE(walk(small(30000).end().image).found);
  CHECK(walk(small(30000).end().image, 30000).found);
  CHECK_FALSE(walk({}).found);
}

TEST_CASE("sunspec walker: every end that makers have keeps what was found before") {
  const std::string whole = "1@40002+65 103@40069+50 ";
  TestMap zero = small();
  zero.set(40121, 0);
  zero.set(40122, 0);
  CHECK(walk(zero.image).models == whole);
  CHECK_FALSE(walk(zero.image).broken);
  TestMap lone = small();  // only the id can be read
  lone.set(40121, 0xFFFF);
  CHECK(walk(lone.image).models == whole);
  CHECK_FALSE(walk(lone.image).broken);
  CHECK(walk(small().image).models == whole);  // no end at all
  CHECK(walk(small().image).broken);
}

TEST_CASE("sunspec walker: slices save requests, and headers do where slices are refused") {
  TestMap map;
  for (std::uint16_t n = 0; n < 20; ++n) map.add(static_cast<std::uint16_t>(64000 + n), 60);
  map.end();
  for (unsigned n = 0; n < 125; ++n) {
    if (!map.image.contains(static_cast<std::uint16_t>(41244 + n))) map.set(41244 + n, 0);
  }
  CHECK(walk(map.image).requests <= 14);
  TestMap holes = map;
  holes.image.erase(40010);  // inside a model: the slice cannot be read, headers can
  const Walked walked = walk(holes.image);
  CHECK(std::count(walked.models.begin(), walked.models.end(), ' ') == 20);
  CHECK(walk(map.image, {}, 16).models == walked.models);
}

TEST_CASE("sunspec walker: a chain without end, or of any words, ends all the same") {
  RegisterImage mirror;
  for (unsigned n = 0; n < 0x10000; ++n)
    mirror[static_cast<std::uint16_t>(n)] = n % 2 == 0 ? 0x5375 : 0x6E53;
  CHECK(walk(mirror).requests < 400);
  RegisterImage zeros;
  for (unsigned n = 0; n < 0x10000; ++n) zeros[static_cast<std::uint16_t>(n)] = 1;
  zeros[40000] = 0x5375;
  zeros[40001] = 0x6E53;
  const Walked ones = walk(zeros);
  CHECK(std::count(ones.models.begin(), ones.models.end(), ' ') == Walker::most_models);
  Dice dice(7);
  for (int n = 0; n < 200; ++n) {
    RegisterImage random;
    for (unsigned at = 39990; at < 42000; ++at) {
      if (dice(50) > 0)
        random[static_cast<std::uint16_t>(at)] = static_cast<std::uint16_t>(dice(200));
    }
    random[40000] = 0x5375;
    random[40001] = 0x6E53;
    (void)walk(random);
  }
}

TEST_CASE("sunspec walker: a model up to the last register, and beyond it") {
  TestMap map(65400);
  map.add(64000, 132);  // ends at 65535
  CHECK(walk(map.image, 65400).models == "64000@65402+132 ");
  TestMap over;
  over.set(40002, 64000);
  over.set(40003, 65535);
  CHECK(walk(over.image).models == "64000@40002+65535 ");
}

TEST_CASE("sunspec walker: a hundred models are all, and a further one is noticed") {
  TestMap map;
  for (std::size_t n = 0; n < Walker::most_models; ++n) map.add(64000, 1);
  TestMap longer = map;
  longer.add(64001, 1);
  for (const std::uint16_t most : {std::uint16_t{125}, std::uint16_t{2}}) {
    CAPTURE(most);
    CHECK_FALSE(walk(map.end().image, {}, most).too_long);
    CHECK(walk(longer.end().image, {}, most).too_long);
  }
}
