// Files that a section reads for others: keys and passwords, which no problem ever shows.

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/section.hpp"
#include "support/settings.hpp"

using namespace gridtap;

TEST_CASE("section: a key file holds 32 hex digits and a line end") {
  const std::string digits = "000102030405060708090A0b0c0d0e0f";
  const std::string bytes("\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17", 16);
  for (const char* end : {"", "\n", "\r\n"}) {
    SectionRig rig({{"key_file", plain("/etc/gridtap/key")}});
    rig.files = {{"/etc/gridtap/key", digits + end}};
    CHECK(rig.section().key_bytes("key_file") == bytes);
    CHECK(rig.problems() == "");
  }
}

TEST_CASE("section: a bad key file is named with what is wrong, never with what it holds") {
  const std::string want = "FILE:1:9: key_file: k: expected 32 hex digits and a line end, found ";
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", want + "0 digits\n"},
      {"ABCDEF", want + "6 digits\n"},
      {std::string(31, 'A'), want + "31 digits\n"},
      {std::string(33, 'A') + "\n", want + "33 digits\n"},
      {std::string(31, 'A') + "G", want + "32 characters, not all of them hex digits\n"},
      {std::string(32, 'A') + " \n", want + "33 characters, not all of them hex digits\n"},
      {std::string(32, 'A') + "\n\n", want + "33 characters, not all of them hex digits\n"},
      {"AA " + std::string(30, 'A'), want + "33 characters, not all of them hex digits\n"},
  };
  for (const auto& [content, text] : bad) {
    SectionRig rig({{"key_file", plain("k")}});
    rig.files = {{"k", content}};
    CHECK_FALSE(rig.section().key_bytes("key_file"));
    CHECK(rig.problems() == text);
  }
  SectionRig rig({{"key_file", plain("/missing")}});
  CHECK_FALSE(rig.section().key_bytes("key_file"));
  CHECK(rig.problems() == "FILE:1:9: key_file: cannot read /missing: No such file or directory\n");
}

TEST_CASE("section: a password is what its file holds, without the line end") {
  for (const auto& [content, password] :
       std::vector<std::pair<std::string, std::string>>{{"hunter2\n", "hunter2"},
                                                        {"hunter2\r\n", "hunter2"},
                                                        {"hunter2", "hunter2"},
                                                        {" a b \n", " a b "},
                                                        {"a\n\n", "a\n"},
                                                        {"", ""}}) {
    SectionRig rig({{"password_file", plain("/etc/gridtap/password")}});
    rig.files = {{"/etc/gridtap/password", content}};
    CHECK(rig.section().secret("password_file") == password);
    CHECK(rig.problems() == "");
  }
  SectionRig rig(std::vector<Member>{});
  CHECK(rig.section().secret("password_file") == "");
  CHECK(rig.problems() == "");
}

TEST_CASE("section: a password written where its file belongs is refused and not shown") {
  SectionRig rig(
      {{"a", plain("hunter2")}, {"b", from_environment("hunter2")}, {"c", plain("/no")}});
  Section section = rig.section();
  for (const char* key : {"a", "b", "c"}) CHECK(section.secret(key) == "");
  const std::string path =
      ": cannot read the file that it names: expected a path, /etc/gridtap/...\n";
  CHECK(rig.problems() == "FILE:1:9: a" + path + "FILE:2:9: b" + path +
                              "FILE:3:9: c: cannot read /no: No such file or directory\n");
}

TEST_CASE("section: a key written where its file belongs is refused and not shown") {
  for (const auto& value : {plain("00112233445566778899AABBCCDDEEFF"),
                            in_quotes("00112233445566778899aabbccddee"), in_quotes("")}) {
    SectionRig rig({{"key_file", value}});
    CHECK_FALSE(rig.section().key_bytes("key_file"));
    CHECK(
        rig.problems() ==
        "FILE:1:9: key_file: expected the name of a file that holds the key, not the key itself\n");
  }
}
