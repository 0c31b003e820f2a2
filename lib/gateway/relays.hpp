#pragma once
// The relays of the gateway: a rule in its own session. Commands, the broker and the alarms of
// meters go to the rules of safety (rules/relay_bank), levels go to the pins, OFF before ON, and
// what is shown is what the pins read back. No broker and no Home Assistant is needed for any of
// it.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/part.hpp"
#include "core/ports.hpp"
#include "core/quiet_line.hpp"
#include "rules/relay_bank.hpp"
#include "rules/shed_queue.hpp"

namespace gridtap {

struct RelayOptions {
  RelaySettings rules;
  std::string name = {}, icon = {};  // for people; empty: made of the relay's name, a switch
  std::string chip = {};             // as configured, for the attributes
  bool simulated = false;            // nothing is switched: said wherever the relay is shown
  std::string shed_by = {};          // the device whose alarm takes it off; empty: none
};

class Relays final : public Rule {
 public:
  // Lines are looked at this often; one that was lost is taken again.
  static constexpr std::chrono::seconds look_period{1};
  // `relay_<name>` and `fault_relay_<name>` are levels of a topic.
  static constexpr std::size_t longest_name = 36;

  // The pins are those of `relays`, in their order. `boot`: the id of this boot of the machine,
  // empty where it is not known. `pins` and `log` outlive the rule.
  Relays(std::vector<RelayOptions> relays, Pins& pins, Zone zone, std::string boot, Log& log);

  // The devices whose alarm it has to hear.
  std::vector<std::string> hears() const;
  bool any_simulated() const;

  std::string_view name() const override { return "relays"; }
  void on_start(Now now, Effects& effects) override;
  void on_command(const Command& command, Now now, Effects& effects) override;
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;
  void on_broker(bool connected, Now now, Effects& effects) override;
  void on_wake(Now now, Effects& effects) override;
  void on_stop(Now now, Effects& effects) override;
  Mono next_wake() const override;
  // Of the relays for which a restart must know it: what is kept of others is of any age.
  std::string state() const override { return to_text(kept()); }
  void restore(std::string_view text) override { bank_.restore(kept_relays(text)); }

 private:
  struct Relay {
    RelayOptions options;
    std::string key, fault_key, title, fault_title;
    std::optional<bool> driven = {};  // the level that the line was set to; nothing: not held
    bool read = false;                // its level, where it is held
    std::string lost = {};            // why the line cannot be driven
    bool stuck = false;               // its level is not the one that was set, seen by a look
    std::string warned = {};          // the trouble that was logged last, and is not over
    QuietLine trouble, relief;
    std::optional<std::string> said = {}, said_fault = {};  // value and attributes
  };
  struct Alarm {
    std::string device;
    ShedQueue queue;
  };

  void declare(Effects& effects) const;
  void finish(Now now, Effects& effects);
  KeptRelays kept() const;
  void keep(Now now, Effects& effects);
  void shed(Now now);
  void drive(Now now);
  std::optional<std::size_t> next_to_drive() const;
  void set(std::size_t number, Now now);
  void look(Now now);
  void report(std::size_t number, Now now, Effects& effects);
  void tell_trouble(Relay& relay, Now now);
  std::string trouble(const Relay& relay) const;
  std::string attributes(std::size_t number) const;
  bool ages() const;

  std::vector<Relay> relays_;
  std::vector<Alarm> alarms_;
  RelayBank bank_;
  Pins& pins_;
  std::string boot_;
  Log& log_;
  std::set<std::string> is_kept_;  // relays that a restart must know of
  KeptRelays kept_;
  bool ended_ = false;
  Mono look_due_ = Mono::max(), keep_due_ = Mono::max();
};

}  // namespace gridtap
