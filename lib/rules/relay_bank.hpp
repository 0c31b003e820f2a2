#pragma once
// All relays of the gateway as one state machine: commands, times, the broker and the alarm go in,
// the level of every line comes out. Pure: the time is an argument, lines are driven by the caller,
// who asks for level() after every call, drives OFF before ON, and reports what it then reads back.
//
// Whatever asks for ON, the limits (interlock, max_on, min_off, rate) hold: only an OFF is without
// conditions. What asks for a level is, from the top: the end, the start, a lost broker, the alarm,
// a command. The table is in this folder's README, the tests have a case for each of its cells.
//
// A command is obeyed at once or refused at once with the reason, and is never remembered.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/value.hpp"
#include "core/zone.hpp"
#include "rules/relay.hpp"

namespace gridtap {

class RelayBank {
 public:
  static constexpr std::chrono::minutes rate_window{1};
  // The clock was set where the time of day moves by more than this against the time that only
  // runs on; less is the clock being steered.
  static constexpr std::chrono::seconds clock_step{1};
  // While max_on or min_off runs, what is kept is never older than this.
  static constexpr std::chrono::minutes keep_period{1};
  static constexpr std::chrono::hours longest_age{24 * 366 * 10};

  // Relays are known by their position in `settings`. `zone`: for times that a person reads.
  RelayBank(const std::vector<RelaySettings>& settings, Zone zone);

  // What an earlier run kept; relays are found by name. REQUIRES: before start().
  void restore(const KeptRelays& kept);
  KeptRelays kept() const;

  // `boot`: the id of this boot of the machine, empty where it is not known. Until a line has been
  // reported by on_line(), its partners of an interlock group stay off.
  void start(Now now, std::string_view boot);
  // Nothing: it was obeyed, also where the relay had that level already. Else why it was not.
  std::optional<Error> command(std::size_t relay, bool on, Now now);
  void on_broker(bool connected, Now now);
  // The alarm takes the relay off, or gives it back. `until`: when that is expected, if known.
  void shed(std::size_t relay, bool active, std::optional<Instant> until, Now now);
  // The level read back from the line, or why it cannot be driven.
  void on_line(std::size_t relay, const Result<bool>& level, Now now);
  void on_wake(Now now);
  Mono next_wake() const;  // asked after every call; Mono::max(): nothing is due
  void stop(Now now);      // the last call: levels are those to leave behind

  std::size_t size() const { return relays_.size(); }
  // What the line has to be driven to; OFF where it cannot be driven.
  bool level(std::size_t relay) const { return relays_[relay].on; }
  // The level read back; nothing while the line cannot be driven or was not reported yet.
  std::optional<bool> shown(std::size_t relay) const;
  // The level read back is not the one that was set.
  bool disagrees(std::size_t relay) const;
  // {"why":"command","since":"2026-11-20T07:00:00Z","free_at":null}: the reason of the level, when
  // it began, and when an ON will be allowed; null where that is at once or not known.
  std::string attributes(std::size_t relay) const;

 private:
  using Milliseconds = std::chrono::milliseconds;
  enum class Line : std::uint8_t { unknown, good, failed };

  struct Relay {
    RelaySettings settings;
    bool wish = false;  // what is asked for when nothing above it asks for something else
    RelayWhy wish_why = RelayWhy::at_start;
    bool last = false;     // the wish before the end
    bool starting = true;  // no command has been obeyed since the start

    bool on = false;
    RelayWhy why = RelayWhy::at_start;
    Mono since{};
    Milliseconds used{0};  // of max_on before `since`: let go without having been turned off
    std::optional<Mono> went_off;
    std::deque<Mono> went_on;  // as many as `rate`, oldest first

    bool shed = false;
    std::optional<Instant> shed_until;
    bool loss_over = false;  // of a broker that is lost: an OFF or a limit has answered it

    Line line = Line::unknown;
    bool read = false;     // what a good line read
    bool lost_on = false;  // it was on when its line failed
    std::string line_why;  // of a line that failed
  };
  struct Want {
    bool on;
    RelayWhy why;
  };
  enum class Limit : std::uint8_t { interlock, min_off, rate };
  // What forbids an ON, and until when, where that is known.
  struct Block {
    Limit limit;
    std::optional<Mono> until = {};
    const Relay* partner = nullptr;  // of an interlock
    bool is_on = false;              // the partner, by its level or by what its line reads
  };

  void note(Now now);
  void settle();
  void turn_off(Relay& relay);
  void turn_on(Relay& relay);
  void turn(Relay& relay, bool on, RelayWhy why);
  void give_up(Relay& relay, RelayWhy why);
  void begin(Relay& relay);
  void lose_line(Relay& relay, const Error& why);
  void let_go(Relay& relay, RelayWhy why);
  Want want(const Relay& relay) const;
  bool broker_is_gone(const Relay& relay) const;
  static bool is_used_up(const Relay& relay);
  static std::optional<Mono> max_on_ends(const Relay& relay);
  std::optional<Block> blocked(const Relay& relay) const;
  std::optional<Block> blocked_by_partners(const Relay& relay) const;
  std::optional<Error> refusal(const Relay& relay) const;
  std::string block_text(const Block& block) const;
  std::string seconds_left(Mono until) const;
  Mono next_wake(const Relay& relay) const;
  std::optional<Instant> wall(Mono time) const;
  std::optional<Instant> free_at(const Relay& relay) const;
  void resume(Relay& relay, const KeptRelay& kept);
  KeptTime keep(Mono time) const;
  Mono placed(const KeptTime& time) const;

  std::vector<Relay> relays_;
  Zone zone_;
  KeptRelays restored_;
  std::string boot_;
  Mono now_{};
  std::optional<Milliseconds> wall_offset_;  // what the time of day is ahead of the other
  std::optional<Mono> broker_lost_;
  bool ended_ = false;
};

}  // namespace gridtap
