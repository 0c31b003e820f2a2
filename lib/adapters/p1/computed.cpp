// What no object contains but follows from those of one telegram (p1.md 5.2, 5.4, 5.5, 5.8).

#include <algorithm>
#include <array>

#include "adapters/p1/readings.hpp"

namespace gridtap::p1 {
namespace {

// Keys of one phase, or of the whole connection.
struct Place {
  std::string_view import, exported, net, current, current_signed;
};
constexpr std::array<Place, 4> places = {{
    {"power_import", "power_export", "power_net", "", ""},
    {"power_import_l1", "power_export_l1", "power_net_l1", "current_l1", "current_signed_l1"},
    {"power_import_l2", "power_export_l2", "power_net_l2", "current_l2", "current_signed_l2"},
    {"power_import_l3", "power_export_l3", "power_net_l3", "current_l3", "current_signed_l3"},
}};

constexpr std::string_view tariff_name_key = "tariff_name";

constexpr Decimal direction_is_clear{20, 0};  // W: below it a phase's direction is a guess
constexpr Decimal phases_should_show{50, 0};  // W of import that some phase must carry

// Rows are found once: a telegram a second should not search for the same keys again.
struct PlaceRows {
  std::size_t import, exported, net, current;
};
const std::array<PlaceRows, 4> rows = [] {
  std::array<PlaceRows, 4> out{};
  for (std::size_t n = 0; n < places.size(); ++n) {
    out[n] = {entity_of(places[n].import), entity_of(places[n].exported), entity_of(places[n].net),
              entity_of(places[n].current)};
  }
  return out;
}();

// The rows of the tariffs of one direction.
struct Tariffs {
  std::string_view key;
  std::size_t total;
  std::vector<std::size_t> rows;
};
Tariffs tariffs_of(std::string_view key) {
  Tariffs tariffs{key, entity_of(key), {}};
  const std::string stem = std::string(key) + "_t";
  for (const Field& field : fields()) {
    if (field.key.starts_with(stem)) tariffs.rows.push_back(field.entity);
  }
  return tariffs;
}
const std::array<Tariffs, 2> directions = {tariffs_of("energy_import"),
                                           tariffs_of("energy_export")};

}  // namespace

void Readings::computed(const Context& in) {
  for (std::size_t n = 0; n < directions.size(); ++n) energy_sum(in, n);
  for (std::size_t n = 0; n < places.size(); ++n) net_power(in, n);
  for (std::size_t n = 1; n < places.size(); ++n) signed_current(in, n);
  tariff_name(in);
}

// Where the meter has no total: the sum of its tariffs, if all of them are accepted.
void Readings::energy_sum(const Context& in, std::size_t direction) {
  const Tariffs& tariffs = directions[direction];
  if (in.said.seen[tariffs.total]) return;
  std::optional<Decimal> sum;
  for (const std::size_t row : tariffs.rows) {
    if (in.said.withheld[row]) return;
    const auto value = in.said.value(row);
    if (!value) continue;
    sum = sum ? add(*sum, *value) : *value;
    if (!sum) return;
  }
  if (!sum) return;
  in.said.seen[tariffs.total] = true;
  say(in, tariffs.key, "computed", *sum);
}

void Readings::net_power(const Context& in, std::size_t place) {
  const PlaceRows& row = rows[place];
  const bool has_row = row.net < fields().size();
  if (has_row && in.said.seen[row.net]) return;  // the meter says it itself
  const auto import = in.said.value(row.import);
  const auto exported = in.said.value(row.exported);
  if (!import || !exported) return;
  const auto net = subtract(*import, *exported);
  if (!net) return;
  if (has_row) in.said.seen[row.net] = true;
  const bool unmeasured = phases_unmeasured_ && place > 0;
  say(in, places[place].net, "computed", unmeasured ? Value{} : Value{*net});
}

bool Readings::is_import_power(const Field& field) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const PlaceRows& row) { return row.import == field.entity; });
}

// A meter without export powers that sends its import with a sign (EasyMeter Q3D): what is negative
// is export. From the first such value on both are known in every telegram.
bool Readings::signed_power(const Context& in, const Object& object, const Field& field,
                            Decimal value) {
  const auto place = std::find_if(rows.begin(), rows.end(),
                                  [&](const PlaceRows& row) { return row.import == field.entity; });
  if (place == rows.end()) return false;
  const bool exports = value.digits < 0;
  signed_powers_ = signed_powers_ || exports;
  if (!signed_powers_) return false;
  const Decimal none{0, value.exponent};
  const Decimal import = exports ? none : value;
  const Decimal exported = exports ? Decimal{-value.digits, value.exponent} : none;
  const Place& keys = places[static_cast<std::size_t>(place - rows.begin())];
  in.said.keep(place->import, import);
  in.said.keep(place->exported, exported);
  say(in, keys.import, object.code, import);
  say(in, keys.exported, object.code, exported);
  return true;
}

// P1 has no sign on currents: the phase's power gives it.
void Readings::signed_current(const Context& in, std::size_t place) {
  const PlaceRows& row = rows[place];
  const auto import = in.said.value(row.import);
  const auto exported = in.said.value(row.exported);
  const auto current = in.said.value(row.current);
  if (!import || !exported || !current || *import == *exported) return;
  const bool imports = *import > *exported;
  if ((imports ? *import : *exported) <= direction_is_clear) return;
  Decimal value = *current;
  if (!imports) value.digits = -value.digits;
  say(in, places[place].current_signed, "computed", value);
}

// Tariff 1 is low in the Netherlands and normal in Belgium.
void Readings::tariff_name(const Context& in) {
  if (in.said.tariff.empty()) return;
  const bool guess = settings_.tariffs == TariffNames::from_telegram;
  const bool belgian = guess ? in.facts.belgian : settings_.tariffs == TariffNames::belgian;
  const bool dutch = guess ? in.facts.has_tariff_1 && !in.facts.belgian && !in.facts.has_total
                           : settings_.tariffs == TariffNames::dutch;
  if (!belgian && !dutch) return;
  const bool named = in.said.tariff == "1" || in.said.tariff == "2";
  const std::string_view name = (in.said.tariff == "1") == dutch ? "low" : "normal";
  say(in, tariff_name_key, "computed", named ? Value{name} : Value{});
}

// On some 3 x 230 V grids the phase powers are always 0: after a minute of it they are unknown.
void Readings::watch_phases(const Context& in) {
  const auto import = in.said.value(rows[0].import);
  bool some = false, all_zero = true;
  for (std::size_t n = 1; n < places.size(); ++n) {
    for (const std::size_t row : {rows[n].import, rows[n].exported}) {
      const auto value = in.said.value(row);
      some = some || value;
      all_zero = all_zero && (!value || value->digits == 0);
    }
  }
  if (some && !all_zero) phases_unmeasured_ = false;
  if (!some || !all_zero || !import || *import <= phases_should_show) {
    phases_silent_since_ = Mono::max();
    return;
  }
  phases_silent_since_ = std::min(phases_silent_since_, in.now.mono);
  phases_unmeasured_ = phases_unmeasured_ || in.now.mono - phases_silent_since_ >= phases_silent;
}

std::vector<std::string_view> computed_keys() {
  std::vector<std::string_view> keys;
  for (const Place& place : places) {
    keys.push_back(place.net);
    if (!place.current_signed.empty()) keys.push_back(place.current_signed);
  }
  for (const Tariffs& tariffs : directions) keys.push_back(tariffs.key);
  keys.push_back(tariff_name_key);
  return keys;
}

}  // namespace gridtap::p1
