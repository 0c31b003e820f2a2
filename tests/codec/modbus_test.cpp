// Modbus over TCP: frames in any pieces, and answers that are not what was asked for.
#include "codec/modbus.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "support/wire_bytes.hpp"

using namespace gridtap;
using namespace gridtap::modbus;

namespace {

Request read_four(std::uint16_t transaction = 7) {
  Request request;
  request.transaction = transaction;
  request.address = 40000;
  request.count = 4;
  return request;
}
Request write(std::vector<std::uint16_t> values, Function function = Function::write_multiple) {
  Request request;
  request.transaction = 9;
  request.unit = 126;
  request.function = function;
  request.address = 40350;
  request.count = static_cast<std::uint16_t>(values.size());
  request.values = std::move(values);
  return request;
}

constexpr const char* four_registers = "00070000000B01030853756E5300010042";

// What is made of a stream that answers this request: "ok 5375 ...", "exception 2", "late",
// "error".
std::string judged(const Request& request, std::string_view stream, std::size_t piece = 0) {
  FrameReader reader;
  std::string said;
  do {
    const std::string_view part = piece == 0 ? stream : stream.substr(0, piece);
    reader.add(as_bytes(part));
    stream.remove_prefix(part.size());
    while (const auto frame = reader.next()) {
      if (!*frame) return said + "broken";
      const Answer answer = judge(**frame, request);
      switch (answer.kind) {
        case Answer::Kind::registers:
          said += "ok " + to_hex(answer.registers) + ' ';
          break;
        case Answer::Kind::done:
          said += "done ";
          break;
        case Answer::Kind::exception:
          said += "exception " + std::to_string(answer.exception) + ' ';
          break;
        case Answer::Kind::shorter:
          said += "shorter ";
          break;
        case Answer::Kind::late:
          said += "late ";
          break;
        case Answer::Kind::error:
          said += "error ";
          break;
      }
    }
  } while (!stream.empty());
  return said;
}

}  // namespace

TEST_CASE("modbus: requests are as the specification draws them") {
  CHECK(to_hex(as_bytes(encode(read_four()))) ==
        "000700000006"
        "01039C400004");
  CHECK(to_hex(as_bytes(encode(write({60}, Function::write_single)))) ==
        "000900000006"
        "7E069D9E003C");
  CHECK(to_hex(as_bytes(encode(write({1, 0xFFFF})))) ==
        "00090000000B"
        "7E109D9E0002"
        "040001FFFF");
}

TEST_CASE("modbus: an answer is whole in any pieces, and one behind another") {
  const std::string answer = hex(four_registers);
  for (std::size_t piece = 1; piece <= answer.size(); ++piece) {
    CHECK(judged(read_four(), answer, piece) == "ok 53756E5300010042 ");
  }
  CHECK(judged(read_four(), hex("00060000000B0103080001000200030004") + answer, 5) ==
        "late ok 53756E5300010042 ");
  for (std::size_t size = 0; size < answer.size(); ++size) {
    CHECK(judged(read_four(), answer.substr(0, size)) == "");
  }
}

TEST_CASE(
    "modbus: a frame is cut off a stream when its last byte has come, and may be renumbered") {
  const std::string frame = hex(four_registers), stream = frame + hex("FFFF");
  for (std::size_t size = 0; size < frame.size(); ++size) {
    const auto none = first_frame(as_bytes(stream).first(size));
    REQUIRE(none);
    CHECK(none->empty());
  }
  const auto whole = first_frame(as_bytes(stream));
  REQUIRE(whole);
  CHECK(as_text(*whole) == frame);
  const Frame fields = fields_of(*whole);
  CHECK(fields.transaction == 7);
  CHECK(fields.unit == 1);
  CHECK(fields.function == 3);
  CHECK(to_hex(fields.data) == "0853756E5300010042");
  CHECK(to_hex(as_bytes(with_transaction(*whole, 0xABCD))) == "ABCD" + to_hex(*whole).substr(4));
}

TEST_CASE("modbus: exceptions have their code, and only that") {
  CHECK(judged(read_four(), hex("000700000003018302")) == "exception 2 ");
  CHECK(judged(read_four(), hex("00070000000401830200")) == "error ");
  CHECK(judged(write({1}), hex("0009000000037E9003")) == "exception 3 ");
  for (std::uint8_t code = 0; code < 20; ++code) CHECK(exception_text(code) != "");
}

TEST_CASE("modbus: what is no answer to the question is an error, not a value") {
  CHECK(judged(read_four(), hex("00070000000B02030853756E5300010042")) == "error ");  // unit
  CHECK(judged(read_four(), hex("00070000000B01040853756E5300010042")) == "error ");  // function
  CHECK(judged(read_four(), hex("00070000000B01030653756E5300010042")) == "error ");  // byte count
  CHECK(judged(write({60}), hex("0009000000067E109D9E0001")) == "done ");
  CHECK(judged(write({60}), hex("0009000000067E109D9F0001")) == "error ");
  CHECK(judged(write({60}), hex("0009000000067E109D9E0002")) == "error ");
  CHECK(judged(write({60}, Function::write_single), hex("0009000000067E069D9E003C")) == "done ");
  CHECK(judged(write({60}, Function::write_single), hex("0009000000067E069D9E003D")) == "error ");
}

TEST_CASE("modbus: a stream that is no Modbus is given up") {
  CHECK(judged(read_four(), hex("00070001000B01030853756E5300010042")) == "broken");
  CHECK(judged(read_four(), hex("000700000001010308")) == "broken");
  CHECK(judged(read_four(), hex("0007000000FF010308")) == "broken");
  CHECK(judged(read_four(), "HTTP/1.1 400 Bad Request\r\n\r\n") == "broken");
}

TEST_CASE("modbus: every flipped bit of an answer is an error, another transaction, or a value") {
  const std::string answer = hex(four_registers);
  for (std::size_t bit = 0; bit < 8 * answer.size(); ++bit) {
    const std::string said = judged(read_four(), flipped(answer, bit));
    const bool in_value = bit >= 8 * 9;
    CAPTURE(bit);
    CHECK((said.starts_with("ok") == in_value));
  }
}

TEST_CASE("modbus: a server reads what a client writes, and refuses invalid requests") {
  const auto asked = [](const Request& request) {
    FrameReader reader;
    reader.add(as_bytes(encode(request)));
    return parse_request(**reader.next());
  };
  CHECK(asked(read_four()).request.count == 4);
  CHECK(asked(write({1, 2, 3})).request.values == std::vector<std::uint16_t>{1, 2, 3});
  CHECK(asked(write({7}, Function::write_single)).request.values[0] == 7);
  Request many = read_four();
  many.count = 126;
  CHECK(asked(many).exception == 3);
  many.count = 0;
  CHECK(asked(many).exception == 3);
  Request odd = read_four();
  FrameReader reader;
  std::string bytes = encode(odd);
  bytes[7] = 43;
  reader.add(as_bytes(bytes));
  CHECK(parse_request(**reader.next()).exception == 1);
}

TEST_CASE("modbus: the frames of real devices decode as they should") {
  const std::string file = GRIDTAP_SOURCE_DIR "/../shared/corpus/sunspec/frames.jsonl";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: no corpus beside this checkout");
    return;
  }
  std::ifstream lines(file);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto it = nlohmann::json::parse(line);
    const auto& ask = it["request"];
    Request request;
    request.transaction = ask["tid"];
    request.unit = ask["unit"];
    request.address = ask["address"];
    request.count = static_cast<std::uint16_t>(ask.value("count", 1));
    if (ask["op"] == "write_single") {
      request.function = Function::write_single;
      request.values = {ask["value"].get<std::uint16_t>()};
    } else if (ask["op"] == "write_multiple") {
      request.function = Function::write_multiple;
      request.values = ask["values"].get<std::vector<std::uint16_t>>();
      request.count = static_cast<std::uint16_t>(request.values.size());
    }
    CAPTURE(it["name"].get<std::string>());
    CHECK(encode(request) == hex(it["request_hex"].get<std::string>()));
    std::string stream, want;
    for (const auto& segment : it["segments"]) stream += hex(segment.get<std::string>());
    for (int n = it["expect"]["dropped"]; n > 0; --n) want += "late ";
    if (it["expect"]["result"] == "exception") {
      want += "exception " + std::to_string(it["expect"]["code"].get<int>()) + ' ';
    } else if (request.writes()) {
      want += "done ";
    } else {
      std::string bytes;
      for (const std::uint16_t word : it["expect"]["registers"]) {
        bytes += static_cast<char>(word >> 8);
        bytes += static_cast<char>(word);
      }
      want += "ok " + to_hex(as_bytes(bytes)) + ' ';
    }
    CHECK(judged(request, stream) == want);
    CHECK(judged(request, stream, 1) == want);
  }
  CHECK(count >= 15);
}

TEST_CASE(
    "modbus: a sound answer with fewer registers is shorter, one that contradicts itself an "
    "error") {
  const Request request = read_four();
  const auto answer = [&](std::vector<std::uint16_t> words) {
    return encode_registers(request, words);
  };
  CHECK(judged(request, answer({1, 2, 3, 4})) == "ok 0001000200030004 ");
  CHECK(judged(request, answer({1, 2, 3})) == "shorter ");
  CHECK(judged(request, answer({})) == "shorter ");
  CHECK(judged(request, answer({1, 2, 3, 4, 5})) == "error ");
  std::string lies = answer({1, 2, 3});
  lies[8] = 8;  // the count of four
  CHECK(judged(request, lies) == "error ");
}
