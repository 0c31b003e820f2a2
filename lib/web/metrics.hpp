#pragma once
// All values of the house for a monitoring system: Prometheus' text format 0.0.4, and OpenMetrics
// 1.0. Pure: what the model does not know of the process is passed in.
//
//   # HELP gridtap_energy_import_t1_kilowatthours_total Energy import T1
//   # TYPE gridtap_energy_import_t1_kilowatthours_total counter
//   gridtap_energy_import_t1_kilowatthours_total{device="meter",site="home"} 12784.325

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/model.hpp"

namespace gridtap::web {

// Of the configuration, for every sample: {"site", "home"}.
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

// Why a label cannot have this name, and what to do; nothing where it can.
std::optional<std::string> metric_label_problem(std::string_view name);

struct ProcessFigures {
  std::string version;
  std::uint64_t resident_bytes = 0;
  std::chrono::milliseconds cpu_time{0};
  std::optional<bool> mqtt_connected = {};  // nothing where no broker is configured
};

enum class MetricsForm : std::uint8_t { text, open_metrics };
// The form that the Accept field of a request prefers; the text format where it says nothing.
MetricsForm metrics_form(std::string_view accept);
// Of the answer, lives as long as the program.
std::string_view metrics_type(MetricsForm form);

// A device that is offline has no sample except gridtap_device_online 0: a monitoring system shows
// a gap then, and no line of old values.
// REQUIRES: metric_label_problem() has nothing against the names of `labels`.
std::string metrics(const model::Model& model, const MetricLabels& labels,
                    const ProcessFigures& process, MetricsForm form);

}  // namespace gridtap::web
