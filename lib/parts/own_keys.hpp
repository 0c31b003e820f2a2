#pragma once
// Keys that the configuration names, where names on the wire are the sender's choice: `keys` gives
// a name on the line its key, `entities` a key its unit, class, limits, and whether it can be set.
//
//   keys: {t: temperature, s: soil}
//   entities: {soil: {unit: "%", class: moisture}, pump: {set: switch, node: g1}}

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/section.hpp"
#include "core/vocabulary.hpp"

namespace gridtap {

struct OwnKey {
  std::string name;  // on the line
  std::string key, unit, device_class;
  EntitySpec spec;                     // shows the texts above
  std::optional<Decimal> least, most;  // what a number may be
  std::vector<std::string> nodes;      // that take it
};

// What names on the line look like, as a test and in words.
struct NameRule {
  bool (*takes)(std::string_view);
  std::string_view text;
};

class OwnKeys {
 public:
  static constexpr std::size_t most = 128;

  // `name`: of values on the line; `node`: of those that take commands.
  static OwnKeys read(Section& section, const NameRule& name, const NameRule& node);

  const OwnKey* named(std::string_view name_on_line) const;
  const OwnKey* find(std::string_view key) const;
  const std::deque<OwnKey>& all() const { return keys_; }

 private:
  OwnKey& add(std::string name, std::string key);
  static void describe(OwnKey& key, Section entity, const NameRule& node);

  std::deque<OwnKey> keys_;  // they do not move: their specs show their texts
};

}  // namespace gridtap
