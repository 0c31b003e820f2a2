#pragma once
// The registers of simulated devices: models one behind another, points found by their names, what
// is not set "not implemented".

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "adapters/sunspec/models.hpp"
#include "parts/modbus_server.hpp"

namespace gridtap::sunspec {

inline constexpr double peak_watts = 8000, battery_wh = 10'000;

// Lays models one behind another, and finds their points by name.
class SimulatedMap {
 public:
  static constexpr std::uint16_t base = 40000, none = 0xFFFF, no_factor = 0x8000;

  SimulatedMap() : image_{{base, 0x5375}, {base + 1, 0x6E53}} {}

  void add(std::uint16_t id, std::uint16_t length) {
    models_.push_back({id, next_});
    put(next_, id);
    put(next_ + 1, length);
    for (int n = 0; n < length; ++n) put(next_ + 2 + n, no_factor);
    const Model& rows = *find_model(id);
    for (const Point& point : rows.points) clear(point, next_ + point.at);
    for (int part = 0; rows.group.begin + part * rows.group.size < length; ++part) {
      if (rows.group.size == 0) break;
      for (const Point& point : rows.group.points) {
        clear(point, next_ + point.at + part * rows.group.size);
      }
    }
    next_ += 2 + length;
  }
  void end() {
    put(next_, none);
    put(next_ + 1, 0);
  }
  // A common model without pad, as most devices have it.
  void add_common(std::string_view model, std::string_view serial) {
    add(common_model, 65);
    const int at = models_.back().address;
    text(at + maker_at, 16, "gridtap");
    text(at + model_at, 16, model);
    text(at + 34, 8, "");
    text(at + version_at, 8, "1.0");
    text(at + serial_at, 16, serial);
    put(at + 66, 1);
  }

  // Where a point lies, by the id of the model and its name; 0 where there is no such model.
  int at(std::uint16_t id, std::string_view name) const {
    return at(id, offset_of(find_model(id)->points, name));
  }
  // The same in one of its parts, from 0.
  int at_part(std::uint16_t id, std::string_view name, int part) const {
    const Group& group = find_model(id)->group;
    return at(id, offset_of(group.points, name) + part * group.size);
  }
  int at(std::uint16_t id, int offset) const {
    const auto found = std::find_if(models_.begin(), models_.end(),
                                    [&](const Place& place) { return place.id == id; });
    return found == models_.end() ? 0 : found->address + offset;
  }
  bool has(std::uint16_t id) const { return at(id, 0) != 0; }

  void put(int address, std::int64_t value, int registers = 1) {
    for (int n = 0; n < registers && address > 0; ++n) {
      const int shift = std::min(16 * (registers - 1 - n), 48);
      image_[static_cast<std::uint16_t>(address + n)] = static_cast<std::uint16_t>(value >> shift);
    }
  }
  void text(int address, int registers, std::string_view text) {
    for (int n = 0; n < 2 * registers; n += 2) {
      const auto byte = [&](int at) {
        return at < static_cast<int>(text.size())
                   ? static_cast<unsigned char>(text[static_cast<std::size_t>(at)])
                   : 0U;
      };
      put(address + n / 2, byte(n) << 8 | byte(n + 1));
    }
  }
  const RegisterImage& image() const { return image_; }

 private:
  struct Place {
    std::uint16_t id;
    int address;
  };
  static int offset_of(std::span<const Point> points, std::string_view name) {
    const auto found = std::find_if(points.begin(), points.end(),
                                    [&](const Point& point) { return point.name == name; });
    return found->at;
  }

  // "Not implemented", as the type of the point has it.
  void clear(const Point& point, int address) {
    const int size = registers_of(point.type);
    const bool top_bit = point.type == Type::int16 || point.type == Type::int32;
    const bool zero =
        point.type == Type::acc32 || point.type == Type::acc64 || point.type >= Type::text4;
    const std::int64_t top = std::int64_t{1} << (16 * std::min(size, 2) - 1);
    put(address, zero ? 0 : top_bit ? top : -1, size);
  }

  RegisterImage image_;
  std::vector<Place> models_;
  int next_ = base + 2;
};

// What `simulate` plays: see simulator.hpp.
SimulatedMap house_map();
SimulatedMap der_map();

}  // namespace gridtap::sunspec
