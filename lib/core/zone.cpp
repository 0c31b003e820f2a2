#include "core/zone.hpp"

#include <date/tz.h>

#include <cstdlib>
#include <stdexcept>

namespace gridtap {
namespace {

const date::time_zone& zone_of(const void* record) {
  return *static_cast<const date::time_zone*>(record);
}

std::chrono::minutes minutes(std::chrono::seconds offset) {
  return std::chrono::duration_cast<std::chrono::minutes>(offset);
}

// std::chrono and the date library name local time by different clocks with the same count.
date::local_seconds local_of(LocalSeconds local) {
  return date::local_seconds{local.time_since_epoch()};
}

Timestamp moment(LocalSeconds local, std::chrono::seconds offset) {
  return {Instant{local.time_since_epoch() - offset}, minutes(offset)};
}

// The zone of that name, or the host's; null where the database or the zone is missing.
const void* locate(const std::string& name) {
  try {  // the library reports by exception
    return name.empty() ? date::current_zone() : date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

std::chrono::milliseconds distance(Instant a, Instant b) { return a > b ? a - b : b - a; }

}  // namespace

std::optional<Zone> Zone::named(std::string_view name) {
  // The library looks at /etc/localtime alone; TZ goes before it, as for every program (tzset(3)).
  const char* variable = name.empty() ? std::getenv("TZ") : nullptr;
  const std::string wanted = variable != nullptr ? variable : std::string(name);
  const void* zone = wanted.empty() ? nullptr : locate(wanted);
  if (zone == nullptr && name.empty()) zone = locate({});
  if (zone == nullptr) return {};
  return Zone(zone);
}

std::chrono::minutes Zone::offset_at(Instant instant) const {
  return minutes(zone_of(zone_)
                     .get_info(date::floor<std::chrono::seconds>(
                         date::sys_time<std::chrono::milliseconds>{instant.time_since_epoch()}))
                     .offset);
}

Timestamp Zone::resolve(LocalSeconds local, std::optional<Instant> near) const {
  const date::local_info info = zone_of(zone_).get_info(local_of(local));
  const Timestamp first = moment(local, info.first.offset);
  if (info.result != date::local_info::ambiguous || !near) return first;
  const Timestamp second = moment(local, info.second.offset);
  return distance(second.instant, *near) < distance(first.instant, *near) ? second : first;
}

std::string_view Zone::name() const { return zone_of(zone_).name(); }

}  // namespace gridtap
