// What of an hour survives a restart, and what an absence leaves of it.

#include <doctest/doctest.h>

#include "hour_rig.hpp"

#include <cstdint>

using namespace gridtap;
using namespace std::chrono_literals;
using test::after_an_hour;
using test::noon;
using Rig = test::HourRig;

TEST_CASE("hour meter: a restart goes on where it was") {
  Rig rig;
  rig.power(3600);
  rig.total(5'000'000);
  rig.draw(3600, 1790s);
  const std::string kept = rig.kept();
  rig.restart(20s, kept);
  rig.power(3600);
  CHECK(rig.running() == "1790000");
  rig.draw(3600, 1780s);
  rig.total(5'003'580);
  CHECK(rig.hours() == "12:00 3580\n");
}

TEST_CASE("hour meter: a long absence within the hour leaves it unknown until the list") {
  Rig rig;
  rig.power(3600);
  rig.total(5'000'000);
  rig.draw(3600, 600s);
  rig.restart(20min, rig.kept());
  rig.power(3600);
  CHECK(rig.running() == "none");
  rig.draw(3600, 3600s - 610s - 1200s);
  rig.total(5'003'400);
  CHECK(rig.hours() == "12:00 3400\n");
}

TEST_CASE("hour meter: hours of an absence are shared by time, and count for no tariff") {
  Rig rig;
  std::int64_t wh = 7000;
  rig.meter.sample({Decimal{3600, 0}, Decimal{wh, -3}}, rig.now);
  rig.count(wh, 3600, 1h);
  CHECK(rig.hours() == "12:00 3600\n");
  rig.count(wh, 3600, 30min);
  rig.restart(2h + 10min, rig.kept());
  wh += 7800;
  rig.total(wh);
  CHECK(rig.hours() == "13:00 3600~!\n14:00 3600~!\n");
  rig.count(wh, 3600, 20min);
  CHECK(rig.hours() == "15:00 3600~!\n");
}

TEST_CASE("hour meter: after days away nothing is made up") {
  Rig rig = after_an_hour(3600);
  rig.restart(24h * 5, rig.kept());
  rig.power(3600);
  rig.total(6'000'000);
  CHECK(rig.hours() == "");
  rig.draw(3600, 1h);
  rig.total(6'003'600);
  CHECK(rig.hours() == "133:00 3600\n");
}

TEST_CASE("hour meter: a record that makes no sense is not taken") {
  const Rig rig = after_an_hour(3600);
  const auto restored = [](const auto& change) {
    RecordWriter record;
    change(record);
    HourMeter meter;
    meter.restore(Record(record.text()), "hours");
    RecordWriter out;
    meter.keep(out, "hours");
    return !out.text().empty();
  };
  const std::int64_t time = (noon + 10min).time_since_epoch().count();
  const std::int64_t start = noon.time_since_epoch().count();
  const auto base = [&](RecordWriter& record) -> RecordWriter& {
    return record.add("hours.time", time, 3'600'000).add("hours.register", 5000, time, 0, 0);
  };
  CHECK(restored([&](RecordWriter& r) { base(r).add("hours.piece", start, 0, 0, 0); }));
  CHECK_FALSE(restored([&](RecordWriter& r) { base(r); }));
  CHECK_FALSE(restored([&](RecordWriter& r) { base(r).add("hours.piece", start + 1, 0, 0, 0); }));
  CHECK_FALSE(restored([&](RecordWriter& r) { base(r).add("hours.piece", start, -1, 0, 0); }));
  CHECK_FALSE(restored([&](RecordWriter& r) { base(r).add("hours.piece", start, 0, 0); }));
  CHECK_FALSE(restored([&](RecordWriter& r) {
    base(r).add("hours.piece", start, 0, 0, 0).add("hours.border", start, 6000, 0, 0, 0);
  }));
  CHECK_FALSE(restored([&](RecordWriter& r) {
    r.add("hours.time", time, 900'000).add("hours.piece", start, 0, 0, 0);
  }));
}
