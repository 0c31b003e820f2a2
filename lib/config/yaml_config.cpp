#include "config/yaml_config.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>
#include <utility>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "config/yaml_slips.hpp"
#include "core/json_text.hpp"

namespace gridtap::config {
namespace {

Place place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

// Ends the walk through a document that goes beyond a limit; never leaves this file.
struct LimitReached {
  Problem problem;
};

bool is_variable_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); });
}

// NAME of "${NAME}"; empty where the text is anything else.
std::string variable_of(std::string_view text) {
  if (!text.starts_with("${") || !text.ends_with('}')) return {};
  text.remove_prefix(2);
  text.remove_suffix(1);
  return is_variable_name(text) ? std::string(text) : std::string{};
}

// Escapes in quotes can make characters that no file may hold: "\0".
bool has_control(std::string text) {
  std::erase_if(text, [](char c) { return c == '\n' || c == '\t'; });
  return is_odd_text(text);
}

// What a scalar of the environment may not be; empty where it is good.
std::string environment_problem(const std::string& name, const std::optional<std::string>& value) {
  constexpr std::size_t longest = 4096;
  if (!value) return "the environment has no variable " + name;
  if (value->size() > longest) return "the environment variable " + name + " is too long";
  if (is_odd_text(*value)) {
    return "the environment variable " + name +
           " contains a line end, a control character or invalid UTF-8";
  }
  return {};
}

// Takes yaml-cpp's events, which come without aliases resolved and without a tree of its own, and
// builds our tree. Where we are is known by the chain of the open maps and lists.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Environment& environment, Problems& problems)
      : environment_(environment), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (documents_++ == 0) return;
    throw LimitReached{
        {place_of(mark), "", "a second document (---) begins: one file, one document"}};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    Setting setting;
    setting.place = place_of(mark);
    take(std::move(setting));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    problem(mark, "aliases (*name) are not supported: write the value out");
    Setting setting;
    setting.place = place_of(mark);
    setting.refused = true;
    take(std::move(setting));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    Setting setting;
    setting.kind = Setting::Kind::scalar;
    setting.text = value;
    setting.quoted = tag == "!";
    setting.place = place_of(mark);
    setting.refused = refuse_tag(mark, tag);
    if (!wants_key()) substitute(mark, setting);
    take(std::move(setting));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Setting::Kind::list);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Setting::Kind::map);
  }
  void OnMapEnd() override { close(); }

  Setting take_root() { return std::move(root_); }

 private:
  struct Level {
    Setting setting;
    std::optional<std::pair<std::string, Place>> key;  // read, its value is still to come
    bool skipped = false;                              // the value to come belongs to no key
    std::map<std::string, int> lines;                  // the line of each key of the map
  };

  void problem(Place place, std::string text) {
    if (problems_.size() >= max_problems) {
      throw LimitReached{{place, "", "too many problems: what follows is not read"}};
    }
    problems_.push_back({place, path(), std::move(text)});
  }
  void problem(const YAML::Mark& mark, std::string text) {
    problem(place_of(mark), std::move(text));
  }

  std::string path() const {
    std::string text;
    for (const Level& level : levels_) {
      if (level.key) (text += text.empty() ? "" : ".") += level.key->first;
    }
    return text;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) problem(mark, "anchors (&name) are not supported: write the value out");
  }

  // "?" marks a plain value, "!" one in quotes.
  bool refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return false;
    problem(mark, "tags (" + tag.substr(0, max_key) + ") are not supported: leave it out");
    return true;
  }

  bool wants_key() const {
    return !levels_.empty() && levels_.back().setting.kind == Setting::Kind::map &&
           !levels_.back().key && !levels_.back().skipped;
  }

  void substitute(const YAML::Mark& mark, Setting& setting) {
    if (has_control(setting.text)) {
      problem(mark, "a control character in the value");
      setting.refused = true;
    }
    if (setting.text.find("${") == std::string::npos) return;
    const std::string name = variable_of(setting.text);
    const auto value = name.empty() ? std::nullopt : environment_(name);
    const std::string bad = name.empty()
                                ? "only a whole value comes from the environment: ${NAME} alone"
                                : environment_problem(name, value);
    if (!bad.empty()) problem(mark, bad);
    setting.refused = setting.refused || !bad.empty();
    setting.text = value.value_or("");
    setting.quoted = false;
    setting.substituted = true;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Setting::Kind kind) {
    refuse_anchor(mark, anchor);
    const bool refused = refuse_tag(mark, tag);
    if (levels_.size() >= max_depth) {
      throw LimitReached{{place_of(mark), path(),
                          "nested too deep: at most " + std::to_string(max_depth) + " levels"}};
    }
    levels_.emplace_back();
    levels_.back().setting.kind = kind;
    levels_.back().setting.place = place_of(mark);
    levels_.back().setting.refused = refused;
  }

  void close() {
    Setting setting = std::move(levels_.back().setting);
    levels_.pop_back();
    take(std::move(setting));
  }

  void take(Setting setting) {
    if (++count_ > max_settings) {
      throw LimitReached{
          {setting.place, path(), "more than " + std::to_string(max_settings) + " settings"}};
    }
    if (levels_.empty()) {
      root_ = std::move(setting);
    } else if (wants_key()) {
      take_key(setting);
    } else {
      take_member(std::move(setting));
    }
  }

  void take_key(const Setting& key) {
    Level& level = levels_.back();
    if (key.refused) {
      level.skipped = true;
    } else if (const std::string bad = key_problem(level, key); bad.empty()) {
      // What may be wrong with a key is its text, which begins behind the quote.
      level.key = {key.text, {key.place.line, key.place.column + (key.quoted ? 1 : 0)}};
    } else {
      if (!key.text.empty() && key.text.size() <= max_key) level.key = {key.text, key.place};
      problem(key.place, bad);
      level.key.reset();
      level.skipped = true;
    }
  }

  // Why the map takes no such key; empty where it does.
  static std::string key_problem(const Level& level, const Setting& key) {
    if (key.kind != Setting::Kind::scalar || key.text.empty() || is_odd_text(key.text)) {
      return "a key must be a single word";
    }
    if (key.text.size() > max_key) {
      return "a key of more than " + std::to_string(max_key) + " characters";
    }
    if (key.text == "<<" && !key.quoted) {
      return "merge keys (<<) are not supported: write the values out";
    }
    if (const auto found = level.lines.find(key.text); found != level.lines.end()) {
      return "this key is here twice, first in line " + std::to_string(found->second);
    }
    return {};
  }

  void take_member(Setting setting) {
    Level& level = levels_.back();
    if (std::exchange(level.skipped, false)) return;
    if (level.setting.kind == Setting::Kind::list) {
      level.setting.members.emplace_back(std::string{}, std::move(setting));
      return;
    }
    level.setting.members.emplace_back(level.key->first, std::move(setting));
    level.setting.key_places.push_back(level.key->second);
    level.lines.emplace(level.key->first, level.key->second.line);
    level.key.reset();
  }

  const Environment& environment_;
  Problems& problems_;
  std::vector<Level> levels_;
  Setting root_;
  std::size_t count_ = 0;
  std::size_t documents_ = 0;
};

std::string_view line_of(std::string_view text, int line) {
  for (; line > 1 && !text.empty(); --line) {
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  }
  return text.substr(0, text.find('\n'));
}

// What an exception of yaml-cpp means to a person.
Problem unreadable(const YAML::Exception& error, std::string_view text) {
  const Place place = place_of(error.mark);
  if (auto slip = yaml_slip(text, place.line)) return *std::move(slip);
  const bool variable = line_of(text, place.line).find("${") != text.npos;
  return {place, "",
          "cannot be read as YAML (" + error.msg + "): " +
              (variable ? "within [ ] and { }, write \"${NAME}\" in quotes"
                        : "look at the indentation, colons and quotes")};
}

// yaml-cpp takes the end of the file for a closing quote where white space comes before it.
std::string_view without_blank_end(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

// False where there is no tree.
bool build(std::string_view text, TreeBuilder& builder, Problems& problems) {
  std::istringstream stream{std::string(without_blank_end(text))};
  bool built = false;
  try {  // yaml-cpp reports by exception
    YAML::Parser parser(stream);
    built = parser.HandleNextDocument(builder);
    if (!built) problems.push_back({{1, 1}, "", "the file is empty: nothing is configured"});
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const LimitReached& limit) {
    problems.push_back(limit.problem);
  } catch (const YAML::Exception& error) {
    problems.push_back(unreadable(error, text));
  }
  return built;
}

}  // namespace

std::optional<Setting> parse_yaml(std::string_view text, const Environment& environment,
                                  Problems& problems) {
  text = without_mark(text);
  if (!check_characters(text, problems)) return {};
  if (Problems joined = joined_lines(text); !joined.empty()) {
    problems.insert(problems.end(), joined.begin(), joined.end());
    return {};
  }
  TreeBuilder builder(environment, problems);
  if (!build(text, builder, problems)) return {};
  Setting root = builder.take_root();
  if (root.kind == Setting::Kind::map) return root;
  problems.push_back({root.place, "",
                      root.kind == Setting::Kind::null ? "the file is empty: nothing is configured"
                                                       : "expected settings as `key: value`"});
  return {};
}

std::optional<Setting> load_yaml(const std::string& file, Problems& problems) {
  const auto text = read_source(file);
  if (!text) {
    problems.push_back({{}, "", text.error().detail});
    return {};
  }
  const Environment environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return {};
    return std::string(value);
  };
  return parse_yaml(*text, environment, problems);
}

}  // namespace gridtap::config
