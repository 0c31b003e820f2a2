// The man page and the completions of the shells know each command, option and adapter that the
// program has.

#include <doctest/doctest.h>

#include <cctype>
#include <cstdlib>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/registry.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

const std::string app = GRIDTAP_SOURCE_DIR "/app/";

using Words = std::set<std::string>;

// The long options in a help text.
Words options_of(const std::string& help) {
  Words options;
  for (std::size_t at = help.find("--"); at != help.npos; at = help.find("--", at + 2)) {
    std::size_t end = at + 2;
    while (end < help.size() && std::islower(static_cast<unsigned char>(help[end])) != 0) ++end;
    if (end > at + 2 && (help[at - 1] == ' ' || help[at - 1] == ',')) {
      options.insert(help.substr(at, end - at));
    }
  }
  return options;
}

// The part between the title and the next empty line: notes further down name options, too.
std::string options_part(const std::string& help) {
  const std::size_t begin = help.find("\nOptions:");
  return help.substr(begin, help.find("\n\n", begin) - begin);
}

Words commands_of(const std::string& help) {
  Words commands;
  std::istringstream lines(help.substr(help.find("\nSubcommands:\n") + 14));
  for (std::string line; std::getline(lines, line) && line.starts_with("  ");) {
    if (line[2] != ' ') commands.insert(line.substr(2, line.find(' ', 2) - 2));
  }
  return commands;
}

// What bash offers after these words; the last one is being typed.
Words offered(const CommandLine& shell, const std::string& words) {
  const std::string script =
      shell.write("script", ". " + app + "completion/gridtap.bash\nCOMP_WORDS=(" + words +
                                ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                "_gridtap\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
  const std::string out = shell.write("offered", "");
  CHECK(std::system(("bash " + script + " >" + out).c_str()) == 0);
  Words all;
  std::istringstream lines(content(out));
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) all.insert(line);
  }
  return all;
}

bool holds(const Words& all, const std::string& word) { return all.count(word) != 0; }

}  // namespace

TEST_CASE("completion: man page and shells know each command and each of its options") {
  const CommandLine shell;
  const Words commands = commands_of(shell("--help").out);
  REQUIRE(commands.size() >= 7);
  const std::string man = content(app + "man/gridtap.1.in"),
                    fish = content(app + "completion/gridtap.fish"),
                    zsh = content(app + "completion/_gridtap");
  const Words first = offered(shell, "gridtap ''");
  for (const std::string& command : commands) {
    CAPTURE(command);
    CHECK(holds(first, command));
    CHECK(man.find("\n.B " + command + '\n') != man.npos);
    CHECK(zsh.find("\n    '" + command + ':') != zsh.npos);
    CHECK(fish.find(" -a " + command + ' ') != fish.npos);
    const Words options = options_of(options_part(shell("help " + command).out));
    const Words known = offered(shell, "gridtap " + command + " --");
    for (const std::string& option : options) {
      CAPTURE(option);
      if (command != "help") CHECK(holds(known, option));
      CHECK(man.find("\\-\\-" + option.substr(2)) != man.npos);
      CHECK(zsh.find(option) != zsh.npos);
      CHECK(fish.find(" -l " + option.substr(2) + ' ') != fish.npos);
    }
    for (const std::string& option : known) CHECK_MESSAGE(holds(options, option), option);
  }
}

TEST_CASE("completion: the adapters that decode and simulate take are all offered") {
  const CommandLine shell;
  const std::string fish = content(app + "completion/gridtap.fish"),
                    zsh = content(app + "completion/_gridtap");
  std::string all;
  for (const AdapterKind* kind : kinds()) {
    (all += all.empty() ? "" : " ") += kind->name;
    CHECK(holds(offered(shell, "gridtap decode ''"), std::string(kind->name)));
    CHECK(holds(offered(shell, "gridtap simulate ''"), std::string(kind->name)));
  }
  CHECK(fish.find("adapters " + all + '\n') != fish.npos);
  CHECK(zsh.find("adapters='(" + all + ")'") != zsh.npos);
  CHECK(offered(shell, "gridtap sim") == Words{"simulate"});
  CHECK(offered(shell, "gridtap simulate p1 --l") == Words{"--listen"});
}

TEST_CASE("completion: zsh and fish can read theirs") {
  const std::vector<std::string> shells = {"zsh -n " + app + "completion/_gridtap",
                                           "fish --no-execute " + app + "completion/gridtap.fish"};
  for (const std::string& call : shells) {
    const std::string name = call.substr(0, call.find(' '));
    if (std::system(("command -v " + name + " >/dev/null").c_str()) != 0) {
      MESSAGE("skipped: no ", name, " to read its completion");
      continue;
    }
    CHECK(std::system(call.c_str()) == 0);
  }
}
