#pragma once
// One unit behind a Modbus address: found, laid out, read at its pace, commanded. Says which
// request comes next and takes its answer; it knows nothing of connections and transactions.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "adapters/sunspec/controls.hpp"
#include "adapters/sunspec/layout.hpp"
#include "adapters/sunspec/readings.hpp"
#include "adapters/sunspec/walker.hpp"
#include "codec/modbus.hpp"

namespace gridtap::sunspec {

struct UnitSettings {
  std::uint8_t id = 1;
  std::string channel;
  std::optional<std::uint16_t> base;
  std::uint16_t max_count = 125;
  std::chrono::milliseconds period{1000};
  bool one_point_per_request = false, writes = false;
  std::vector<std::string> experts;
  ReadingSettings readings;
};

class Unit {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr Time medium_period{10'000}, slow_period{60'000};
  static constexpr Time hole_period{600'000};     // what cannot be read is tried again
  static constexpr Time layout_life{86'400'000};  // then the chain is walked again
  static constexpr Time longest_rest{60'000};
  static constexpr Time busy_waits[] = {Time{200}, Time{500}, Time{1000}};
  static constexpr int failures_to_offline = 3;
  static constexpr std::uint16_t widest_gap = 10;  // registers read along to save a request

  explicit Unit(UnitSettings settings);

  void open(Mono now);           // a new connection
  void close(Effects& effects);  // commands on their way fail
  void command(const Command& command, Effects& effects);
  bool owns(std::string_view channel) const;  // once it is known

  Mono due() const;
  std::optional<modbus::Request> next(Now now, Effects& effects);  // nothing: not before due()
  void registers(const modbus::Request& request, ByteView registers, Now now, Effects& effects);
  void done(Now now, Effects& effects);  // a write was heard
  void exception(const modbus::Request& request, std::uint8_t code, Now now, Effects& effects);
  void timeout(const modbus::Request& request, Now now, Effects& effects);

  // It is searched: that may take a device longer than the reads it is used to.
  bool searching() const { return phase_ == Phase::discover; }
  bool offline() const { return failures_ >= failures_to_offline; }
  // How long an answer keeps a device online: several polls, however seldom they are.
  Time lease() const;

 private:
  enum class Phase : std::uint8_t { discover, check, poll };
  void begin_check();
  void begin_discovery(Mono now);
  void end_discovery(Now now, Effects& effects);
  void again();
  void begin_cycle(Mono now);
  void plan(const PlacedModel& placed, std::vector<Range>& parts) const;
  void store(const Range& range, ByteView registers);
  void take_block(const Range& range, ByteView registers, Now now, Effects& effects);
  void count_groups(PlacedModel& placed);
  void end_block(Now now, Effects& effects);
  void publish_all(Now now, Effects& effects);
  void publish(PlacedModel& placed, Now now, Effects& effects);
  void lose_block(const modbus::Request& request, std::uint8_t code, Mono now);
  void fail(const Error& why, int weight, Now now, Effects& effects);
  void say_asleep(Effects& effects);
  bool complete(const PlacedModel& placed) const;

  UnitSettings settings_;
  std::uint16_t most_;
  modbus::Function read_ = modbus::Function::read_holding;
  Phase phase_ = Phase::discover;
  std::optional<Walker> walker_;
  std::vector<FoundModel> chain_;
  Layout layout_;
  std::uint16_t base_ = 0;
  bool whole_ = false;       // the chain did not break off
  bool introduced_ = false;  // everything was read once
  Readings readings_;
  Controls controls_;
  std::deque<Range> blocks_;
  bool controlling_ = false;  // the request under way is a command's
  Mono cycle_due_{}, resting_until_{}, walked_at_{};
  int failures_ = 0, busy_ = 0;
  bool asleep_said_ = false;
};

}  // namespace gridtap::sunspec
