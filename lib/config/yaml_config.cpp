#include "config/yaml_config.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <istream>
#include <sstream>

#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

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

std::optional<std::string> variable_of(const std::string& text) {
  if (text.size() < 4 || !text.starts_with("${") || text.back() != '}') return {};
  return text.substr(2, text.size() - 3);
}

// Takes yaml-cpp's events, which come without aliases resolved and without a tree of its own, and
// builds our tree. A tree is known by the chain of its open maps and lists.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const Environment& environment, Problems& problems)
      : environment_(environment), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    Setting setting;
    setting.place = place_of(mark);
    take(std::move(setting));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    problem(mark, "aliases (*name) are not understood here: write the value out");
    OnNull(mark, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    Setting setting;
    setting.kind = Setting::Kind::scalar;
    setting.text = value;
    setting.quoted = tag == "!";
    setting.place = place_of(mark);
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
    bool skipped = false;                              // the value belongs to no key
  };

  void problem(const YAML::Mark& mark, std::string text) {
    problems_.push_back({place_of(mark), path(), std::move(text)});
  }

  std::string path() const {
    std::string text;
    for (const Level& level : levels_) {
      if (level.key) (text += text.empty() ? "" : ".") += level.key->first;
    }
    return text;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != 0) problem(mark, "anchors (&name) are not understood here: write the value out");
  }

  // "?" stands for a plain value, "!" for one in quotes.
  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") {
      problem(mark, "tags (" + printable(tag) + ") are not understood here");
    }
  }

  bool wants_key() const {
    return !levels_.empty() && levels_.back().setting.kind == Setting::Kind::map &&
           !levels_.back().key && !levels_.back().skipped;
  }

  void substitute(const YAML::Mark& mark, Setting& setting) {
    const auto name = variable_of(setting.text);
    if (!name) return;
    const auto value = environment_(*name);
    if (!value) problem(mark, "the environment has no variable " + printable(*name));
    setting.text = value.value_or("");
    setting.quoted = false;
    setting.substituted = true;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Setting::Kind kind) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (levels_.size() >= max_depth) {
      throw LimitReached{{place_of(mark), path(),
                          "nested too deep: at most " + std::to_string(max_depth) + " levels"}};
    }
    const bool as_key = wants_key();
    levels_.emplace_back();
    levels_.back().setting.kind = kind;
    levels_.back().setting.place = place_of(mark);
    if (as_key) problem(mark, "a key must be a single word");
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
    if (key.kind != Setting::Kind::scalar) {
      if (key.kind == Setting::Kind::null) {
        problems_.push_back({key.place, path(), "a key must be a single word"});
      }
      level.skipped = true;
      return;
    }
    for (std::size_t n = 0; n < level.setting.members.size(); ++n) {
      if (level.setting.members[n].first != key.text) continue;
      level.key = {key.text, key.place};
      problems_.push_back({key.place, path(),
                           "this key stands here twice, first in line " +
                               std::to_string(level.setting.key_places[n].line)});
      level.key.reset();
      level.skipped = true;
      return;
    }
    level.key = {key.text, key.place};
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
    level.key.reset();
  }

  const Environment& environment_;
  Problems& problems_;
  std::vector<Level> levels_;
  Setting root_;
  std::size_t count_ = 0;
};

// What YAML would answer with a riddle: found first, and named by its line.
std::optional<Problem> odd_character(std::string_view text) {
  int line = 1;
  std::size_t begin = 0;
  bool indenting = true;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto c = static_cast<unsigned char>(text[n]);
    const Place place{line, static_cast<int>(n - begin) + 1};
    if (c == '\t' && indenting) return Problem{place, "", "a tab in the indentation: use blanks"};
    if (c == 0x7F || (c < 0x20 && c != '\n' && c != '\r' && c != '\t')) {
      return Problem{place, "", "a control character: this is no plain text file"};
    }
    if (c != ' ') indenting = false;
    if (c != '\n') continue;
    ++line;
    begin = n + 1;
    indenting = true;
  }
  return {};
}

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

// A second document is noticed, not read.
bool build(std::string_view text, TreeBuilder& builder, Problems& problems) {
  std::istringstream stream{std::string(text)};
  try {  // yaml-cpp reports by exception
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      problems.push_back({{}, "", "the file is empty: nothing is configured"});
      return false;
    }
    if (parser) {
      problems.push_back({{}, "", "more than one document (---) in the file"});
      return false;
    }
    return true;
  } catch (const LimitReached& limit) {
    problems.push_back(limit.problem);
  } catch (const YAML::Exception& error) {
    problems.push_back({place_of(error.mark), "", "no YAML that can be read: " + error.msg});
  }
  return false;
}

std::optional<std::string> read(const std::string& file, std::string& why) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) {
    why = "no such file";
    return {};
  }
  if (!std::filesystem::is_regular_file(status)) {
    why = "not a file";
    return {};
  }
  const auto size = std::filesystem::file_size(file, error);
  if (!error && size > max_file_bytes) {
    why = "larger than " + std::to_string(max_file_bytes / 1024) + " kB: this is no configuration";
    return {};
  }
  std::ifstream stream(file, std::ios::binary);
  std::string text(max_file_bytes, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!stream.is_open() || stream.bad()) {
    why = "cannot be read: permission?";
    return {};
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

}  // namespace

std::optional<Setting> parse_yaml(std::string_view text, const Environment& environment,
                                  Problems& problems) {
  text = without_mark(text);
  if (printable(text).size() != text.size()) {
    problems.push_back({{}, "", "not UTF-8: save the file as UTF-8"});
    return {};
  }
  if (auto odd = odd_character(text)) {
    problems.push_back(std::move(*odd));
    return {};
  }
  TreeBuilder builder(environment, problems);
  if (!build(text, builder, problems)) return {};
  Setting root = builder.take_root();
  if (root.kind == Setting::Kind::map) return root;
  problems.push_back({root.place, "",
                      root.kind == Setting::Kind::null ? "the file is empty: nothing is configured"
                                                       : "want settings as `key: value`"});
  return {};
}

std::optional<Setting> load_yaml(const std::string& file, Problems& problems) {
  std::string why;
  const auto text = read(file, why);
  if (!text) {
    problems.push_back({{}, "", why});
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
