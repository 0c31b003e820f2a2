// Whose turn it is on a shared Modbus line: the adapter's, but nobody is kept out for ever.
#include <doctest/doctest.h>

#include "serve/modbus_proxy_rig.hpp"

using namespace gridtap;
using namespace gridtap::serve;

TEST_CASE("modbus turns: what has waited for half a second goes before the adapter's next") {
  ProxyRig rig;
  rig.poll(ask(1, 0));
  CHECK(rig.wire() == "1@0");
  REQUIRE(rig.client(1, ask(5, 100)));
  rig.clock.advance(350ms);
  rig.answer_of_adapter = ask(2, 0);
  rig.device(told(1, 7));
  CHECK(rig.wire() == "2@0");  // not yet
  rig.clock.advance(350ms);
  rig.answer_of_adapter = ask(3, 0);
  rig.device(told(2, 7));
  CHECK(rig.wire() == "c0@100");
  rig.clock.advance(350ms);
  rig.device(told(c0, 42));
  CHECK(rig.got(1) == "5=42");
  CHECK(rig.wire() == "3@0");
}

TEST_CASE("modbus turns: one each, where both want the wire all the time") {
  ProxyRig rig;
  rig.poll(ask(1, 0));
  for (int n = 0; n < 3; ++n) REQUIRE(rig.client(1, ask(50 + n, 100 + n)));
  std::string order = rig.wire();
  int own = 1, of_client = 0;
  for (int n = 0; n < 6; ++n) {
    rig.clock.advance(400ms);
    const bool is_own = order.back() == '0' && order.substr(order.rfind(' ') + 1).front() != 'c';
    if (is_own) {
      rig.answer_of_adapter = ask(own + 1, 0);
      rig.device(told(own++, 7));
    } else {
      rig.device(told(c0 + of_client++, 42));
    }
    order += ' ' + rig.wire();
  }
  CHECK(order == "1@0 2@0 c0@100 3@0 c1@101 4@0 c2@102");
}

TEST_CASE("modbus turns: with a gap between requests a client that is due keeps it, too") {
  ModbusProxyOptions options;
  options.gap = 300ms;
  ProxyRig rig(options);
  rig.poll(ask(1, 0));
  REQUIRE(rig.client(1, ask(5, 100)));
  rig.clock.advance(10ms);
  rig.device(told(1, 7));
  CHECK(rig.wire() == "1@0");
  rig.clock.advance(300ms);
  rig.poll(ask(2, 0));
  CHECK(rig.wire() == "2@0");
  rig.clock.advance(200ms);
  rig.device(told(2, 7));
  rig.clock.advance(299ms);
  CHECK(rig.wire().empty());
  rig.clock.advance(1ms);
  CHECK(rig.wire() == "c0@100");  // before the adapter's next, which comes now
  rig.poll(ask(3, 0));
  rig.clock.advance(10ms);
  rig.device(told(c0, 42));
  CHECK(rig.wire().empty());
  rig.clock.advance(300ms);
  CHECK(rig.wire() == "3@0");
}

TEST_CASE("modbus turns: many requests of one client do not keep another one out") {
  ProxyRig rig;
  rig.poll(ask(1, 0));
  for (int n = 0; n < 4; ++n) REQUIRE(rig.client(1, ask(10 + n, 100)));
  CHECK(rig.got(1).empty());
  REQUIRE(rig.client(2, ask(20, 200)));
  CHECK(rig.got(1) == "13!6");  // its newest
  REQUIRE(rig.client(2, ask(21, 200)));
  CHECK(rig.got(1) == "12!6");
  REQUIRE(rig.client(2, ask(22, 200)));  // two each
  CHECK(rig.got(2) == "22!6");
  REQUIRE(rig.client(3, ask(30, 300)));
  CHECK(rig.got(1) == "11!6");
  REQUIRE(rig.client(4, ask(40, 400)));
  CHECK(rig.got(2) == "21!6");
  REQUIRE(rig.client(5, ask(50, 500)));  // one each
  CHECK(rig.got(5) == "50!6");
}

TEST_CASE("modbus turns: that clients have waited for nothing is said, once") {
  ProxyRig rig;
  rig.line->hang_up();
  for (int n = 0; n < 3; ++n) REQUIRE(rig.client(1, ask(10 + n, 100)));
  rig.clock.advance(10s);
  CHECK(rig.got(1) == "10!11 11!11 12!11");
  CHECK(rig.said("waited 3 s for the device") == 1);
}
