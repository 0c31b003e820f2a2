#include "adapters/sunspec/controls.hpp"

#include <algorithm>
#include <array>

#include "adapters/sunspec/points.hpp"
#include "core/vocabulary.hpp"

namespace gridtap::sunspec {
namespace {

// In per cent, seconds or watts. Of one key the first row counts whose model is there: a lapsed
// limit shows in 704 only.
struct Control {
  std::string_view key;
  std::uint16_t model;
  std::string_view point;
  Decimal least = {}, most = {};
};
constexpr Decimal hundred{100, 0}, day{86'400, 0}, most_watts{1'000'000, 0};
constexpr Control table[] = {
    {"power_limit", 704, "WMaxLimPct", {}, hundred},
    {"power_limit_enabled", 704, "WMaxLimPctEna"},
    {"power_limit_revert_time", 704, "WMaxLimPctRvrtTms", {}, day},
    {"power_set", 704, "WSet", {-1'000'000, 0}, most_watts},
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

// Registers that make one limit: set in this order, in force where `enable_at` is not 0, let go of
// after the time at `revert_at`.
struct Part {
  std::uint16_t at, count;
};
struct Limit {
  std::uint16_t model, enable_at, revert_at, revert_size;
  std::array<Part, 2> parts;
};
constexpr Limit limits[] = {
    {704, 14, 18, 2, {{{14, 2}, {0, 0}}}},  // enable and limit, side by side
    {704, 22, 31, 2, {{{22, 4}, {0, 0}}}},  // enable, in watts, watts
    {123, 9, 7, 1, {{{5, 1}, {9, 1}}}},
    {124, 5, 15, 1, {{{12, 2}, {5, 1}}}},
};
constexpr std::chrono::milliseconds half_a_second{500};
constexpr std::uint16_t watts_mode_at = 23, watts_mode = 1;  // of 704, in front of WSet

const Point* find_point(const Model& model, std::string_view name) {
  const auto found = std::find_if(model.points.begin(), model.points.end(),
                                  [&](const Point& point) { return point.name == name; });
  return found == model.points.end() ? nullptr : &*found;
}

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
      const int end = point->at + registers_of(point->type);
      if (end <= placed.used && placed.instance == 0) return {&control, point, n};
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
  if (!factor) return failed(Fault::refused, "the device does not tell its scale factor");
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
  if (orders_.size() >= most_orders) return refuse({Fault::refused, "too many commands wait"});
  Order order{place.model, place.point->at, words_of(*raw, registers_of(place.point->type))};
  if (place.control->key == "power_set") {
    order.at = watts_mode_at;
    order.values.insert(order.values.begin(), watts_mode);
  }
  order.channel = command.channel;
  order.key = command.key;
  order.text = command.text;
  order.stale = profile.stale_controls && place.control->model == 123;
  order.single = single_writes_;
  orders_.push_back(std::move(order));
}

// ---- what is asked ------------------------------------------------------------------------------

Mono Controls::due() const {
  Mono due = orders_.empty() ? Mono::max() : due_;
  for (const Hold& hold : holds_) due = std::min(due, hold.due);
  return due;
}

void Controls::refresh(const Layout& layout, Mono now) {
  for (Hold& hold : holds_) {
    if (hold.due > now || !orders_.empty() || hold.model >= layout.models.size()) continue;
    hold.due = now + hold.every;
    for (const Order& order : hold.orders) {
      orders_.push_back(order);
      orders_.back().single = single_writes_;
    }
  }
}

modbus::Request Controls::next(const Layout& layout) const {
  const Order& order = orders_.front();
  const auto address =
      static_cast<std::uint16_t>(layout.models[order.model].found.address + order.at);
  modbus::Request request;
  request.address = address;
  request.count = static_cast<std::uint16_t>(order.values.size());
  if (order.sent) return request;
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

void Controls::written(Layout& layout, Mono now, Effects& effects) {
  Order& order = orders_.front();
  if (order.single && ++order.done < order.values.size()) return;
  order.sent = true;
  due_ = now;
  if (order.stale || order.key.empty()) prove(layout, now, effects);
}

void Controls::read(const std::vector<std::uint16_t>& words, Layout& layout, Mono now,
                    Effects& effects) {
  Order& order = orders_.front();
  if (words == order.values) return prove(layout, now, effects);
  due_ = now + proof_pause;
  if (--order.reads_left > 0) return;
  layout.models[order.model].due = now;
  fail({Fault::refused, "the device has heard it and keeps what it had"}, effects);
}

void Controls::prove(Layout& layout, Mono now, Effects& effects) {
  const Order order = std::move(orders_.front());
  orders_.pop_front();
  due_ = now;
  PlacedModel& placed = layout.models[order.model];
  for (std::size_t n = 0; n < order.values.size(); ++n) {
    if (order.at + n < placed.words.size()) placed.words[order.at + n] = order.values[n];
    if (order.stale) ordered_[{order.model, static_cast<int>(order.at + n)}] = order.values[n];
  }
  if (order.key.empty()) return;
  placed.due = now;
  if (order.stale) effects(Reading{order.channel, order.key, "123", {}});
  hold(order, layout, now);
}

// As it was proved, or where nothing can be, as it was ordered; nothing where that is not known.
std::optional<std::uint16_t> Controls::word(const Order& order, const Layout& layout,
                                            int at) const {
  constexpr std::uint16_t not_implemented = 0xFFFF;
  std::uint16_t found = not_implemented;
  if (order.stale) {
    const auto ordered = ordered_.find({order.model, at});
    if (ordered != ordered_.end()) found = ordered->second;
  } else {
    found = layout.models[order.model].words[static_cast<std::size_t>(at)];
  }
  return found == not_implemented ? std::nullopt : std::optional(found);
}

// What is in force and would lapse is set again at half its time.
void Controls::hold(const Order& order, const Layout& layout, Mono now) {
  for (const Limit& limit : limits) {
    const auto covers = [&](const Part& part) {
      return part.count > 0 && order.at < part.at + part.count &&
             part.at < order.at + static_cast<int>(order.values.size());
    };
    const bool about =
        order.at == limit.revert_at || std::any_of(limit.parts.begin(), limit.parts.end(), covers);
    if (limit.model != layout.models[order.model].found.id || !about) continue;
    std::erase_if(holds_, [&](const Hold& other) {
      return other.model == order.model && other.enable_at == limit.enable_at;
    });
    std::int64_t seconds = 0;
    for (int n = 0; n < limit.revert_size; ++n) {
      seconds = seconds << 16 | word(order, layout, limit.revert_at + n).value_or(0);
    }
    if (word(order, layout, limit.enable_at).value_or(0) == 0 || seconds == 0) continue;
    Hold hold{order.model, limit.enable_at, {}, seconds * half_a_second, Mono::max()};
    hold.due = now + hold.every;
    for (const Part& part : limit.parts) {
      Order again{order.model, part.at, {}};
      again.stale = order.stale;
      for (int at = part.at; at < part.at + part.count; ++at) {
        if (const auto known = word(order, layout, at)) again.values.push_back(*known);
      }
      if (part.count > 0 && again.values.size() == part.count) hold.orders.push_back(again);
    }
    holds_.push_back(std::move(hold));
  }
}

// A device without function 16 for this register may know function 6.
void Controls::refused(std::uint8_t code, Layout& layout, Effects& effects) {
  Order& order = orders_.front();
  if (!order.sent && !order.single && code <= 3) {
    order.single = single_writes_ = true;
    return;
  }
  layout.models[order.model].due = Mono{};
  fail({Fault::refused, "the device refuses it: " + std::string(modbus::exception_text(code))},
       effects);
}

void Controls::fail(const Error& why, Effects& effects) {
  const Order order = std::move(orders_.front());
  orders_.pop_front();
  due_ = Mono{};
  if (!order.key.empty()) effects(Rejected{order.channel, order.key, order.text, why});
}

void Controls::forget(Effects& effects) {
  holds_.clear();
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
