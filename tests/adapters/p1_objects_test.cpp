// Objects are written down as "code=groups", odd lines as "?line", all in one text.

#include <string>

#include <doctest/doctest.h>

#include "adapters/p1/objects.hpp"

using namespace gridtap::p1;

namespace {

std::string split(std::string_view body) {
  Objects objects;
  Lines lines;
  objects.split(body, lines);
  std::string out;
  for (const Object& object : lines.objects) {
    out.append(object.code).append("=").append(object.groups).append(" ");
  }
  for (const std::string_view odd : lines.odd) out.append("?").append(odd).append(" ");
  if (!out.empty()) out.pop_back();
  return out;
}

std::string groups_of(std::string_view groups) {
  std::string out;
  while (const auto group = take_group(groups)) out.append("[").append(*group).append("]");
  return out.append(groups);
}

}  // namespace

TEST_CASE("p1 objects: an odd line costs itself and nothing else") {
  for (const std::string_view odd :
       {"hello", "1-0:1.7.0", "1-0:1.7(1*kW)", "1-0:1.7.0(1*kW", "1-0:1.7.0(1*kW))x", "(1*kW)x",
        "1-0:256.7.0(1)", "1-0:1.7.0.(1)", "1-0:1.7.0(1)x", "a-0:1.7.0(1)", "1-0:1.7.0 x(1)",
        "1-0:1000.7.0(1)", "-0:1.7.0(1)", "1-0:1.7.0*300(1)", "1-0:1.7.0(1)((2)",
        "1-0:1.7.0((2)"}) {
    CAPTURE(std::string(odd));
    const std::string body = "\r\n1-0:1.8.0(1)\r\n" + std::string(odd) + "\r\n1-0:2.8.0(2)\r\n";
    const std::string out = split(body);
    CHECK(out.find("1-0:2.8.0=(2)") != std::string::npos);
    CHECK(out.find('?') != std::string::npos);
  }
}

TEST_CASE("p1 objects: an open bracket does not swallow the object behind it") {
  CHECK(split("1-0:1.7.0(00.1\r\n1-0:2.7.0(0)\r\n") == "1-0:2.7.0=(0) ?1-0:1.7.0(00.1");
}

TEST_CASE("p1 objects: a line broken behind a bracket or inside a value is joined") {
  CHECK(split("0-1:24.3.0(120517020000)(08)(60)\r\n(00124.477)\r\n") ==
        "0-1:24.3.0=(120517020000)(08)(60)(00124.477)");
  CHECK(split("0-0:96.13.0(3031\r\n3233\r\n34)\r\n1-0:1.7.0(1)\r\n") ==
        "0-0:96.13.0=(3031323334) 1-0:1.7.0=(1)");
  CHECK(split("0-0:96.13.0\r\n(41)\r\n") == "?0-0:96.13.0 ?(41)");
}

TEST_CASE("p1 objects: empty lines and every kind of line end are stepped over") {
  for (const std::string_view end : {"\r\n", "\n", "\r", "\r\r\n", "\r\n\r\n", "\n\n\n"}) {
    std::string body;
    for (const std::string_view line : {"", "1-0:1.7.0(1)", "1-0:2.7.0(2)"}) {
      body.append(line).append(end);
    }
    CHECK(split(body) == "1-0:1.7.0=(1) 1-0:2.7.0=(2)");
  }
  CHECK(split("1-0:1.7.0(1)") == "1-0:1.7.0=(1)");
  CHECK(split("") == "");
  CHECK(split("\r\n\r\n") == "");
}

TEST_CASE("p1 objects: spaces around a line, its code and its groups do not matter") {
  CHECK(split("  1-0:1.7.0 (1) (2)\t\r\n") == "1-0:1.7.0=(1) (2)");
  CHECK(groups_of("(1) (2)") == "[1][2]");
}

TEST_CASE("p1 objects: the code has five numbers, and a sixth behind a dot or a star") {
  Object object;
  REQUIRE(parse_object("1-0:1.8.2(1*kWh)", object));
  CHECK(object.b == 0);
  CHECK(object.f == 255);
  CHECK(packed(object) == packed(1, 1, 8, 2));
  REQUIRE(parse_object("0-4:24.2.1.255(1)(2)", object));
  CHECK(object.b == 4);
  CHECK(object.f == 255);
  CHECK(object.code == "0-4:24.2.1");
  CHECK(object.groups == "(1)(2)");
  REQUIRE(parse_object("1-1:1.8.0*7(1)", object));
  CHECK(object.f == 7);
  CHECK(packed(object) == packed(1, 1, 8, 0));
}

TEST_CASE("p1 objects: groups are taken one after the other, and doubled brackets are one pair") {
  CHECK(groups_of("") == "");
  CHECK(groups_of("()") == "[]");
  CHECK(groups_of("(1)(2)()") == "[1][2][]");
  CHECK(groups_of("((ER11))(0)") == "[ER11][0]");
  CHECK(groups_of("(1)x") == "[1]x");
  CHECK(groups_of("(1") == "(1");
  CHECK(groups_of("((1)") == "((1)");
}

TEST_CASE("p1 objects: a line begins an object only with a whole code and a bracket") {
  CHECK(begins_object("1-0:1.7.0("));
  CHECK(begins_object("1-0:1.7.0 (1)"));
  CHECK_FALSE(begins_object("1-0:1.7.0"));
  CHECK_FALSE(begins_object("1-0:1.7("));
  CHECK_FALSE(begins_object("(1)"));
  CHECK_FALSE(begins_object(""));
}

TEST_CASE("p1 objects: a line of 4096 bytes is read, a longer one is odd") {
  const std::string head = "0-0:96.13.0(";
  const std::string longest = head + std::string(max_line - head.size() - 1, '3') + ')';
  CHECK(split(longest) == head.substr(0, 11) + '=' + longest.substr(11));
  CHECK(split(longest.substr(0, 20) + longest.substr(19)).starts_with('?'));
}

TEST_CASE("p1 objects: above 1024 lines the rest is left, and counted") {
  std::string good, odd;
  for (int n = 0; n < 3000; ++n) {
    good += "1-0:1.7.0(1)\r\n";
    odd += "odd\r\n";
  }
  Objects objects;
  Lines good_lines, odd_lines, few_lines;
  objects.split(good, good_lines);
  CHECK(good_lines.objects.size() == Lines::max);
  CHECK(good_lines.left_bytes == (3000 - Lines::max) * 12);
  objects.split(odd, odd_lines);
  CHECK(odd_lines.odd.size() == Lines::max);
  CHECK(odd_lines.left_bytes == (3000 - Lines::max) * 3);
  objects.split("odd\r\n", few_lines);
  CHECK(few_lines.left_bytes == 0);
}

TEST_CASE("p1 objects: broken lines are joined as long as there is room, and none is lost") {
  std::string body;
  for (int n = 0; n < 3000; ++n) body += "1-0:1.7.0(1)\r\n(2)\r\n";
  Objects objects;
  Lines lines;
  objects.split(body, lines);
  CHECK(lines.objects.front().groups == "(1)(2)");
  for (const Object& object : lines.objects) CHECK(object.code == "1-0:1.7.0");
}

TEST_CASE("p1 objects: the next telegram begins with nothing of the last") {
  Objects objects;
  Lines first, second;
  objects.split("1-0:1.7.0(1\r\n2)\r\nodd\r\n", first);
  objects.split("1-0:2.7.0(3\r\n4)\r\n", second);
  REQUIRE(second.objects.size() == 1);
  CHECK(second.objects.front().groups == "(34)");
  CHECK(second.odd.empty());
}
