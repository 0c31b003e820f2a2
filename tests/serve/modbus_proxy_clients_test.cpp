// Clients of a shared Modbus line: what they may ask, what they send that is no Modbus, and those
// that go.
#include <doctest/doctest.h>

#include "serve/modbus_proxy_rig.hpp"

using namespace gridtap;
using namespace gridtap::serve;

namespace {

ModbusProxyOptions with_writes() {
  ModbusProxyOptions options;
  options.writes = true;
  return options;
}

std::string coils(int transaction) { return raw(transaction, 15, hex("000100080155")); }
std::string registers(int transaction) { return raw(transaction, 16, hex("00010001021234")); }

}  // namespace

TEST_CASE("modbus proxy: the four functions that read are passed on") {
  for (int function = 1; function <= 4; ++function) {
    ProxyRig rig;
    CHECK(rig.client(1, raw(7, function, hex("00640001"))));
    CHECK(rig.line->written == raw(c0, function, hex("00640001")));
  }
}

TEST_CASE("modbus proxy: writes are refused unless they are allowed, said once") {
  const std::string writes[] = {raw(7, 5, hex("0001FF00")), raw(7, 6, hex("00010002")), coils(7),
                                registers(7)};
  ProxyRig rig;
  for (const std::string& write : writes) {
    CHECK(rig.client(1, write));
    CHECK(rig.got(1) == "7!1");
  }
  CHECK(rig.wire().empty());
  CHECK(rig.said("`writes: true` in `serve` allows it") == 1);
  for (const std::string& write : writes) {
    ProxyRig open(with_writes());
    CHECK(open.client(1, write));
    CHECK(open.line->written == modbus::with_transaction(as_bytes(write), c0));
    CHECK(open.got(1).empty());
    CHECK(open.log.lines.empty());
  }
}

TEST_CASE("modbus proxy: no other function is passed on, whatever is allowed") {
  ProxyRig rig(with_writes());
  for (int function = 0; function < 256; ++function) {
    if ((function >= 1 && function <= 6) || function == 15 || function == 16) continue;
    CHECK(rig.client(1, raw(7, function, hex("00010001"))));
    CHECK(rig.got(1) == "7!1");
  }
  CHECK(rig.wire().empty());
  CHECK(rig.said("function 0, which is not passed on") == 1);
}

TEST_CASE("modbus proxy: a request with bytes missing, or too many, does not reach the device") {
  ProxyRig rig(with_writes());
  for (const char* data : {"", "00", "000100", "0001000100"}) {
    for (const int function : {1, 3, 4, 5, 6, 15, 16}) {
      CHECK(rig.client(1, raw(7, function, hex(data))));
      CHECK(rig.got(1) == "7!3");
    }
  }
  for (const char* data : {"0001000102", "000100010212", "00010001021234FF", "00010001041234"}) {
    CHECK(rig.client(1, raw(7, 16, hex(data))));
    CHECK(rig.got(1) == "7!3");
  }
  CHECK(rig.wire().empty());
}

TEST_CASE("modbus proxy: a client that speaks no Modbus is closed, and the others are served") {
  const std::string bad[] = {hex("000700010006010300640001"),
                             hex("00070000000001"),
                             hex("0007000000010103"),
                             hex("000700000100"),
                             hex("00070000FFFF"),
                             "GET / HTTP/1.1\r\n\r\n"};
  for (const std::string& bytes : bad) {
    ProxyRig rig;
    CHECK(rig.client(2, ask(9, 200)));
    CHECK(rig.client(1, ask(7, 100)));
    CHECK_FALSE(rig.client(1, bytes));
    rig.device(told(c0, 42));
    CHECK(rig.got(2) == "9=42");
    CHECK(rig.wire() == "c0@200");
    CHECK(rig.got(1).empty());
  }
}

TEST_CASE("modbus proxy: the longest request is passed on, byte by byte or with others behind it") {
  std::string values(246, '\x55');
  const std::string longest = raw(7, 16, hex("0001007BF6") + values);
  CHECK(longest.size() == 7 + 252);
  ProxyRig rig(with_writes());
  for (const char byte : longest) CHECK(rig.client(1, {&byte, 1}));
  CHECK(rig.line->written == modbus::with_transaction(as_bytes(longest), c0));
  CHECK(rig.client(1, ask(8, 1) + ask(9, 2) + ask(10, 3).substr(0, 5)));
  CHECK(rig.client(1, ask(10, 3).substr(5)));
  rig.line->written.clear();
  for (int n = 0; n < 4; ++n) rig.device(told(c0 + n, n));
  CHECK(rig.wire() == "c1@1 c2@2 c3@3");
  CHECK(rig.got(1) == "7=0 8=1 9=2 10=3");
}

TEST_CASE("modbus proxy: requests in one piece are as many as fit, the others are busy") {
  ProxyRig rig;
  std::string all;
  for (int n = 1; n <= 300; ++n) all += ask(n, n);
  CHECK(rig.client(1, all));
  CHECK(rig.wire() == "c0@1");
  const std::string got = rig.got(1);
  CHECK(got.starts_with("6!6 7!6 "));
  CHECK(got.ends_with(" 300!6"));
}

TEST_CASE("modbus proxy: a client that goes is forgotten, the answer to it thrown away") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.client(1, ask(8, 101)));
  CHECK(rig.client(2, ask(9, 200)));
  CHECK(rig.client(1, ask(10, 102).substr(0, 9)));
  rig.proxy->forget(1);
  rig.device(told(c0, 42));
  CHECK(rig.got(1).empty());
  CHECK(rig.heard().empty());
  CHECK(rig.wire() == "c0@100 c1@200");
  rig.device(told(c0 + 1, 43));
  CHECK(rig.got(2) == "9=43");
  CHECK(rig.wire().empty());
}

TEST_CASE("modbus proxy: a client that is closed over an answer gets no more of them") {
  ProxyRig rig;
  rig.drops_client = 1;
  CHECK(rig.client(1, raw(1, 99, "") + raw(2, 99, "") + ask(3, 3) + ask(4, 4)));
  CHECK(rig.got(1) == "1!1");
  rig.device(told(c0, 1));
  CHECK(rig.wire() == "c0@3");
  CHECK(rig.got(1).empty());
}

TEST_CASE("modbus proxy: without a door answers go nowhere, and the line goes on") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  rig.proxy->answer_to(nullptr);
  rig.device(told(c0, 42));
  CHECK(rig.got(1).empty());
  rig.poll(ask(1, 5));
  CHECK(rig.wire() == "c0@100 1@5");
}

// ---- the first of a connection
// -------------------------------------------------------------------

TEST_CASE("modbus proxy: a frame that began before any client asked is all the adapter's") {
  ProxyRig rig;
  (void)rig.heard();
  const std::string early = told(c0, 42);
  rig.device(early.substr(0, 4));
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.wire() == "c0@100");
  rig.device(early.substr(4) + told(c0, 43));
  CHECK(rig.heard() == "<80000000> <" + to_hex(as_bytes(early.substr(4))) + '>');
  CHECK(rig.got(1) == "7=43");
}

TEST_CASE("modbus proxy: on another connection the numbers of the one before mean nothing") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  rig.line->hang_up();
  rig.reopen();
  (void)rig.heard();
  // No client has asked on it: half a frame is passed on at once.
  rig.device(told(c0, 42).substr(0, 4));
  CHECK(rig.heard() == "<80000000>");
}
