#pragma once
// One unit behind a Modbus address: discovered, polled, commanded, and what is read of it
// published. Returns the next request and takes its answer; it knows nothing of connections
// and transactions.

#include <optional>
#include <string>
#include <vector>

#include "adapters/sunspec/controls.hpp"
#include "adapters/sunspec/discovery.hpp"
#include "adapters/sunspec/layout.hpp"
#include "adapters/sunspec/readings.hpp"
#include "codec/modbus.hpp"
#include "core/limit_notice.hpp"
#include "parts/modbus_backoff.hpp"
#include "parts/modbus_poller.hpp"

namespace gridtap::sunspec {

struct UnitSettings {
  std::uint8_t id = 1;
  std::string channel;
  std::optional<std::uint16_t> base;
  ModbusPoller::Settings poll;
  bool writes = false;
  std::vector<std::string> experts;
  ReadingSettings readings;
};

class Unit {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr Time medium_period{10'000}, slow_period{60'000};

  explicit Unit(UnitSettings settings);

  void open(Mono now);           // a new connection
  void close(Effects& effects);  // commands on their way fail
  void command(const Command& command, Effects& effects);
  bool owns(std::string_view channel) const;  // once it is known

  // What its devices counted.
  void save(RecordWriter& record) const { readings_.save(record); }
  void restore(const Record& record) { readings_.restore(record, settings_.channel); }
  // What is held back is right, a person says. False: nothing is.
  bool accept() { return readings_.accept(); }

  // When turn() has something to do.
  Mono due() const;
  // Does what is due. Returns the request to send now, if any: its answer is handed to one of the
  // five below before the next turn.
  std::optional<modbus::Request> turn(Now now, Effects& effects);
  void registers(ByteView registers, Now now, Effects& effects);
  void done(Now now, Effects& effects);  // a write was heard
  void exception(std::uint8_t code, Now now, Effects& effects);
  void shorter(Now now, Effects& effects);  // fewer registers than were asked for
  void timeout(Now now, Effects& effects);

  bool introduced() const { return introduced_; }
  // It is searched: that may take a device longer than the reads it is used to.
  bool searching() const { return discovery_.walking(); }
  bool offline() const { return backoff_.offline(); }
  // How long an answer keeps a device online: several polls, however seldom they are.
  Time lease() const;

 private:
  enum class Asked : std::uint8_t { nothing, discovery, poll, order };
  modbus::Request read(const modbus::Range& range) const;
  void conclude(Now now, Effects& effects);
  void follow();
  void polled(std::span<const std::size_t> complete, Now now, Effects& effects);
  void introduce(Now now, Effects& effects);
  void busy_while_searched(Now now, Effects& effects);
  void failed_block(std::uint8_t code, Now now, Effects& effects);
  void leave_out_missing(std::size_t model, Effects& effects);
  void count_group(std::size_t model);
  void publish(std::size_t model, Now now, Effects& effects);
  void fail(const Error& why, int weight, Now now, Effects& effects);
  void went_offline(const Error& why, Effects& effects);
  void say_asleep(Effects& effects);

  UnitSettings settings_;
  modbus::Function read_ = modbus::Function::read_holding;
  Discovery discovery_;
  ModbusPoller poller_;
  ModbusBackoff backoff_;
  Layout layout_;
  Readings readings_;
  Controls controls_;
  Asked asked_ = Asked::nothing;  // what the request under way is for
  bool introduced_ = false;       // everything was read once
  bool read_some_ = false;        // of the poll under way
  std::string poll_failure_;      // what the device failed with in it
  bool asleep_said_ = false;
  LimitNotice too_many_models_;
};

}  // namespace gridtap::sunspec
