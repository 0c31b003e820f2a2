// The end of a house on a real line: parts, disk, broker, lines, in this order.
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "adapters/registry.hpp"

#include <cstdint>
#include "app/house.hpp"
#include "io/system_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// A listening port of the loopback and the connection that comes.
class Peer {
 public:
  Peer() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~Peer() {
    ::close(connection_);
    ::close(listener_);
  }
  std::uint16_t port() const { return port_; }
  void accept() { connection_ = ::accept(listener_, nullptr, nullptr); }
  void send(std::string_view text) const {
    CHECK(::send(connection_, text.data(), text.size(), MSG_NOSIGNAL) > 0);
  }
  // What has come; "(end)" where the other end has closed.
  std::string came() const {
    char text[64];
    const ::ssize_t size = ::recv(connection_, text, sizeof text, MSG_DONTWAIT);
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : size == 0 ? "(end)" : "";
  }

 private:
  int listener_, connection_ = -1;
  std::uint16_t port_ = 0;
};

struct PoliteAdapter final : Adapter {
  PoliteAdapter(std::string& its_diary, io::Loop& its_loop) : diary(its_diary), loop(its_loop) {}
  void on_bytes(ByteView, Now, Effects& effects) override {
    effects(Alive{"", 30s});
    loop.stop();
  }
  void on_stop(Now, Effects& effects) override {
    diary += "stop ";
    effects(Send{as_bytes("bye")});
  }
  std::string state() const override { return "after " + diary; }
  std::string& diary;
  io::Loop& loop;
};

struct OfflineSink final : Sink {
  explicit OfflineSink(std::string& its_diary) : diary(its_diary) {}
  void on_effect(std::string_view, const Effect& effect, Now) override {
    const auto* alive = std::get_if<Alive>(&effect);
    if (alive != nullptr && alive->lease == 0ms) diary += "offline ";
  }
  std::string& diary;
};

}  // namespace

TEST_CASE("house: at the end parts stop, their state is saved, the broker is told, lines close") {
  io::Loop loop;
  io::SystemClock clock(loop);
  MemoryLog log;
  MemoryStore store;
  std::string diary;
  OfflineSink sink(diary);
  Peer peer;
  std::vector<app::DeviceConfig> devices(1);
  devices[0].id = "meter";
  devices[0].kind = find_kind("p1");
  devices[0].line.kind = io::LineAddress::Kind::tcp;
  devices[0].line.host = "127.0.0.1";
  devices[0].line.port = peer.port();
  devices[0].adapter = std::make_unique<PoliteAdapter>(diary, loop);
  app::House house(devices, app::House::Use::watch, loop, clock, log, sink);
  house.restore(store);
  house.start();
  const auto late = clock.timer([&] { loop.stop(); });
  late->set(clock.now().mono + 20s);
  loop.post([&] {
    peer.accept();
    peer.send("a telegram");
  });
  loop.run();
  house.stop(
      [&] {
        house.save(store);
        diary += "saved ";
      },
      [&] {
        CHECK(peer.came() == "bye");
        CHECK(peer.came() == "");
        diary += "told ";
      });
  CHECK(peer.came() == "(end)");
  CHECK(diary == "stop saved offline told ");
  CHECK(store.get("meter.adapter") == "after stop ");
}
