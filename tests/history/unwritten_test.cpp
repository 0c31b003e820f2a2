// Quarter-hours that wait for the file: what is replaced, what goes when there are too many.
#include "history/unwritten.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "history/slot_rig.hpp"

using namespace gridtap;
using namespace gridtap::history;

namespace {

Slot quarter(int n, std::int64_t value) {
  return {first + Quarters{n}, value, 100 * n, 100 * n + value, 900};
}

}  // namespace

TEST_CASE("unwritten: of too many the oldest go, and an increase is added to what stays") {
  Unwritten growth(SeriesKind::growth), means(SeriesKind::mean);
  for (int n = 0; n < 300; ++n) {
    growth.add(quarter(n, 7));
    means.add(quarter(n, 7));
  }
  CHECK(growth.trim() == 108);
  CHECK(means.trim() == 108);
  CHECK(growth.slots().size() == Unwritten::max_slots);
  CHECK(sum(growth.hand_out()) == 300 * 7);
  CHECK(growth.slots().front() == Slot{first + Quarters{108}, 109 * 7, 0, 10'807, 0});
  CHECK(means.slots().front() == quarter(108, 7));
  CHECK(growth.trim() == 0);
}

TEST_CASE("unwritten: a newer one of the same time takes the place of the last") {
  Unwritten all(SeriesKind::growth);
  all.add(quarter(0, 5));
  all.add(quarter(0, 9));
  CHECK(all.hand_out() == std::vector<Slot>{quarter(0, 9)});
}

TEST_CASE("unwritten: what is handed out stays until it is written") {
  Unwritten all(SeriesKind::growth);
  all.add(quarter(0, 5));
  CHECK(all.hand_out().size() == 1);
  all.add(quarter(0, 6));  // the same time, while that one is being written
  all.add(quarter(1, 7));
  all.not_written();
  CHECK(all.hand_out() == std::vector<Slot>{quarter(0, 5), quarter(0, 6), quarter(1, 7)});
  all.add(quarter(2, 8));
  all.written();
  CHECK(all.hand_out() == std::vector<Slot>{quarter(2, 8)});
  all.written();
  CHECK(all.slots().empty());
  all.written();
}

TEST_CASE("unwritten: what is being written may go first, and then is not added") {
  Unwritten all(SeriesKind::growth);
  for (int n = 0; n < 10; ++n) all.add(quarter(n, 1));
  all.hand_out();
  for (int n = 10; n < 250; ++n) all.add(quarter(n, 1));
  CHECK(all.trim() == 58);
  all.written();
  CHECK(sum(all.hand_out()) == 240);
}
