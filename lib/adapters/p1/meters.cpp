#include "adapters/p1/meters.hpp"

namespace gridtap::p1 {

const PlayedMeter* find_played_meter(std::string_view name) {
  for (const auto meters : {dutch_meters(), other_meters()}) {
    for (const PlayedMeter& meter : meters) {
      if (meter.name == name) return &meter;
    }
  }
  return nullptr;
}

}  // namespace gridtap::p1
