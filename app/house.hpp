#pragma once
// From configuration to sessions: lines opened, adapters, rules and sinks introduced to each other.
// `run` and `watch` share it.

#include <memory>
#include <string_view>
#include <vector>

#include "app/house_config.hpp"
#include "gateway/session.hpp"
#include "io/loop.hpp"

namespace gridtap::app {

class House {
 public:
  enum class Health : std::uint8_t { none, told };  // told: line-health entities, for `run`

  // Takes the adapters out of `devices`. Everything named outlives the house.
  House(std::vector<DeviceConfig>& devices, Health health, io::Loop& loop, Clock& clock, Log& log,
        Sink& sink);

  // A session without a line, for what the gateway itself says.
  void add(std::unique_ptr<Session> session);

  void restore(const Store& store);
  void save(Store& store) const;
  void start();
  void stop();
  void command(std::string_view device, const Command& command);
  void broker(bool connected);
  std::uint64_t bytes() const;

 private:
  void add_device(DeviceConfig& device, Health health, io::Loop& loop, Clock& clock, Log& log,
                  Sink& sink);

  std::vector<std::unique_ptr<Line>> lines_;  // outlive the sessions below
  std::vector<std::unique_ptr<Session>> sessions_;
};

}  // namespace gridtap::app
