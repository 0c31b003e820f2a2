#include "core/section.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "core/scalar.hpp"
#include "core/section_problems.hpp"

namespace gridtap {
namespace {

using std::chrono::milliseconds;

const Setting empty_map{Setting::Kind::map, {}, false, false, {}, {}, {}, false};

// Only a file has other readers: what comes from the environment or a command line is plain text.
bool needs_quotes(const Setting& setting) {
  return !setting.quoted && !setting.substituted && setting.place.line > 0 &&
         is_ambiguous(setting.text);
}

// A user may write the key itself where the name of its file belongs: it must not be shown.
bool looks_like_key(std::string_view path) {
  return path.size() >= key_digits / 2 &&
         std::all_of(path.begin(), path.end(), [](char c) { return hex_digit(c) >= 0; });
}

// A file's name for certain, which a problem may show. A command line shows what it holds anyway.
bool is_path(const Setting& setting) {
  return setting.text.starts_with('/') || (setting.place.line == 0 && !setting.substituted);
}

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Section::Section(const Setting& setting, std::string path, Problems& problems,
                 const ReadFile& read_file, Place name)
    : setting_(&setting),
      path_(std::move(path)),
      problems_(&problems),
      read_file_(&read_file),
      name_(name) {
  if (setting.kind == Setting::Kind::map && !setting.refused) return;
  setting_ = &empty_map;
  usable_ = setting.kind == Setting::Kind::null;
  if (usable_ || setting.refused) return;
  const std::string joined = joined_key(setting);
  problems.push_back(
      {setting.place, path_,
       joined.empty() ? want("settings as `key: value`", setting.kind) : no_space_behind(joined)});
}

const Setting* Section::find(std::string_view key) const {
  for (const auto& [name, setting] : setting_->members) {
    if (name == key) return &setting;
  }
  return nullptr;
}

bool Section::has(std::string_view key) const { return find(key) != nullptr; }

// Null where it is missing or already a problem.
const Setting* Section::known(std::string_view key) {
  accept(key);
  const Setting* setting = find(key);
  return setting == nullptr || setting->refused ? nullptr : setting;
}

void Section::accept(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
}

// The scalar of a key; null where it is missing or something else, which is then a problem.
const Setting* Section::scalar(std::string_view key, std::string_view wanted) {
  const Setting* setting = known(key);
  if (setting == nullptr || setting->kind == Setting::Kind::scalar) return setting;
  problem(key, want(wanted, setting->kind));
  return nullptr;
}

// The scalar of a key, or those of its list.
std::vector<const Setting*> Section::scalars(std::string_view key) {
  const Setting* setting = known(key);
  if (setting == nullptr) return {};
  if (setting->kind == Setting::Kind::scalar) return {setting};
  std::vector<const Setting*> out;
  if (setting->kind != Setting::Kind::list) {
    problem(key, want("a value or a list of them", setting->kind));
    return out;
  }
  for (const auto& [name, member] : setting->members) {
    if (member.kind == Setting::Kind::scalar) {
      if (!member.refused) out.push_back(&member);
    } else if (!member.refused) {
      tell(member.place, key, want("single values in this list", member.kind));
    }
  }
  return out;
}

std::string Section::text_of(const Setting& setting, std::string_view key) {
  if (needs_quotes(setting)) {
    tell(setting.place, key,
         marked(setting.text) + " has two meanings in YAML: put it in quotes, \"" + setting.text +
             '"');
  }
  return setting.text;
}

std::string Section::text(std::string_view key, std::string_view otherwise) {
  const Setting* setting = scalar(key, "a text");
  return setting == nullptr ? std::string(otherwise) : text_of(*setting, key);
}

std::vector<std::string> Section::texts(std::string_view key) {
  std::vector<std::string> out;
  for (const Setting* setting : scalars(key)) out.push_back(text_of(*setting, key));
  return out;
}

std::optional<std::int64_t> Section::integer_of(const Setting& setting, std::string_view key,
                                                std::int64_t least, std::int64_t most) {
  const auto value = setting.quoted ? std::nullopt : parse_integer(setting.text);
  if (value && *value >= least && *value <= most) return value;
  tell(setting.place, key,
       value ? between(std::to_string(least), std::to_string(most)) + ", " + found(setting)
             : no_integer(setting));
  return {};
}

std::int64_t Section::integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most) {
  const Setting* setting = scalar(key, "a whole number");
  return setting == nullptr ? otherwise
                            : integer_of(*setting, key, least, most).value_or(otherwise);
}

std::vector<std::int64_t> Section::integers(std::string_view key, std::int64_t least,
                                            std::int64_t most) {
  std::vector<std::int64_t> out;
  for (const Setting* setting : scalars(key)) {
    if (const auto value = integer_of(*setting, key, least, most)) out.push_back(*value);
  }
  return out;
}

std::optional<Decimal> Section::number(std::string_view key) {
  const Setting* setting = scalar(key, "a number");
  if (setting == nullptr) return {};
  const auto value = is_odd_number(setting->text) ? std::nullopt : parse_decimal(setting->text);
  if (value && !setting->quoted) return value;
  problem(key, no_number(*setting, value.has_value()));
  return {};
}

bool Section::flag(std::string_view key, bool otherwise) {
  const Setting* setting = scalar(key, "true or false");
  if (setting == nullptr) return otherwise;
  if (!setting->quoted && setting->text == "true") return true;
  if (!setting->quoted && setting->text == "false") return false;
  problem(key, no_flag(*setting));
  return otherwise;
}

milliseconds Section::duration(std::string_view key, milliseconds otherwise, milliseconds least,
                               milliseconds most) {
  const Setting* setting = scalar(key, "a duration");
  if (setting == nullptr) return otherwise;
  const auto value = parse_duration(setting->text);
  if (value && *value >= least && *value <= most) return *value;
  problem(key, value ? between(duration_text(least), duration_text(most)) + ", " + found(*setting)
                     : no_duration(*setting));
  return otherwise;
}

milliseconds Section::offset(std::string_view key, milliseconds otherwise, milliseconds most) {
  return duration(key, otherwise, -most, most);
}

std::string Section::choice(std::string_view key, const Words& words, std::string_view otherwise) {
  const Setting* setting = scalar(key, "one of " + listed(words));
  if (setting == nullptr) return std::string(otherwise);
  if (std::find(words.begin(), words.end(), setting->text) != words.end()) {
    return text_of(*setting, key);
  }
  std::string text = "expected one of " + listed(words) + ", " + found(*setting);
  if (!setting->substituted) text += did_you_mean(setting->text, words);
  problem(key, std::move(text));
  return std::string(otherwise);
}

std::optional<std::string> Section::content_of(const Setting& setting, std::string_view key) {
  const std::string path = text_of(setting, key);
  auto content = (*read_file_)(path);
  if (content) return *std::move(content);
  problem(key, is_path(setting)
                   ? content.error().detail
                   : "cannot read the file that it names: expected a path, /etc/gridtap/...");
  return {};
}

std::string Section::secret(std::string_view key) {
  const Setting* setting = scalar(key, "the name of a file");
  if (setting == nullptr) return {};
  const auto content = content_of(*setting, key);
  return content ? std::string(without_line_end(*content)) : std::string{};
}

std::optional<std::string> Section::key_bytes(std::string_view key) {
  const Setting* setting = scalar(key, "the name of a file");
  if (setting == nullptr) return {};
  if (setting->text.empty() || looks_like_key(setting->text)) {
    problem(key, "expected the name of a file that holds the key, not the key itself");
    return {};
  }
  const auto content = content_of(*setting, key);
  if (!content) return {};
  const std::string_view digits = without_line_end(*content);
  auto bytes = from_hex(digits);
  if (digits.size() == key_digits && bytes) return bytes;
  problem(key, setting->text + ": " + no_key(digits));
  return {};
}

Section Section::section(std::string_view key) {
  accept(key);
  const Setting* setting = find(key);
  return Section(setting != nullptr ? *setting : empty_map, path_of(key), *problems_, *read_file_,
                 name_place(key));
}

std::vector<std::string> Section::names() const {
  std::vector<std::string> out;
  for (const auto& [name, setting] : setting_->members) out.push_back(name);
  return out;
}

std::vector<std::string> Section::written(std::string_view key) const {
  std::vector<std::string> out;
  const Setting* setting = find(key);
  if (setting == nullptr) return out;
  if (setting->kind == Setting::Kind::scalar) out.push_back(setting->text);
  if (setting->kind != Setting::Kind::list) return out;
  for (const auto& [name, member] : setting->members) out.push_back(member.text);
  return out;
}

std::string Section::path_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : path_ + '.' + std::string(key);
}

// The place of the value, or of its key if there is no value.
Place Section::place_of(std::string_view key) const {
  const Setting* setting = key.empty() ? nullptr : find(key);
  const bool has_value = setting != nullptr && setting->kind != Setting::Kind::null;
  return has_value && setting->place.line > 0 ? setting->place : name_place(key);
}

// The place of the key, or of the name of the map where there is no such key.
Place Section::name_place(std::string_view key) const {
  for (std::size_t n = 0; n < setting_->key_places.size(); ++n) {
    if (setting_->members[n].key == key) return setting_->key_places[n];
  }
  return name_.line > 0 ? name_ : setting_->place;
}

void Section::tell(Place place, std::string_view key, std::string text) {
  problems_->push_back({place, path_of(key), std::move(text)});
}

void Section::problem(std::string_view key, std::string text) {
  tell(place_of(key), key, std::move(text));
}

void Section::name_problem(std::string_view key, std::string text) {
  tell(name_place(key), key, std::move(text));
}

// The unknown keys: all of them, or those written in place of a known key which is missing.
void Section::tell_unknown(bool all) {
  const Words words(known_.begin(), known_.end());
  for (const auto& [name, setting] : setting_->members) {
    if (std::find(words.begin(), words.end(), name) != words.end()) continue;
    if (const Slip* slip = slip_of(name, all)) {
      name_problem(name, std::string(slip->text));
      continue;
    }
    const std::string_view meant = nearest(name, words);
    if (!all && (meant.empty() || has(meant))) continue;
    name_problem(name, "unknown key" + did_you_mean(name, words));
  }
}

void Section::slips(std::span<const Slip> slips) {
  slips_.insert(slips_.end(), slips.begin(), slips.end());
}

// Null if there is none, or if the key it should have been is not known here.
const Slip* Section::slip_of(std::string_view name, bool all) const {
  for (const Slip& slip : slips_) {
    const bool meant = std::equal(name.begin(), name.end(), slip.key.begin(), slip.key.end(),
                                  [](char a, char b) { return (a | ' ') == (b | ' '); });
    const bool known = std::find(known_.begin(), known_.end(), slip.instead) != known_.end();
    if (meant && (known || !all)) return &slip;
  }
  return nullptr;
}

void Section::finish() { tell_unknown(true); }

void Section::finish_slips() { tell_unknown(false); }

}  // namespace gridtap
