#pragma once
// Reads stretches of registers of one Modbus unit again and again, each at its own pace, on a grid
// of polls that does not drift. Learns what the device refuses: how many registers it reads at
// once, and which stretches have holes. Returns the next registers to read and takes the answers;
// it knows nothing of connections, transactions, and what the registers mean.

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "core/value.hpp"
#include "parts/register_plan.hpp"

namespace gridtap {

class ModbusPoller {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr Time hole_period{600'000};  // a stretch that cannot be read is tried again
  static constexpr Time once = Time::max();
  // Requests, answered or refused, to find what a device refuses. Above the number what is refused
  // is left out whole, unseen registers among it.
  static constexpr int most_searches = 200;
  static constexpr int failures_to_rest = 3;

  struct Settings {
    Time period{1000};  // of the polls
    RequestLimits limits;
  };
  // `period`: 0: with each poll; `once`: never again.
  struct Stretch {
    RegisterStretch registers;
    Time period{0};
  };

  explicit ModbusPoller(const Settings& settings) : settings_(settings) {}

  // What is read from now on; everything read before is forgotten. Stretches lie in the order of
  // their addresses and are known by their place in the list.
  void follow(std::vector<Stretch> stretches);
  // Values found in a stretch later than the stretch itself.
  void set_values(std::size_t stretch, std::vector<modbus::Range> values);
  // Reads it with the next poll, whatever its pace.
  void read_soon(std::size_t stretch) { stretches_[stretch].due = Mono{}; }
  void read_all_soon();

  // The next poll is due now, not before that time. The poll under way is given up.
  void restart(Mono now);
  void rest_until(Mono until);

  Mono due() const { return due_; }                 // when begin() has something to do
  bool polling() const { return !queue_.empty(); }  // next() has something to ask
  std::uint16_t max_count() const { return settings_.limits.max_count; }  // as learned

  // Begins a poll: of everything that is due. Polls that were missed are left out.
  void begin(Mono now);
  // REQUIRES of these three: polling(). The registers to read; the answer; or the exception code.
  modbus::Range next() const { return queue_.front(); }
  // Returns the stretches that are complete with it, until the next call.
  std::span<const std::size_t> take(ByteView registers, Mono now);
  // Returns whether a stretch is lost that was read before: the device may have changed its map.
  [[nodiscard]] bool refuse(std::uint8_t code, Mono now);
  // The stretches that were complete but for the registers that were refused last.
  std::span<const std::size_t> completed() const { return completed_; }
  // The device failed at this request: what it reads is read alone, or left out of this poll.
  void fail_request();
  // The end of a poll. What has failed in three of them, while `others_read`, is left out for a
  // while. Returns those that now rest, until the next call.
  std::span<const std::size_t> rest_failed(bool others_read, Mono now);

  // Registers of a stretch that the device refuses one by one, while it reads those around them.
  std::span<const modbus::Range> missing(std::size_t stretch) const {
    return stretches_[stretch].missing;
  }

  // The registers of a stretch as they were read last; whether it ever was read, and is not lost.
  std::span<const std::uint16_t> words(std::size_t stretch) const {
    return stretches_[stretch].words;
  }
  bool has(std::size_t stretch) const { return stretches_[stretch].read; }

 private:
  struct Followed {
    Stretch what;
    std::vector<modbus::Range> requests = {};  // that read it alone
    std::vector<std::uint16_t> words = {};
    std::vector<modbus::Range> missing = {};
    unsigned fresh = 0;         // registers read in this poll
    std::uint16_t longest = 0;  // request that was answered
    int failures = 0;           // in a row
    bool failed = false;        // in this poll
    bool divided = false;       // by refusals: its requests are not joined
    Mono due = {}, hole_until = {};
    bool read = false;
  };

  void plan(Followed& stretch) const;
  bool split(Followed& stretch, const modbus::Range& lost, Mono now);
  static void rejoin(Followed& stretch);
  static unsigned wanted(const Followed& stretch);
  void finish(std::size_t stretch, Mono now);
  void store(Followed& stretch, const modbus::Range& range, ByteView registers);
  void complete(Followed& stretch, Mono now);
  std::vector<Followed*> read_by(const modbus::Range& request);
  void read_alone(const std::vector<Followed*>& stretches);
  void drop_requests(const Followed& stretch);

  Settings settings_;
  std::vector<Followed> stretches_;
  std::vector<std::size_t> completed_;
  std::deque<modbus::Range> queue_;
  Mono due_{};
  int searches_ = 0;  // requests of parts of what was refused
};

}  // namespace gridtap
