#include "rules/relay.hpp"

#include <algorithm>
#include <cstdint>

#include "core/record.hpp"

namespace gridtap {
namespace {

using std::chrono::milliseconds;

void add_time(RecordWriter& record, std::string_view row, std::string_view relay,
              const KeptTime& time) {
  if (time.wall) {
    record.add(row, relay, time.mono.count(), time.age.count(), time.wall->count());
  } else {
    record.add(row, relay, time.mono.count(), time.age.count());
  }
}

// The time in a row, behind the name of the relay.
std::optional<KeptTime> time_of(const RecordRow& row) {
  const auto mono = row.number<std::int64_t>(1), age = row.number<std::int64_t>(2);
  if (!mono || !age) return {};
  KeptTime time{milliseconds(*mono), milliseconds(*age)};
  if (const auto wall = row.number<std::int64_t>(3)) time.wall = milliseconds(*wall);
  return time;
}

// A relay without `since` is not whole.
struct Unfinished {
  KeptRelay relay;
  bool has_since = false;
};

std::optional<Unfinished> relay_of(const RecordRow& row) {
  const auto name = row.text(0);
  const auto wish = row.number<int>(1), on = row.number<int>(2);
  const auto used = row.number<std::int64_t>(3);
  if (!name || !wish || !on || !used) return {};
  Unfinished found;
  found.relay.name = *name;
  found.relay.wish = *wish != 0;
  found.relay.on = *on != 0;
  found.relay.used = milliseconds(*used);
  return found;
}

void take_time(Unfinished& into, const RecordRow& row) {
  const auto time = time_of(row);
  if (!time) return;
  if (row.name == "went_off") into.relay.went_off = time;
  if (row.name == "went_on") into.relay.went_on.push_back(*time);
  if (row.name != "since") return;
  into.relay.since = *time;
  into.has_since = true;
}

}  // namespace

std::string to_text(const KeptRelays& kept) {
  RecordWriter record;
  record.add("boot", kept.boot);
  for (const KeptRelay& relay : kept.relays) {
    record.add("relay", relay.name, int{relay.wish}, int{relay.on}, relay.used.count());
    add_time(record, "since", relay.name, relay.since);
    if (relay.went_off) add_time(record, "went_off", relay.name, *relay.went_off);
    for (const KeptTime& time : relay.went_on) add_time(record, "went_on", relay.name, time);
  }
  return record.text();
}

KeptRelays kept_relays(std::string_view text) {
  const Record record(text);
  std::vector<Unfinished> found;
  for (const RecordRow& row : record.rows()) {
    if (row.name == "relay") {
      if (auto relay = relay_of(row)) found.push_back(std::move(*relay));
      continue;
    }
    for (Unfinished& each : found) {
      if (each.relay.name == row.text(0)) take_time(each, row);
    }
  }
  KeptRelays kept{std::string(record.text("boot").value_or("")), {}};
  for (Unfinished& each : found) {
    if (each.has_since) kept.relays.push_back(std::move(each.relay));
  }
  return kept;
}

}  // namespace gridtap
