#pragma once
// From configuration to sessions: lines opened, adapters, rules and sinks introduced to each other.
// `run` and `watch` share it.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "app/house_config.hpp"
#include "gateway/fan_out.hpp"
#include "gateway/session.hpp"
#include "io/loop.hpp"

namespace gridtap::app {

class House {
 public:
  // run: the health of lines is told, and lines are served.
  enum class Use : std::uint8_t { watch, run };

  // Takes the adapters out of `devices`. Everything named outlives the house. `sink` is the first
  // to hear the effects.
  House(std::vector<DeviceConfig>& devices, Use use, io::Loop& loop, Clock& clock, Log& log,
        Sink& sink);

  // A session without a line, for the gateway's own device. Its rules hear the devices in `hears`.
  void add(std::unique_ptr<Session> session, std::vector<std::string> hears = {});
  // Where every effect of every session goes; more sinks may be added at any time.
  FanOut& effects() { return effects_; }

  void restore(Store& store);
  void save(Store& store) const;
  // The device was called something else in an earlier run: its rules go on from there.
  void inherit(std::string_view device, std::string_view earlier_id);
  void start();
  // The end: parts end, `save` what they remember, all devices go offline and `tell` the broker,
  // lines close. In this order: what the disk holds is true, whatever takes its time afterwards.
  void stop(const std::function<void()>& save, const std::function<void()>& tell);
  void stop();  // the same without saving and without a broker
  void command(std::string_view device, const Command& command);
  void broker(bool connected);
  std::uint64_t bytes() const;

 private:
  void add_device(DeviceConfig& device, Use use, io::Loop& loop, Clock& clock, Log& log);
  Session* find(std::string_view id) const;

  FanOut effects_;                                  // outlives the sessions below
  std::vector<std::unique_ptr<StreamPort>> ports_;  // of lines that are served
  std::vector<std::unique_ptr<Line>> lines_;        // outlive the sessions below
  std::vector<std::unique_ptr<Session>> sessions_;
  std::unordered_map<std::string_view, Session*> by_id_;
};

}  // namespace gridtap::app
