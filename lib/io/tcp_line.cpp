#include "io/tcp_line.hpp"

#include <memory>
#include <vector>

#include "io/keep_alive.hpp"
#include "io/stream.hpp"

namespace gridtap::io {
namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A connection that ends so soon without a byte was turned away.
constexpr std::chrono::seconds turned_away_within{5};

std::string reason(std::error_code error) {
  if (error == asio::error::connection_refused) return "nothing listens there";
  if (error == asio::error::host_not_found || error == asio::error::host_not_found_try_again ||
      error == asio::error::no_data) {
    return "no such host";
  }
  if (error == asio::error::timed_out) return "no answer";
  return error.message();
}

}  // namespace

// One attempt, from the name to the end of the connection. It keeps itself alive while handlers are
// on their way, and is silent once ended.
class TcpLine::State : public std::enable_shared_from_this<State> {
 public:
  State(TcpLine& line, Loop& loop, LineEvents& listener, std::string target, TcpPatience patience)
      : line_(line),
        loop_(loop),
        events_(listener),
        where_(std::move(target)),
        patience_(patience),
        socket_(loop.context()),
        timer_(loop.context()),
        stream_(
            loop.context(), [this](ByteView bytes) { received(bytes); },
            [this](const Error& why) { hung_up(why); }) {}

  void start(const std::string& host, std::uint16_t port) {
    std::error_code error;
    const auto address = asio::ip::make_address(host, error);
    if (error) return look_up(host, port);
    addresses_.emplace_back(address, port);
    try_next(asio::error::host_not_found);
  }

  void write(ByteView bytes) {
    if (!stream_.is_open()) return;
    asked_ = true;
    if (stream_.write(bytes)) return;
    asio::post(loop_.context(), [self = shared_from_this()] {
      self->lost("unreachable: " + self->where_ + ": it accepts no more bytes");
    });
  }

  void end() {
    ended_ = true;
    std::error_code ignored;
    if (resolver_) resolver_->cancel();
    timer_.cancel();
    socket_.close(ignored);
    stream_.close();
  }

 private:
  void look_up(const std::string& host, std::uint16_t port) {
    loop_.lookup_began();
    give_up_after(patience_.name, [](State& self) {
      self.lost("unreachable: " + self.where_ + ": the name server does not answer");
    });
    resolver_ = std::make_unique<tcp::resolver>(loop_.context());
    resolver_->async_resolve(
        host, std::to_string(port),
        [self = shared_from_this()](std::error_code error, const auto& found) {
          self->loop_.lookup_ended();
          if (self->ended_) return;
          if (error) return self->lost("unreachable: " + self->where_ + ": " + reason(error));
          self->found_ = found.size();
          for (const auto& entry : found) {
            if (self->addresses_.size() < max_addresses) {
              self->addresses_.push_back(entry.endpoint());
            }
          }
          self->try_next(asio::error::host_not_found);
        });
  }

  void try_next(std::error_code last) {
    if (tried_ == addresses_.size()) {
      return lost("unreachable: " + where_ + ": " + reason(last) + untried());
    }
    std::error_code ignored;
    socket_.close(ignored);
    const tcp::endpoint endpoint = addresses_[tried_++];
    give_up_after(patience_.address, [](State& self) { self.try_next(asio::error::timed_out); });
    socket_.async_connect(endpoint,
                          [self = shared_from_this(), attempt = tried_](std::error_code error) {
                            if (self->ended_ || attempt != self->tried_) return;
                            if (error) return self->try_next(error);
                            self->connected();
                          });
  }

  std::string untried() const {
    if (found_ <= max_addresses) return {};
    return " (the first " + std::to_string(max_addresses) + " of its " + std::to_string(found_) +
           " addresses were tried)";
  }

  // One wait at a time: a new one replaces it.
  void give_up_after(milliseconds patience, void (*give_up)(State&)) {
    const int wait = ++waits_;
    timer_.expires_after(patience);
    timer_.async_wait([self = shared_from_this(), wait, give_up](std::error_code cancelled) {
      if (!self->ended_ && !cancelled && wait == self->waits_) give_up(*self);
    });
  }

  void connected() {
    ++waits_;
    timer_.cancel();
    connected_at_ = heard_at_ = steady_clock::now();
    keep_alive(socket_);
    stream_.start(std::move(socket_));
    if (patience_.silence > milliseconds(0)) watch_silence(patience_.silence);
    events_.on_open();
  }

  void received(ByteView bytes) {
    heard_ = true;
    heard_at_ = steady_clock::now();
    events_.on_bytes(bytes);
  }

  // One timer for each patience, not one for each arrival.
  void watch_silence(milliseconds wait) {
    give_up_after(wait, [](State& self) {
      if (self.asked_) return;
      const auto silent = steady_clock::now() - self.heard_at_;
      const milliseconds left = self.patience_.silence - std::chrono::floor<milliseconds>(silent);
      if (left > milliseconds(0)) return self.watch_silence(left);
      self.lost("silent for " + std::to_string(self.patience_.silence / std::chrono::seconds(1)) +
                    " s: " + self.where_ + ": connected, but nothing comes",
                Cause::no_bytes);
    });
  }

  void hung_up(const Error& why) {
    if (heard_ || steady_clock::now() - connected_at_ > turned_away_within) {
      return lost(why.detail + ": " + where_ + " closed the connection");
    }
    lost("busy: " + where_ +
             " closed the connection at once: another program may hold its only connection",
         Cause::busy);
  }

  void lost(const std::string& why, Cause cause = Cause::unreachable) {
    if (ended_) return;
    end();
    line_.let_go();
    events_.on_closed({Fault::io, why, cause});
  }

  TcpLine& line_;  // until this has ended
  Loop& loop_;
  LineEvents& events_;
  std::string where_;
  TcpPatience patience_;
  std::unique_ptr<tcp::resolver> resolver_;  // an address needs none
  tcp::socket socket_;
  asio::steady_timer timer_;
  Stream<tcp::socket> stream_;
  std::vector<tcp::endpoint> addresses_;
  std::size_t tried_ = 0, found_ = 0;
  int waits_ = 0;
  steady_clock::time_point connected_at_, heard_at_;
  bool heard_ = false, asked_ = false, ended_ = false;
};

TcpLine::TcpLine(Loop& loop, std::string host, std::uint16_t port, TcpPatience patience)
    : loop_(loop), host_(std::move(host)), port_(port), patience_(patience) {}

TcpLine::~TcpLine() { close(); }

void TcpLine::open(SerialSettings, LineEvents& events) {
  close();
  state_ = std::make_shared<State>(*this, loop_, events, host_ + " port " + std::to_string(port_),
                                   patience_);
  state_->start(host_, port_);
}

void TcpLine::write(ByteView bytes) {
  if (state_) state_->write(bytes);
}

void TcpLine::close() {
  if (!state_) return;
  state_->end();
  let_go();
}

// The call may come out of a callback of the state itself: it goes when that is over, and a line
// that waits for its next attempt holds nothing of the last.
void TcpLine::let_go() {
  loop_.post([ended = std::move(state_)] {});
}

}  // namespace gridtap::io
