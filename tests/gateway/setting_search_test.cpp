#include "gateway/setting_search.hpp"

#include <doctest/doctest.h>

#include "core/record.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

const std::vector<SerialSettings> p1_like = {
    {115200, 8, 'N', 1}, {9600, 8, 'N', 1}, {57600, 8, 'N', 1}, {38400, 8, 'N', 1}};

}  // namespace

TEST_CASE("setting search: without bytes only the two usual settings are tried in turn") {
  SettingSearch search(p1_like, true);
  for (const auto baud : {9600u, 115200u, 9600u, 115200u}) {
    search.try_next();
    CHECK(search.setting().baud == baud);
  }
}

TEST_CASE("setting search: while bytes arrive all settings are tried") {
  SettingSearch search(p1_like, true);
  for (const auto baud : {9600u, 57600u, 38400u, 115200u}) {
    search.bytes_came();
    search.try_next();
    CHECK(search.setting().baud == baud);
  }
}

TEST_CASE("setting search: a good frame ends the search, a lost line begins it anew") {
  SettingSearch search(p1_like, true);
  search.opened(Mono{});
  CHECK(search.due() == Mono{} + SettingSearch::patience);
  search.frame_came();
  CHECK_FALSE(search.searching());
  CHECK(search.due() == Mono::max());
  search.lost();
  CHECK(search.searching());
}

TEST_CASE("setting search: a diagnosis skips ahead") {
  SettingSearch search(p1_like, true);
  search.opened(Mono{});
  search.hurry(Mono{} + 1s);
  CHECK(search.due() == Mono{} + 1s);
}

TEST_CASE(
    "setting search: a setting is remembered after three good frames, and tried first after a "
    "restart") {
  SettingSearch search(p1_like, true);
  search.try_next();
  search.frame_came();
  search.frame_came();
  CHECK(search.state() == "");
  search.frame_came();
  CHECK(search.state() == RecordWriter().add("setting", "9600 8N1").text());

  SettingSearch restarted(p1_like, true);
  restarted.restore(search.state());
  CHECK(restarted.setting().baud == 9600);
  CHECK(restarted.state() == search.state());
}

TEST_CASE("setting search: a setting that the version before has remembered is tried first") {
  SettingSearch search(p1_like, true);
  search.restore("9600 8N1");
  CHECK(search.setting().baud == 9600);
  CHECK(search.state() == RecordWriter().add("setting", "9600 8N1").text());
}

TEST_CASE("setting search: a remembered setting that is no longer among them is forgotten") {
  const std::string known = RecordWriter().add("setting", "9600 8N1").text();
  for (const std::string& state :
       {std::string("300 7E1"), RecordWriter().add("setting", "300 7E1").text(),
        RecordWriter().add("setting").text(), known.substr(0, known.size() - 1)}) {
    CAPTURE(state);
    SettingSearch search(p1_like, true);
    search.restore(state);
    CHECK(search.setting().baud == 115200);
    CHECK(search.state() == "");
  }
}

TEST_CASE("setting search: a configured setting is kept, whatever comes") {
  SettingSearch search({{9600, 7, 'E', 1}}, false);
  search.opened(Mono{});
  CHECK(search.due() == Mono::max());
  CHECK(to_text(search.setting()) == "9600 7E1");
}
