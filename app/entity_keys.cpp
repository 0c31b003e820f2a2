#include "app/entity_keys.hpp"

#include <algorithm>
#include <set>

#include "adapters/registry.hpp"
#include "app/device_rules.hpp"
#include "core/setting.hpp"
#include "core/vocabulary.hpp"

namespace gridtap::app {
namespace {

constexpr std::string_view all = "all";

using KeyList = std::vector<std::string_view>;

bool is_own(const AdapterKind& kind, std::string_view key) {
  const KeyList own = kind.keys();
  return std::find(own.begin(), own.end(), key) != own.end();
}

// What every device has: the health of its line, without what one adapter alone counts.
bool is_of_every_line(const EntitySpec& spec) {
  return spec.line_health &&
         std::none_of(kinds().begin(), kinds().end(),
                      [&](const AdapterKind* kind) { return is_own(*kind, spec.key); });
}

void add_line_health(KeyList& keys) {
  for (const auto rows : vocabulary()) {
    for (const EntitySpec& spec : rows) {
      if (is_of_every_line(spec)) keys.push_back(spec.key);
    }
  }
}

KeyList sorted(KeyList keys) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

struct Row {
  std::string first, last, name, unit, adapters;
};

std::string adapters_of(std::string_view key) {
  std::string text;
  std::size_t count = 0;
  for (const AdapterKind* kind : kinds()) {
    const KeyList keys = entity_keys(*kind);
    if (!std::binary_search(keys.begin(), keys.end(), key)) continue;
    (text += text.empty() ? "" : ", ") += kind->name;
    ++count;
  }
  return count == kinds().size() ? std::string(all) : text;
}

// "energy_import_t" of "energy_import_t11"
std::string_view without_number(std::string_view key) {
  return key.substr(0, key.find_last_not_of("0123456789") + 1);
}

// Phases, tariffs and the like are one row.
bool continues(const Row& row, const Row& next) {
  const std::string_view stem = without_number(next.first);
  return stem.size() < next.first.size() && stem == without_number(row.last) &&
         row.last.size() > stem.size() && row.unit == next.unit && row.adapters == next.adapters;
}

// In the order in which people count: t2 before t10.
bool counts_before(std::string_view a, std::string_view b) {
  const std::string_view stem = without_number(a);
  if (stem != without_number(b) || a.size() == b.size()) return a < b;
  return a.size() < b.size();
}

std::vector<Row> rows() {
  KeyList keys;
  for (const AdapterKind* kind : kinds()) {
    const KeyList more = entity_keys(*kind);
    keys.insert(keys.end(), more.begin(), more.end());
  }
  keys = sorted(std::move(keys));
  std::sort(keys.begin(), keys.end(), counts_before);
  std::vector<Row> rows;
  for (const std::string_view key : keys) {
    const EntitySpec* spec = find_spec(key);
    const std::string_view unit = spec != nullptr ? spec->unit : "";
    const std::string name =
        spec != nullptr && !spec->name.empty() ? std::string(spec->name) : entity_name(key);
    Row row{std::string(key), std::string(key), name, std::string(unit), adapters_of(key)};
    if (!rows.empty() && continues(rows.back(), row)) {
      rows.back().last = row.last;
    } else {
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace

std::vector<std::string_view> entity_keys(const AdapterKind& kind) {
  KeyList keys = kind.keys();
  for (const std::string_view key : device_rule_keys(kind)) keys.push_back(key);
  add_line_health(keys);
  return sorted(std::move(keys));
}

std::string no_such_entity(std::string_view key, const AdapterKind* kind) {
  constexpr std::size_t most = 3;
  KeyList words;
  for (const AdapterKind* one : kinds()) {
    const KeyList more = kind == nullptr || kind == one ? entity_keys(*one) : KeyList{};
    words.insert(words.end(), more.begin(), more.end());
  }
  words = sorted(std::move(words));
  std::string near;
  for (std::size_t n = 0; n < most; ++n) {
    const std::string_view meant = nearest(key, words);
    if (meant.empty()) break;
    (near += near.empty() ? "did you mean `" : ", `") += std::string(meant) + '`';
    std::erase(words, meant);
  }
  return "no such entity: " + (near.empty() ? "" : near + "? ") + "docs/keys.md lists all";
}

std::string entity_table() {
  std::string text = "| key | name | unit | adapters |\n|---|---|---|---|\n";
  for (const Row& row : rows()) {
    text += "| `" + row.first + '`';
    if (row.last != row.first) {
      text += " to `" + row.last.substr(without_number(row.last).rfind('_') + 1) + '`';
    }
    text += " | " + row.name + " | " + row.unit + " | " + row.adapters + " |\n";
  }
  return text;
}

}  // namespace gridtap::app
