#include "serve/modbus_proxy.hpp"

#include <algorithm>
#include <iterator>

#include "codec/modbus.hpp"

namespace gridtap::serve {
namespace {

using Time = ModbusProxy::Time;

constexpr std::uint8_t none = 0, illegal_function = 1, illegal_value = 3, busy = 6, no_answer = 11;

bool reads(std::uint8_t function) { return function >= 1 && function <= 4; }
bool writes_one(std::uint8_t function) { return function == 5 || function == 6; }
bool writes_several(std::uint8_t function) { return function == 15 || function == 16; }

// Fields that are not there, or more of them, would meet whatever the device makes of it.
bool is_whole(const modbus::Frame& frame) {
  if (!writes_several(frame.function)) return frame.data.size() == 4;
  constexpr std::size_t values = 5;  // where they begin
  return frame.data.size() > values && frame.data.size() == values + frame.data[values - 1];
}

// Time without any request after one; the adapter's next goes before those of clients.
Time rest_of_clients(Time gap) { return gap > Time{0} ? gap + ModbusProxy::own_lead : gap; }

}  // namespace

ModbusProxy::ModbusProxy(ModbusProxyOptions options, std::unique_ptr<Line> line, Clock& clock,
                         Log& log)
    : options_(std::move(options)),
      line_(std::move(line)),
      clock_(clock),
      refused_(log),
      busy_(log),
      late_(log),
      timer_(clock.timer([this] { finish(clock_.now().mono); })) {}

ModbusProxy::~ModbusProxy() { line_->close(); }

// ---- clients ------------------------------------------------------------------------------------

std::optional<Error> ModbusProxy::on_client_bytes(std::uint64_t client, ByteView bytes) {
  const Mono now = clock_.now().mono;
  std::string& unread = clients_[client];
  unread += as_text(bytes);
  ByteView rest = as_bytes(unread);
  auto frame = modbus::first_frame(rest);
  while (frame && !frame->empty()) {
    accept(client, *frame, now);
    rest = rest.subspan(frame->size());
    frame = modbus::first_frame(rest);
  }
  unread.erase(0, unread.size() - rest.size());
  if (!frame) forget(client);
  finish(now);
  if (frame) return {};
  return frame.error();
}

void ModbusProxy::accept(std::uint64_t client, ByteView frame, Mono now) {
  const std::uint8_t code = refusal(client, frame);
  if (code != none) return refuse(client, frame, code);
  waiting_.push_back({client, std::string(as_text(frame)), now});
  go_on(now);
}

std::uint8_t ModbusProxy::refusal(std::uint64_t client, ByteView frame) {
  const modbus::Frame asked = modbus::fields_of(frame);
  const bool writes = writes_one(asked.function) || writes_several(asked.function);
  if (!reads(asked.function) && !(writes && options_.writes)) return illegal_function;
  if (!is_whole(asked)) return illegal_value;
  return waiting_.size() < max_waiting || make_room_for(client) ? none : busy;
}

// One client's many requests do not keep another one out: the newest of who has the most goes.
bool ModbusProxy::make_room_for(std::uint64_t client) {
  const auto count_of = [&](std::uint64_t who) {
    return std::count_if(waiting_.begin(), waiting_.end(),
                         [&](const Waiting& each) { return each.client == who; });
  };
  const auto most = std::max_element(
      waiting_.begin(), waiting_.end(),
      [&](const Waiting& a, const Waiting& b) { return count_of(a.client) < count_of(b.client); });
  if (count_of(most->client) <= count_of(client) + 1) return false;
  const auto newest = std::find_if(waiting_.rbegin(), waiting_.rend(), [&](const Waiting& each) {
    return each.client == most->client;
  });
  refuse(newest->client, as_bytes(newest->frame), busy);
  waiting_.erase(std::next(newest).base());
  return true;
}

void ModbusProxy::refuse(std::uint64_t client, ByteView frame, std::uint8_t code) {
  const modbus::Frame asked = modbus::fields_of(frame);
  if (code == busy || code == illegal_function) say_refused(code, asked.function);
  modbus::Request request;
  request.transaction = asked.transaction;
  request.unit = asked.unit;
  request.function = static_cast<modbus::Function>(asked.function);
  answers_.emplace_back(client, modbus::encode_exception(request, code));
}

void ModbusProxy::say_refused(std::uint8_t code, std::uint8_t function) {
  const std::string what = "function " + std::to_string(function);
  if (code == busy) {
    busy_.write(Level::warning, options_.device,
                "shared line: " + std::to_string(max_waiting) +
                    " requests of clients wait already: one more was answered `busy`",
                clock_.now());
  } else if (writes_one(function) || writes_several(function)) {
    refused_.write(
        Level::warning, options_.device,
        "shared line: a client may not write (" + what + "): `writes: true` in `serve` allows it",
        clock_.now());
  } else {
    refused_.write(Level::warning, options_.device,
                   "shared line: a client asked for " + what + ", which is not passed on",
                   clock_.now());
  }
}

// The answer to its request on the wire is thrown away.
void ModbusProxy::forget(std::uint64_t client) {
  clients_.erase(client);
  std::erase_if(waiting_, [&](const Waiting& each) { return each.client == client; });
}

void ModbusProxy::forget_all() {
  clients_.clear();
  waiting_.clear();
}

void ModbusProxy::deliver() {
  for (const auto& [client, answer] : std::exchange(answers_, {})) {
    if (door_ != nullptr && clients_.contains(client)) door_->answer(client, as_bytes(answer));
  }
}

// ---- the line -----------------------------------------------------------------------------------

void ModbusProxy::open(SerialSettings settings, LineEvents& events) {
  events_ = &events;
  line_->open(settings, *this);
}

void ModbusProxy::close() {
  line_->close();
  line_ended();
}

void ModbusProxy::on_open() {
  open_ = true;
  own_rests_until_ = {};
  clients_rest_until_ = clock_.now().mono + rest_of_clients(options_.after_connect);
  events_->on_open();
  finish(clock_.now().mono);
}

void ModbusProxy::on_closed(const Error& why) {
  line_ended();
  events_->on_closed(why);
}

// Answers of this connection cannot come any more; what waits may see the next one.
void ModbusProxy::line_ended() {
  const Mono now = clock_.now().mono;
  open_ = false;
  fail_flight(now);
  held_.clear();
  transactions_.clear();
  stream_.clear();
  passed_on_ = 0;
  broken_ = false;
  finish(now);
}

// While a client's request is on the wire, or the device rests after it, the adapter's waits.
void ModbusProxy::write(ByteView bytes) {
  const Mono now = clock_.now().mono;
  if (serves_client() || own_rests_until_ > now || !held_.empty() || client_is_due(now)) {
    if (held_.empty()) held_since_ = now;
    held_.emplace_back(as_text(bytes));
  } else {
    send_own(bytes, now);
  }
  finish(now);
}

void ModbusProxy::on_bytes(ByteView bytes) {
  const std::string for_adapter = take_for_adapter(bytes);
  if (!for_adapter.empty()) events_->on_bytes(as_bytes(for_adapter));
  finish(clock_.now().mono);
}

// ---- answers ------------------------------------------------------------------------------------

// While no answer to a client can come, and where the stream is no Modbus, everything is for the
// adapter at once, half frames too.
std::string ModbusProxy::take_for_adapter(ByteView bytes) {
  std::string for_adapter;
  stream_ += as_text(bytes);
  while (!broken_) {
    const auto frame = modbus::first_frame(as_bytes(stream_));
    broken_ = !frame;
    if (broken_) fail_flight(clock_.now().mono);
    if (broken_ || frame->empty()) break;
    const std::size_t size = frame->size();
    route(*frame, for_adapter);
    stream_.erase(0, size);
    passed_on_ = 0;
  }
  if (broken_ || !transactions_.any_of_clients()) {
    for_adapter.append(stream_, passed_on_);
    passed_on_ = stream_.size();
  }
  if (broken_) {
    stream_.clear();
    passed_on_ = 0;
  }
  return for_adapter;
}

// What began before any client had asked is the adapter's, whatever it says.
void ModbusProxy::route(ByteView frame, std::string& for_adapter) {
  const std::uint16_t transaction = modbus::fields_of(frame).transaction;
  const Transactions::Request* const asked = transactions_.find(transaction);
  const bool awaited =
      flight_ && flight_->transaction == transaction && (passed_on_ == 0 || !flight_->of_client);
  if (asked != nullptr && asked->client && passed_on_ == 0) {
    if (!awaited) return;  // too late, or for the second time
    answers_.emplace_back(*asked->client, modbus::with_transaction(frame, asked->own));
    return end_flight(clock_.now().mono);
  }
  if (awaited) end_flight(clock_.now().mono);
  if (asked == nullptr && passed_on_ == 0 && answers_unsent(transaction)) return;
  const bool renumbered = asked != nullptr && !asked->client;
  const std::string whole =
      renumbered ? modbus::with_transaction(frame, asked->own) : std::string(as_text(frame));
  for_adapter.append(whole, passed_on_);
}

// A number that the adapter waits for, but that is not on the wire: the device made it up.
bool ModbusProxy::answers_unsent(std::uint16_t transaction) const {
  const auto has_number = [&](const std::string& request) {
    const auto frame = modbus::first_frame(as_bytes(request));
    return frame && !frame->empty() && modbus::fields_of(*frame).transaction == transaction;
  };
  if (std::any_of(held_.begin(), held_.end(), has_number)) return true;
  if (!flight_ || flight_->of_client) return false;
  const Transactions::Request* const own = transactions_.find(flight_->transaction);
  return own != nullptr && own->own == transaction;
}

void ModbusProxy::end_flight(Mono now) {
  if (serves_client()) own_rests_until_ = now + options_.gap;
  clients_rest_until_ = now + rest_of_clients(options_.gap);
  flight_.reset();
}

// Without an answer.
void ModbusProxy::fail_flight(Mono now) {
  if (!flight_) return;
  if (const auto& asked = flight_->of_client) {
    refuse(asked->client, as_bytes(asked->frame), no_answer);
  }
  end_flight(now);
}

// ---- requests -----------------------------------------------------------------------------------

// The next turn is the adapter's, where it wants one.
void ModbusProxy::go_on(Mono now) {
  while (!waiting_.empty() && waiting_.front().since + longest_wait <= now) {
    late_.write(Level::warning, options_.device,
                "shared line: a client's request waited 3 s for the device, which is slow or gone, "
                "and was answered with exception 11",
                clock_.now());
    refuse(waiting_.front().client, as_bytes(waiting_.front().frame), no_answer);
    waiting_.pop_front();
  }
  if (flight_ && flight_ends() <= now) fail_flight(now);
  if (!held_.empty() && !client_is_due(now) && held_goes() <= now) {
    for (const std::string& bytes : std::exchange(held_, {})) send_own(as_bytes(bytes), now);
  }
  if (has_turn_for_client(now) && clients_go(now) <= now) send_next_of_clients(now);
}

void ModbusProxy::finish(Mono now) {
  go_on(now);
  timer_->set(next(now));
  deliver();
}

bool ModbusProxy::has_turn_for_client(Mono now) const {
  const bool is_free = open_ && !broken_ && !flight_ && !waiting_.empty();
  return is_free && (held_.empty() || client_is_due(now));
}

// Whether the next turn is a client's, though the adapter may want it: one each.
bool ModbusProxy::client_is_due(Mono now) const {
  const bool is_free = open_ && !broken_ && !flight_ && !waiting_.empty();
  return is_free && !was_clients_ && waiting_.front().since + fair_after <= now;
}

Mono ModbusProxy::clients_go(Mono now) const {
  const bool leads = options_.gap > Time{0} && client_is_due(now);
  return leads ? clients_rest_until_ - own_lead : clients_rest_until_;
}

Mono ModbusProxy::flight_ends() const {
  const bool delays = flight_->of_client && !held_.empty();
  return delays ? std::min(flight_->until, patience_of_adapter()) : flight_->until;
}

// The device rests after a client's request, but not for so long that the adapter gives up.
Mono ModbusProxy::held_goes() const {
  return serves_client() ? Mono::max() : std::min(own_rests_until_, patience_of_adapter());
}

Mono ModbusProxy::next(Mono now) const {
  Mono next = waiting_.empty() ? Mono::max() : waiting_.front().since + longest_wait;
  if (flight_) next = std::min(next, flight_ends());
  if (!held_.empty() && !client_is_due(now)) next = std::min(next, held_goes());
  if (has_turn_for_client(now)) next = std::min(next, clients_go(now));
  return next;
}

void ModbusProxy::send_own(ByteView bytes, Mono now) {
  const auto frame = modbus::first_frame(bytes);
  if (!frame || frame->empty() || frame->size() != bytes.size()) return line_->write(bytes);
  const std::uint16_t transaction = transactions_.add_own(modbus::fields_of(bytes).transaction);
  was_clients_ = false;
  flight_ = Flight{transaction, now + std::max(options_.timeout, longest_search)};
  line_->write(as_bytes(modbus::with_transaction(bytes, transaction)));
}

void ModbusProxy::send_next_of_clients(Mono now) {
  was_clients_ = true;
  Waiting asked = std::move(waiting_.front());
  waiting_.pop_front();
  const ByteView frame = as_bytes(asked.frame);
  const std::uint16_t own = modbus::fields_of(frame).transaction;
  const std::uint16_t transaction = transactions_.add(asked.client, own);
  line_->write(as_bytes(modbus::with_transaction(frame, transaction)));
  flight_ = Flight{transaction, now + std::min(options_.timeout, longest_flight), std::move(asked)};
}

}  // namespace gridtap::serve
