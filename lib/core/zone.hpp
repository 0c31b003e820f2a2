#pragma once
// Local dates and times of a named zone. The zone's rules come from the system's tz database (date
// library); it is read when first asked for, and only the zones in use are kept.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/value.hpp"

namespace gridtap {

using LocalSeconds = std::chrono::local_time<std::chrono::seconds>;

class Zone {
 public:
  // The zone of that name ("Europe/Oslo"), or of the host where the name is empty; nothing where
  // the system knows no such zone.
  static std::optional<Zone> named(std::string_view name);

  std::chrono::minutes offset_at(Instant instant) const;
  // The instant of a local time. In the doubled hour of autumn: the one nearer to `near`, else the
  // first. In the missing hour of spring: as if the clock had not been moved yet.
  Timestamp resolve(LocalSeconds local, std::optional<Instant> near) const;
  std::string_view name() const;

 private:
  explicit Zone(const void* zone) : zone_(zone) {}
  const void* zone_;  // the library's own record; it lives as long as the program
};

}  // namespace gridtap
