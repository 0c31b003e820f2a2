#include "app/config_shape.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <utility>

namespace gridtap::app {
namespace {

using Kind = Setting::Kind;
using Names = std::span<const std::string_view>;

constexpr std::string_view of_root[] = {
    "base",   "state_dir", "log",       "mqtt", "home_assistant", "devices", "time_zone",
    "relays", "updates",   "questions", "web",  "metrics",        "history"};
constexpr std::string_view of_log[] = {"level"};
constexpr std::string_view of_mqtt[] = {"host",      "port", "user",     "password_file",
                                        "client_id", "tls",  "username", "password"};
constexpr std::string_view of_tls[] = {"ca_file", "certificate_file", "key_file", "insecure"};
constexpr std::string_view of_web[] = {"listen", "password_file", "token_file",
                                       "hosts",  "ingress",       "commands",
                                       "tls",    "language",      "hide"};
constexpr std::string_view of_history[] = {"directory", "keep", "series", "backup", "day_files"};
constexpr std::string_view of_home_assistant[] = {"discovery", "prefix", "reactive_energy_class"};
// Of any device; what follows one of them out of place is taken along.
constexpr std::string_view of_device[] = {
    "adapter",       "line",      "serial", "rts",      "dtr",        "name",  "stale", "interval",
    "slow_interval", "heartbeat", "area",   "entities", "hour_limit", "peaks", "dwell", "serve"};

bool is_one_of(std::string_view name, Names names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string in_marks(std::string_view name) { return '`' + std::string(name) + '`'; }

Setting* find(Setting& map, std::string_view name) {
  const auto found =
      std::find_if(map.members.begin(), map.members.end(),
                   [&](const Setting::Member& member) { return member.key == name; });
  return found == map.members.end() ? nullptr : &found->value;
}

// A map whose members stand in the file; its path is for problems.
class Map {
 public:
  Map(Setting& map, std::string path, Problems& problems)
      : map_(map), path_(std::move(path)), problems_(problems) {}

  std::size_t size() const { return map_.members.size(); }
  std::string_view name(std::size_t n) const { return map_.members[n].key; }
  Setting& value(std::size_t n) { return map_.members[n].value; }

  void problem(std::size_t n, std::string text) {
    problems_.push_back({map_.key_places[n], path_ + std::string(name(n)), std::move(text)});
  }
  // Moves the members from `first` to before `last` below the member `to`, and says so.
  void move_below(std::size_t to, std::size_t first, std::size_t last) {
    problem(first, in_marks(name(first)) + " is in the same column as " + in_marks(name(to)) +
                       ": it belongs below it, two spaces more");
    Setting& target = value(to);
    target.kind = Kind::map;
    for (std::size_t n = first; n < last; ++n) {
      target.members.push_back(std::move(map_.members[n]));
      target.key_places.push_back(map_.key_places[n]);
    }
    erase(first, last);
  }
  void erase(std::size_t first, std::size_t last) {
    const auto at = [](auto& row, std::size_t n) {
      return std::next(row.begin(), static_cast<std::ptrdiff_t>(n));
    };
    map_.members.erase(at(map_.members, first), at(map_.members, last));
    map_.key_places.erase(at(map_.key_places, first), at(map_.key_places, last));
  }

 private:
  Setting& map_;
  std::string path_;
  Problems& problems_;
};

// An empty `section` in front of members that are its own.
template <class Belongs>
void repair_section(Map map, std::string_view section, Belongs belongs) {
  for (std::size_t n = 0; n + 1 < map.size(); ++n) {
    if (map.name(n) != section || map.value(n).kind != Kind::null) continue;
    std::size_t last = n + 1;
    while (last < map.size() && belongs(map.name(last))) ++last;
    if (last > n + 1) map.move_below(n, n + 1, last);
  }
}

bool is_setting_of_device(std::string_view name, const Setting& value) {
  return value.kind == Kind::scalar || value.kind == Kind::list || is_one_of(name, of_device);
}

// Settings beside their device, behind it.
void repair_devices(Setting& devices, Problems& problems) {
  Map map(devices, "devices.", problems);
  for (std::size_t n = 0; n < map.size(); ++n) {
    const bool empty_before = n > 0 && map.value(n - 1).kind == Kind::null;
    if (!is_setting_of_device(map.name(n), map.value(n))) continue;
    if (!empty_before && !is_one_of(map.name(n), of_device)) continue;
    std::size_t last = n;
    while (last < map.size() && is_setting_of_device(map.name(last), map.value(last))) ++last;
    const bool has_device = n > 0 && (empty_before || map.value(n - 1).kind == Kind::map);
    if (has_device) {
      map.move_below(n - 1, n, last);
    } else {
      map.problem(n, "a device has a name: write `meter:` and, below it, " + in_marks(map.name(n)));
      map.erase(n, last);
    }
    --n;
  }
  devices.refused = devices.members.empty();
}

// "- meter:" with its settings one level deeper, or beside it: the named device, or nothing.
bool take_item(Setting& item, Setting& devices) {
  if (item.kind != Kind::map || item.members.empty()) return false;
  Setting& first = item.members.front().value;
  if (first.kind != Kind::map && first.kind != Kind::null) return false;
  const std::string name = item.members.front().key;
  const Place place = item.key_places.front();
  Setting device = std::move(first);
  device.kind = Kind::map;
  for (std::size_t n = 1; n < item.members.size(); ++n) {
    device.members.push_back(std::move(item.members[n]));
    device.key_places.push_back(item.key_places[n]);
  }
  devices.members.emplace_back(name, std::move(device));
  devices.key_places.push_back(place);
  return true;
}

void repair_list(Setting& list, Problems& problems) {
  Setting devices;
  devices.kind = Kind::map;
  devices.place = list.place;
  bool named = true;
  for (auto& [none, item] : list.members) named = take_item(item, devices) && named;
  problems.push_back({list.place, "devices",
                      named ? "take the - away: devices are named, `" + devices.members[0].key +
                                  ":` with its settings below it"
                            : "devices are named: write `meter:` in the place of each -"});
  if (!named) devices.refused = true;
  list = std::move(devices);
}

}  // namespace

void repair_shape(Setting& root, Problems& problems) {
  const Map top(root, "", problems);
  repair_section(top, "devices", [](std::string_view name) { return !is_one_of(name, of_root); });
  repair_section(top, "relays", [](std::string_view name) { return !is_one_of(name, of_root); });
  repair_section(top, "log", [](std::string_view name) { return is_one_of(name, of_log); });
  repair_section(top, "mqtt", [](std::string_view name) { return is_one_of(name, of_mqtt); });
  repair_section(top, "web", [](std::string_view name) { return is_one_of(name, of_web); });
  repair_section(top, "history", [](std::string_view name) { return is_one_of(name, of_history); });
  repair_section(top, "home_assistant",
                 [](std::string_view name) { return is_one_of(name, of_home_assistant); });
  if (Setting* mqtt = find(root, "mqtt"); mqtt != nullptr && mqtt->kind == Kind::map) {
    repair_section(Map(*mqtt, "mqtt.", problems), "tls",
                   [](std::string_view name) { return is_one_of(name, of_tls); });
  }
  Setting* devices = find(root, "devices");
  if (devices == nullptr) return;
  if (devices->kind == Kind::list && !devices->members.empty()) repair_list(*devices, problems);
  if (devices->kind == Kind::map && !devices->members.empty()) repair_devices(*devices, problems);
}

}  // namespace gridtap::app
