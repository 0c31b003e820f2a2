// A Modbus line that others use too: whose turn it is, whose answer it is, and what happens where
// the device or the line does not answer.
#include "serve/modbus_proxy.hpp"

#include <doctest/doctest.h>

#include "serve/modbus_proxy_rig.hpp"

using namespace gridtap;
using namespace gridtap::serve;

namespace {

ModbusProxyOptions with_gap(std::chrono::milliseconds gap) {
  ModbusProxyOptions options;
  options.gap = gap;
  return options;
}

}  // namespace

// ---- answers ------------------------------------------------------------------------------------

TEST_CASE("modbus proxy: a client's request gets a number of ours, its answer the client's again") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.wire() == "c0@100");
  rig.device(told(c0, 42));
  CHECK(rig.got(1) == "7=42");
  CHECK(rig.heard() == "open");
}

TEST_CASE("modbus proxy: all but the transaction is passed on as it came, both ways") {
  const std::string request = ask(7, 100, 126);
  // An exception, another unit, another function, a wrong count: the client judges that.
  const std::pair<int, const char*> answers[] = {
      {0x83, "02"}, {3, "021234"}, {4, "021234"}, {3, "04123456"}, {3, ""}};
  std::uint8_t unit = 126;
  for (const auto& [function, data] : answers) {
    ProxyRig rig;
    CHECK(rig.client(1, request));
    CHECK(rig.line->written == modbus::with_transaction(as_bytes(request), c0));
    rig.device(raw(c0, function, hex(data), unit));
    CHECK(rig.got_bytes(1) == raw(7, function, hex(data), unit));
    unit = static_cast<std::uint8_t>(unit + 1);
  }
}

TEST_CASE("modbus proxy: five clients at once are served one after another, each its own answer") {
  ProxyRig rig;
  for (int n = 1; n <= 5; ++n) CHECK(rig.client(n, ask(7, 100 + n)));
  for (int n = 1; n <= 5; ++n) {
    CHECK(rig.wire() == 'c' + std::to_string(n - 1) + '@' + std::to_string(100 + n));
    rig.device(told(c0 + n - 1, 1000 + n));
    CHECK(rig.got(n) == "7=" + std::to_string(1000 + n));
  }
  CHECK(rig.wire().empty());
  CHECK(rig.log.lines.empty());
}

TEST_CASE("modbus proxy: above four that wait a request is answered busy, said once") {
  ProxyRig rig;
  for (int n = 1; n <= 9; ++n) CHECK(rig.client(n, ask(n, 100 + n)));
  CHECK(rig.wire() == "c0@101");
  for (int n = 1; n <= 5; ++n) CHECK(rig.got(n).empty());
  for (int n = 6; n <= 9; ++n) CHECK(rig.got(n) == std::to_string(n) + "!6");
  CHECK(rig.said("4 requests of clients wait already") == 1);
  rig.device(told(c0, 1));
  CHECK(rig.client(9, ask(10, 109)));
  CHECK(rig.got(9).empty());
}

TEST_CASE("modbus proxy: the answer to a number that was never asked is the adapter's to judge") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  rig.device(told(7, 1));
  rig.device(told(c0 + 1, 2));
  CHECK(rig.got(1).empty());
  CHECK(rig.heard() == "7=1 c1=2");
  rig.device(told(c0, 3));
  CHECK(rig.got(1) == "7=3");
}

TEST_CASE("modbus proxy: an answer that comes twice is thrown away the second time") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  rig.device(told(c0, 3) + told(c0, 3));
  rig.device(told(c0, 3));
  CHECK(rig.got(1) == "7=3");
  CHECK(rig.heard().empty());
}

TEST_CASE("modbus proxy: answers in any pieces, or glued together, find who asked") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  for (const char byte : told(c0, 42)) rig.device({&byte, 1});
  CHECK(rig.got(1) == "7=42");
  rig.poll(ask(1, 5));
  CHECK(rig.client(1, ask(8, 100)));
  rig.device(told(1, 50) + told(c0 + 1, 43).substr(0, 3));
  CHECK(rig.heard() == "1=50");
  rig.device(told(c0 + 1, 43).substr(3));
  CHECK(rig.got(1) == "8=43");
}

// ---- turns --------------------------------------------------------------------------------------

TEST_CASE("modbus proxy: our request goes before those that wait, as soon as the wire is free") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.client(2, ask(7, 200)));
  rig.poll(ask(1, 5));
  CHECK(rig.wire() == "c0@100");
  rig.device(told(c0, 42));
  CHECK(rig.wire() == "1@5");
  CHECK(rig.got(1) == "7=42");
  rig.device(told(1, 50));
  CHECK(rig.wire() == "c1@200");
}

TEST_CASE("modbus proxy: what our adapter asks on an answer goes before those that wait") {
  ProxyRig rig;
  rig.poll(ask(1, 5));
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.wire() == "1@5");
  rig.answer_of_adapter = ask(2, 6);
  rig.device(told(1, 50));
  CHECK(rig.wire() == "2@6");
  rig.device(told(2, 60));
  CHECK(rig.wire() == "c0@100");
}

TEST_CASE("modbus proxy: a silent device takes half of our time-out at most, for a client") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.wire() == "c0@100");
  rig.clock.advance(100ms);
  rig.poll(ask(1, 5));
  rig.clock.advance(499ms);
  CHECK(rig.wire().empty());
  CHECK(rig.got(1).empty());
  rig.clock.advance(1ms);
  CHECK(rig.wire() == "1@5");
  CHECK(rig.got(1) == "7!11");
}

TEST_CASE("modbus proxy: while we ask nothing a client's request has the whole time-out") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.client(2, ask(9, 200)));
  rig.clock.advance(999ms);
  CHECK(rig.got(1).empty());
  CHECK(rig.wire() == "c0@100");
  rig.clock.advance(1ms);
  CHECK(rig.got(1) == "7!11");
  CHECK(rig.wire() == "c1@200");
  rig.device(told(c0 + 1, 43));
  CHECK(rig.got(2) == "9=43");
}

TEST_CASE("modbus proxy: with a very patient adapter a client's request still ends in seconds") {
  ModbusProxyOptions options;
  options.timeout = 60s;
  ProxyRig rig(options);
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(ModbusProxy::longest_flight - 1ms);
  CHECK(rig.got(1).empty());
  rig.clock.advance(1ms);
  CHECK(rig.got(1) == "7!11");
}

TEST_CASE("modbus proxy: our request without an answer holds the wire while we may wait for it") {
  ProxyRig rig;
  rig.poll(ask(1, 5));
  rig.clock.advance(3s);
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(ModbusProxy::longest_search - 3s - 1ms);
  CHECK(rig.wire() == "1@5");
  rig.clock.advance(1ms);
  CHECK(rig.wire() == "c0@100");
}

TEST_CASE("modbus proxy: our second try is sent at once, whoever waits") {
  ProxyRig rig;
  rig.poll(ask(1, 5));
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(1s);
  rig.poll(ask(2, 5));
  CHECK(rig.wire() == "1@5 2@5");
  // The first answer is late; only the second frees the wire.
  rig.device(told(1, 50));
  CHECK(rig.wire().empty());
  rig.device(told(2, 50));
  CHECK(rig.heard() == "open 1=50 2=50");
  CHECK(rig.wire() == "c0@100");
}

TEST_CASE("modbus proxy: nobody waits for the wire longer than three seconds") {
  ProxyRig rig;
  rig.poll(ask(1, 5));
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(1s);
  CHECK(rig.client(1, ask(8, 100)));
  rig.clock.advance(ModbusProxy::longest_wait - 1s - 1ms);
  CHECK(rig.got(1).empty());
  rig.clock.advance(1ms);
  CHECK(rig.got(1) == "7!11");
  rig.clock.advance(1s);
  CHECK(rig.got(1) == "8!11");
  CHECK(rig.wire() == "1@5");
}

// ---- late answers -------------------------------------------------------------------------------

TEST_CASE("modbus proxy: a late answer to a client is nobody's, neither ours nor another's") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(1s);
  CHECK(rig.got(1) == "7!11");
  CHECK(rig.client(2, ask(7, 200)));
  rig.device(told(c0, 42));
  CHECK(rig.got(1).empty());
  CHECK(rig.got(2).empty());
  rig.device(told(c0 + 1, 43));
  CHECK(rig.got(2) == "7=43");
  CHECK(rig.heard().empty());
}

TEST_CASE("modbus proxy: a late answer is not ours, even where our next request has its number") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(1s);
  (void)rig.wire();
  rig.poll(ask(c0, 5));
  CHECK(rig.wire() == "c1@5");
  rig.device(told(c0, 42));
  CHECK(rig.heard().empty());
  rig.device(told(c0 + 1, 50));
  CHECK(rig.heard() == "c0=50");
}

TEST_CASE(
    "modbus proxy: our request that still waits has no answer yet, whatever the device says") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  rig.poll(ask(1, 5));
  rig.device(told(1, 666));
  CHECK(rig.heard().empty());
  rig.device(told(c0, 42) + told(1, 50));
  CHECK(rig.wire() == "c0@100 1@5");
  CHECK(rig.got(1) == "7=42");
}

TEST_CASE("modbus proxy: our own late answers are still ours to judge") {
  ProxyRig rig;
  (void)rig.heard();
  rig.poll(ask(1, 5));
  rig.clock.advance(ModbusProxy::longest_search);
  CHECK(rig.client(1, ask(1, 100)));
  rig.device(told(1, 50));
  CHECK(rig.heard() == "1=50");
  CHECK(rig.got(1).empty());
}

// ---- gaps ---------------------------------------------------------------------------------------

TEST_CASE("modbus proxy: between requests there is the gap, and in it ours goes first") {
  ProxyRig rig(with_gap(100ms));
  rig.poll(ask(1, 5));
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.client(1, ask(8, 101)));
  rig.device(told(1, 50));
  CHECK(rig.wire() == "1@5");
  rig.clock.advance(100ms);
  CHECK(rig.wire().empty());
  rig.poll(ask(2, 6));
  CHECK(rig.wire() == "2@6");
  rig.device(told(2, 60));
  rig.clock.advance(100ms + ModbusProxy::own_lead - 1ms);
  CHECK(rig.wire().empty());
  rig.clock.advance(1ms);
  CHECK(rig.wire() == "c0@100");
  rig.device(told(c0, 42));
  rig.clock.advance(40ms);
  rig.poll(ask(3, 7));
  rig.clock.advance(59ms);
  CHECK(rig.wire().empty());
  rig.clock.advance(1ms);
  CHECK(rig.wire() == "3@7");
}

TEST_CASE("modbus proxy: a gap after a client's request does not make our request time out") {
  ProxyRig rig(with_gap(10s));
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(ModbusProxy::own_lead);
  rig.device(told(c0, 42));
  rig.poll(ask(1, 5));
  CHECK(rig.wire() == "c0@100");
  rig.clock.advance(500ms);
  CHECK(rig.wire() == "1@5");
}

TEST_CASE("modbus proxy: after a connect the first request is ours where it comes after a delay") {
  ModbusProxyOptions options;
  options.after_connect = 300ms;
  ProxyRig rig(options);
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(300ms);
  CHECK(rig.wire().empty());
  rig.clock.advance(ModbusProxy::own_lead);
  CHECK(rig.wire() == "c0@100");
}

// ---- the line -----------------------------------------------------------------------------------

TEST_CASE("modbus proxy: the loss of the line answers what is on the wire, the rest waits for it") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.client(2, ask(8, 200)));
  rig.poll(ask(1, 5));
  rig.line->hang_up();
  CHECK(rig.heard() == "open closed");
  CHECK(rig.got(1) == "7!11");
  CHECK(rig.got(2).empty());
  CHECK(rig.wire() == "c0@100");
  rig.reopen();
  CHECK(rig.wire() == "c1@200");
  // Another connection has no answers to the one before, and what our adapter asked is forgotten.
  rig.device(told(c0 + 1, 43));
  CHECK(rig.got(2) == "8=43");
  CHECK(rig.wire().empty());
}

TEST_CASE("modbus proxy: a line that is not open lets a request wait until its time is up") {
  ProxyRig rig;
  rig.proxy->close();
  CHECK(rig.client(1, ask(7, 100)));
  rig.clock.advance(ModbusProxy::longest_wait - 1ms);
  CHECK(rig.got(1).empty());
  rig.clock.advance(1ms);
  CHECK(rig.got(1) == "7!11");
  CHECK(rig.wire().empty());
  CHECK(rig.client(1, ask(8, 100)));
  rig.reopen();
  CHECK(rig.wire() == "c0@100");
}

TEST_CASE("modbus proxy: half an answer of the connection before is forgotten") {
  ProxyRig rig;
  CHECK(rig.client(1, ask(7, 100)));
  rig.device(told(c0, 42).substr(0, 8));
  rig.line->hang_up();
  rig.reopen();
  (void)rig.heard();
  CHECK(rig.got(1) == "7!11");
  CHECK(rig.client(1, ask(8, 100)));
  rig.device(told(c0 + 1, 43));
  CHECK(rig.got(1) == "8=43");
}

TEST_CASE("modbus proxy: a device that speaks no Modbus any more is the adapter's to judge") {
  ProxyRig rig;
  (void)rig.heard();
  CHECK(rig.client(1, ask(7, 100)));
  CHECK(rig.client(2, ask(8, 200)));
  rig.device(told(c0 + 5, 1) + "HTTP/1.1");
  CHECK(rig.heard() == "c5=1<485454502F312E31>");
  CHECK(rig.got(1) == "7!11");
  rig.device(told(c0, 42));
  CHECK(rig.heard() == "c0=42");
  CHECK(rig.wire() == "c0@100");
  rig.proxy->close();
  rig.reopen();
  CHECK(rig.wire() == "c1@200");
}

TEST_CASE("modbus proxy: the end of the proxy closes its line, and its errors are the line's") {
  ProxyRig rig;
  CHECK(rig.proxy->errors() == 0);
  CHECK(rig.client(1, ask(7, 100)));
  rig.proxy->close();
  CHECK(rig.line->closed == 1);
  CHECK(rig.got(1) == "7!11");
}
