#include "web/recent.hpp"

#include <algorithm>
#include <utility>

#include "core/ids.hpp"
#include "model/titles.hpp"
#include "web/json_writer.hpp"

namespace gridtap::web {
namespace {

using model::Device;
using model::Entity;
using std::chrono::milliseconds;

constexpr std::int64_t most_watts = 1'000'000'000;

// Of a phase, or of one string of an inverter; or a mean of longer, beside the power of the house.
bool is_beside(std::string_view key) {
  const std::size_t size = key.size();
  const bool phase =
      size > 3 && key.substr(size - 3, 2) == "_l" && key[size - 1] >= '1' && key[size - 1] <= '3';
  constexpr std::string_view fronts[] = {"mppt", "port", "demand_", "hour_"};
  return phase || std::any_of(std::begin(fronts), std::end(fronts),
                              [&](std::string_view front) { return key.starts_with(front); });
}

bool is_power(const Device& device, const Entity& entity) {
  const EntitySpec& spec = entity.spec();
  return spec.device_class == "power" && spec.unit == "W" && spec.platform == Platform::sensor &&
         spec.statistics == Statistics::measurement && spec.category == Category::none &&
         !is_beside(spec.key) && model::is_enabled(device, entity);
}

std::optional<std::int64_t> watts_of(const Entity& entity) {
  const auto* const number = std::get_if<Decimal>(&entity.value());
  if (number == nullptr) return {};
  const Decimal whole = shifted(rounded(*number, 0), 0);
  if (whole.exponent != 0) return {};
  return std::clamp(whole.digits, -most_watts, most_watts);
}

Mono end_of_step(Mono now) { return now - now.time_since_epoch() % Recent::step + Recent::step; }

}  // namespace

void Recent::Series::hold(Mono until) {
  const auto time = std::chrono::duration_cast<milliseconds>(until - since).count();
  since = until;
  if (!watts) return;
  area += *watts * time;
  known += time;
}

std::int32_t Recent::Series::take_mean(Mono end) {
  hold(end);
  const std::int64_t sum = std::exchange(area, 0), time = std::exchange(known, 0);
  if (time == 0) return none;
  const std::int64_t half = sum < 0 ? -time / 2 : time / 2;
  return static_cast<std::int32_t>((sum + half) / time);
}

void Recent::on_value(const Device& device, const Entity& entity, const model::Change&, Now now) {
  if (entity.spec().device_class != "power") return;  // nearly all of them
  advance(now.mono);
  Series* series = find(device, entity);
  if (series == nullptr) series = add(device, entity, now.mono);
  if (series == nullptr) return;
  series->hold(now.mono);
  series->watts = watts_of(entity);
}

// What a silent device had is not what it has.
void Recent::on_online(const Device& device) {
  if (device.online()) return;
  const Mono now = clock_.now().mono;
  advance(now);
  for (Series& each : series_) {
    if (each.device != &device) continue;
    each.hold(now);
    each.watts.reset();
  }
}

void Recent::on_removed(const Device& device, const Entity& entity) {
  if (const Series* const series = find(device, entity)) {
    series_.erase(series_.begin() + (series - series_.data()));
  }
}

Recent::Series* Recent::find(const Device& device, const Entity& entity) {
  const auto found = std::find_if(series_.begin(), series_.end(), [&](const Series& each) {
    return each.device == &device && each.slot == entity.slot();
  });
  return found == series_.end() ? nullptr : &*found;
}

Recent::Series* Recent::add(const Device& device, const Entity& entity, Mono now) {
  if (!shown_.entity(device, entity) || !is_power(device, entity)) return nullptr;
  if (series_.size() == max_series) {
    if (!std::exchange(limit_told_, true)) {
      log_.write(Level::info, gateway_device,
                 "web: more than " + std::to_string(max_series) + " powers: " + device.handle +
                     '/' + std::string(entity.level()) +
                     " and those that follow have no past on the page's chart");
    }
    return nullptr;
  }
  series_.push_back({&device, entity.slot()});
  series_.back().since = now;
  series_.back().means.fill(none);
  return &series_.back();
}

// After a pause of more than it holds it begins anew.
void Recent::advance(Mono now) {
  if (end_ == Mono{}) end_ = end_of_step(now);
  if (now - end_ > span) {
    for (Series& each : series_) {
      each.means.fill(none);
      each.watts.reset();
      each.take_mean(now);
    }
    count_ = 0;
    end_ = end_of_step(now);
  }
  for (; end_ <= now; end_ += step) {
    for (Series& each : series_) each.means[next_] = each.take_mean(end_);
    next_ = (next_ + 1) % slots;
    count_ = std::min(count_ + 1, slots);
  }
}

std::string Recent::json() {
  const Now now = clock_.now();
  advance(now.mono);
  std::string out;
  write(out, now);
  return out;
}

void Recent::write(std::string& out, Now now) const {
  JsonObject json(out);
  json.raw("step", std::to_string(step.count()));
  if (now.wall) {
    const auto end = *now.wall - std::chrono::floor<milliseconds>(now.mono - (end_ - step));
    const auto seconds = std::chrono::round<std::chrono::seconds>(end.time_since_epoch());
    json.raw("end", std::to_string(seconds.count()));
  }
  json.name("series") += '[';
  for (const Series& each : series_) {
    if (&each != series_.data()) out += ',';
    append(out, each);
  }
  out += ']';
}

void Recent::append(std::string& out, const Series& series) const {
  JsonObject json(out);
  json.text("device", series.device->handle);
  json.text("key", series.device->at(series.slot)->level());
  json.text("unit", "W");
  json.name("values") += '[';
  for (std::size_t n = 0; n < count_; ++n) {
    if (n > 0) out += ',';
    const std::int32_t mean = series.means[(next_ + slots - count_ + n) % slots];
    out += mean == none ? "null" : std::to_string(mean);
  }
  out += ']';
}

}  // namespace gridtap::web
