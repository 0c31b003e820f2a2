// The program as a person or a script calls it: what it prints, where, and how it ends.

#include <string>

#include <doctest/doctest.h>

#include "core/bytes.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

std::string data(const std::string& name) {
  return std::string(GRIDTAP_SOURCE_DIR) + "/tests/data/p1/" + name;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("command line: version and help end well, anything unknown with 64") {
  const CommandLine gridtap;
  const Ended version = gridtap("--version");
  CHECK(version.out.starts_with("gridtap "));
  for (const char* part :
       {"\nbuilt by ", " with Paho C++ ", "OpenSSL ", "Asio ", "yaml-cpp ", "SQLite "}) {
    CHECK(has(version.out, part));
  }
  CHECK(!has(version.out, " ,"));  // each has its number
  CHECK(gridtap("-V").out == version.out);
  const Ended all = gridtap("--help");
  CHECK(all.status == 0);
  for (const char* status : {" 0  ", " 1  ", "64  ", "65  ", "66  ", "71  ", "74  ", "78  "}) {
    CHECK(has(all.out, status));
  }
  CHECK(gridtap("help").out == all.out);
  CHECK(gridtap("help decode").out == gridtap("decode --help").out);
  CHECK(has(gridtap("help decode").out, "sunspec: JSON with decimal addresses of registers"));
  const Ended help = gridtap("simulate --help");
  CHECK(help.status == 0);
  CHECK(has(help.out, "p1: dsmr5,"));
  CHECK(has(help.out, "key 000102030405060708090A0B0C0D0E0F"));
  for (const char* bad :
       {"pritn", "--colour", "decode", "decode p7 -", "decode p1 a b", "simulate", "simulate p1",
        "simulate p1 --listen 70000", "simulate p1 --pty x --listen 0", "simulate p7 --listen 0",
        "watch --for 0", "decode p1 --start yesterday -", "simulate p1 --pty a --pty b",
        "simulate kq330 --set meter=pair --pty a"}) {
    CAPTURE(bad);
    const Ended ended = gridtap(bad);
    CHECK(ended.status == 64);
    CHECK(ended.err + ended.out != "");
  }
}

TEST_CASE("command line: a misspelt command is guessed") {
  const CommandLine gridtap;
  CHECK(gridtap("chekc").err == "no command chekc: did you mean check?\n");
  CHECK(gridtap("deocde p1 -").err == "no command deocde: did you mean decode?\n");
  CHECK(gridtap("wibble").err == "no command wibble: see gridtap --help\n");
  CHECK(gridtap("chekc").status == 64);
  CHECK(has(gridtap("check a b").err, "not expected: b"));
  // Older and newer CLI11 put the limits into other words.
  CHECK(has(gridtap("simulate p1 --listen 99999").err, "99999 not in range"));
  CHECK(has(gridtap("simulate p1 --listen 99999").err, "65535"));
  CHECK(has(gridtap("simulate p1 --listen -1").err, "-1 not in range"));
}

TEST_CASE("command line: check and run take the file as a word, or by an option") {
  const CommandLine gridtap;
  const std::string good =
      gridtap.write("good.yaml",
                    "state_dir: /tmp\n"
                    "devices:\n  meter: {adapter: p1, line: tcp://127.0.0.1:2001}\n");
  const std::string bad = gridtap.write("bad.yaml", "base: a/b\n");
  for (const char* option : {" ", " -c ", " --config "}) {
    CHECK(gridtap("check" + std::string(option) + good).status == 0);
    CHECK(gridtap("run" + std::string(option) + bad).status == 78);
    CHECK(has(gridtap("run" + std::string(option) + bad).err, bad + ":1:7: base: "));
  }
  CHECK(gridtap("-c " + bad).status == 78);
}

TEST_CASE("command line: check prints good, or every error on standard error, with 78") {
  const CommandLine gridtap;
  const std::string good =
      gridtap.write("good.yaml",
                    "state_dir: /tmp\n"
                    "devices:\n  meter: {adapter: p1, line: tcp://127.0.0.1:2001}\n");
  const Ended well = gridtap("check --config " + good);
  CHECK(well.status == 0);
  CHECK(well.out == good + ": good, 1 device; the broker is localhost:1883\n");
  CHECK(well.err == "");
  const std::string bad = gridtap.write(
      "bad.yaml", "devices:\n  meter: {adaptr: p1, line: nowhere}\nmqtt: {prot: 1}\n");
  const Ended ill = gridtap("check --config " + bad);
  CHECK(ill.status == 78);
  CHECK(ill.out == "");
  CHECK(has(ill.err, bad + ":2:11: devices.meter.adaptr: unknown key (did you mean `adapter`?)\n"));
  CHECK(has(ill.err, bad + ":2:"));
  CHECK(has(ill.err, bad + ":3:8: mqtt.prot: unknown key (did you mean `port`?)\n"));
  CHECK(gridtap("check --config /nowhere.yaml").status == 78);
  CHECK(gridtap("run --config " + bad).status == 78);
  CHECK(gridtap("watch --config " + bad).status == 78);
  CHECK(gridtap("decode --config " + bad + " --device meter").status == 78);
}

TEST_CASE("command line: decode prints a line of JSON an event and a summary") {
  const CommandLine gridtap;
  const Ended ended = gridtap("decode p1 " + data("iskra-am550-dsmr5.txt"));
  CHECK(ended.status == 0);
  CHECK(ended.err == "");
  CHECK(ended.out.starts_with("{\"event\":\"identified\""));
  CHECK(has(ended.out, "\"key\":\"power_import\""));
  CHECK(has(ended.out, "\n{\"event\":\"summary\",\"bytes\":942,\"frames_good\":1,"));
  CHECK(ended.out.back() == '\n');
}

TEST_CASE("command line: decode reads standard input, with and without a dash") {
  const CommandLine gridtap;
  const std::string telegram = content(data("iskra-am550-dsmr5.txt"));
  REQUIRE(telegram != "");
  const std::string whole = gridtap("decode p1 " + data("iskra-am550-dsmr5.txt")).out;
  CHECK(gridtap("decode p1 -", telegram).out == whole);
  CHECK(gridtap("decode p1", telegram).out == whole);
}

TEST_CASE("command line: decode without a valid frame ends with 1 and the reason") {
  const CommandLine gridtap;
  const Ended empty = gridtap("decode p1 -");
  CHECK(empty.status == 1);
  CHECK(has(empty.out, "\"cause\":\"no_bytes\""));
  std::string damaged = content(data("iskra-am550-dsmr5.txt"));
  damaged[200] ^= 1;
  const Ended broken = gridtap("decode p1 -", damaged);
  CHECK(broken.status == 1);
  CHECK(has(broken.out, "\"event\":\"dropped\",\"fault\":\"bad_checksum\""));
}

TEST_CASE("command line: an input that cannot be read ends with 66") {
  const CommandLine gridtap;
  CHECK(gridtap("decode p1 /nowhere").status == 66);
  CHECK(has(gridtap("decode p1 /nowhere").err, "cannot read /nowhere"));
  CHECK(gridtap("decode p1 /tmp").status == 66);
  CHECK(gridtap("decode p1 /tmp").err == "cannot read /tmp: a directory, not a file\n");
}

TEST_CASE("command line: decode accepts settings of the device, and refuses wrong ones with 78") {
  const CommandLine gridtap;
  const std::string input = data("sagemcom-smarty-encrypted.txt");
  CHECK(gridtap("decode p1 " + input).status == 1);
  CHECK(gridtap("decode p1 --set key_file=" + data("demo.key") + ' ' + input).status == 0);
  const Ended wrong = gridtap("decode p1 --set kye_file=x " + input);
  CHECK(wrong.status == 78);
  CHECK(has(wrong.err, "kye_file: unknown key (did you mean `key_file`?)"));
}

TEST_CASE("command line: decode takes a device out of a configuration") {
  const CommandLine gridtap;
  const std::string config = gridtap.write(
      "config.yaml", "devices:\n  meter: {adapter: p1, line: tcp://127.0.0.1:2001}\n");
  const std::string input = data("iskra-am550-dsmr5.txt");
  CHECK(gridtap("decode --config " + config + " --device meter " + input).out ==
        gridtap("decode p1 " + input).out);
  CHECK(gridtap("decode --config " + config + " --device other " + input).status == 64);
  CHECK(gridtap("decode --config " + config + ' ' + input).status == 64);
}

TEST_CASE("command line: for a device that is asked for registers the file is an image of them") {
  const CommandLine gridtap;
  std::string words = R"("40000": 21365, "40001": 28243, "40002": 1, "40003": 65)";
  const auto add = [&](int address, int word) {
    words += ", \"" + std::to_string(address) + "\": " + std::to_string(word);
  };
  for (int n = 0; n < 65; ++n) add(40004 + n, 0);
  add(40069, 103);
  add(40070, 50);
  for (int n = 0; n < 50; ++n) add(40071 + n, n == 12 ? 4321 : 0);
  add(40121, 65535);
  add(40122, 0);
  const std::string image = gridtap.write("image.json", "{\"registers\": {" + words + "}}");
  const Ended decoded = gridtap("decode sunspec " + image);
  CHECK(decoded.status == 0);
  CHECK(has(decoded.out, R"("key":"power","value":"4321","unit":"W","source":"103.W")"));
  CHECK(has(decoded.out, R"("frames_good":2,"frames_dropped":0)"));
  const std::string holes =
      gridtap.write("holes.json", R"({"holes": [[40069, 40130]], "registers": {)" + words + "}}");
  CHECK(has(gridtap("decode sunspec " + holes).out, R"("frames_good":1)"));
  CHECK(gridtap("decode sunspec --set base=30000 " + image).status == 1);
  for (const char* bad : {"", "[]", "{}", R"({"registers": []})", R"({"registers": {"x": 1}})",
                          R"({"registers": {"1": 65536}})", R"({"registers": {"65536": 1}})",
                          R"({"registers": {"1": "1"}})"}) {
    CAPTURE(bad);
    const Ended ended = gridtap("decode sunspec -", bad);
    CHECK(ended.status == 65);
    CHECK(ended.err != "");
  }
}

TEST_CASE("command line: timed input is played by its own clock") {
  const CommandLine gridtap;
  const std::string telegram = content(data("iskra-am550-dsmr5.txt"));
  const std::size_t half = telegram.size() / 2;
  const auto timed = [&](const std::string& second) {
    return "0 " + to_hex(as_bytes(telegram.substr(0, half))) + "\r\n\n" + second + ' ' +
           to_hex(as_bytes(telegram.substr(half))) + "\n" + second + "\n";
  };
  CHECK(gridtap("decode p1 --timed -", timed("900")).status == 0);
  CHECK(gridtap("decode p1 --timed -", timed("900000")).status == 1);  // cut off long ago
  const Ended backwards = gridtap("decode p1 --timed -", timed("900") + "5 00\n");
  CHECK(backwards.status == 65);
  CHECK(has(backwards.err, "line 5: the time runs backwards"));
  const Ended noise = gridtap("decode p1 --timed -", "soon 2F\n");
  CHECK(noise.status == 65);
  CHECK(has(noise.err, "line 1: expected milliseconds and bytes in hex: MS HEX"));
}

TEST_CASE("command line: a simulator that cannot create its port or link ends with 71") {
  const CommandLine gridtap;
  const std::string taken = gridtap.write("taken", "somebody's file");
  const Ended ended = gridtap("simulate p1 --pty " + taken);
  CHECK(ended.status == 71);
  CHECK(has(ended.err, "already exists and is not a simulator's link"));
  CHECK(content(taken) == "somebody's file");
  CHECK(gridtap("simulate p1 --set meter=dsmr9 --listen 0").status == 78);
}
