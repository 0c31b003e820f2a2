#include "support/raw_broker.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <stdexcept>
#include <utility>

namespace gridtap {
namespace {

constexpr int tick_ms = 10;

std::string packet_of(char kind, const std::string& body) {
  std::string bytes(1, kind);
  std::size_t length = body.size();
  do {
    const std::size_t rest = length >> 7U;
    bytes += static_cast<char>((length & 0x7FU) | (rest > 0 ? 0x80U : 0U));
    length = rest;
  } while (length > 0);
  return bytes + body;
}

std::size_t two_bytes(const std::string& text, std::size_t at) {
  return static_cast<std::size_t>(static_cast<std::uint8_t>(text[at])) << 8U |
         static_cast<std::uint8_t>(text[at + 1]);
}

// The length of the whole first packet; nothing: not all of its head is there.
struct Head {
  std::size_t begin, size;
};
std::optional<Head> head_of(const std::string& bytes) {
  std::size_t length = 0;
  for (std::size_t at = 1; at < bytes.size() && at < 5; ++at) {
    const auto byte = static_cast<std::uint8_t>(bytes[at]);
    length |= static_cast<std::size_t>(byte & 0x7FU) << (7 * (at - 1));
    if ((byte & 0x80U) == 0) return Head{at + 1, at + 1 + length};
  }
  return {};
}

bool write_all(int socket, const std::string& bytes) {
  return bytes.empty() || ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                              static_cast<ssize_t>(bytes.size());
}

}  // namespace

struct RawBroker::Peer {
  int socket;
  int number = 0;  // 0 before its CONNECT
  Clock::time_point since{};
  std::string received{};
  std::size_t unacknowledged = 0;
  std::deque<std::pair<Clock::time_point, std::string>> acknowledgements{};  // when, which packet
  bool silent = false;
};

RawBroker::RawBroker(Script script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, raw, &size) != 0) {
    throw std::runtime_error("no free port on the loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

RawBroker::~RawBroker() {
  stopped_ = true;
  thread_.join();
  for (const Peer& peer : peers_) ::close(peer.socket);
  ::close(listener_);
}

std::vector<RawBroker::Published> RawBroker::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

std::chrono::milliseconds RawBroker::longest_pause() const {
  const std::lock_guard lock(mutex_);
  return longest_pause_;
}

bool RawBroker::has(const std::string& topic, int connection) const {
  const auto all = published();
  return std::any_of(all.begin(), all.end(), [&](const Published& each) {
    return each.topic == topic && each.connection == connection;
  });
}

// ---- its thread ---------------------------------------------------------------------------------

void RawBroker::run() {
  while (!stopped_) {
    std::vector<pollfd> sockets = {{listener_, POLLIN, 0}};
    for (const Peer& peer : peers_) {
      if (!peer.silent) sockets.push_back({peer.socket, POLLIN, 0});
    }
    ::poll(sockets.data(), sockets.size(), tick_ms);
    if ((sockets[0].revents & POLLIN) != 0) accept();
    std::erase_if(peers_, [this](Peer& peer) {
      const bool lives = serve(peer);
      if (!lives) ::close(peer.socket);
      return !lives;
    });
  }
}

void RawBroker::accept() {
  const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (socket < 0) return;
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  peers_.push_back({socket});
}

bool RawBroker::serve(Peer& peer) {
  return peer.silent || (read(peer) && acknowledge(peer) && act(peer));
}

bool RawBroker::read(Peer& peer) {
  char buffer[65536];
  const ssize_t got = ::recv(peer.socket, buffer, sizeof buffer, 0);
  if (got == 0) return false;
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  peer.received.append(buffer, static_cast<std::size_t>(got));
  for (auto head = head_of(peer.received); head && peer.received.size() >= head->size;
       head = head_of(peer.received)) {
    const auto kind = static_cast<std::uint8_t>(peer.received[0]);
    const std::string body = peer.received.substr(head->begin, head->size - head->begin);
    peer.received.erase(0, head->size);
    if (!packet(peer, kind, body, head->size)) return false;
  }
  return true;
}

bool RawBroker::packet(Peer& peer, std::uint8_t kind, const std::string& body, std::size_t size) {
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (kind >> 4U != 1) {
      longest_pause_ =
          std::max(longest_pause_,
                   std::chrono::duration_cast<std::chrono::milliseconds>(now - last_packet_));
    }
    last_packet_ = now;
  }
  switch (kind >> 4U) {
    case 1: {  // CONNECT
      peer.number = ++connections_;
      peer.since = Clock::now();
      std::string connack(1, '\0');
      connack += static_cast<char>(script_.connack);
      connack += static_cast<char>(script_.properties.size());
      const std::string more = script_.glued ? script_.glued(peer.number) : std::string{};
      return write_all(peer.socket, packet_of(0x20, connack + script_.properties) + more) &&
             script_.connack == 0;
    }
    case 3:
      return publish(peer, kind, body, size);
    case 8:  // SUBSCRIBE, of one filter
      return write_all(peer.socket, packet_of('\x90', body.substr(0, 2) + '\0' +
                                                          static_cast<char>(script_.suback)));
    case 12:  // PINGREQ
      return write_all(peer.socket, std::string("\xD0\0", 2));
    case 14:  // DISCONNECT
      return false;
    default:
      return true;
  }
}

bool RawBroker::publish(Peer& peer, std::uint8_t kind, const std::string& body, std::size_t size) {
  const std::size_t length = two_bytes(body, 0);
  const int qos = (kind >> 1U) & 3;
  const std::size_t properties = 2 + length + (qos > 0 ? 2U : 0U);
  {
    const std::lock_guard lock(mutex_);
    published_.push_back({peer.number, body.substr(2, length), body.substr(properties + 1), qos,
                          (kind & 1U) != 0, size, Clock::now()});
  }
  if (qos == 0) return true;
  ++peer.unacknowledged;
  most_unacknowledged_ = std::max(most_unacknowledged_.load(), peer.unacknowledged);
  if (!script_.acknowledges) return true;
  std::string puback = body.substr(2 + length, 2);
  if (script_.puback != 0) puback += static_cast<char>(script_.puback);
  peer.acknowledgements.emplace_back(Clock::now() + script_.acknowledged_after,
                                     packet_of(0x40, puback));
  return true;
}

bool RawBroker::acknowledge(Peer& peer) {
  auto& waiting = peer.acknowledgements;
  for (; !waiting.empty() && waiting.front().first <= Clock::now(); waiting.pop_front()) {
    --peer.unacknowledged;
    if (!write_all(peer.socket, waiting.front().second)) return false;
  }
  return true;
}

bool RawBroker::act(Peer& peer) {
  if (!script_.deed || peer.number == 0) return true;
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - peer.since);
  const Deed deed = script_.deed(peer.number, age);
  switch (deed.kind) {
    case Deed::Kind::nothing:
      return true;
    case Deed::Kind::send:
      return write_all(peer.socket, deed.bytes);
    case Deed::Kind::send_and_close:
      write_all(peer.socket, deed.bytes);
      ::shutdown(peer.socket, SHUT_WR);
      return false;
    case Deed::Kind::reset: {
      const linger at_once{1, 0};
      ::setsockopt(peer.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return false;
    }
    case Deed::Kind::silence:
      peer.silent = true;
      return true;
  }
  return true;
}

}  // namespace gridtap
