#include "mqtt/announcement_store.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "core/ids.hpp"
#include "core/record.hpp"

namespace gridtap::mqtt {
namespace {

constexpr std::string_view index_key = "mqtt.devices";
constexpr std::string_view leftovers_key = "mqtt.leftovers";
constexpr std::string_view first_line_1 = "gridtap 1";
constexpr std::array<std::string_view, 3> forms = {"device", "entity", "off"};
constexpr std::array<std::string_view, 7> platforms = {
    "sensor", "binary_sensor", "number", "toggle", "button", "select", "text"};

std::string record_key(std::string_view topic) { return "mqtt.device." + std::string(topic); }

template <std::size_t count>
std::optional<std::size_t> index_of(const std::array<std::string_view, count>& words,
                                    std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return {};
  return static_cast<std::size_t>(found - words.begin());
}

void add_component(RecordWriter& out, const ComponentRecord& component) {
  std::string flags;
  if (component.declared) flags += 'd';
  if (component.by_rule) flags += 'r';
  if (component.has_attributes) flags += 'a';
  out.add("component", component.key, platforms[static_cast<std::size_t>(component.platform)],
          flags, component.decimals, component.options);
}

void read_component(const RecordRow& row, DeviceRecord& record) {
  const std::string_view flags = row.text(2).value_or("");
  const auto platform = index_of(platforms, row.text(1).value_or(""));
  const auto decimals = row.number<std::int8_t>(3);
  ComponentRecord component;
  component.key = row.text(0).value_or("");
  if (component.key.empty() || !platform || !decimals) return;
  component.platform = static_cast<Platform>(*platform);
  component.declared = flags.find('d') != flags.npos;
  component.by_rule = flags.find('r') != flags.npos;
  component.has_attributes = flags.find('a') != flags.npos;
  component.decimals = *decimals;
  component.options = row.text(4).value_or("");
  record.components.push_back(std::move(component));
}

void read_row(const RecordRow& row, DeviceRecord& record) {
  const auto text = [&](std::size_t n) { return row.text(n).value_or(""); };
  if (row.name == "device") {
    record.id = text(0);
  } else if (row.name == "identity") {
    record.identity = text(0);
    record.wire_identity = text(1);
  } else if (row.name == "description") {
    record.serial = text(0);
    record.manufacturer = text(1);
    record.model = text(2);
    record.firmware = text(3);
  } else if (row.name == "announced") {
    const auto form = index_of(forms, text(0));
    record.topics = Topics(text(1), text(2));
    if (form) record.form = static_cast<BridgeOptions::Discovery>(*form);
    record.node = text(3);
  } else if (row.name == "component") {
    read_component(row, record);
  }
}

void complete(DeviceRecord& record, std::string_view topic) {
  if (!record.node.empty() || record.topics.base().empty()) return;
  record.node = record.topics.base() + '_' + std::string(topic);
  record.renamed = record.identity == topic && topic != gateway_device;
  if (record.renamed) record.identity = record.node;
}

model::RememberedDevice remembered(std::string_view handle, DeviceRecord record) {
  return {std::string(handle),         std::move(record.id),
          std::move(record.identity),  std::move(record.wire_identity),
          std::move(record.serial),    std::move(record.manufacturer),
          std::move(record.model),     std::move(record.firmware),
          std::move(record.components)};
}

std::string index_of_topics(const std::vector<std::string>& topics) {
  RecordWriter index;
  for (const std::string& topic : topics) index.add("topic", topic);
  return index.text();
}

// ---- the version before: lines, and in them fields with a tab between ---------------------------

// The parts of a text that end, or are parted, by the character.
std::vector<std::string> parts_of(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    parts.emplace_back(part);
  }
  return parts;
}

// The names and the order of what is in a row have stayed.
std::vector<RecordRow> rows_of_version_1(std::string_view text) {
  std::vector<RecordRow> rows;
  const auto lines = parts_of(text, '\n');
  if (lines.empty() || lines[0] != first_line_1) return rows;
  for (const std::string& line : lines) {
    auto fields = parts_of(line, '\t');
    if (fields.empty()) continue;
    RecordRow row{std::move(fields[0]), {}};
    row.values.assign(std::next(fields.begin()), fields.end());
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<RecordRow> rows_of(std::string_view text) {
  return Record::is_one(text) ? Record(text).rows() : rows_of_version_1(text);
}

}  // namespace

std::vector<std::string> AnnouncementStore::topics() const {
  const std::string text = store_.get(index_key);
  if (!Record::is_one(text)) return parts_of(text, '\n');
  std::vector<std::string> out;
  for (const RecordRow& row : Record(text).rows()) {
    if (row.name == "topic" && row.text()) out.emplace_back(*row.text());
  }
  return out;
}

std::optional<DeviceRecord> AnnouncementStore::read(std::string_view topic) const {
  const std::string text = store_.get(record_key(topic));
  DeviceRecord record;
  for (const RecordRow& row : rows_of(text)) read_row(row, record);
  if (record.id.empty()) return {};
  complete(record, topic);
  return record;
}

std::optional<model::RememberedDevice> AnnouncementStore::recall(std::string_view handle) const {
  auto record = read(handle);
  if (!record) return {};
  return remembered(handle, std::move(*record));
}

std::vector<model::RememberedDevice> AnnouncementStore::recall_identity(
    std::string_view identity) const {
  std::vector<model::RememberedDevice> all;
  for (const std::string& topic : topics()) {
    auto record = read(topic);
    if (record && record->identity == identity) {
      all.push_back(remembered(topic, std::move(*record)));
    }
  }
  return all;
}

void AnnouncementStore::write(std::string_view topic, const DeviceRecord& record) {
  RecordWriter out;
  out.add("device", record.id);
  out.add("identity", record.identity, record.wire_identity);
  out.add("description", record.serial, record.manufacturer, record.model, record.firmware);
  out.add("announced", forms[static_cast<std::size_t>(record.form)], record.topics.base(),
          record.topics.prefix(), record.node);
  for (const ComponentRecord& component : record.components) add_component(out, component);
  std::string text = out.text();
  const std::string key = record_key(topic);
  if (store_.get(key) == text) return;  // spares the disk
  text.shrink_to_fit();                 // the store keeps it
  store_.put(key, std::move(text), true);
  auto known = topics();
  if (std::find(known.begin(), known.end(), topic) != known.end()) return;
  known.emplace_back(topic);
  store_.put(index_key, index_of_topics(known), true);
}

void AnnouncementStore::forget(std::string_view topic) {
  store_.put(record_key(topic), "", true);
  auto known = topics();
  std::erase(known, topic);
  store_.put(index_key, index_of_topics(known), true);
}

std::vector<AnnouncementStore::Leftover> AnnouncementStore::leftovers() const {
  std::vector<Leftover> out;
  for (const RecordRow& row : Record(store_.get(leftovers_key)).rows()) {
    if (row.name == "topic" && row.text(1)) {
      out.push_back({std::string(*row.text(0)), std::string(*row.text(1))});
    }
  }
  return out;
}

void AnnouncementStore::write_leftovers(const std::vector<Leftover>& leftovers) {
  RecordWriter out;
  for (const Leftover& each : leftovers) out.add("topic", each.handle, each.topic);
  store_.put(leftovers_key, out.text(), true);
}

}  // namespace gridtap::mqtt
