#include "adapters/p1/meters.hpp"

namespace gridtap::p1 {

const std::string_view simulated_meters =
    "dsmr5,dsmr5_1ph,dsmr42,dsmr30,dsmr22,belgium,luxembourg,austria,sweden,lithuania,hungary";

const PlayedMeter* find_played_meter(std::string_view name) {
  for (const auto meters : {dutch_meters(), other_meters()}) {
    for (const PlayedMeter& meter : meters) {
      if (meter.name == name) return &meter;
    }
  }
  return nullptr;
}

}  // namespace gridtap::p1
