#pragma once
// The models of SunSpec that gridtap reads (sunspec.md 13; the point definitions are those of
// sunspec/models): a row a point, with its place behind the model's own id register. This folder's
// README.md shows how a model lies in the registers.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gridtap::sunspec {

// As in the definitions; `flag`: an enum or bit field of which bit 0 is ON; `textN`: N registers.
enum class Type : std::uint8_t {
  uint16,
  int16,
  enum16,
  bitfield16,
  flag,
  uint32,
  int32,
  acc32,
  float32,
  bitfield32,
  uint64,
  acc64,
  text4,
  text8,
  text16,
  text32,
};
constexpr std::uint16_t registers_of(Type type) {
  constexpr std::uint8_t sizes[] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 4, 4, 4, 8, 16, 32};
  return sizes[static_cast<std::size_t>(type)];
}

// What is done to the scaled number: nothing; watt-hours to kWh; per cent or ratio to ratio;
// seconds since 2000 to a time.
enum class Rule : std::uint8_t { plain, kilo, ratio, clock };

// `at`: from the model's id register on. `factor`: where its scale factor is; 0: it has none. No
// key: published only where the configuration names it, as m<model>_<name>. `names`: of states or
// bits.
struct Point {
  std::uint16_t at;
  std::string_view name;
  Type type;
  std::uint16_t factor = 0;
  std::string_view key = {};
  Rule rule = Rule::plain;
  std::string_view names = {};
};

// A part that repeats: `begin` is the offset of the first one, `count_at` that of their number;
// 0: as many as there is room for. `<N>` in a key is its number.
struct Group {
  std::span<const Point> points = {};
  std::uint16_t begin = 0, size = 0, count_at = 0;
};

enum class Role : std::uint8_t { common, inverter, meter, other };
enum class Pace : std::uint8_t { fast, medium, slow, once };

struct Model {
  std::uint16_t id;
  Role role;
  Pace pace;
  std::span<const Point> points;
  Group group = {};
};

inline constexpr std::uint16_t common_model = 1;
// Where the texts of the common model lie.
inline constexpr std::uint16_t maker_at = 2, model_at = 18, version_at = 42, serial_at = 50;

const Model* find_model(std::uint16_t id);
// The keys of all points of all models.
std::vector<std::string_view> model_keys();
// Models with curves and trips: known, and never read (705 to 712).
bool is_silent(std::uint16_t id);
// Which model supplies a key that several have: the lower goes before (sunspec.md 11).
int rank_of(std::uint16_t id);

// The name of a state or a bit; empty where it has none.
std::string_view name_at(std::string_view names, unsigned number);

}  // namespace gridtap::sunspec
