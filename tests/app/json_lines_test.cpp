#include "app/json_lines.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace gridtap;

namespace {

std::string printed(const std::vector<Effect>& effects,
                    app::JsonLines::Devices devices = app::JsonLines::Devices::unnamed) {
  std::ostringstream out;
  app::JsonLines lines(out, devices);
  for (const Effect& effect : effects) lines.on_effect("meter", effect, {});
  return out.str();
}

constexpr Instant seven = Instant{std::chrono::milliseconds{1'795'158'000'000}};

}  // namespace

TEST_CASE("json lines: each event has the members of the contract") {
  CHECK(printed({Identified{"", {"", "E0012", "E0012", "Kaifa", "MA105", "1"}}}) ==
        "{\"event\":\"identified\",\"channel\":\"\",\"manufacturer\":\"Kaifa\",\"model\":\"MA105\","
        "\"serial\":\"E0012\"}\n");
  CHECK(printed({Reading{"", "power_import", "1-0:1.7.0", Decimal{244, 0}, seven}}) ==
        "{\"event\":\"reading\",\"channel\":\"\",\"key\":\"power_import\",\"value\":\"244\","
        "\"unit\":\"W\",\"source\":\"1-0:1.7.0\",\"at\":\"2026-11-20T07:00:00Z\"}\n");
  CHECK(printed({Unknown{"", "0-0:96.50.1", "(1)"}}) ==
        "{\"event\":\"unknown\",\"channel\":\"\",\"source\":\"0-0:96.50.1\",\"raw\":\"(1)\"}\n");
  CHECK(printed({Dropped{{Fault::bad_checksum, "crc"}, 823}}) ==
        "{\"event\":\"dropped\",\"fault\":\"bad_checksum\",\"bytes\":823,\"detail\":\"crc\"}\n");
  CHECK(printed({Held{{"", "energy_import_t1", "1-0:1.8.1", Decimal{0, 0}}, "fell"}}) ==
        "{\"event\":\"held\",\"channel\":\"\",\"key\":\"energy_import_t1\",\"value\":\"0\","
        "\"source\":\"1-0:1.8.1\",\"reason\":\"fell\"}\n");
  CHECK(printed({Diagnosis{Cause::inverted, "the remedy"}}) ==
        "{\"event\":\"diagnosis\",\"cause\":\"inverted\",\"detail\":\"the remedy\"}\n");
}

TEST_CASE("json lines: what is not known is null") {
  CHECK(printed({Identified{"1", {}}}) ==
        "{\"event\":\"identified\",\"channel\":\"1\",\"manufacturer\":null,\"model\":null,"
        "\"serial\":null}\n");
  CHECK(printed({Reading{"", "tariff", "0-0:96.14.0", {}}}) ==
        "{\"event\":\"reading\",\"channel\":\"\",\"key\":\"tariff\",\"value\":null,\"unit\":null,"
        "\"source\":\"0-0:96.14.0\",\"at\":null}\n");
}

TEST_CASE("json lines: the unit of a key that the configuration names is printed") {
  constexpr EntitySpec soil{.key = "soil", .unit = "%"};
  const std::string lines =
      printed({Entity{"g1", &soil}, Reading{"g1", "soil", "s", Decimal{48, 0}}});
  CHECK(
      lines ==
      "{\"event\":\"reading\",\"channel\":\"g1\",\"key\":\"soil\",\"value\":\"48\",\"unit\":\"%\","
      "\"source\":\"s\",\"at\":null}\n");
}

TEST_CASE("json lines: the health of a line is never a line") {
  CHECK(printed({Reading{"", "frames_repeated", "rule", Decimal{1, 0}}}).empty());
}

TEST_CASE("json lines: attributes follow their reading") {
  CHECK(printed({Reading{"", "message", "0-0:96.13.0", "hi", {}, R"({"text":"hi"})"}})
            .ends_with(",\"attributes\":{\"text\":\"hi\"}}\n"));
}

TEST_CASE("json lines: watch names the device") {
  CHECK(printed({Diagnosis{Cause::noise, "x"}}, app::JsonLines::Devices::named) ==
        "{\"event\":\"diagnosis\",\"device\":\"meter\",\"cause\":\"noise\",\"detail\":\"x\"}\n");
}

TEST_CASE("json lines: whatever the wire sends, the line is UTF-8 without control characters") {
  const std::string hostile =
      "a\"\\\n\x1b[0m\x7f\xff\xc3(\xc2\x85"
      "\xe2\x82\xac";
  CHECK(printed({Unknown{"", "x", hostile}}) ==
        "{\"event\":\"unknown\",\"channel\":\"\",\"source\":\"x\",\"raw\":"
        "\"a\\\"\\\\\\u000a\\u001b[0m"
        "\\u007f\xEF\xBF\xBD\xEF\xBF\xBD(\\u0085\xE2\x82\xAC\"}\n");
}

TEST_CASE("json lines: the summary counts the lines above it") {
  std::ostringstream out;
  app::JsonLines lines(out, app::JsonLines::Devices::unnamed);
  for (int n = 0; n < 3; ++n) lines.on_effect("", Reading{"", "gas", "x", Decimal{1, 0}}, {});
  lines.on_effect("", Frame{800}, {});
  lines.on_effect("", Dropped{{Fault::noise, "x"}, 5}, {});
  lines.on_effect("", Unknown{"", "x", "y"}, {});
  out.str("");
  lines.summary(805);
  CHECK(
      out.str() ==
      "{\"event\":\"summary\",\"bytes\":805,\"frames_good\":1,\"frames_dropped\":1,\"readings\":3,"
      "\"unknown\":1}\n");
  CHECK(lines.good_frames() == 1);
}
