#pragma once
// Where everything lies in one unit, once its chain is known: which models are read, which point of
// which becomes which key, of which device (sunspec.md 11).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sunspec/models.hpp"
#include "adapters/sunspec/walker.hpp"

namespace gridtap::sunspec {

// What more is made of a point: whether it is night, whether something is wrong; or its sign is the
// owner's to say.
enum class Watch : std::uint8_t { none, state, power, alarm, grid_power, battery_flow };

// One point of one model that is published.
struct Slot {
  const Point* point;
  std::uint16_t at;  // behind the model's id register
  std::string key, source;
  bool chosen = true;  // no other model of the device supplies the key
  bool accumulates = false;
  bool is_energy = false;  // one that a power adds up to
  std::int8_t decimals = 3;
  Watch watch = Watch::none;
  bool raised = false;  // an alarm that is set
};

struct PlacedModel {
  const Model* model;  // null: not known, or never read
  FoundModel found;
  std::size_t device = 0;    // 0 is the first common model's
  std::size_t instance = 0;  // of this id in its device
  std::vector<Slot> slots = {};
  std::uint16_t used = 0;  // registers that are read, id and length included

  std::vector<std::uint16_t> words = {};  // as read last; the first two, id and length, never are
};

struct PlacedDevice {
  std::string channel;
  bool has_inverter = false;
  std::string title = {};  // of one behind the first: what its models say that it is, "meter"
};

struct Layout {
  std::vector<PlacedModel> models;
  std::vector<PlacedDevice> devices;
};

// `channel`: of the first device; those behind it are "1", "2", ... with it in front. `experts`:
// keys of the form m704_wrmp that the configuration asks for.
Layout lay_out(const std::vector<FoundModel>& chain, std::string_view channel,
               const std::vector<std::string>& experts);

// How many of a group there are: its count, limited by the room; or as many as fit.
std::size_t group_count(const Model& model, std::uint16_t length, std::uint16_t said);

// Adds the slots of a group once its count is known; changes nothing where they are there already.
void add_group_slots(Layout& layout, PlacedModel& model, std::uint16_t said);

}  // namespace gridtap::sunspec
