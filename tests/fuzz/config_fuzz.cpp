// Any bytes as a configuration: reading ends, within its limits, and the sections that are asked of
// what came out never fail, whatever they find.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "config/yaml_config.hpp"
#include "core/bytes.hpp"
#include "core/json_text.hpp"
#include "core/section.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// A broken promise ends the run with its input kept.
void must(bool held) {
  if (!held) std::abort();
}

std::optional<std::string> variable(const std::string& name) {
  if (name.size() % 2 == 0) return {};
  return name;
}

Result<std::string> key_file(const std::string& path) {
  if (path.size() % 2 == 0) return failed(Fault::io, "no such file");
  return path + "00112233445566778899AABBCCDDEEFF";
}

std::size_t depth_of(const Setting& setting) {
  std::size_t deepest = 0;
  for (const auto& [name, member] : setting.members) {
    deepest = std::max(deepest, depth_of(member));
    must(name.size() <= config::max_key);
  }
  must(setting.members.size() <= config::max_settings);
  must(setting.kind != Setting::Kind::map || setting.members.size() == setting.key_places.size());
  return deepest + 1;
}

void ask_everything(Section section) {
  for (const std::string& name : section.names()) {
    section.text(name);
    const auto number = section.integer(name, 5, 0, 10);
    must(number >= 0 && number <= 10);
    section.number(name);
    section.flag(name, false);
    const auto length = section.duration(name, 5s, 1s, 1h);
    must(length >= 1s && length <= 1h);
    section.choice(name, {"device", "entity", "off"}, "off");
    section.texts(name);
    section.integers(name, 0, 10);
    const auto key = section.key_bytes(name);
    must(!key || key->size() == 16);
    ask_everything(section.section(name));
  }
}

void ask_nothing(Section section) {
  section.accept("adapter");
  section.accept("password_file");
  section.finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(as_text({data, size}));
  Problems problems;
  const auto root = config::parse_yaml(text, variable, problems);
  must(root || !problems.empty());
  must(problems.size() <= config::max_problems + 2);
  if (root) {
    must(depth_of(*root) <= config::max_depth + 1);
    const ReadFile read_file = key_file;
    ask_everything(Section(*root, "", problems, read_file));
    ask_nothing(Section(*root, "", problems, read_file));
  }
  for (const Problem& problem : problems) {
    const std::string shown = to_text(problem, "FILE");
    must(valid_utf8(shown) == shown.size());
    must(shown.find('\n') == shown.npos);
  }
  return 0;
}
