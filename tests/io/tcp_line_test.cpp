// A TCP line against servers that misbehave: gone, mute, full, half closed, reset.
#include "io/tcp_line.hpp"

#include <array>

#include "io/listen_line.hpp"
#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

// A line that is connected to a server.
struct Call {
  explicit Call(TcpPatience patience = {})
      : line(street.loop, "127.0.0.1", server.port(), patience) {
    line.open(usual, reader);
    REQUIRE(street.until([&] { return reader.opened == 1; }));
    server.accept();
  }
  bool lost() {
    return street.until([&] { return reader.closed == 1; });
  }

  Street street;
  Server server;
  Heard reader;
  TcpLine line;
};

TcpPatience patience_of(std::chrono::milliseconds silence) {
  TcpPatience patience;
  patience.silence = silence;
  return patience;
}

}  // namespace

// ---- no connection ------------------------------------------------------------------------------

TEST_CASE("tcp line: a host that does not exist is reported by its name") {
  Street street;
  Heard reader;
  TcpPatience patience;
  patience.name = 3s;  // a machine without name server may wait for one
  TcpLine line(street.loop, "meter.invalid", 23, patience);
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.closed == 1; }));
  CHECK(reader.opened == 0);
  CHECK(reader.last.cause == Cause::unreachable);
  CHECK(reader.last.detail.starts_with("unreachable: meter.invalid port 23: "));
}

TEST_CASE("tcp line: a server that has no room answers nothing, and that is waited for once") {
  Street street;
  const Server full(false, 0);
  std::array<int, 4> filling{};
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  at.sin_port = htons(full.port());
  for (int& fd : filling) {
    fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    static_cast<void>(
        ::connect(fd, static_cast<const sockaddr*>(static_cast<const void*>(&at)), sizeof at));
  }
  Heard reader;
  TcpPatience patience;
  patience.address = 200ms;
  TcpLine line(street.loop, "127.0.0.1", full.port(), patience);
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.closed == 1; }));
  CHECK(reader.last.detail.ends_with(": no answer"));
  for (const int fd : filling) ::close(fd);
}

TEST_CASE("tcp line: IPv6 goes as IPv4 does") {
  Street street;
  Server server(true);
  if (!server.bound()) {
    MESSAGE("this machine has no IPv6");
    return;
  }
  Heard reader;
  TcpLine line(street.loop, "::1", server.port());
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  server.accept();
  server.send("telegram");
  REQUIRE(street.until([&] { return reader.bytes == "telegram"; }));
  line.write(as_bytes("question"));
  CHECK(server.receive() == "question");
  server.end();
  CHECK(street.until([&] { return reader.closed == 1; }));
}

TEST_CASE("tcp line: of a name with several addresses the one that answers is used") {
  Street street;
  Server server;  // 127.0.0.1 alone: where localhost is ::1 too, that one refuses
  Heard reader;
  TcpLine line(street.loop, "localhost", server.port());
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened + reader.closed == 1; }));
  CHECK(reader.opened == 1);
}

TEST_CASE("tcp line: closed while it connects or looks a name up, nothing is heard") {
  Street street;
  const Server server;
  Heard reader;
  TcpLine line(street.loop, "127.0.0.1", server.port());
  line.open(usual, reader);
  line.close();
  TcpLine name(street.loop, "localhost", server.port());
  name.open(usual, reader);
  name.close();
  CHECK_FALSE(street.until([&] { return reader.opened + reader.closed > 0; }, 200ms));
}

TEST_CASE("tcp line: opened anew it forgets the connection before") {
  Street street;
  Server server;
  Heard first, second;
  TcpLine line(street.loop, "127.0.0.1", server.port());
  line.open(usual, first);
  REQUIRE(street.until([&] { return first.opened == 1; }));
  server.accept();
  line.open(usual, second);
  REQUIRE(street.until([&] { return second.opened == 1; }));
  CHECK(server.receive().empty());  // the end of the first stream
  CHECK(first.closed == 0);
}

// ---- the end of a connection --------------------------------------------------------------------

TEST_CASE("tcp line: a server that closes after it has spoken has hung up") {
  Call call;
  call.server.send("telegram");
  REQUIRE(call.street.until([&] { return call.reader.bytes == "telegram"; }));
  call.server.close_client();
  REQUIRE(call.lost());
  CHECK(call.reader.last.detail.starts_with("hang-up: "));
  CHECK(call.reader.last.detail.ends_with(" closed the connection"));
  CHECK(call.reader.last.cause == Cause::unreachable);
}

TEST_CASE("tcp line: a reset is an end as well, with its reason") {
  Call call;
  call.server.send("telegram");
  REQUIRE(call.street.until([&] { return call.reader.bytes == "telegram"; }));
  call.server.reset_client();
  REQUIRE(call.lost());
  CHECK(call.reader.last.detail.starts_with("hang-up: "));
}

TEST_CASE("tcp line: half closed is closed, and what came before it is heard") {
  Call call;
  call.server.send("the last words");
  call.server.half_close();
  REQUIRE(call.lost());
  CHECK(call.reader.bytes == "the last words");
  CHECK(call.reader.last.detail.starts_with("hang-up: "));
  CHECK(call.reader.last.detail.ends_with(" closed the connection"));
}

TEST_CASE("tcp line: a server that hangs up at once, without a byte, is busy with another client") {
  Call call;
  call.server.close_client();
  REQUIRE(call.lost());
  CHECK(call.reader.last.cause == Cause::busy);
  CHECK(call.reader.last.detail.starts_with("busy: 127.0.0.1 port "));
}

TEST_CASE("tcp line: a silent device that sends unasked is given up after its patience") {
  Call call(patience_of(1s));
  REQUIRE(call.lost());
  CHECK(call.reader.last.cause == Cause::no_bytes);
  CHECK(call.reader.last.detail.starts_with("silent for 1 s: "));
}

TEST_CASE("tcp line: one that was asked something is its adapter's to time") {
  Call call(patience_of(200ms));
  call.line.write(as_bytes("question"));
  CHECK(call.server.receive() == "question");
  CHECK_FALSE(call.street.until([&] { return call.reader.closed > 0; }, 600ms));
}

TEST_CASE("tcp line: without patience for silence it waits for ever") {
  Call call(patience_of(0ms));
  CHECK_FALSE(call.street.until([&] { return call.reader.closed > 0; }, 300ms));
}

TEST_CASE("tcp line: a server that reads nothing is given up, not waited for") {
  Call call;
  const std::string block(16 * 1024, 'x');
  const auto write = [&] {
    call.line.write(as_bytes(block));
    return call.reader.closed == 1;
  };
  REQUIRE(call.street.until(write));
  CHECK(call.reader.last.detail.ends_with(": it accepts no more bytes"));
  CHECK(call.reader.opened == 1);
}

TEST_CASE("tcp line: a server that reads slowly gets every byte, in order") {
  Call call;
  std::string sent, received;
  for (int n = 0; n < 8000; ++n) sent += std::to_string(n) + '\n';
  call.line.write(as_bytes(sent));
  while (received.size() < sent.size()) {
    received += call.server.receive();
    call.street.until([] { return true; });
  }
  CHECK(received == sent);
  CHECK(call.reader.closed == 0);
}

TEST_CASE("tcp line: what comes faster than it is read arrives whole") {
  Call call;
  std::string sent;
  for (int n = 0; sent.size() < 200'000; ++n) sent += std::to_string(n) + '\n';
  std::string_view rest = sent;
  REQUIRE(call.street.until([&] {
    const std::string_view piece = rest.substr(0, 8192);
    call.server.send(piece);
    rest.remove_prefix(piece.size());
    return rest.empty();
  }));
  REQUIRE(call.street.until([&] { return call.reader.bytes.size() == sent.size(); }));
  CHECK(call.reader.bytes == sent);
}

TEST_CASE("tcp line: a line may be closed and destroyed by who hears it") {
  struct Closer final : LineEvents {
    void on_open() override {}
    void on_bytes(ByteView) override {
      ++heard;
      line.reset();
    }
    void on_closed(const Error&) override { ++closed; }
    std::unique_ptr<Line> line;
    int heard = 0, closed = 0;
  };
  Street street;
  Server server;
  Closer closer;
  closer.line = std::make_unique<TcpLine>(street.loop, "127.0.0.1", server.port());
  closer.line->open(usual, closer);
  street.until([] { return true; });
  server.accept();
  server.send("x");
  REQUIRE(street.until([&] { return closer.heard == 1; }));
  CHECK_FALSE(street.until([&] { return closer.closed > 0; }, 50ms));
}
