#include "core/ids.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace gridtap;

TEST_CASE("ids: a device id has up to 48 small letters, digits and underscores") {
  for (const char* id : {"meter", "m", "0", "_", "house_meter_2", "no", "status"}) {
    CHECK_FALSE(device_id_problem(id));
  }
  CHECK_FALSE(device_id_problem(std::string(48, 'a')));
}

TEST_CASE("ids: an id that would break a topic is refused with the allowed characters") {
  for (const char* id : {"", "Meter", "house meter", "house-meter", "a/b", "a+", "#", "$SYS",
                         "måler", "meter\n", "m\xff", "../etc"}) {
    const auto problem = device_id_problem(id);
    REQUIRE(problem);
    CHECK(problem->find("1 to 48 characters a-z, 0-9 and _") != std::string::npos);
  }
  CHECK(device_id_problem(std::string(49, 'a')));
  CHECK_FALSE(is_id(std::string("a\0b", 3)));
}

TEST_CASE("ids: `gateway` is the gateway's own device") {
  CHECK(device_id_problem("gateway") == "`gateway` is the gateway's own device: choose another id");
}

TEST_CASE("ids: base is one level of a topic") {
  for (const char* base : {"gridtap", "GridTap-2", "home.energy", "_"}) {
    CHECK_FALSE(topic_level_problem(base));
  }
  CHECK(topic_level_problem("a/b") == "must be one topic level: no /");
  CHECK(topic_level_problem("/a") == "must be one topic level: no /");
  CHECK(topic_level_problem("") == "must not be empty");
}

TEST_CASE("ids: a topic that a broker would close the connection for is refused") {
  CHECK_FALSE(topic_problem("homeassistant"));
  CHECK_FALSE(topic_problem("ha/house/2"));
  for (const char* topic :
       {"a/+", "#", "a#b", "$SYS", "a b", "a\tb", "a\n", "a\x7f", "måler", "\x01"}) {
    CHECK(topic_problem(topic) ==
          "a topic has no wildcard (+ #), no $, no space and only plain letters");
  }
  for (const char* topic : {"/a", "a/", "a//b", "/"}) {
    CHECK(topic_problem(topic) == "an empty topic level: no / at the ends, and no //");
  }
  CHECK(topic_problem(std::string(201, 'a')) == "longer than 200 characters");
}

TEST_CASE("ids: a name from a wire becomes one level of lower case, digits and underscores") {
  const std::pair<std::string, std::string> cases[] = {
      {"gas", "gas"},          {"Temp.1", "temp_1"},
      {"a/b+c#d", "a_b_c_d"},  {"\x01\x7f $", "____"},
      {"caf\xc3\xa9", "caf_"}, {"\xe6\xb0\xb4", "_"},
      {"\xff\xfe", "__"},      {"", ""},
      {"UPPER_9", "upper_9"},
  };
  for (const auto& [name, level] : cases) {
    CAPTURE(name);
    CHECK(topic_level(name) == level);
  }
}

TEST_CASE("ids: a long name is cut, so that no topic outgrows a broker") {
  CHECK(topic_level(std::string(1000, 'x')) == std::string(max_level, 'x'));
}

TEST_CASE("ids: nothing but spaces, dashes, zeros, NUL or FF is no id") {
  for (const std::string& id :
       {std::string(), std::string("   "), std::string("0000000"), std::string("----"),
        std::string(4, '\0'), std::string(4, '\xFF'), std::string(" 0-")}) {
    CAPTURE(id);
    CHECK(is_unset_id(id));
  }
  CHECK_FALSE(is_unset_id("00000001"));
  CHECK_FALSE(is_unset_id("A"));
}

TEST_CASE("ids: five digits make a number of a meter, other printable text does not") {
  CHECK(is_number_id("181299887766"));
  CHECK(is_number_id("K50322"));
  CHECK_FALSE(is_number_id("1234"));
  CHECK_FALSE(is_number_id("12345\x01"));
}

TEST_CASE("ids: letters and fewer than five digits are a type, not a serial number") {
  CHECK(is_type_id("MA309M"));
  CHECK_FALSE(is_type_id("K50322"));
  CHECK_FALSE(is_type_id("1SAG9988776655"));
  CHECK_FALSE(is_type_id("453xxxxxxxxxx"));
  CHECK_FALSE(is_type_id("123"));        // a short number may be one
  CHECK_FALSE(is_type_id("A\x01\xFF"));  // bytes
  CHECK_FALSE(is_type_id(""));
}
