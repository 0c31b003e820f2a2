#include "core/setting.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace gridtap;

TEST_CASE("setting: a problem reads as file, place, key and what is wrong") {
  const Problem problem{{7, 5}, "devices.meter.adaptr", "unknown key (did you mean `adapter`?)"};
  CHECK(to_text(problem, "config.yaml") ==
        "config.yaml:7:5: devices.meter.adaptr: unknown key (did you mean `adapter`?)");
}

TEST_CASE("setting: a problem without a place or a key leaves them out") {
  CHECK(to_text({{}, "", "No such file or directory"}, "config.yaml") ==
        "config.yaml: No such file or directory");
  CHECK(to_text({{}, "devices", "no devices"}, "config.yaml") ==
        "config.yaml: devices: no devices");
}

TEST_CASE("setting: a problem never sends a control character or bad UTF-8 to a terminal") {
  CHECK(to_text({{1, 1}, "a\x1b[2J", "b\xff\n\x7f"}, "f\t") == "f :1:1: a [2J: b\xEF\xBF\xBD  ");
}

TEST_CASE("setting: the nearest word is the one that was meant") {
  const std::vector<std::string_view> known = {"host",    "port",          "user",
                                               "adapter", "password_file", "interval"};
  const std::vector<std::pair<std::string_view, std::string_view>> words = {
      {"hots", "host"},
      {"hst", "host"},
      {"Host", "host"},
      {"adaptr", "adapter"},
      {"ADAPTER", "adapter"},
      {"adaptors", "adapter"},
      {"passwordfile", "password_file"},
      {"pasword-fil", "password_file"},
      {"intervall", "interval"},
      {"prot", "port"},
  };
  for (const auto& [word, meant] : words) CHECK(nearest(word, known) == meant);
}

TEST_CASE("setting: a word that is near to nothing has no nearest word") {
  const std::vector<std::string_view> known = {"host", "port", "rts"};
  for (const std::string_view word : {"colour", "x", "", "temperature"}) {
    CHECK(nearest(word, known) == "");
  }
  CHECK(nearest("host", {}) == "");
  CHECK(nearest(std::string(100'000, 'h'), known) == "");
}
