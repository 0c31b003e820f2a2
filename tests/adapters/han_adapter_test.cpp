// The adapter as a whole: who the meter is, settings, totals that are held back, encrypted meters.

#include <doctest/doctest.h>

#include "adapters/han/identity.hpp"
#include "codec/ciphered_apdu.hpp"
#include "support/han_line.hpp"

using namespace gridtap;
using namespace gridtap::han;
using namespace std::chrono_literals;

namespace {

// One row in Aidon's form.
std::string row_list(std::string_view obis, std::int64_t value, int exponent, std::uint8_t unit) {
  ValueWriter body;
  body.array(1).structure(3).obis(obis).u32(value).scaler(exponent, unit);
  return pushed(body);
}
std::string register_list(std::int64_t wh) { return row_list("1-0:1.8.0", wh, 0, 30); }

std::string kaifa_with(std::string_view serial, std::string_view model = "MA304H4") {
  ValueWriter body;
  body.structure(9).octets("KFM_001").octets(serial).octets(model);
  for (int n = 0; n < 6; ++n) body.u32(1);
  return pushed(body);
}

std::string problem_of(std::string_view key, std::string_view value) {
  return LineRig({{std::string(key), std::string(value)}}).problems;
}

}  // namespace

TEST_CASE("han: a meter is reported once, and again when it is another") {
  LineRig line;
  CHECK(lines_with(line.hear(kaifa_with("1")), "identified") == "identified Kaifa|MA304H4|1|1\n");
  CHECK(lines_with(line.hear(kaifa_with("1")), "identified") == "");
  CHECK(lines_with(line.hear(pushed(kaifa_list_1(5))), "identified") == "");
  CHECK(lines_with(line.hear(kaifa_with("2")), "identified") == "identified Kaifa|MA304H4|2|2\n");
}

TEST_CASE("han: a meter that identifies itself later is the same meter") {
  LineRig line;
  CHECK(lines_with(line.hear(pushed(kaifa_list_1(5))), "identified") == "identified Kaifa|||\n");
  CHECK(lines_with(line.hear(kaifa_with("1")), "identified") == "identified Kaifa|MA304H4|1|1\n");
}

TEST_CASE("han: ids are bytes: shown as Latin-1, without what no screen takes") {
  CHECK(shown("MA304H4") == "MA304H4");
  CHECK(shown("M\xE5ler\n\x7F\x80") == "M\xC3\xA5ler???");
  CHECK(unique_part("6970-a_B") == "6970-a_B");
  CHECK(unique_part("69 70") == "3639203730");
  CHECK(unique_part("") == "");
  LineRig line;
  CHECK(lines_with(line.hear(kaifa_with(std::string_view("12\0\0", 4))), "identified") ==
        "identified Kaifa|MA304H4|12|12\n");
}

TEST_CASE("han: a serial number that is a number serves where there is no other") {
  ValueWriter body;
  body.structure(5).text("Kamstrup_V0001").obis("1-1:0.0.1").u32(12340055);
  body.obis("1-1:1.7.0").u32(1);
  LineRig line;
  CHECK(lines_with(line.hear(pushed(body)), "identified") ==
        "identified Kamstrup||12340055|12340055\n");
}

TEST_CASE("han: what is no number is no serial number") {
  LineRig line;
  for (const std::string_view id :
       {std::string_view("        "), std::string_view("00000000"),
        std::string_view("\xFF\xFF\xFF\xFF"), std::string_view("\0\0\0\0", 4),
        std::string_view("MA304H4E")}) {
    CHECK(lines_with(LineRig().hear(kaifa_with(id)), "identified") ==
          "identified Kaifa|MA304H4||\n");
  }
}

namespace {

// Codes and values in a row, and `last` behind them without a code, as Netz NÖ sends its lists.
std::string numbered(std::string_view last) {
  ValueWriter body;
  body.structure(4).obis("1-0:1.7.0").u32(5).scaler(0, 27).octets(last);
  return pushed(body);
}

}  // namespace

TEST_CASE("han: a last item without a code is the number of the meter, if it looks like one") {
  const auto of = [](std::string_view last) {
    return lines_with(LineRig().hear(numbered(last)), "identified");
  };
  CHECK(of("181299887766") == "identified ||181299887766|181299887766\n");
  for (const std::string_view last : {"1812998", "18129988776655443", "ABCDEFGH1234",
                                      "1812\x01"
                                      "9988776"}) {
    CAPTURE(last);
    CHECK(of(last) == "identified |||\n");
  }
}

// ---- readings -----------------------------------------------------------------------------------

TEST_CASE("han: a register that falls is held back until three lists and ten minutes agree") {
  LineRig line;
  CHECK(lines_with(line.hear(register_list(5000)), "energy") == "energy_import 5.000 1-0:1.8.0\n");
  CHECK(lines_with(line.hear(register_list(0)), "held") == "held energy_import 0.000 zero\n");
  CHECK(lines_with(line.hear(register_list(4000)), "held") == "held energy_import 4.000 fell\n");
  CHECK(lines_with(line.hear(register_list(5001)), "energy") == "energy_import 5.001 1-0:1.8.0\n");
  for (int n = 0; n < 2; ++n) {
    CHECK(lines_with(line.hear(register_list(70)), "held") == "held energy_import 0.070 fell\n");
    line.pass(5min);
  }
  CHECK(lines_with(line.hear(register_list(70)), "energy") == "energy_import 0.070 1-0:1.8.0\n");
}

TEST_CASE("han: a power above twice max_power is withheld") {
  LineRig line(LineRig::Settings{{"max_power", "10000"}});
  CHECK(lines_with(line.hear(pushed(kaifa_list_1(20'000))), "power") ==
        "power_import 20000 1-0:1.7.0\n");
  CHECK(lines_with(line.hear(pushed(kaifa_list_1(20'001))), "held") ==
        "held power_import 20001 implausible\n");
}

TEST_CASE("han: another meter's register is believed at once") {
  LineRig line;
  const auto list = [](std::string_view serial, std::int64_t wh) {
    ValueWriter body;
    body.structure(14).octets("KFM_001").octets(serial).octets("MA105H2E");
    for (int n = 0; n < 6; ++n) body.u32(1);
    body.octets(hex("07EA0B1405080010FF800000")).u32(wh).u32(1).u32(1).u32(1);
    return pushed(body);
  };
  line.hear(list("1", 9000));
  CHECK(lines_with(line.hear(list("2", 50)), "energy_import") == "energy_import 0.050 1-0:1.8.0\n");
}

TEST_CASE("han: a transformer's factor is for power, current and energy, not for voltage") {
  LineRig line(LineRig::Settings{{"factor", "40"}});
  CHECK(lines_with(line.hear(row_list("1-0:1.7.0", 25, 0, 27)), "power") ==
        "power_import 1000 1-0:1.7.0\n");
  CHECK(lines_with(line.hear(row_list("1-0:31.7.0", 125, -1, 33)), "current") ==
        "current_l1 500.0 1-0:31.7.0\n");
  CHECK(lines_with(line.hear(row_list("1-0:32.7.0", 2301, -1, 35)), "voltage") ==
        "voltage_l1 230.1 1-0:32.7.0\n");
  CHECK(lines_with(line.hear(register_list(1001)), "energy") == "energy_import 40.040 1-0:1.8.0\n");
  CHECK(lines_with(line.hear(row_list("1-0:13.7.0", 95, -2, 255)), "power_factor") ==
        "power_factor 0.95 1-0:13.7.0\n");
}

TEST_CASE("han: a value that the factor carries beyond all numbers is no reading") {
  LineRig line(LineRig::Settings{{"factor", "99999"}});
  ValueWriter body;
  body.array(1).structure(3).obis("1-0:1.7.0").u64(INT64_MAX / 2).scaler(0, 27);
  const std::string said = line.hear(pushed(body));
  CHECK(lines_with(said, "power") == "");
  CHECK(lines_with(said, "unknown") == "unknown 1-0:1.7.0 4611686018427387903\n");
}

TEST_CASE("han: what cannot be is no reading: negative powers, power factors above 1") {
  LineRig line;
  const auto readings = [&](std::string_view obis, std::int64_t value, int exponent,
                            std::uint8_t unit) {
    ValueWriter body;
    body.array(2).structure(3).obis(obis).i16(value).scaler(exponent, unit);
    body.structure(3).obis("1-0:2.7.0").u32(1).scaler(0, 27);
    return lines_with(line.hear(pushed(body)), "power_");
  };
  const std::string other = "power_export 1 1-0:2.7.0\n";
  CHECK(readings("1-0:1.7.0", -5, 0, 27) == other);
  CHECK(readings("1-0:13.7.0", 101, -2, 255) == other);
  CHECK(readings("1-0:13.7.0", -95, -2, 255) == "power_factor -0.95 1-0:13.7.0\n" + other);
}

TEST_CASE("han: net powers are import less export, where a list has both") {
  ValueWriter body;
  body.array(4);
  body.structure(3).obis("1-0:1.7.0").u32(0).scaler(0, 27);
  body.structure(3).obis("1-0:2.7.0").u32(15).scaler(2, 27);
  body.structure(3).obis("1-0:21.7.0").u32(7).scaler(0, 27);
  body.structure(3).obis("1-0:41.7.0").u32(7).scaler(0, 27);
  LineRig line;
  CHECK(lines_with(line.hear(pushed(body)), "power_net") == "power_net -1500 computed\n");
  ValueWriter phase;
  phase.array(2).structure(3).obis("1-0:21.7.0").u32(7).scaler(0, 27);
  phase.structure(3).obis("1-0:22.7.0").u32(10).scaler(0, 27);
  CHECK(lines_with(line.hear(pushed(phase)), "power_net") == "power_net_l1 -3 computed\n");
}

TEST_CASE("han: the clock is that of the list, else that of its APDU, else there is none") {
  const std::string eight = hex("07EA0B1405080010FF800000");
  const std::string nine = hex("07EA0B1405090010FF800000");
  ValueWriter body;
  body.array(2).structure(3).obis("1-0:1.7.0").u32(0).scaler(0, 27);
  body.structure(2).obis("0-0:1.0.0").octets(nine);
  LineRig line;
  const auto clock = [&](const std::string& date_time, const ValueWriter& list) {
    return lines_with(line.hear(framed(notification(date_time, list.bytes()))), "meter_clock");
  };
  CHECK(clock("\x0C" + eight, body) == "meter_clock 2026-11-20T09:00:16 0-0:1.0.0\n");
  CHECK(clock("\x0C" + eight, kaifa_list_1(5)) == "meter_clock 2026-11-20T08:00:16 0-0:1.0.0\n");
  CHECK(clock(std::string(1, '\0'), kaifa_list_1(5)) == "");
  CHECK(clock("\x0C" + std::string(12, '\xFF'), kaifa_list_1(5)) == "");
}

// Of han.md 6.5: a Danish meter behind a current transformer.
TEST_CASE("han: Kamstrup's currents that are ten times too large are noticed, once") {
  const auto list = [](std::int64_t raw, std::int64_t watts) {
    ValueWriter body;
    body.structure(17).text("Kamstrup_V0001");
    body.obis("1-1:1.7.0").u32(watts).obis("1-1:3.7.0").u32(9000);
    for (int phase = 0; phase < 3; ++phase) {
      body.obis("1-1:" + std::to_string(31 + 20 * phase) + ".7.0").u32(raw);
      body.obis("1-1:" + std::to_string(32 + 20 * phase) + ".7.0").u16(233);
    }
    return pushed(body);
  };
  LineRig line;
  CHECK(lines_with(line.hear(list(9090, 62'800)), "notice") == "");  // 90.9 A carry it
  CHECK(lines_with(line.hear(list(90'900, 400)), "notice") == "");   // no such ratio
  CHECK(lines_with(line.hear(list(90'900, 62'800)), "notice").find("current_exponent: -3") !=
        std::string::npos);
  CHECK(lines_with(line.hear(list(90'900, 62'800)), "notice") == "");
  LineRig set(LineRig::Settings{{"current_exponent", "-2"}});
  CHECK(lines_with(set.hear(list(90'900, 62'800)), "notice") == "");
}

// ---- settings -----------------------------------------------------------------------------------

TEST_CASE("han settings: what is out of range is named, with its place") {
  CHECK(problem_of("factor", "40") == "");
  CHECK(problem_of("factor", "0").find("FILE:1:9: factor: must be above 0") == 0);
  CHECK(problem_of("factor", "-1") != "");
  CHECK(problem_of("factor", "100001") != "");
  CHECK(problem_of("energy_exponent", "1") == "");
  CHECK(problem_of("energy_exponent", "10") != "");
  CHECK(problem_of("current_exponent", "x") != "");
  CHECK(problem_of("key_file", "key") == "");
  CHECK(problem_of("key_file", "nowhere").find("cannot read the file that it names") !=
        std::string::npos);
  CHECK(problem_of("key-file", "key").find("did you mean") != std::string::npos);
}

// ---- encrypted meters ---------------------------------------------------------------------------

namespace {

const CipherKeys keys{hex("000102030405060708090A0B0C0D0E0F"),
                      hex("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF")};
const LineRig::Settings both = {{"key_file", "key"},
                                {"authentication_key_file", "authentication_key"}};

std::string sealed_apdu(std::uint32_t counter, std::string_view title, const ValueWriter& body) {
  const std::string plain = notification(std::string_view("\0", 1), body.bytes());
  return ciphered_apdu(as_bytes(title), 0x30, counter, as_bytes(plain), keys);
}
std::string sealed(std::uint32_t counter, std::string_view title = "KAM\1\2\3\4\5",
                   const ValueWriter& body = kaifa_list_1(1234)) {
  return framed(sealed_apdu(counter, title, body));
}

}  // namespace

TEST_CASE("han: an encrypted list is read with its keys") {
  LineRig line(both);
  const std::string frame = sealed(1);
  const std::string said = line.hear(frame);
  CHECK(lines_with(said, "power") == "power_import 1234 1-0:1.7.0\n");
  CHECK(lines_with(said, "notice") == "");
  LineRig encryption_alone(LineRig::Settings{{"key_file", "key"}});
  CHECK(lines_with(encryption_alone.hear(frame), "power") == "power_import 1234 1-0:1.7.0\n");
}

TEST_CASE("han: that the tag is not checked is reported once, whatever the line does") {
  LineRig line(LineRig::Settings{{"key_file", "key"}});
  CHECK(lines_with(line.hear(sealed(1)), "notice").find("authentication_key_file") !=
        std::string::npos);
  line.reopen();
  CHECK(lines_with(line.hear(sealed(2)), "notice") == "");
}

TEST_CASE(
    "han: without a key, or with a wrong one, the cause is reported once, frames are dropped") {
  LineRig keyless, wrong(LineRig::Settings{{"key_file", "other_key"}});
  CHECK(lines_with(keyless.hear(sealed(1)), "diagnosis") == "diagnosis encrypted\n");
  CHECK(keyless.hear(sealed(2)).starts_with("dropped no_key"));
  CHECK(lines_with(wrong.hear(sealed(1)), "diagnosis") == "diagnosis wrong_key\n");
  CHECK(wrong.hear(sealed(2)).starts_with("dropped wrong_key"));
  wrong.reopen();
  CHECK(lines_with(wrong.hear(sealed(3)), "diagnosis") == "diagnosis wrong_key\n");
}

TEST_CASE("han: a replayed frame is refused, a repeat is not") {
  LineRig line(both);
  line.hear(sealed(5));
  CHECK(lines_with(line.hear(sealed(5)), "power") != "");
  CHECK(line.hear(sealed(4)).starts_with("dropped replay"));
  CHECK(lines_with(line.hear(sealed(6)), "power") != "");
}

TEST_CASE("han: a frame that was recorded before a restart is refused after it") {
  LineRig before(both), after(both);
  before.hear(sealed(5));
  after.adapter->restore(before.adapter->state());
  CHECK(after.hear(sealed(4)).starts_with("dropped replay"));
  CHECK(after.hear(sealed(5)).starts_with("dropped replay"));
  CHECK(lines_with(after.hear(sealed(6)), "power") != "");
}

TEST_CASE("han: a list that could not be read does not count as received") {
  LineRig line(both);
  ValueWriter odd;
  odd.structure(2).u32(1).u32(2);
  CHECK(line.hear(sealed(50, "KAM\1\2\3\4\5", odd)).starts_with("dropped unsupported"));
  CHECK(lines_with(line.hear(sealed(5)), "power") != "");
}

TEST_CASE("han: an encrypted list without LLC header must end with its envelope") {
  LineRig line(both);
  const std::string bare = hdlc_frame(
      as_bytes("\x41\x03\x13"), as_bytes(sealed_apdu(1, "KAM\1\2\3\4\5", kaifa_list_1(5)) + "x"));
  CHECK(line.hear(bare).starts_with("dropped bad_syntax"));
}

TEST_CASE("han: Landis+Gyr's powers and registers are whole without a scale, nothing else is") {
  ValueWriter body;
  body.structure(3);
  body.structure(2).obis("1-0:1.7.0").u32(300);
  body.structure(2).obis("1-0:1.8.0").u32(5000);
  body.structure(2).obis("1-0:32.7.0").u16(230);
  LineRig line(both);
  const std::string said = line.hear(sealed(1, "LGZ\1\2\3\4\5", body));
  CHECK(lines_with(said, "power") == "power_import 300 1-0:1.7.0\n");
  CHECK(lines_with(said, "energy") == "energy_import 5.000 1-0:1.8.0\n");
  CHECK(lines_with(said, "unknown") == "unknown 1-0:32.7.0 230\n");
  CHECK(lines_with(said, "identified") == "identified Landis+Gyr|||\n");
}
