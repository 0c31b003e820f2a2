#pragma once
// A typed view of one map of the configuration. Settings are read by name with
// their defaults and limits; wrong values, and at finish() keys that were never read, become
// problems with place and remedy. Nothing throws, the default is handed out instead, and every
// problem is found in one pass. Adapters open no file: the section reads key files for them.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/decimal.hpp"
#include "core/result.hpp"
#include "core/setting.hpp"

namespace gridtap {

using Words = std::vector<std::string_view>;
// The content of a small file, or why not.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;

// A key that users write in the place of another one, and the hint for them. It is a slip only
// where `key` is unknown and `instead` is known.
struct Slip {
  std::string_view key, instead, text;
};

class Section {
 public:
  // `name`: the place of the key that names the map; of the whole file nowhere.
  // REQUIRES: setting, problems and read_file outlive the section and the sections it hands out.
  Section(const Setting& setting, std::string path, Problems& problems, const ReadFile& read_file,
          Place name = {});

  bool has(std::string_view key) const;
  // False where there is something else than a map, which is then a problem already.
  bool usable() const { return usable_; }

  // Each remembers the key as known. Missing or wrong: the default. A plain scalar that is a text
  // to one reader of YAML and something else to another (NO, 010, 1:30) is a problem as a text.
  std::string text(std::string_view key, std::string_view otherwise = {});
  std::int64_t integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                       std::int64_t most);
  std::optional<Decimal> number(std::string_view key);
  bool flag(std::string_view key, bool otherwise);  // true or false, nothing else
  // "10s", "500ms", "5min", "2h"; the unit is required. 0s is allowed where least is 0.
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds otherwise,
                                     std::chrono::milliseconds least,
                                     std::chrono::milliseconds most);
  // The same, negative too: "-30min".
  std::chrono::milliseconds offset(std::string_view key, std::chrono::milliseconds otherwise,
                                   std::chrono::milliseconds most);
  std::string choice(std::string_view key, const Words& words, std::string_view otherwise);
  // One scalar or a list of them.
  std::vector<std::string> texts(std::string_view key);
  std::vector<std::int64_t> integers(std::string_view key, std::int64_t least, std::int64_t most);
  // The 16 bytes of the file that the key names: 32 hex digits and a line end. No problem ever
  // shows what the file holds.
  std::optional<std::string> key_bytes(std::string_view key);

  // The content of a file, without its line end: a password. Empty if not configured. A name that
  // is not a path is not shown in a problem: it may be the secret itself.
  std::string secret(std::string_view key);

  // The map under a key (an empty one where it is missing), and its names in order.
  Section section(std::string_view key);
  std::vector<std::string> names() const;
  // The scalar of a key, or those of its list, as written: for values that are checked elsewhere.
  std::vector<std::string> written(std::string_view key) const;

  // Reports a problem of this key, at the place of its value. An empty key: of the whole map, at
  // the place of its name.
  void problem(std::string_view key, std::string text);
  // The same at the place of the key: it is the key itself that is wrong.
  void name_problem(std::string_view key, std::string text);

  // Marks a key as known without reading it.
  void accept(std::string_view key);
  // Hints for keys that turn out to be unknown. REQUIRES: `slips` is static.
  void slips(std::span<const Slip> slips);
  // Every key that was never read is a problem, with the nearest known one. Call it last.
  void finish();
  // The same where not every key can be known yet: only slips of known keys that are missing.
  void finish_slips();

  const std::string& path() const { return path_; }

 private:
  const Setting* find(std::string_view key) const;
  const Setting* known(std::string_view key);
  const Setting* scalar(std::string_view key, std::string_view wanted);
  std::vector<const Setting*> scalars(std::string_view key);
  std::string path_of(std::string_view key) const;
  Place place_of(std::string_view key) const;
  Place name_place(std::string_view key) const;
  std::optional<std::string> content_of(const Setting& setting, std::string_view key);
  void tell(Place place, std::string_view key, std::string text);
  void tell_unknown(bool all);
  const Slip* slip_of(std::string_view name, bool all) const;
  std::string text_of(const Setting& setting, std::string_view key);
  std::optional<std::int64_t> integer_of(const Setting& setting, std::string_view key,
                                         std::int64_t least, std::int64_t most);

  const Setting* setting_;
  std::string path_;
  Problems* problems_;
  const ReadFile* read_file_;
  Place name_;
  bool usable_ = true;
  std::vector<Slip> slips_;
  std::vector<std::string> known_;
};

}  // namespace gridtap
