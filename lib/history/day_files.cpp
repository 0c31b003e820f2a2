#include "history/day_files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/iso_time.hpp"
#include "core/json_text.hpp"
#include "history/growth_slots.hpp"
#include "history/held_slots.hpp"
#include "history/register_jump.hpp"

namespace gridtap::history {
namespace {

using namespace std::chrono;

struct Column {
  std::size_t field;
  std::string_view key;
  int exponent;          // of the number in the file, in the unit of the key
  bool is_zero_unknown;  // a line that is not there, a register that has not come
};
constexpr Column measured[] = {
    {5, "power_import", 0, false},          {6, "power_export", 0, false},
    {7, "reactive_power_import", 0, false}, {8, "reactive_power_export", 0, false},
    {9, "current_l1", -3, false},           {10, "current_l2", -3, false},
    {11, "current_l3", -3, false},          {12, "voltage_l1", -1, true},
    {13, "voltage_l2", -1, true},           {14, "voltage_l3", -1, true},
};
constexpr std::size_t registers = 4, first_register = 15;
constexpr Column counted[registers] = {
    {15, "energy_import", -3, true},
    {16, "energy_export", -3, true},
    {17, "reactive_energy_import", -3, true},
    {18, "reactive_energy_export", -3, true},
};
// The powers that shape the hours of the first two registers.
constexpr std::size_t shaped = 2, first_power = 5, first_number = 5, meter_field = 3;
constexpr int live_exponent = -6;                      // mWh in kWh
constexpr std::int64_t most_measured = 1'000'000'000;  // beyond any power in W, current in mA

using Fields = std::array<std::string_view, DayFiles::fields_of_line>;

// False: there are more or fewer.
bool split(std::string_view text, Fields& fields) {
  for (std::size_t n = 0; n < fields.size(); ++n) {
    const std::size_t comma = text.find(',');
    const bool is_last = n + 1 == fields.size();
    if ((comma == text.npos) != is_last) return false;
    fields[n] = text.substr(0, comma);
    if (!is_last) text.remove_prefix(comma + 1);
  }
  return true;
}

struct Held {
  Column column;
  SeriesHead head;
  HeldSlots slots;
  std::vector<Slot> done = {};
};
struct Counted {
  Column column;
  SeriesHead head;
  GrowthSlots slots;
  std::vector<Slot> done = {};
  std::optional<Decimal> last = {};  // reading
};

template <class Slots>
void take_all(Slots& slots, std::vector<Slot>& done) {
  while (const auto slot = slots.take()) done.push_back(*slot);
}

bool is_nothing(const Slot& slot) {
  return slot.value == 0 && slot.low.value_or(0) == 0 && slot.high.value_or(0) == 0;
}

template <class Series>
void finish_series(Series& series, Imported& imported) {
  take_all(series.slots, series.done);
  const auto running = series.slots.running();
  if (running && (running->covered > 0 || running->value != 0)) series.done.push_back(*running);
  if (std::all_of(series.done.begin(), series.done.end(), is_nothing)) return;
  imported.series.push_back({series.head, std::move(series.done)});
}

// Nothing: it is not one of those that are kept.
std::optional<SeriesHead> head_for(const std::string& device, std::string_view key,
                                   const SeriesChoice& choice) {
  const EntitySpec* const spec = find_spec(key);
  if (spec == nullptr || !choice.takes(device, key)) return {};
  return head_of(device + '/' + std::string(key), *spec);
}

}  // namespace

struct DayFiles::Line {
  Instant at;
  std::string_view meter;
  std::array<std::int64_t, fields_of_line> numbers{};
};

// The series, and what the registers were.
struct DayFiles::Columns {
  std::vector<Held> held;
  std::vector<Counted> counted;
  std::optional<std::array<std::int64_t, registers>> last_registers;
  std::array<std::int64_t, shaped> live{}, watts{};  // mWh; the powers of the line before
  bool is_watched = true;                            // no silence since the registers came

  void measure(const Line& line);
  void count(const Line& line, FilePlace place, ImportNotes& notes);
  void count_live(const Line& line, Milliseconds since);
};

void DayFiles::Columns::measure(const Line& line) {
  for (Held& each : held) {
    const std::int64_t number = line.numbers[each.column.field];
    if (number == 0 && each.column.is_zero_unknown) {
      each.slots.unknown(line.at);
    } else {
      const Decimal value{number, static_cast<std::int8_t>(each.column.exponent)};
      each.slots.number(value, line.at, longest_hold);
    }
    take_all(each.slots, each.done);
  }
}

// A changed number is a new reading. When those of the first line were read is not known.
void DayFiles::Columns::count(const Line& line, FilePlace place, ImportNotes& notes) {
  std::array<std::int64_t, registers> now{};
  std::copy_n(line.numbers.begin() + first_register, registers, now.begin());
  const bool have_come = last_registers && *last_registers != now;
  last_registers = now;
  if (!have_come) return;
  for (Counted& each : counted) {
    const std::int64_t number = line.numbers[each.column.field];
    if (number == 0) continue;
    const Decimal total{number, static_cast<std::int8_t>(each.column.exponent)};
    const auto read_at = each.slots.read_at();
    if (each.last && read_at && is_other_meter(each.head, *each.last, total, line.at - *read_at)) {
      notes.add(place, other_meter_note(each.head, *each.last, total));
      each.slots.forget();
    }
    each.last = total;
    each.slots.total(total, line.at, is_watched);
    take_all(each.slots, each.done);
  }
  is_watched = true;
  live = {};  // so that a file makes the same of an hour, whatever was before it
  count_live(line, Milliseconds{0});
}

// Between two lines the power is halfway between theirs.
void DayFiles::Columns::count_live(const Line& line, Milliseconds since) {
  constexpr std::int64_t per_mwh = 3600;  // W x ms
  for (Counted& each : counted) {
    const std::size_t n = each.column.field - first_register;
    if (n >= shaped) continue;
    const std::int64_t before = std::exchange(watts[n], line.numbers[first_power + n]);
    live[n] += (before + watts[n]) * since.count() / (2 * per_mwh);
    each.slots.live({live[n], live_exponent}, line.at);
  }
}

DayFiles::DayFiles(const std::string& device, const SeriesChoice& choice, const Zone& zone)
    : zone_(zone), columns_(std::make_unique<Columns>()) {
  for (const Column& each : measured) {
    const auto head = head_for(device, each.key, choice);
    if (head) {
      columns_->held.push_back({each, *head, HeldSlots(SeriesKind::mean, head->exponent)});
    }
  }
  for (const Column& each : counted) {
    const auto head = head_for(device, each.key, choice);
    if (head) columns_->counted.push_back({each, *head, GrowthSlots(head->exponent)});
  }
}

DayFiles::~DayFiles() = default;

bool DayFiles::is_one(std::string_view first_line) {
  Fields fields;
  return split(first_line, fields) && parse_iso_date(fields[0]) &&
         parse_iso_time(std::string(fields[0]) + 'T' + std::string(fields[1]) + 'Z');
}

// Of an hour that comes twice it is the one that follows the line before.
std::optional<Instant> DayFiles::time_of(std::string_view date, std::string_view clock) const {
  const auto time = parse_iso_time(std::string(date) + 'T' + std::string(clock) + 'Z');
  if (!time) return {};
  const LocalSeconds local{floor<seconds>(time->time_since_epoch())};
  return zone_.resolve(local, last_).instant;
}

std::optional<DayFiles::Line> DayFiles::parse(std::string_view text, FilePlace place) {
  const auto left_out = [&](const std::string& why) {
    notes_.add(place, why + ": left out");
    return std::nullopt;
  };
  Fields fields;
  if (!split(text, fields)) return left_out("not 19 fields, it was torn");
  const auto at = time_of(fields[0], fields[1]);
  if (!at) return left_out("no time");
  Line line{*at, fields[meter_field]};
  for (std::size_t n = first_number; n < fields.size(); ++n) {
    const auto number = parse_decimal(fields[n]);
    const std::int64_t most = n < first_register ? most_measured : most_units;
    if (!number || number->exponent != 0 || number->digits < 0 || number->digits > most) {
      return left_out("field " + std::to_string(n + 1) + " is no number");
    }
    line.numbers[n] = number->digits;
  }
  if (last_ && line.at == *last_) return left_out("a second line of the same time");
  if (last_ && line.at < *last_) return left_out("earlier than the line before");
  return line;
}

void DayFiles::line(std::string_view text, FilePlace place) {
  const auto line = parse(text, place);
  if (!line) return;
  if (!meter_.empty() && meter_ != line->meter) {
    notes_.add(place, "another meter, " + printable(line->meter) + ": its registers begin anew");
    for (Counted& each : columns_->counted) each.slots.forget();
    columns_->last_registers.reset();
  }
  meter_ = line->meter;
  interval_ = last_ ? line->at - *last_ : Milliseconds{0};
  if (interval_ > longest_silence) columns_->is_watched = false;
  origins_.add(slot_of(line->at), place);
  columns_->count_live(*line, std::min<Milliseconds>(interval_, longest_hold));
  columns_->count(*line, place, notes_);
  columns_->measure(*line);
  last_ = line->at;
}

// The last line holds as long as the one before it did.
Imported DayFiles::finish() {
  Imported imported{{}, std::move(origins_)};
  for (Held& each : columns_->held) {
    if (last_) each.slots.pass(*last_ + std::min<Milliseconds>(interval_, longest_hold));
    finish_series(each, imported);
  }
  for (Counted& each : columns_->counted) finish_series(each, imported);
  return imported;
}

}  // namespace gridtap::history
