// The part of README.md that is made from the code: the table of all keys.
//
//   GRIDTAP_WRITE_README=1 build/release/app_test -tc='readme*'     writes it anew

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "adapters/registry.hpp"
#include "app/entity_keys.hpp"
#include "support/command_line.hpp"

using namespace gridtap;

namespace {

const std::string readme = GRIDTAP_SOURCE_DIR "/README.md";
const std::string begin_mark = "<!-- keys: made from the code, see tests/app/readme_test.cpp -->\n";
const std::string end_mark = "<!-- end of keys -->\n";

}  // namespace

TEST_CASE("readme: the table of keys is what the code publishes") {
  std::string text = content(readme);
  const std::size_t begin = text.find(begin_mark), end = text.find(end_mark);
  REQUIRE(begin != text.npos);
  REQUIRE(end != text.npos);
  const std::size_t first = begin + begin_mark.size();
  const std::string table = '\n' + app::entity_table() + '\n';
  if (std::getenv("GRIDTAP_WRITE_README") != nullptr) {
    text.replace(first, end - first, table);
    std::ofstream(readme) << text;
    return;
  }
  CHECK_MESSAGE(text.substr(first, end - first) == table,
                "write it anew: GRIDTAP_WRITE_README=1 app_test -tc='readme*'");
  CHECK(text.find("\n### Keys of entities\n") != text.npos);  // what `check` points to
}

TEST_CASE("readme: a row of the table is a key, or those of phases and tariffs") {
  const std::string table = app::entity_table();
  const auto has = [&](const std::string& row) { return table.find(row + '\n') != table.npos; };
  CHECK(has("| `power_import` | Power import | W | han, p1 |"));
  CHECK(has("| `power_import_l1` to `l3` | Power import L1 | W | han, p1 |"));
  CHECK(has("| `frames_ok` | Frames ok |  | all |"));
  CHECK(has("| `tx` | TX |  | kq330 |"));
  CHECK(has("| `energy_import_live` | Energy import live | kWh | han |"));
}
