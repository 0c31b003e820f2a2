#include "core/section.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/bytes.hpp"

namespace gridtap {
namespace {

using std::chrono::milliseconds;

const Setting empty_map{Setting::Kind::map, {}, false, false, {}, {}, {}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string quoted(std::string_view text) { return '`' + std::string(text) + '`'; }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

// 010, 0x1F, 0o17, 1:30, 1e3, 1_000, .inf: numbers to some readers of YAML, other numbers to
// others.
bool is_odd_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (is_one_of(lower(text), {".inf", ".nan"})) return true;
  if (text.empty() || !is_digit(text.front())) return false;
  const bool octal = text.size() > 1 && text[0] == '0' && is_digit(text[1]);
  const bool based =
      text.size() > 2 && text[0] == '0' && is_one_of(text.substr(1, 1), {"x", "o", "b"});
  const std::string_view rest =
      text.substr(std::min(text.find_first_not_of("0123456789"), text.size()));
  const bool sexagesimal =
      rest.starts_with(':') && text.find_first_not_of("0123456789:.") == text.npos;
  const bool floating = !rest.empty() && text.find_first_not_of("0123456789.eE+-_") == text.npos &&
                        rest.find_first_of("eE_") != rest.npos;
  const bool plain_octal = octal && text.find_first_not_of("0123456789") == text.npos;
  return plain_octal || based || sexagesimal || floating;
}

// What one reader of YAML takes for a text and another for something else.
bool is_ambiguous(std::string_view text) {
  return is_one_of(lower(text),
                   {"yes", "no", "on", "off", "true", "false", "y", "n", "null", "~"}) ||
         is_odd_number(text);
}

std::optional<std::int64_t> plain_integer(std::string_view text) {
  std::string_view digits = text;
  if (!digits.empty() && digits.front() == '-') digits.remove_prefix(1);
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return {};
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

struct Unit {
  std::string_view word;
  milliseconds length;
};
constexpr std::array<Unit, 4> units = {
    Unit{"ms", milliseconds(1)}, Unit{"s", std::chrono::seconds(1)},
    Unit{"min", std::chrono::minutes(1)}, Unit{"h", std::chrono::hours(1)}};

std::optional<milliseconds> parse_duration(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("-0123456789"), text.size());
  const auto count = plain_integer(text.substr(0, end));
  if (!count) return {};
  for (const Unit& unit : units) {
    std::int64_t length = 0;
    if (text.substr(end) != unit.word) continue;
    if (__builtin_mul_overflow(*count, unit.length.count(), &length)) return {};
    return milliseconds(length);
  }
  return {};
}

std::string text_of(milliseconds length) {
  std::string text = std::to_string(length.count()) + "ms";
  for (const Unit& unit : units) {
    if (length.count() % unit.length.count() == 0) {
      text = std::to_string(length / unit.length) + std::string(unit.word);
    }
    if (length.count() == 0) return "0s";
  }
  return text;
}

std::string_view name_of(Setting::Kind kind) {
  switch (kind) {
    case Setting::Kind::null:
      return "nothing";
    case Setting::Kind::scalar:
      return "a single value";
    case Setting::Kind::list:
      return "a list";
    case Setting::Kind::map:
      return "a group of settings";
  }
  return "nothing";
}

std::string between(std::string_view least, std::string_view most) {
  return "must be from " + std::string(least) + " to " + std::string(most);
}

}  // namespace

Section::Section(const Setting& setting, std::string path, Problems& problems,
                 const ReadFile& read_file)
    : setting_(&setting), path_(std::move(path)), problems_(&problems), read_file_(&read_file) {
  if (setting.kind == Setting::Kind::map) return;
  if (setting.kind != Setting::Kind::null) {
    problems.push_back(
        {setting.place, path_,
         "want settings as `key: value`, found " + std::string(name_of(setting.kind))});
  }
  setting_ = &empty_map;
}

const Setting* Section::find(std::string_view key) const {
  for (const auto& [name, setting] : setting_->members) {
    if (name == key) return &setting;
  }
  return nullptr;
}

bool Section::has(std::string_view key) const { return find(key) != nullptr; }

const Setting* Section::known(std::string_view key) {
  accept(key);
  return find(key);
}

void Section::accept(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
}

// The scalar of a key; null where it is missing or something else, which is then a problem.
const Setting* Section::scalar(std::string_view key, std::string_view wanted) {
  const Setting* setting = known(key);
  if (setting == nullptr || setting->kind == Setting::Kind::scalar) return setting;
  problem(key, "want " + std::string(wanted) + ", found " + std::string(name_of(setting->kind)));
  return nullptr;
}

std::string Section::text(std::string_view key, std::string_view otherwise) {
  const Setting* setting = scalar(key, "a text");
  if (setting == nullptr) return std::string(otherwise);
  if (!setting->quoted && !setting->substituted && is_ambiguous(setting->text)) {
    problem(key, quoted(setting->text) +
                     " means different things to different readers of YAML: put it in quotes");
  }
  return setting->text;
}

std::optional<std::int64_t> Section::whole(const Setting& setting, std::string_view key) {
  const auto value = plain_integer(setting.text);
  if (!value) {
    problem(key,
            "want a whole number, plain and without leading zeros, found " + quoted(setting.text));
  }
  return value;
}

std::int64_t Section::integer(std::string_view key, std::int64_t otherwise, std::int64_t least,
                              std::int64_t most) {
  const Setting* setting = scalar(key, "a whole number");
  if (setting == nullptr) return otherwise;
  const auto value = whole(*setting, key);
  if (!value) return otherwise;
  if (*value >= least && *value <= most) return *value;
  problem(key, between(std::to_string(least), std::to_string(most)));
  return otherwise;
}

std::optional<Decimal> Section::number(std::string_view key) {
  const Setting* setting = scalar(key, "a number");
  if (setting == nullptr) return {};
  const auto value = is_odd_number(setting->text) ? std::nullopt : parse_decimal(setting->text);
  if (!value)
    problem(key, "want a plain decimal number such as 0.5, found " + quoted(setting->text));
  return value;
}

bool Section::flag(std::string_view key, bool otherwise) {
  const Setting* setting = scalar(key, "true or false");
  if (setting == nullptr) return otherwise;
  if (!setting->quoted && setting->text == "true") return true;
  if (!setting->quoted && setting->text == "false") return false;
  problem(key, "write true or false, without quotes, found " + quoted(setting->text));
  return otherwise;
}

milliseconds Section::duration(std::string_view key, milliseconds otherwise, milliseconds least,
                               milliseconds most) {
  const Setting* setting = scalar(key, "a duration");
  if (setting == nullptr) return otherwise;
  const auto value = parse_duration(setting->text);
  if (value && *value >= least && *value <= most) return *value;
  const bool bare = plain_integer(setting->text).has_value();
  problem(key, value  ? between(text_of(least), text_of(most))
               : bare ? "a duration needs its unit: write " + setting->text + "s, " +
                            setting->text + "min, ..."
                      : "want a duration such as 500ms, 10s, 5min or 2h, found " +
                            quoted(setting->text));
  return otherwise;
}

milliseconds Section::offset(std::string_view key, milliseconds otherwise, milliseconds most) {
  return duration(key, otherwise, -most, most);
}

std::string Section::choice(std::string_view key, const Words& words, std::string_view otherwise) {
  const Setting* setting = scalar(key, "one of a few words");
  if (setting == nullptr) return std::string(otherwise);
  const bool listed = std::find(words.begin(), words.end(), setting->text) != words.end();
  if (listed && (setting->quoted || !is_ambiguous(setting->text))) return setting->text;
  if (listed) {
    problem(key, "put it in quotes: \"" + setting->text + '"');
    return std::string(otherwise);
  }
  std::string text = "want one of";
  for (const std::string_view word : words) text += ' ' + std::string(word);
  text += ", found " + quoted(setting->text);
  if (const auto meant = nearest(setting->text, words); !meant.empty()) {
    text += " (did you mean " + quoted(meant) + "?)";
  }
  problem(key, std::move(text));
  return std::string(otherwise);
}

std::vector<std::string> Section::texts(std::string_view key) {
  const Setting* setting = known(key);
  std::vector<std::string> out;
  if (setting == nullptr) return out;
  if (setting->kind == Setting::Kind::scalar) return {setting->text};
  if (setting->kind != Setting::Kind::list) {
    problem(key, "want a value or a list of them, found " + std::string(name_of(setting->kind)));
    return out;
  }
  for (const auto& [name, member] : setting->members) {
    if (member.kind == Setting::Kind::scalar) {
      out.push_back(member.text);
    } else {
      problem(key, "want single values in this list, found " + std::string(name_of(member.kind)));
    }
  }
  return out;
}

std::vector<std::int64_t> Section::integers(std::string_view key, std::int64_t least,
                                            std::int64_t most) {
  std::vector<std::int64_t> out;
  for (const std::string& text : texts(key)) {
    const auto value = plain_integer(text);
    if (value && *value >= least && *value <= most) {
      out.push_back(*value);
    } else {
      problem(key, quoted(text) + ": want a whole number, it " +
                       between(std::to_string(least), std::to_string(most)));
    }
  }
  return out;
}

std::optional<std::string> Section::key_bytes(std::string_view key) {
  constexpr std::size_t digits = 32;
  const std::string path = text(key);
  if (path.empty()) {
    if (has(key)) problem(key, "want the name of a file with the key");
    return {};
  }
  auto content = (*read_file_)(path);
  if (!content) {
    problem(key, content.error().detail);
    return {};
  }
  while (!content->empty() && (content->back() == '\n' || content->back() == '\r'))
    content->pop_back();
  auto bytes = from_hex(*content);
  if (content->size() == digits && bytes) return bytes;
  problem(key, path + ": want " + std::to_string(digits) + " hex digits and a line end, found " +
                   std::to_string(content->size()) +
                   (bytes ? " digits" : " characters, not all of them hex digits"));
  return {};
}

Section Section::section(std::string_view key) {
  const Setting* setting = known(key);
  return Section(setting != nullptr ? *setting : empty_map, path_of(key), *problems_, *read_file_);
}

std::vector<std::string> Section::names() const {
  std::vector<std::string> out;
  for (const auto& [name, setting] : setting_->members) out.push_back(name);
  return out;
}

std::string Section::path_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : path_ + '.' + std::string(key);
}

Place Section::place_of(std::string_view key) const {
  for (std::size_t n = 0; n < setting_->members.size(); ++n) {
    if (setting_->members[n].first != key) continue;
    const Place value = setting_->members[n].second.place;
    return value.line > 0 || n >= setting_->key_places.size() ? value : setting_->key_places[n];
  }
  return setting_->place;
}

void Section::problem(std::string_view key, std::string text) {
  problems_->push_back({place_of(key), path_of(key), std::move(text)});
}

void Section::finish() {
  const Words words(known_.begin(), known_.end());
  for (std::size_t n = 0; n < setting_->members.size(); ++n) {
    const std::string& name = setting_->members[n].first;
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    const std::string_view meant = nearest(name, words);
    std::string text = "unknown key";
    if (!meant.empty()) text += " (did you mean " + quoted(meant) + "?)";
    const Place place = n < setting_->key_places.size() ? setting_->key_places[n] : place_of(name);
    problems_->push_back({place, path_of(name), std::move(text)});
  }
}

}  // namespace gridtap
