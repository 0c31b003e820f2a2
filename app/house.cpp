#include "app/house.hpp"

#include <random>

#include "app/device_rules.hpp"
#include "app/served_line.hpp"
#include "gateway/health.hpp"
#include "gateway/reporter.hpp"
#include "io/make_line.hpp"

namespace gridtap::app {
namespace {

using namespace std::chrono_literals;

// A serial device is there or not: look once a second. A network is asked less and less often.
SessionOptions options_of(const DeviceConfig& device) {
  SessionOptions options;
  options.id = device.id;
  options.serial = device.serial;
  options.search = device.search;
  options.offline_after = device.offline_after;
  options.dwell = device.dwell;
  options.silence = device.kind->silence;
  options.retry_longest = device.line.kind == io::LineAddress::Kind::tcp ? 5s : 1s;
  options.seed = std::random_device{}();
  return options;
}

}  // namespace

House::House(std::vector<DeviceConfig>& devices, Use use, io::Loop& loop, Clock& clock, Log& log,
             Sink& sink) {
  effects_.add(sink);
  for (DeviceConfig& device : devices) add_device(device, use, loop, clock, log);
}

void House::add_device(DeviceConfig& device, Use use, io::Loop& loop, Clock& clock, Log& log) {
  std::unique_ptr<Line> its_line = io::make_line(loop, device.line, {device.rts, device.dtr});
  std::vector<std::unique_ptr<Rule>> rules = device_rules(device);
  const bool serves = use == Use::run && device.serve;
  if (serves) {
    ServedLine served = serve_line(device, std::move(its_line), loop, clock, log);
    its_line = std::move(served.line);
    ports_.push_back(std::move(served.port));
    rules.push_back(std::move(served.rule));
  }
  lines_.push_back(std::move(its_line));
  Line& line = *lines_.back();
  if (use == Use::run) {
    rules.push_back(std::make_unique<Health>([&line] { return line.errors(); },
                                             serves ? device.serve->text() : std::string()));
  }
  rules.push_back(std::make_unique<Reporter>(log, device.id));
  sessions_.push_back(std::make_unique<Session>(
      options_of(device), clock, &line, std::move(device.adapter), std::move(rules), effects_));
  by_id_.emplace(sessions_.back()->id(), sessions_.back().get());
}

void House::add(std::unique_ptr<Session> session, std::vector<std::string> hears) {
  if (!hears.empty()) effects_.add(*session, std::move(hears));
  by_id_.emplace(session->id(), session.get());
  sessions_.insert(sessions_.begin(), std::move(session));
}

Session* House::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

void House::restore(Store& store) {
  for (const auto& session : sessions_) session->restore(store);
}

void House::inherit(std::string_view device, std::string_view earlier_id) {
  if (Session* const session = find(device)) session->inherit(earlier_id);
}

void House::save(Store& store) const {
  for (const auto& session : sessions_) session->save(store);
}

void House::start() {
  for (const auto& session : sessions_) session->start();
}

void House::stop(const std::function<void()>& save, const std::function<void()>& tell) {
  for (const auto& session : sessions_) session->stop();
  save();
  for (const auto& session : sessions_) session->go_offline();
  tell();
  for (const auto& session : sessions_) session->close();
}

void House::stop() {
  stop([] {}, [] {});
}

void House::command(std::string_view device, const Command& command) {
  if (Session* const session = find(device)) session->command(command);
}

void House::broker(bool connected) {
  for (const auto& session : sessions_) session->broker(connected);
}

std::uint64_t House::bytes() const {
  std::uint64_t bytes = 0;
  for (const auto& session : sessions_) bytes += session->bytes();
  return bytes;
}

}  // namespace gridtap::app
