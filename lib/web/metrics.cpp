#include "web/metrics.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "core/json_text.hpp"
#include "web/metric_names.hpp"

namespace gridtap::web {
namespace {

using model::Device;
using model::Entity;

constexpr std::string_view open_metrics_type = "application/openmetrics-text";
constexpr std::array<std::string_view, 5> our_labels = {"device", "channel", "state", "result",
                                                        "version"};

// Frames are counted by result, under one name.
constexpr std::pair<std::string_view, std::string_view> results[] = {{"frames_ok", "ok"},
                                                                     {"frames_bad", "bad"}};

// An entity on its way to a sample.
struct Found {
  MetricName name;
  const Device* device;
  const Entity* entity;
};

// A label value or a help text on one line: backslash, line feed and, of a label, quotes.
void append_escaped(std::string& out, std::string_view text, bool quotes) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](char c) {
    return c >= ' ' && c <= '~' && c != '\\' && c != '"';
  });
  if (is_plain) {
    out += text;
    return;
  }
  for (const char c : printable(text)) {
    if (c == '\\' || (quotes && c == '"')) out += '\\';
    out += c;
  }
}

class Writer {
 public:
  Writer(const MetricLabels& labels, MetricsForm form) : form_(form) {
    for (const auto& [name, value] : labels) append_label(configured_, ',', name, value);
    if (!configured_.empty()) configured_.erase(0, 1);
  }

  // `base`: of a counter without _total.
  void family(const MetricName& name, std::string_view help) {
    constexpr std::string_view types[] = {"gauge", "counter", "info", "unknown"};
    const bool open = form_ == MetricsForm::open_metrics;
    std::string_view type = types[static_cast<std::size_t>(name.type)];
    if (!open && name.type == MetricType::info) type = "gauge";
    if (!open && name.type == MetricType::unknown) type = "untyped";
    sample_ = name.base;
    if (name.type == MetricType::counter) sample_ += "_total";
    if (name.type == MetricType::info) sample_ += "_info";
    const std::string& shown = open ? name.base : sample_;
    ((out_ += "# HELP ") += shown) += ' ';
    append_escaped(out_, help, open);
    ((((out_ += "\n# TYPE ") += shown) += ' ') += type) += '\n';
    if (open && !name.unit.empty()) {
      ((((out_ += "# UNIT ") += name.base) += ' ') += name.unit) += '\n';
    }
  }

  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;
  // Labels without a value are left out.
  void sample(const Labels& labels, std::string_view value) {
    out_ += sample_;
    char before = '{';
    for (const auto& [name, text] : labels) {
      if (!text.empty()) append_label(out_, std::exchange(before, ','), name, text);
    }
    if (!configured_.empty()) (out_ += std::exchange(before, ',')) += configured_;
    if (before == ',') out_ += '}';
    ((out_ += ' ') += value) += '\n';
  }

  std::string end() {
    if (form_ == MetricsForm::open_metrics) out_ += "# EOF\n";
    return std::move(out_);
  }

 private:
  static void append_label(std::string& out, char before, std::string_view name,
                           std::string_view value) {
    ((out += before) += name) += "=\"";
    append_escaped(out, value, true);
    out += '"';
  }

  MetricsForm form_;
  std::string configured_, sample_, out_;
};

bool is_result(const Entity& entity) {
  return std::any_of(std::begin(results), std::end(results),
                     [&](const auto& each) { return each.first == entity.key(); });
}

bool is_enum(const Entity& entity) {
  const EntitySpec& spec = entity.spec();
  return spec.device_class == "enum" || spec.platform == Platform::select;
}

// Texts are no samples; what the device does not know has none.
bool can_be_sample(const Entity& entity) {
  if (!entity.has_value() || std::holds_alternative<std::monostate>(entity.value())) return false;
  return is_enum(entity) || !std::holds_alternative<std::string_view>(entity.value());
}

std::vector<Found> find_all(const model::Model& model) {
  std::vector<Found> all;
  for (const auto& device : model.all()) {
    if (!device->online()) continue;
    device->each([&](const Entity& entity) {
      if (can_be_sample(entity) && !is_result(entity)) {
        all.push_back({metric_name(entity), device.get(), &entity});
      }
    });
  }
  std::stable_sort(all.begin(), all.end(), [](const Found& a, const Found& b) {
    return std::tie(a.name.base, a.device->index) < std::tie(b.name.base, b.device->index);
  });
  return all;
}

std::string number_of(const Entity& entity) {
  const Value& value = entity.value();
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "1" : "0";
  if (const auto* time = std::get_if<Timestamp>(&value)) {
    return to_text(Decimal{time->instant.time_since_epoch().count(), -3});
  }
  const auto* number = std::get_if<Decimal>(&value);
  return number == nullptr ? to_text(value) : to_text(in_base_unit(*number, entity.spec().unit));
}

void write_entity(const Device& device, const Entity& entity, Writer& writer) {
  if (!is_enum(entity)) {
    return writer.sample({{"device", device.handle}, {"channel", device.channel}},
                         number_of(entity));
  }
  const std::string current = to_text(entity.value());
  std::string_view rest = entity.options();
  while (!rest.empty()) {
    const std::string_view option = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(option.size() + 1, rest.size()));
    writer.sample({{"device", device.handle}, {"channel", device.channel}, {"state", option}},
                  option == current ? "1" : "0");
  }
}

// One name, one family. Where devices disagree on its type it has none, and a second key of one
// device that comes to the same name is left out: the same sample twice is an error to all readers.
void write_entities(const std::vector<Found>& all, Writer& writer) {
  for (std::size_t n = 0; n < all.size();) {
    std::size_t end = n;
    MetricName name = all[n].name;
    for (; end < all.size() && all[end].name.base == name.base; ++end) {
      if (all[end].name.type != name.type) name.type = MetricType::unknown;
    }
    const EntitySpec& spec = all[n].entity->spec();
    writer.family(name, spec.name.empty() ? entity_name(spec.key) : std::string(spec.name));
    const Device* written = nullptr;
    for (; n < end; ++n) {
      if (all[n].device == written) continue;
      written = all[n].device;
      write_entity(*written, *all[n].entity, writer);
    }
  }
}

void write_devices(const model::Model& model, Writer& writer) {
  writer.family({std::string(device_online_metric), "", MetricType::gauge},
                "Whether valid frames arrive from the device");
  for (const auto& device : model.all()) {
    writer.sample({{"device", device->handle}, {"channel", device->channel}},
                  device->online() ? "1" : "0");
  }
  writer.family({std::string(frames_metric), "", MetricType::counter},
                "Frames of the line since the start");
  for (const auto& device : model.all()) {
    if (!device->online()) continue;
    for (const auto& [key, result] : results) {
      const Entity* const entity = device->find(key);
      if (entity == nullptr || !can_be_sample(*entity)) continue;
      writer.sample({{"device", device->handle}, {"result", result}}, number_of(*entity));
    }
  }
}

void write_process(const ProcessFigures& process, Writer& writer) {
  if (process.mqtt_connected) {
    writer.family({std::string(mqtt_metric), "", MetricType::gauge},
                  "Whether the broker is connected");
    writer.sample({}, *process.mqtt_connected ? "1" : "0");
  }
  writer.family({std::string(build_metric), "", MetricType::info}, "The version of gridtap");
  writer.sample({{"version", process.version}}, "1");
  writer.family({"process_resident_memory_bytes", "bytes", MetricType::gauge},
                "Resident memory size in bytes");
  writer.sample({}, std::to_string(process.resident_bytes));
  writer.family({"process_cpu_seconds", "seconds", MetricType::counter},
                "Total user and system CPU time spent in seconds");
  writer.sample({}, to_text(Decimal{process.cpu_time.count(), -3}));
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

std::string_view take(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return trimmed(part);
}

// In thousandths; 1000 where there is none, 0 where it is none.
int weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take(parameters, ';');
    if (!parameter.starts_with("q=")) continue;
    const auto weight = parse_decimal(parameter.substr(2));
    if (!weight || weight->digits < 0) return 0;
    return static_cast<int>(rounded(shifted(std::min(*weight, Decimal{1, 0}), 3), 0).digits);
  }
  return 1000;
}

}  // namespace

std::optional<std::string> metric_label_problem(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  const bool good = !name.empty() && is_letter(name[0]) &&
                    std::all_of(name.begin(), name.end(),
                                [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
  if (!good) return "a label is named by letters, digits and _, and begins with a letter";
  if (name.starts_with("__")) return "labels that begin with __ belong to the monitoring system";
  if (std::find(our_labels.begin(), our_labels.end(), name) != our_labels.end()) {
    return "gridtap has a label of this name itself: choose another one";
  }
  return {};
}

MetricsForm metrics_form(std::string_view accept) {
  int open = 0, text = 0;
  while (!accept.empty()) {
    std::string_view parameters = take(accept, ',');
    const std::string_view type = take(parameters, ';');
    const int weight = weight_of(parameters);
    if (type == open_metrics_type) open = std::max(open, weight);
    if (type == "text/plain") text = std::max(text, weight);
  }
  return open > 0 && open >= text ? MetricsForm::open_metrics : MetricsForm::text;
}

std::string_view metrics_type(MetricsForm form) {
  return form == MetricsForm::text ? "text/plain; version=0.0.4; charset=utf-8"
                                   : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

std::string metrics(const model::Model& model, const MetricLabels& labels,
                    const ProcessFigures& process, MetricsForm form) {
  Writer writer(labels, form);
  write_devices(model, writer);
  write_entities(find_all(model), writer);
  write_process(process, writer);
  return writer.end();
}

}  // namespace gridtap::web
