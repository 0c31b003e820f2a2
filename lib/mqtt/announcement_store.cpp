#include "mqtt/announcement_store.hpp"

#include <algorithm>
#include <array>

namespace gridtap::mqtt {
namespace {

constexpr std::string_view index_key = "mqtt.devices";
constexpr std::string_view version_line = "gridtap 1";
constexpr std::array<std::string_view, 3> forms = {"device", "entity", "off"};
constexpr std::array<std::string_view, 7> platforms = {
    "sensor", "binary_sensor", "number", "toggle", "button", "select", "text"};

std::string record_key(std::string_view topic) { return "mqtt.device." + std::string(topic); }

// The part before the separator; moves on behind it.
std::string_view take(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return part;
}

bool fits_field(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

template <std::size_t count>
std::optional<std::size_t> index_of(const std::array<std::string_view, count>& words,
                                    std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return {};
  return static_cast<std::size_t>(found - words.begin());
}

void append_line(std::string& out, std::initializer_list<std::string_view> fields) {
  bool first = true;
  for (const std::string_view field : fields) {
    if (!first) out += '\t';
    first = false;
    out += field;
  }
  out += '\n';
}

void append_component(std::string& out, const ComponentRecord& component) {
  if (!fits_field(component.key) || !fits_field(component.options)) return;
  std::string flags;
  if (component.declared) flags += 'd';
  if (component.by_rule) flags += 'r';
  if (component.has_attributes) flags += 'a';
  append_line(out,
              {"component", component.key, platforms[static_cast<std::size_t>(component.platform)],
               flags, std::to_string(component.decimals), component.options});
}

void read_component(std::string_view rest, DeviceRecord& record) {
  ComponentRecord component;
  component.key = take(rest, '\t');
  const auto platform = index_of(platforms, take(rest, '\t'));
  const std::string_view flags = take(rest, '\t');
  const auto decimals = parse_decimal(take(rest, '\t'));
  if (component.key.empty() || !platform || !decimals) return;
  component.platform = static_cast<Platform>(*platform);
  component.declared = flags.find('d') != flags.npos;
  component.by_rule = flags.find('r') != flags.npos;
  component.has_attributes = flags.find('a') != flags.npos;
  component.decimals = static_cast<std::int8_t>(decimals->digits);
  component.options = take(rest, '\t');
  record.components.push_back(std::move(component));
}

void read_line(std::string_view rest, DeviceRecord& record) {
  const std::string_view kind = take(rest, '\t');
  if (kind == "device") {
    record.id = take(rest, '\t');
  } else if (kind == "identity") {
    record.identity = take(rest, '\t');
    record.wire_identity = take(rest, '\t');
  } else if (kind == "announced") {
    const auto form = index_of(forms, take(rest, '\t'));
    const std::string_view base = take(rest, '\t');
    record.topics = Topics(base, take(rest, '\t'));
    if (form) record.form = static_cast<BridgeOptions::Discovery>(*form);
  } else if (kind == "component") {
    read_component(rest, record);
  }
}

}  // namespace

std::vector<std::string> AnnouncementStore::topics() const {
  const std::string index = store_.get(index_key);
  std::vector<std::string> out;
  for (std::string_view rest = index; !rest.empty();) out.emplace_back(take(rest, '\n'));
  return out;
}

std::optional<DeviceRecord> AnnouncementStore::read(std::string_view topic) const {
  const std::string text = store_.get(record_key(topic));
  std::string_view rest = text;
  if (take(rest, '\n') != version_line) return {};
  DeviceRecord record;
  while (!rest.empty()) read_line(take(rest, '\n'), record);
  if (record.id.empty()) return {};
  return record;
}

std::optional<model::RememberedDevice> AnnouncementStore::recall(std::string_view handle) const {
  auto record = read(handle);
  if (!record) return {};
  return model::RememberedDevice{std::move(record->identity), std::move(record->wire_identity),
                                 std::move(record->components)};
}

void AnnouncementStore::write(std::string_view topic, const DeviceRecord& record) {
  std::string text;
  append_line(text, {version_line});
  append_line(text, {"device", record.id});
  append_line(text, {"identity", record.identity, record.wire_identity});
  append_line(text, {"announced", forms[static_cast<std::size_t>(record.form)],
                     record.topics.base(), record.topics.prefix()});
  for (const ComponentRecord& component : record.components) append_component(text, component);
  const std::string key = record_key(topic);
  if (store_.get(key) == text) return;  // spares the disk
  text.shrink_to_fit();                 // the store keeps it
  store_.put(key, std::move(text), true);
  auto known = topics();
  if (std::find(known.begin(), known.end(), topic) != known.end()) return;
  store_.put(index_key, store_.get(index_key) + std::string(topic) + '\n', true);
}

void AnnouncementStore::forget(std::string_view topic) {
  store_.put(record_key(topic), "", true);
  std::string index;
  for (const std::string& known : topics()) {
    if (known != topic) index += known + '\n';
  }
  store_.put(index_key, std::move(index), true);
}

}  // namespace gridtap::mqtt
