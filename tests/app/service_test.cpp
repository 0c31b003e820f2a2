// The unit file of the service, judged by systemd itself.

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

#include "support/command_line.hpp"

using namespace gridtap;

namespace {

// The unit as it is installed, with a program that is there.
std::string unit(const CommandLine& shell) {
  std::string text = content(GRIDTAP_SOURCE_DIR "/app/gridtap.service.in");
  const std::string place = "@CMAKE_INSTALL_FULL_BINDIR@/gridtap";
  text.replace(text.find(place), place.size(), GRIDTAP_BINARY);
  return shell.write("gridtap.service", text);
}

bool has_analyze() {
  const bool there = std::system("systemd-analyze --version >/dev/null 2>&1") == 0;
  if (!there) MESSAGE("skipped: no systemd-analyze to judge the unit file");
  return there;
}

}  // namespace

TEST_CASE("service: systemd rates the exposure of its sandbox at most 2.0") {
  if (!has_analyze()) return;
  const CommandLine shell;
  const std::string said = shell.write("said", "");
  std::system(("LC_ALL=C systemd-analyze security --offline=true --no-pager " + unit(shell) + " >" +
               said + " 2>&1")
                  .c_str());
  const std::string text = content(said), mark = "Overall exposure level for gridtap.service: ";
  const std::size_t at = text.find(mark);
  REQUIRE_MESSAGE(at != text.npos, text);
  const double exposure = std::stod(text.substr(at + mark.size()));
  CHECK(exposure > 0.0);
  CHECK(exposure <= 2.0);
}

TEST_CASE("service: systemd finds no fault in the unit file") {
  if (!has_analyze()) return;
  const CommandLine shell;
  const std::string said = shell.write("said", "");
  std::system(("systemd-analyze verify --man=no " + unit(shell) + " >" + said + " 2>&1").c_str());
  // Where no systemd runs it may have complaints about the machine; ours name the file.
  CHECK(content(said).find("gridtap.service") == std::string::npos);
}
