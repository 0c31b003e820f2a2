#include "parts/kept_sum.hpp"

#include <cstdint>

#include <doctest/doctest.h>

using namespace gridtap;

TEST_CASE("kept sum: power cuts at any time never show less than before") {
  std::int64_t sum_on_disk = 0, bound_on_disk = 0, shown = 0, held = 0;
  for (int cut = 0; cut < 20; ++cut) {
    KeptSum sum(100);
    sum.restore(sum_on_disk, bound_on_disk);
    for (int n = 0; n < 37 * cut; ++n) {
      if (sum.take_unkept()) {
        sum_on_disk = sum.sum();
        bound_on_disk = sum.bound();
      }
      sum.add(n % 7);
      held += sum.shown() ? 0 : 1;
      if (!sum.shown()) continue;
      CHECK(*sum.shown() >= shown);
      shown = *sum.shown();
    }
  }
  CHECK(shown > 0);
  CHECK(held > 0);
}

TEST_CASE("kept sum: an orderly end holds nothing back, and while it was held it stays so") {
  KeptSum sum(100);
  sum.add(7);
  sum.stop();
  CHECK(sum.bound() == 7);
  KeptSum next(100);
  next.restore(sum.sum(), sum.bound());
  CHECK(next.shown() == 7);
  KeptSum cut(100);
  cut.restore(next.sum(), next.bound());
  CHECK_FALSE(cut.shown());
  cut.add(50);
  cut.stop();
  CHECK(cut.bound() == 107);
}

TEST_CASE("kept sum: it asks to be kept at the start, and again with half of the reserve left") {
  KeptSum sum(100);
  CHECK(sum.take_unkept());
  sum.add(50);
  CHECK_FALSE(sum.take_unkept());
  sum.add(1);
  CHECK(sum.take_unkept());
  CHECK(sum.bound() == 151);
  CHECK_FALSE(sum.take_unkept());
}
