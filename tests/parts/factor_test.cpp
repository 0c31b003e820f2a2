#include "parts/factor.hpp"

#include <doctest/doctest.h>

#include "support/settings.hpp"

using namespace gridtap;

namespace {

struct Read {
  std::string factor, problems;
};

Read read(std::vector<Member> settings) {
  SectionRig rig(std::move(settings));
  Section section = rig.section();
  const Decimal factor = read_factor(section);
  section.finish();
  return {to_text(factor), rig.problems()};
}

}  // namespace

TEST_CASE("factor: what multiplies nothing, or turns the sign, is a problem, and counts as 1") {
  for (const char* text : {"0", "-1", "0.0", "100001", "100000.1"}) {
    CAPTURE(text);
    const Read found = read({{"factor", plain(text)}});
    CHECK(found.factor == "1");
    CHECK(found.problems == "FILE:1:9: factor: must be above 0, and at most 100000\n");
  }
}

TEST_CASE("factor: what is no number is a problem of its own") {
  for (const char* text : {"200/5", "40x", "1e2"}) {
    const Read found = read({{"factor", plain(text)}});
    CHECK(found.factor == "1");
    CHECK_FALSE(found.problems.empty());
  }
}

TEST_CASE("factor: without one it is 1, else what is written, with its decimals") {
  CHECK(read({}).factor == "1");
  for (const char* text : {"1", "40", "0.5", "2.50", "100000"}) {
    const Read found = read({{"factor", plain(text)}});
    CHECK(found.factor == text);
    CHECK(found.problems.empty());
  }
}
