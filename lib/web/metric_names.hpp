#pragma once
// What a value is called in the metrics: the key of the vocabulary, and its unit in full.

#include <string>
#include <string_view>

#include "model/entity.hpp"

namespace gridtap::web {

enum class MetricType : std::uint8_t { gauge, counter, info, unknown };

struct MetricName {
  std::string base;  // gridtap_power_import_watts; of a counter without _total
  std::string unit;  // watts; empty: none
  MetricType type = MetricType::gauge;
};

// "kilowatthours" of "kWh"; "joules" of "GJ", which monitoring systems want without a prefix; a
// unit that is not known in lower case, `_` for what no name may hold.
std::string unit_in_words(std::string_view unit);
// The value in the unit of those words: 1.5 GJ are 1500000000 joules.
Decimal in_base_unit(Decimal value, std::string_view unit);

// Of an entity that has a value which can be a sample.
MetricName metric_name(const model::Entity& entity);

// Names that are our own, whatever keys a configuration makes.
inline constexpr std::string_view device_online_metric = "gridtap_device_online";
inline constexpr std::string_view frames_metric = "gridtap_frames";
inline constexpr std::string_view mqtt_metric = "gridtap_mqtt_connected";
inline constexpr std::string_view build_metric = "gridtap_build";

}  // namespace gridtap::web
