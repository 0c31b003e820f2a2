#include "serve/stream_clients.hpp"

#include <algorithm>
#include <utility>

namespace gridtap::serve {

StreamClients::StreamClients(StreamPort& port, ClientLimits limits, ClientEvents& events,
                             Clock& clock, Log& log)
    : port_(port),
      limits_(std::move(limits)),
      events_(events),
      clock_(clock),
      log_(log),
      too_many_(log),
      too_many_of_one_(log),
      flood_(log),
      asleep_(log),
      rejected_(log),
      again_(clock.timer([this] { start(); })) {}

StreamClients::~StreamClients() { port_.close(); }

void StreamClients::start() { port_.open(*this); }

void StreamClients::stop() {
  again_->set(Mono::max());
  port_.close();
  clients_.clear();
}

bool StreamClients::send(std::uint64_t client, ByteView bytes) {
  const Place place = find(client);
  if (place == clients_.end()) return false;
  largest_ = std::max(largest_, bytes.size());
  const std::size_t unread = port_.unread(client);
  if (unread + bytes.size() <= std::max(least_queue, 2 * largest_)) {
    port_.send(client, bytes);
    return true;
  }
  const SocketAddress from = place->from;
  clients_.erase(place);
  turn_away(client, from, asleep_,
            "does not read what it gets: " + std::to_string(unread) + " bytes wait for it");
  return false;
}

void StreamClients::drop(std::uint64_t client) {
  const Place place = find(client);
  if (place == clients_.end()) return;
  clients_.erase(place);
  port_.drop(client);
}

void StreamClients::reject(std::uint64_t client, std::string_view why) {
  const Place place = find(client);
  if (place == clients_.end()) return;
  const SocketAddress from = place->from;
  clients_.erase(place);
  turn_away(client, from, rejected_, why);
}

// ---- the port -----------------------------------------------------------------------------------

void StreamClients::on_open() {
  wait_ = first_wait;
  failure_told_ = false;
  log_.write(Level::info, limits_.device, "the line is shared on " + limits_.where + " (TCP)");
}

void StreamClients::on_closed(const Error& why) {
  if (!std::exchange(failure_told_, true)) {
    log_.write(Level::warning, limits_.device,
               "shared line: " + why.detail + "; it is tried again until it works");
  }
  again_->set(clock_.now().mono + wait_);
  wait_ = std::min<std::chrono::milliseconds>(2 * wait_, longest_wait);
  forget_all();
}

void StreamClients::forget_all() {
  for (const Client& client : std::exchange(clients_, {})) events_.on_gone(client.number);
}

void StreamClients::on_client(std::uint64_t client, const SocketAddress& from) {
  if (clients_.size() >= limits_.clients) {
    return turn_away(
        client, from, too_many_,
        "is one more than the " + std::to_string(limits_.clients) + " clients that `serve` allows");
  }
  if (!is_loopback(from.address) && count_of(from.address) >= max_of_address) {
    return turn_away(client, from, too_many_of_one_,
                     "is one more than the " + std::to_string(max_of_address) +
                         " clients that one address may have");
  }
  clients_.push_back({client, from});
  events_.on_client(client);
}

void StreamClients::on_bytes(std::uint64_t client, ByteView bytes) {
  const Place place = find(client);
  if (place == clients_.end()) return;
  const Mono now = clock_.now().mono;
  if (now - place->since >= span) {
    place->since = now;
    place->sent = 0;
  }
  place->sent += bytes.size();
  if (place->sent <= max_rate) return events_.on_bytes(client, bytes);
  const SocketAddress from = place->from;
  clients_.erase(place);
  turn_away(client, from, flood_,
            "sends more than " + std::to_string(max_rate) + " bytes a second");
  events_.on_gone(client);
}

void StreamClients::on_gone(std::uint64_t client) {
  const Place place = find(client);
  if (place == clients_.end()) return;
  clients_.erase(place);
  events_.on_gone(client);
}

// ---- the clients --------------------------------------------------------------------------------

StreamClients::Place StreamClients::find(std::uint64_t client) {
  return std::find_if(clients_.begin(), clients_.end(),
                      [&](const Client& each) { return each.number == client; });
}

std::size_t StreamClients::count_of(const IpAddress& address) const {
  const auto count = std::count_if(clients_.begin(), clients_.end(), [&](const Client& each) {
    return each.from.address == address;
  });
  return static_cast<std::size_t>(count);
}

void StreamClients::turn_away(std::uint64_t client, const SocketAddress& from, QuietLine& line,
                              std::string_view why) {
  port_.drop(client);
  ++dropped_;
  line.write(Level::warning, limits_.device,
             "shared line: " + to_text(from) + " is closed, it " + std::string(why), clock_.now());
}

}  // namespace gridtap::serve
