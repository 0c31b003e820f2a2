#include "gateway/hunt.hpp"

#include <doctest/doctest.h>

#include "core/record.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

const std::vector<SerialSettings> p1_like = {
    {115200, 8, 'N', 1}, {9600, 8, 'N', 1}, {57600, 8, 'N', 1}, {38400, 8, 'N', 1}};

}  // namespace

TEST_CASE("hunt: without bytes only the two usual settings are tried in turn") {
  Hunt hunt(p1_like, true);
  for (const auto baud : {9600u, 115200u, 9600u, 115200u}) {
    hunt.try_next();
    CHECK(hunt.setting().baud == baud);
  }
}

TEST_CASE("hunt: while bytes arrive all settings are tried") {
  Hunt hunt(p1_like, true);
  for (const auto baud : {9600u, 57600u, 38400u, 115200u}) {
    hunt.bytes_came();
    hunt.try_next();
    CHECK(hunt.setting().baud == baud);
  }
}

TEST_CASE("hunt: a good frame ends the search, a lost line begins it anew") {
  Hunt hunt(p1_like, true);
  hunt.opened(Mono{});
  CHECK(hunt.due() == Mono{} + Hunt::patience);
  hunt.frame_came();
  CHECK_FALSE(hunt.searching());
  CHECK(hunt.due() == Mono::max());
  hunt.lost();
  CHECK(hunt.searching());
}

TEST_CASE("hunt: a diagnosis skips ahead") {
  Hunt hunt(p1_like, true);
  hunt.opened(Mono{});
  hunt.hurry(Mono{} + 1s);
  CHECK(hunt.due() == Mono{} + 1s);
}

TEST_CASE(
    "hunt: a setting is remembered after three good frames, and tried first after a restart") {
  Hunt hunt(p1_like, true);
  hunt.try_next();
  hunt.frame_came();
  hunt.frame_came();
  CHECK(hunt.state() == "");
  hunt.frame_came();
  CHECK(hunt.state() == RecordWriter().add("setting", "9600 8N1").text());

  Hunt restarted(p1_like, true);
  restarted.restore(hunt.state());
  CHECK(restarted.setting().baud == 9600);
  CHECK(restarted.state() == hunt.state());
}

TEST_CASE("hunt: a setting that the version before has remembered is tried first") {
  Hunt hunt(p1_like, true);
  hunt.restore("9600 8N1");
  CHECK(hunt.setting().baud == 9600);
  CHECK(hunt.state() == RecordWriter().add("setting", "9600 8N1").text());
}

TEST_CASE("hunt: a remembered setting that is no longer among them is forgotten") {
  const std::string known = RecordWriter().add("setting", "9600 8N1").text();
  for (const std::string& state :
       {std::string("300 7E1"), RecordWriter().add("setting", "300 7E1").text(),
        RecordWriter().add("setting").text(), known.substr(0, known.size() - 1)}) {
    CAPTURE(state);
    Hunt hunt(p1_like, true);
    hunt.restore(state);
    CHECK(hunt.setting().baud == 115200);
    CHECK(hunt.state() == "");
  }
}

TEST_CASE("hunt: a configured setting is kept, whatever comes") {
  Hunt hunt({{9600, 7, 'E', 1}}, false);
  hunt.opened(Mono{});
  CHECK(hunt.due() == Mono::max());
  CHECK(to_text(hunt.setting()) == "9600 7E1");
}
