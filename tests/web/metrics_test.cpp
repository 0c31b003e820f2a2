// The metrics of a house in both forms: names, types, labels, and what is left out.
#include "web/metrics.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>

#include "model/model_rig.hpp"
#include "web/metric_names.hpp"

using namespace gridtap;
using namespace gridtap::web;
using namespace std::chrono_literals;

namespace {

// A meter with gas behind it, and the gateway.
struct House : model::ModelRig {
  House() : ModelRig({"meter", "other"}) {
    identify("meter", "E1");
    identify_child("meter", "1", "gas", "G1");
    for (const char* channel : {"", "1"}) say("meter", Alive{channel, 30s});
    process.version = "1.2.0";
    process.resident_bytes = 9'000'000;
    process.cpu_time = 12'345ms;
    process.mqtt_connected = true;
  }
  void second_meter() {
    identify("other", "E2");
    say("other", Alive{"", 30s});
  }
  std::string text(MetricsForm form = MetricsForm::text) const {
    return metrics(*model, labels, process, form);
  }
  bool shows(const std::string& line, MetricsForm form = MetricsForm::text) const {
    return ('\n' + text(form)).find('\n' + line + '\n') != std::string::npos;
  }
  MetricLabels labels;
  ProcessFigures process;
};

// What every reader of the text format demands: well-formed lines, a family in one piece, no sample
// twice. Returns the samples by name and labels.
std::map<std::string, std::string> samples_of(const std::string& text) {
  std::map<std::string, std::string> samples;
  std::set<std::string> families;
  std::string family, line;
  std::istringstream lines(text);
  while (std::getline(lines, line)) {
    CAPTURE(line);
    if (line == "# EOF") continue;
    if (line.starts_with("# HELP ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      CHECK(families.insert(family).second);
      continue;
    }
    if (line.starts_with("# ")) {
      CHECK(line.substr(7).starts_with(family + ' '));
      continue;
    }
    CHECK(line.starts_with(family));
    const std::size_t blank = line.rfind(' ');
    REQUIRE(blank != line.npos);
    CHECK(samples.emplace(line.substr(0, blank), line.substr(blank + 1)).second);
    CHECK(parse_decimal(line.substr(blank + 1)));
  }
  return samples;
}

}  // namespace

TEST_CASE("metrics: a reading has its unit in its name, its device as label, and its own digits") {
  House house;
  house.read("meter", "power_import", Decimal{244, 0});
  house.read("meter", "voltage_l1", Decimal{2304, -1});
  house.read("meter", "gas", Decimal{4871302, -3}, {}, "1");
  CHECK(house.shows("# HELP gridtap_power_import_watts Power import"));
  CHECK(house.shows("# TYPE gridtap_power_import_watts gauge"));
  CHECK(house.shows("gridtap_power_import_watts{device=\"meter\"} 244"));
  CHECK(house.shows("gridtap_voltage_l1_volts{device=\"meter\"} 230.4"));
  CHECK(house.shows("gridtap_gas_cubic_metres_total{device=\"meter_gas\",channel=\"1\"} 4871.302"));
}

TEST_CASE("metrics: what only grows is a counter, named as each of the forms wants it") {
  House house;
  house.read("meter", "energy_import_t1", Decimal{12784325, -3});
  const std::string base = "gridtap_energy_import_t1_kilowatthours";
  const std::string sample = base + "_total{device=\"meter\"} 12784.325";
  CHECK(house.shows("# TYPE " + base + "_total counter"));
  CHECK(house.shows(sample));
  CHECK(house.shows("# HELP " + base + " Energy import T1", MetricsForm::open_metrics));
  CHECK(house.shows("# TYPE " + base + " counter", MetricsForm::open_metrics));
  CHECK(house.shows("# UNIT " + base + " kilowatthours", MetricsForm::open_metrics));
  CHECK(house.shows(sample, MetricsForm::open_metrics));
  CHECK(house.text(MetricsForm::open_metrics).ends_with("\n# EOF\n"));
  CHECK(house.text().find("# UNIT") == std::string::npos);
  CHECK(house.text().find("# EOF") == std::string::npos);
}

TEST_CASE("metrics: an enum has a sample for each state, 1 for the one it is in") {
  House house;
  house.read("meter", "tariff_name", std::string_view("low"));
  CHECK(house.shows("# TYPE gridtap_tariff_name gauge"));
  CHECK(house.shows("gridtap_tariff_name{device=\"meter\",state=\"low\"} 1"));
  CHECK(house.shows("gridtap_tariff_name{device=\"meter\",state=\"normal\"} 0"));
  house.read("meter", "tariff_name", std::string_view("night"));  // one that came besides
  CHECK(house.shows("gridtap_tariff_name{device=\"meter\",state=\"low\"} 0"));
  CHECK(house.shows("gridtap_tariff_name{device=\"meter\",state=\"night\"} 1"));
  house.read("meter", "tariff", Decimal{2, 0});  // a number that stands for a state
  CHECK(house.shows("gridtap_tariff{device=\"meter\",state=\"2\"} 1"));
}

TEST_CASE("metrics: switches are 0 and 1, moments are seconds, texts and unknowns are left out") {
  House house;
  house.read("meter", "hour_limit_exceeded", true);
  house.read("meter", "last_power_failure", Timestamp{Instant{1'764'000'000'500ms}, 60min});
  house.read("meter", "message", std::string_view("hello"));
  house.read("meter", "power_export", Decimal{7, 0});
  house.read("meter", "power_export", Value{});
  CHECK(house.shows("gridtap_hour_limit_exceeded{device=\"meter\"} 1"));
  CHECK(
      house.shows("gridtap_last_power_failure_timestamp_seconds{device=\"meter\"} 1764000000.500"));
  CHECK(house.text().find("hello") == std::string::npos);
  CHECK(house.text().find("power_export") == std::string::npos);
}

TEST_CASE("metrics: an offline device has no sample but that it is offline") {
  House house;
  house.second_meter();
  house.read("meter", "power_import", Decimal{244, 0});
  house.read("other", "power_import", Decimal{300, 0});
  house.say("meter", Reading{"", "frames_ok", "rule", Decimal{5, 0}});
  house.say("meter", Alive{"", 0ms});
  const std::string text = house.text();
  CHECK(house.shows("gridtap_device_online{device=\"meter\"} 0"));
  CHECK(house.shows("gridtap_device_online{device=\"meter_gas\",channel=\"1\"} 0"));
  CHECK(house.shows("gridtap_device_online{device=\"other\"} 1"));
  CHECK(house.shows("gridtap_power_import_watts{device=\"other\"} 300"));
  const std::string label = "{device=\"meter";
  std::size_t of_meter = 0;
  for (std::size_t at = text.find(label); at != text.npos; at = text.find(label, at + 1)) {
    ++of_meter;
  }
  CHECK(of_meter == 2);
}

TEST_CASE("metrics: frames are one counter by result, the process tells of itself") {
  House house;
  house.say("meter", Reading{"", "frames_ok", "rule", Decimal{86400, 0}});
  house.say("meter", Reading{"", "frames_bad", "rule", Decimal{2, 0}});
  for (const char* line :
       {"gridtap_frames_total{device=\"meter\",result=\"ok\"} 86400",
        "gridtap_frames_total{device=\"meter\",result=\"bad\"} 2", "gridtap_mqtt_connected 1",
        "# TYPE gridtap_build_info gauge", "gridtap_build_info{version=\"1.2.0\"} 1",
        "process_resident_memory_bytes 9000000", "process_cpu_seconds_total 12.345"}) {
    CAPTURE(line);
    CHECK(house.shows(line));
  }
  CHECK(house.text().find("gridtap_frames_ok") == std::string::npos);
  CHECK(house.shows("# TYPE gridtap_build info", MetricsForm::open_metrics));
  CHECK(house.shows("gridtap_build_info{version=\"1.2.0\"} 1", MetricsForm::open_metrics));
  house.process.mqtt_connected = false;
  CHECK(house.shows("gridtap_mqtt_connected 0"));
  house.process.mqtt_connected.reset();
  CHECK(house.text().find("mqtt") == std::string::npos);
}

TEST_CASE("metrics: configured labels are in every sample, and none breaks a line") {
  House house;
  house.read("meter", "power_import", Decimal{244, 0});
  house.labels = {{"site", "a\"b\\c\nd\xFF"}, {"room", "kjøkken"}};
  const std::string site = "site=\"a\\\"b\\\\c d\xEF\xBF\xBD\",room=\"kjøkken\"";
  CHECK(house.shows("gridtap_power_import_watts{device=\"meter\"," + site + "} 244"));
  CHECK(house.shows("gridtap_mqtt_connected{" + site + "} 1"));
  for (const auto& [name, value] : samples_of(house.text())) {
    CAPTURE(name);
    CHECK(name.find(site + '}') != std::string::npos);
  }
}

TEST_CASE("metrics: labels that are no labels, or our own, are named with the reason") {
  for (const char* name : {"site", "_x", "Room2", "a_b"}) {
    CAPTURE(name);
    CHECK_FALSE(metric_label_problem(name));
  }
  for (const char* name : {"", "2nd", "a-b", "é", "a b", "__name__", "device", "state", "channel",
                           "result", "version"}) {
    CAPTURE(name);
    CHECK(metric_label_problem(name));
  }
}

TEST_CASE("metrics: every key of the vocabulary comes out well-formed, in both forms, once") {
  House house;
  house.second_meter();
  for (const auto& theme : vocabulary()) {
    for (const EntitySpec& spec : theme) {
      std::string key(spec.key);
      for (const auto& [part, with] : {std::pair{"<N>", "2"}, {"<name>", "x"}}) {
        if (const auto at = key.find(part); at != key.npos) {
          key.replace(at, std::string_view(part).size(), with);
        }
      }
      for (const char* device : {"meter", "other"}) {
        const EntitySpec* const row = find_spec(key);
        REQUIRE(row != nullptr);
        house.read(device, key,
                   row->device_class == "enum"
                       ? Value{row->options.substr(0, row->options.find(','))}
                       : Value{Decimal{1, 0}});
      }
    }
  }
  CHECK(samples_of(house.text()).size() > 500);
  CHECK(samples_of(house.text(MetricsForm::open_metrics)).size() ==
        samples_of(house.text()).size());
}

TEST_CASE("metrics: keys of a configuration clash neither with each other nor with our own") {
  House house;
  house.second_meter();
  const EntitySpec watts{.key = "heat", .unit = "W"};
  EntitySpec total{.key = "heat", .unit = "W"};
  total.statistics = Statistics::total_increasing;
  const EntitySpec same{.key = "heat_watts"}, ours{.key = "device_online"}, count{.key = "x_count"};
  house.say("meter", gridtap::Entity{"", &watts});
  house.say("other", gridtap::Entity{"", &total});
  for (const EntitySpec* spec : {&same, &ours, &count}) {
    house.say("meter", gridtap::Entity{"", spec});
  }
  for (const char* key : {"heat", "heat_watts", "device_online", "x_count"}) {
    house.read("meter", key, Decimal{1, 0});
  }
  house.read("other", "heat", Decimal{2, 0});
  const auto samples = samples_of(house.text());
  CHECK(samples.at("gridtap_heat_watts{device=\"meter\"}") == "1");
  CHECK(samples.at("gridtap_heat_watts{device=\"other\"}") == "2");
  CHECK(samples.at("gridtap_device_online_value{device=\"meter\"}") == "1");
  CHECK(samples.at("gridtap_x_count_value{device=\"meter\"}") == "1");
  CHECK(house.shows("# TYPE gridtap_heat_watts untyped"));
  CHECK(house.shows("# TYPE gridtap_heat_watts unknown", MetricsForm::open_metrics));
}

TEST_CASE("metrics: units are spelt, also those that no table has") {
  const std::pair<const char*, const char*> table[] = {{"W", "watts"},
                                                       {"kWh", "kilowatthours"},
                                                       {"m³", "cubic_metres"},
                                                       {"°C", "celsius"},
                                                       {"%", "percent"},
                                                       {"NOK/kWh", "nok_per_kilowatthour"},
                                                       {"B/s", "bytes_per_second"},
                                                       {"l/min", "litres_per_minute"},
                                                       {"GJ", "joules"},
                                                       {"min", "seconds"},
                                                       {"", ""},
                                                       {"Foo Bar", "foo_bar"},
                                                       {"/", ""},
                                                       {"½", ""}};
  for (const auto& [unit, words] : table) {
    CAPTURE(unit);
    CHECK(unit_in_words(unit) == words);
  }
  for (const auto& theme : vocabulary()) {
    for (const EntitySpec& spec : theme)
      CHECK((spec.unit.empty() || !unit_in_words(spec.unit).empty()));
  }
}

TEST_CASE(
    "metrics: a unit with a prefix that monitoring systems do not want is counted without it") {
  House house;
  house.read("meter", "heat", Decimal{12345, -3});     // GJ
  house.read("meter", "time_left", Decimal{-15, -1});  // min
  CHECK(house.shows("gridtap_heat_joules_total{device=\"meter\"} 12345000000"));
  CHECK(house.shows("gridtap_time_left_seconds{device=\"meter\"} -90.0"));
  CHECK(in_base_unit({1500, 0}, "mA") == Decimal{15, -1});
  CHECK(in_base_unit({1, 0}, "kWh") == Decimal{1, 0});
  CHECK(in_base_unit({1, 0}, "nothing known") == Decimal{1, 0});
}

TEST_CASE("metrics: the form is what the reader prefers") {
  using Form = MetricsForm;
  const std::pair<const char*, Form> table[] = {
      {"", Form::text},
      {"*/*", Form::text},
      {"text/html,application/xhtml+xml,*/*;q=0.8", Form::text},
      {"text/plain; version=0.0.4", Form::text},
      {"application/openmetrics-text", Form::open_metrics},
      {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
       "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
       Form::open_metrics},
      {"application/openmetrics-text; q=0.3 , text/plain;q=0.5", Form::text},
      {"application/openmetrics-text;q=0", Form::text},
      {"application/openmetrics-text;q=x", Form::text},
      {"application/openmetrics-text;q=99999999999999999", Form::open_metrics},
      {",;,=;q", Form::text}};
  for (const auto& [accept, form] : table) {
    CAPTURE(accept);
    CHECK(metrics_form(accept) == form);
  }
  CHECK(metrics_type(Form::text).starts_with("text/plain; version=0.0.4"));
  CHECK(
      metrics_type(Form::open_metrics).starts_with("application/openmetrics-text; version=1.0.0"));
}
