#include "io/datagram_socket.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <asio.hpp>

#include "io/endpoints.hpp"
#include "io/own_networks.hpp"

namespace gridtap::io {

using asio::ip::udp;

struct DatagramSocket::State : std::enable_shared_from_this<State> {
  using Steady = std::chrono::steady_clock;

  State(Loop& its_loop, const SocketAddress& its_address)
      : loop(its_loop), at(its_address), socket(loop.context()), timer(loop.context()) {}

  std::error_code bind() {
    std::error_code error;
    const udp::endpoint endpoint = endpoint_of<udp>(at);
    socket.open(endpoint.protocol(), error);
    if (!error) socket.non_blocking(true, error);
    if (!error) socket.bind(endpoint, error);
    return error;
  }

  void open(DatagramEvents& its_events) {
    close();
    events = &its_events;
    const std::error_code error = bind();
    asio::post(loop.context(), [self = shared_from_this(), era = era, error] {
      if (!*era) return;
      if (error) return self->lost("cannot listen on " + to_text(self->at), error);
      self->wait();
      self->events->on_open();
    });
  }

  void close() {
    *era = false;
    era = std::make_shared<bool>(true);
    timer.cancel();
    std::error_code ignored;
    if (socket.is_open()) socket.close(ignored);
  }

  void lost(const std::string& what, std::error_code error) {
    close();
    events->on_closed({Fault::io, what + ": " + error.message()});
  }

  void wait() {
    socket.async_wait(udp::socket::wait_read, [self = shared_from_this(), era = era](auto error) {
      if (*era) self->read(error, era);
    });
  }

  // Reads what is there, within the burst.
  void read(std::error_code error, const std::shared_ptr<bool>& of) {
    const Steady::time_point now = Steady::now();
    if (now >= burst_end) {
      burst_end = now + burst_span;
      count = 0;
    }
    for (; !error && count < burst; ++count) {
      udp::endpoint from;
      const std::size_t size = socket.receive_from(asio::buffer(buffer), from, 0, error);
      if (error == asio::error::would_block || error == asio::error::try_again) return wait();
      if (error) break;
      hear(address_of(from), {buffer.data(), size});
      if (!*of) return;
    }
    if (error) return lost("the UDP port " + to_text(at) + " is lost", error);
    events->on_flood();
    if (*of) rest();
  }

  void rest() {
    timer.expires_at(burst_end);
    timer.async_wait([self = shared_from_this(), era = era](std::error_code cancelled) {
      if (!cancelled && *era) self->read({}, era);
    });
  }

  void hear(const SocketAddress& from, ByteView bytes) {
    const bool is_known = is_loopback(from.address) || is_private(from.address);
    events->on_datagram({from, !is_known && is_on_link(from.address), bytes});
  }

  bool is_on_link(const IpAddress& address) {
    const Steady::time_point now = Steady::now();
    if (now >= links_end) {
      links = own_networks();
      links_end = now + links_span;
    }
    return is_in(links, address);
  }

  Loop& loop;
  SocketAddress at;
  udp::socket socket;
  asio::steady_timer timer;
  DatagramEvents* events = nullptr;
  std::array<std::uint8_t, max_datagram> buffer{};
  Steady::time_point burst_end{}, links_end{};
  std::size_t count = 0;
  std::vector<Network> links;
  std::shared_ptr<bool> era = std::make_shared<bool>(true);
};

DatagramSocket::DatagramSocket(Loop& loop, const SocketAddress& at)
    : state_(std::make_shared<State>(loop, at)) {}

// What is still on the loop ends there.
DatagramSocket::~DatagramSocket() {
  state_->close();
  state_->loop.post([ended = std::move(state_)] {});
}

void DatagramSocket::open(DatagramEvents& events) { state_->open(events); }

void DatagramSocket::send(const SocketAddress& to, ByteView bytes) {
  if (!state_->socket.is_open()) return;
  std::error_code lost_on_the_way;
  state_->socket.send_to(asio::buffer(bytes.data(), bytes.size()), endpoint_of<udp>(to), 0,
                         lost_on_the_way);
}

void DatagramSocket::close() { state_->close(); }

std::uint16_t DatagramSocket::port() const {
  std::error_code ignored;
  return state_->socket.is_open() ? state_->socket.local_endpoint(ignored).port() : 0;
}

}  // namespace gridtap::io
