// What measured powers prove of counters that are held back.
#include "parts/total_evidence.hpp"

#include <doctest/doctest.h>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

constexpr Mono begin{};
constexpr Decimal kwh(std::int64_t watt_hours) { return {watt_hours, -3}; }

// A power each ten seconds, from the first moment until the second.
void play(TotalEvidence& evidence, Flow flow, std::int64_t watts, std::chrono::seconds from,
          std::chrono::seconds until) {
  for (; from <= until; from += 10s) evidence.power(flow, {watts, 0}, begin + from);
}

}  // namespace

TEST_CASE("total evidence: powers and counters of the whole connection have a flow, phases none") {
  CHECK(flow_of_power("power_import") == Flow::import);
  CHECK(flow_of_power("power_export") == Flow::exported);
  CHECK(flow_of_power("power") == Flow::produced);
  CHECK_FALSE(flow_of_power("power_import_l1"));
  CHECK_FALSE(flow_of_power("reactive_power_import"));
  CHECK(flow_of_energy("energy_import") == Flow::import);
  CHECK(flow_of_energy("energy_import_t12") == Flow::import);
  CHECK(flow_of_energy("energy_export_t2") == Flow::exported);
  CHECK(flow_of_energy("energy_produced") == Flow::produced);
  for (const char* key : {"energy_import_l1", "reactive_energy_import", "energy_imported", "gas"}) {
    CAPTURE(key);
    CHECK_FALSE(flow_of_energy(key));
  }
}

TEST_CASE("total evidence: a rise is explained where powers add up to it within a fifth") {
  TotalEvidence evidence;
  play(evidence, Flow::import, 360'000, 0s, 0s);
  evidence.counted(3, Flow::import, begin);
  play(evidence, Flow::import, 360'000, 10s, 100s);
  const auto explains = [&](std::int64_t watt_hours) {
    return evidence.explains(3, Flow::import, kwh(watt_hours), begin + 100s);
  };
  CHECK(explains(10'000));
  CHECK(explains(11'900));
  CHECK(explains(8'100));
  CHECK_FALSE(explains(12'100));
  CHECK_FALSE(explains(7'900));
  CHECK_FALSE(explains(100'000));
  CHECK_FALSE(evidence.explains(2, Flow::import, kwh(10'000), begin + 100s));    // never counted
  CHECK_FALSE(evidence.explains(3, Flow::exported, kwh(10'000), begin + 100s));  // no such power
}

TEST_CASE("total evidence: a hole in the powers explains nothing") {
  TotalEvidence evidence;
  play(evidence, Flow::import, 360'000, 0s, 0s);
  evidence.counted(0, Flow::import, begin);
  play(evidence, Flow::import, 360'000, 60s, 100s);
  CHECK_FALSE(evidence.explains(0, Flow::import, kwh(10'000), begin + 100s));
}

namespace {

// What is proved of tariff 2 after that time, where tariff 1 grows by `grown` and it by nothing.
std::size_t proved(std::int64_t watts, std::int64_t grown, std::chrono::hours time,
                   bool tariffs = true) {
  TotalEvidence evidence;
  play(evidence, Flow::import, watts, 0s, 0s);
  evidence.held(0, Flow::import, tariffs, kwh(0), begin, begin);
  evidence.held(1, Flow::import, true, kwh(0), begin, begin);
  play(evidence, Flow::import, watts, 10s, time);
  evidence.held(0, Flow::import, tariffs, kwh(grown), begin, begin + time);
  return evidence.another_meter(1, begin + time).size();
}

}  // namespace

TEST_CASE("total evidence: tariffs that grow together as the powers say are another meter's") {
  CHECK(proved(1000, 24'000, 24h) == 2);
  CHECK(proved(1000, 23'000, 23h) == 0);         // a day it takes
  CHECK(proved(1000, 12'000, 24h) == 0);         // half of it went elsewhere
  CHECK(proved(1000, 240'000, 24h) == 0);        // another unit
  CHECK(proved(0, 0, 24h) == 0);                 // a register that rests proves nothing
  CHECK(proved(1000, 24'000, 24h, false) == 0);  // the total is not one of the tariffs
}

TEST_CASE("total evidence: what was held anew begins anew, and what was released is gone") {
  TotalEvidence evidence;
  play(evidence, Flow::import, 1000, 0s, 0s);
  evidence.held(0, Flow::import, false, kwh(0), begin, begin);
  play(evidence, Flow::import, 1000, 10s, 24h);
  evidence.held(0, Flow::import, false, kwh(24'000), begin, begin + 24h);
  CHECK(evidence.another_meter(0, begin + 24h).size() == 1);
  evidence.held(0, Flow::import, false, kwh(5), begin + 24h, begin + 24h);
  CHECK(evidence.another_meter(0, begin + 24h).empty());
  evidence.released(0);
  CHECK(evidence.another_meter(0, begin + 72h).empty());
  evidence.forget();
  CHECK_FALSE(evidence.explains(0, Flow::import, kwh(1), begin + 72h));
}
