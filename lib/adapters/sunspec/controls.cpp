#include "adapters/sunspec/controls.hpp"

#include <algorithm>
#include <array>

#include "adapters/sunspec/points.hpp"
#include "core/vocabulary.hpp"

namespace gridtap::sunspec {
namespace {

// In per cent, seconds or watts. Of one key the first row counts whose model is there: a lapsed
// limit shows in 704 only. `mode`: the point in front of it that is set to `mode_value` with it.
struct Control {
  std::string_view key;
  std::uint16_t model;
  std::string_view point;
  Decimal least = {}, most = {};
  std::string_view mode = {};
  std::uint16_t mode_value = 0;
};
constexpr std::uint16_t watts = 1;  // of WSetMod: in watts, not in per cent
constexpr Decimal hundred{100, 0}, day{86'400, 0}, most_watts{1'000'000, 0};
constexpr Control table[] = {
    {"power_limit", 704, "WMaxLimPct", {}, hundred},
    {"power_limit_enabled", 704, "WMaxLimPctEna"},
    {"power_limit_revert_time", 704, "WMaxLimPctRvrtTms", {}, day},
    {"power_set", 704, "WSet", {-1'000'000, 0}, most_watts, "WSetMod", watts},
    {"power_set_enabled", 704, "WSetEna"},
    {"power_limit", 123, "WMaxLimPct", {}, hundred},
    {"power_limit_enabled", 123, "WMaxLim_Ena"},
    {"power_limit_revert_time", 123, "WMaxLimPct_RvrtTms", {}, {65'534, 0}},
    {"charge_rate", 124, "InWRte", {}, hundred},
    {"discharge_rate", 124, "OutWRte", {-100, 0}, hundred},
    {"rate_revert_time", 124, "InOutWRte_RvrtTms", {}, {65'534, 0}},
    {"storage_control_mode", 124, "StorCtl_Mod"},
    {"charge_from_grid", 124, "ChaGriSet"},
    {"minimum_reserve", 124, "MinRsvPct", {}, hundred},
};

constexpr std::chrono::milliseconds half_a_second{500};

const Point* find_point(const Model& model, std::string_view name) {
  const auto found = std::find_if(model.points.begin(), model.points.end(),
                                  [&](const Point& point) { return point.name == name; });
  return found == model.points.end() ? nullptr : &*found;
}

unsigned end_of(const Point& point) { return point.at + unsigned{registers_of(point.type)}; }

// Where a control is in a device; nowhere without a `control`. (No std::optional: GCC 14 takes its
// empty storage for a value that is used.)
struct Place {
  const Control* control = nullptr;
  const Point* point = nullptr;
  std::size_t model = 0;
};

Place find_place(const Layout& layout, std::size_t device, std::string_view key) {
  for (const Control& control : table) {
    if (control.key != key) continue;
    for (std::size_t n = 0; n < layout.models.size(); ++n) {
      const PlacedModel& placed = layout.models[n];
      if (placed.found.id != control.model || placed.device != device) continue;
      const Point* const point = find_point(*placed.model, control.point);
      if (end_of(*point) <= placed.used && placed.instance == 0) return {&control, point, n};
    }
  }
  return {};
}

std::vector<std::uint16_t> words_of(std::int64_t raw, std::uint16_t count) {
  std::vector<std::uint16_t> words;
  for (int n = count - 1; n >= 0; --n) words.push_back(static_cast<std::uint16_t>(raw >> 16 * n));
  return words;
}

Result<std::int64_t> raw_number(const Place& place, const Decimal& value, Words words) {
  const Control& control = *place.control;
  if (value < control.least || value > control.most) {
    return failed(Fault::out_of_range,
                  "outside " + to_text(control.least) + " to " + to_text(control.most));
  }
  const auto factor = factor_of(*place.point, words);
  if (!factor) return failed(Fault::refused, "the device reports no scale factor");
  const Decimal raw = rounded(shifted(value, -*factor), 0);
  const auto wanted = words_of(raw.digits, registers_of(place.point->type));
  // What it would read back as: the number itself, and not the code for "not implemented".
  std::string scratch;
  Point plain = *place.point;
  plain.factor = 0;
  plain.rule = Rule::plain;
  const Value back = value_of(plain, 0, wanted, {}, scratch);
  if (raw.exponent != 0 || back != Value{Decimal{raw.digits, 0}}) {
    return failed(Fault::out_of_range, "more than its register holds");
  }
  return raw.digits;
}

Result<std::int64_t> raw_of_command(const Place& place, const Value& value, Words words) {
  if (const auto* on = std::get_if<bool>(&value)) return *on ? 1 : 0;
  if (const auto* number = std::get_if<Decimal>(&value)) return raw_number(place, *number, words);
  const auto* text = std::get_if<std::string_view>(&value);
  for (unsigned n = 0; text != nullptr && n < 4; ++n) {
    if (name_at(place.point->names, n) == *text) return n;
  }
  return failed(Fault::bad_syntax, "not one of its states");
}

}  // namespace

// Points that make one limit, in the order in which they are set: from `first` to `last` with one
// write, they lie side by side. In force where `enable` is not 0, dropped after the seconds of
// `revert`.
struct Controls::Limit {
  struct Part {
    std::string_view first, last;
  };
  std::uint16_t model;
  std::string_view enable, revert;
  std::array<Part, 2> parts;
};
constexpr Controls::Limit Controls::limits[] = {
    {704, "WMaxLimPctEna", "WMaxLimPctRvrtTms", {{{"WMaxLimPctEna", "WMaxLimPct"}, {}}}},
    {704, "WSetEna", "WSetRvrtTms", {{{"WSetEna", "WSet"}, {}}}},
    {123,
     "WMaxLim_Ena",
     "WMaxLimPct_RvrtTms",
     {{{"WMaxLimPct", "WMaxLimPct"}, {"WMaxLim_Ena", "WMaxLim_Ena"}}}},
    {124,
     "StorCtl_Mod",
     "InOutWRte_RvrtTms",
     {{{"OutWRte", "InWRte"}, {"StorCtl_Mod", "StorCtl_Mod"}}}},
};

void Controls::declare(const Layout& layout, std::size_t device, const Profile& profile,
                       Effects& effects) {
  single_writes_ = single_writes_ || profile.single_writes;
  if (!allowed_) return;
  std::vector<std::string_view> said;
  for (const Control& control : table) {
    const bool again = std::find(said.begin(), said.end(), control.key) != said.end();
    if (again || find_place(layout, device, control.key).control == nullptr) continue;
    said.push_back(control.key);
    EntitySpec spec = *find_spec(control.key);
    spec.enabled = true;  // writing was allowed in order to use it
    if (control.least < control.most) {
      spec.min = control.least;
      spec.max = control.most;
    }
    effects(Entity{layout.devices[device].channel, &spec});
  }
}

void Controls::command(const Command& command, Layout& layout, const Profile& profile,
                       Effects& effects) {
  const auto device =
      std::find_if(layout.devices.begin(), layout.devices.end(),
                   [&](const PlacedDevice& placed) { return placed.channel == command.channel; });
  const auto place =
      device == layout.devices.end()
          ? Place{}
          : find_place(layout, static_cast<std::size_t>(device - layout.devices.begin()),
                       command.key);
  const auto refuse = [&](Error why) {
    effects(Rejected{command.channel, command.key, command.text, std::move(why)});
  };
  const bool taken = allowed_ && place.control != nullptr;
  if (!taken) return refuse({Fault::unsupported, "takes no commands"});
  const auto raw = raw_of_command(place, command.value, layout.models[place.model].words);
  if (!raw) return refuse(raw.error());
  WriteOrder order{place.model, place.point->at, words_of(*raw, registers_of(place.point->type))};
  if (!place.control->mode.empty()) {
    order.at = find_point(*layout.models[place.model].model, place.control->mode)->at;
    order.values.insert(order.values.begin(), place.control->mode_value);
  }
  order.channel = command.channel;
  order.key = command.key;
  order.text = command.text;
  order.unverifiable = profile.unverifiable_controls && place.control->model == 123;
  order.single = single_writes_;
  const auto same = [&](const WriteOrder& older) {
    return older.key == command.key && older.channel == command.channel;
  };
  if (!orders_.push(std::move(order), same)) refuse({Fault::refused, "too many commands wait"});
}

// ---- what is asked ------------------------------------------------------------------------------

Mono Controls::due() const {
  Mono due = orders_.due();
  for (const RenewedLimit& limit : renewed_) due = std::min(due, limit.due);
  return due;
}

void Controls::renew(const Layout& layout, Mono now) {
  for (RenewedLimit& limit : renewed_) {
    if (limit.due > now || !orders_.empty() || limit.model >= layout.models.size()) continue;
    limit.due = now + limit.every;
    for (WriteOrder order : limit.orders) {
      order.single = single_writes_;
      if (!orders_.push(std::move(order))) break;
    }
  }
}

modbus::Request Controls::next(const Layout& layout) const {
  const WriteOrder& order = orders_.first();
  const auto address =
      static_cast<std::uint16_t>(layout.models[order.model].found.address + order.at);
  modbus::Request request;
  request.address = address;
  request.count = static_cast<std::uint16_t>(order.values.size());
  if (orders_.is_acknowledged()) return request;
  request.function = modbus::Function::write_multiple;
  request.values = order.values;
  if (!order.single) return request;
  request.function = modbus::Function::write_single;
  request.address = static_cast<std::uint16_t>(address + order.done);
  request.count = 1;
  request.values = {order.values[order.done]};
  return request;
}

// ---- what is answered ---------------------------------------------------------------------------

Controls::Touched Controls::written(Layout& layout, Mono now, Effects& effects) {
  WriteOrder& order = orders_.first();
  if (order.single && ++order.done < order.values.size()) return {};
  orders_.acknowledged(now);
  if (order.unverifiable || order.key.empty()) return prove(layout, now, effects);
  return {};
}

Controls::Touched Controls::read(const std::vector<std::uint16_t>& words, Layout& layout, Mono now,
                                 Effects& effects) {
  if (words == orders_.first().values) return prove(layout, now, effects);
  if (orders_.read_again(now + proof_pause)) return {};
  const std::size_t model = orders_.first().model;
  fail({Fault::refused, "the device acknowledged the write but did not change the value"}, effects);
  return model;
}

Controls::Touched Controls::prove(Layout& layout, Mono now, Effects& effects) {
  const WriteOrder order = orders_.take();
  PlacedModel& placed = layout.models[order.model];
  for (std::size_t n = 0; n < order.values.size(); ++n) {
    const auto at = static_cast<unsigned>(order.at + n);
    if (at < placed.words.size()) placed.words[at] = order.values[n];
    if (order.unverifiable) ordered_[{order.model, at}] = order.values[n];
  }
  if (order.key.empty()) return {};
  if (order.unverifiable) effects(Reading{order.channel, order.key, "123", {}});
  keep_in_force(order, layout, now);
  return order.model;
}

// As it was proved, or where nothing can be, as it was ordered; nothing where that is not known.
std::optional<std::uint16_t> Controls::word(const WriteOrder& order, const Layout& layout,
                                            unsigned at) const {
  constexpr std::uint16_t not_implemented = 0xFFFF;
  std::uint16_t found = not_implemented;
  if (order.unverifiable) {
    const auto ordered = ordered_.find({order.model, at});
    if (ordered != ordered_.end()) found = ordered->second;
  } else if (at < layout.models[order.model].words.size()) {
    found = layout.models[order.model].words[at];
  }
  return found == not_implemented ? std::nullopt : std::optional(found);
}

std::uint64_t Controls::number(const WriteOrder& order, const Layout& layout,
                               std::string_view name) const {
  const Point& point = *find_point(*layout.models[order.model].model, name);
  std::uint64_t number = 0;
  for (unsigned at = point.at; at < end_of(point); ++at) {
    number = number << 16 | word(order, layout, at).value_or(0);
  }
  return number;
}

// A limit that is in force and would lapse is set again at half its time; any order that touches
// one of its points decides anew whether it is.
void Controls::keep_in_force(const WriteOrder& order, const Layout& layout, Mono now) {
  const Model& model = *layout.models[order.model].model;
  const auto touches = [&](std::string_view first, std::string_view last) {
    return !first.empty() && order.at < end_of(*find_point(model, last)) &&
           find_point(model, first)->at < order.at + order.values.size();
  };
  for (const Limit& limit : limits) {
    if (limit.model != model.id) continue;
    const bool about = touches(limit.revert, limit.revert) ||
                       std::any_of(limit.parts.begin(), limit.parts.end(), [&](const auto& part) {
                         return touches(part.first, part.last);
                       });
    if (!about) continue;
    std::erase_if(renewed_, [&](const RenewedLimit& other) {
      return other.model == order.model && other.limit == &limit;
    });
    auto renewed = in_force(limit, order, layout);
    if (!renewed) continue;
    renewed->due = now + renewed->every;
    renewed_.push_back(std::move(*renewed));
  }
}

std::optional<Controls::RenewedLimit> Controls::in_force(const Limit& limit,
                                                         const WriteOrder& order,
                                                         const Layout& layout) const {
  const auto seconds = static_cast<std::int64_t>(number(order, layout, limit.revert));
  if (number(order, layout, limit.enable) == 0 || seconds == 0) return {};
  const Model& model = *layout.models[order.model].model;
  RenewedLimit renewed{order.model, &limit, {}, seconds * half_a_second, Mono::max()};
  for (const auto& [first, last] : limit.parts) {
    if (first.empty()) continue;
    const unsigned begin = find_point(model, first)->at, end = end_of(*find_point(model, last));
    WriteOrder again{order.model, static_cast<std::uint16_t>(begin), {}};
    again.unverifiable = order.unverifiable;
    for (unsigned at = begin; at < end; ++at) {
      if (const auto known = word(order, layout, at)) again.values.push_back(*known);
    }
    if (again.values.size() == end - begin) renewed.orders.push_back(again);
  }
  return renewed;
}

// A device without function 16 for this register may know function 6.
Controls::Touched Controls::refused(std::uint8_t code, Effects& effects) {
  WriteOrder& order = orders_.first();
  if (!orders_.is_acknowledged() && !order.single && code <= 3) {
    order.single = single_writes_ = true;
    return {};
  }
  const std::size_t model = order.model;
  fail({Fault::refused, "the device refuses it: " + std::string(modbus::exception_text(code))},
       effects);
  return model;
}

void Controls::fail(const Error& why, Effects& effects) {
  const WriteOrder order = orders_.take();
  if (!order.key.empty()) effects(Rejected{order.channel, order.key, order.text, why});
}

void Controls::forget(Effects& effects) {
  renewed_.clear();
  ordered_.clear();
  fail_all({Fault::io, "the device has changed"}, effects);
}

void Controls::fail_all(const Error& why, Effects& effects) {
  while (!orders_.empty()) fail(why, effects);
}

std::vector<std::string_view> control_keys() {
  std::vector<std::string_view> keys;
  for (const Control& control : table) keys.push_back(control.key);
  return keys;
}

}  // namespace gridtap::sunspec
