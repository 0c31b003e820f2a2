#pragma once
// One device: its adapter on its line, its rules, its leases, its back-off and its search for the
// line setting. The same class serves run, watch, decode and simulate; only the ports differ.
// Every call from outside is one transaction: the adapter's effects go to the sink and, in order,
// to the rules, each of which also hears the rules before it; then the timer is set.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/limit_notice.hpp"
#include "core/ports.hpp"
#include "gateway/backoff.hpp"
#include "gateway/leases.hpp"
#include "gateway/setting_search.hpp"
#include "gateway/switch_commands.hpp"

namespace gridtap {

struct SessionOptions {
  std::string id;
  std::vector<SerialSettings> serial;          // the first is tried first; empty: the line has none
  bool search = false;                         // goes through all of them until a frame comes
  std::chrono::milliseconds offline_after{0};  // lease of the device itself; 0: as the adapter says
  std::string_view silence = {};  // what to check if the open line is silent; empty: silence is
                                  // normal. Outlives the session
  std::chrono::milliseconds retry_first{1000}, retry_longest{5000};
  std::chrono::milliseconds dwell{2000};  // at least, between two moves of a switch of the device
  std::uint32_t seed = 1;
};

class Session final : public Sink, LineEvents, Effects {
 public:
  // How long an open line may be silent before it is reported; longer than the slowest meter's
  // period.
  static constexpr std::chrono::seconds first_bytes_wait{15};
  // A line that closes sooner, without a byte, has rejected us: back off further, up to this.
  static constexpr std::chrono::seconds turned_away_within{2};
  static constexpr std::chrono::seconds turned_away_longest{60};

  // `line` and `adapter` may be null: a session of rules alone. `sink` hears every effect.
  Session(SessionOptions options, Clock& clock, Line* line, std::unique_ptr<Adapter> adapter,
          std::vector<std::unique_ptr<Rule>> rules, Sink& sink);

  void start();
  // The end, in this order. A later one does what is left of those before it; all only once.
  void stop();        // parts end, and what is buffered is judged; save() then has their last word
  void go_offline();  // every lease ends
  void close();       // the line, for good
  // An unknown channel and key is answered by Rejected, and so is a device whose line is not open.
  // Those for switches may wait: switch_commands.hpp.
  void command(const Command& command);
  void broker(bool connected);
  void save(Store& store) const;
  // Before start(). The store outlives the session: there goes what a part says it wants to keep.
  void restore(Store& store);
  // After restore(): this device was another id's in an earlier run. Its rules take over what they
  // kept under that id, as after a restart.
  void inherit(std::string_view earlier_id);

  const std::string& id() const { return options_.id; }
  std::uint64_t bytes() const { return bytes_; }

  // An effect of another device, for rules that listen across devices.
  void on_effect(std::string_view device, const Effect& effect, Now now) override;

 private:
  template <class Call>
  void step(Call call);
  template <class Call>
  void for_each_part(Call call) const;
  Effects& as(Part* part);
  void operator()(const Effect& effect) override;
  std::string record_of(const Part& part) const;
  void keep();
  bool caused_by_stop(const Effect& effect) const;
  void feed_rules(const Effect& effect, const Part* speaker);
  void tell_rules(const Error* why);
  void follow(const Effect& effect);
  void declare(const Entity& entity);
  void command_adapter(const Command& command);
  void command_due();
  void end_adapter(std::string_view why);
  static Rejected refusal(const Command& command, Fault fault, std::string_view why);
  void renew(const Alive& alive);

  void open_line();
  void on_open() override;
  void on_bytes(ByteView bytes) override;
  void on_closed(const Error& why) override;
  void close_line(const Error& why);
  void release_line(std::chrono::milliseconds time);
  void lost(const Error& why);
  std::chrono::milliseconds retry_delay();

  void on_timer();
  void end_leases();
  void judge_silence();
  void try_next_setting();
  void set_timer();

  SessionOptions options_;
  Clock& clock_;
  Line* line_;
  std::unique_ptr<Adapter> adapter_;
  std::vector<std::unique_ptr<Rule>> rules_;
  Sink& sink_;
  std::unique_ptr<Timer> timer_;
  SettingSearch search_;
  Backoff backoff_;
  SwitchCommands switches_;
  Leases leases_;
  LimitNotice too_many_channels_;
  std::map<std::pair<std::string, std::string>, Part*> owners_;  // which part takes the commands
  Now now_{};
  Part* speaker_ = nullptr;
  Store* store_ = nullptr;
  std::vector<const Part*> to_keep_;  // each once
  bool busy_ = false, open_ = false, stopped_ = false, silence_said_ = false;
  bool released_ = false;         // closed by the adapter's own wish
  std::optional<Mono> heard_at_;  // on this line
  std::optional<Error> reconnect_;
  std::optional<std::chrono::milliseconds> release_;
  Mono opened_at_{}, silent_at_ = Mono::max(), retry_at_ = Mono::max();
  std::uint64_t bytes_ = 0;
};

}  // namespace gridtap
