#pragma once
// What is set for one relay, why it is on or off, and what of it survives a restart. The rules
// themselves are relay_bank's; what wins over what is a table in this folder's README.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gridtap {

enum class AtStart : std::uint8_t { off, on, last };
enum class AtExit : std::uint8_t { off, on, hold };
enum class OnBrokerLoss : std::uint8_t { hold, off, on };

struct RelaySettings {
  using Milliseconds = std::chrono::milliseconds;

  std::string name = {};
  AtStart at_start = AtStart::off;
  AtExit at_exit = AtExit::off;
  OnBrokerLoss on_broker_loss = OnBrokerLoss::hold;
  Milliseconds on_broker_loss_after = std::chrono::seconds{30};
  Milliseconds max_on{0}, min_on{0}, min_off{0};  // 0: no limit
  std::size_t rate = 0;                           // times on within any minute; 0: no limit
  std::string interlock = {};                     // relays of one group are never on together
};

// The reason of a level, as the attribute `why` spells it.
enum class RelayWhy : std::uint8_t {
  command,
  at_start,
  broker_lost,
  max_on,
  interlock,
  shed,
  rate,
  at_exit,
  line,  // the line cannot be driven: its own words are shown instead
};

inline constexpr std::array<std::string_view, 9> relay_why_names = {
    "command", "at_start", "broker_lost", "max_on", "interlock", "shed", "rate", "at_exit", "line"};

constexpr std::string_view name(RelayWhy why) {
  return relay_why_names[static_cast<std::size_t>(why)];
}

// A moment that another run of the program can place: exactly within the same boot of the machine,
// else by the time of day where both runs know it, else by how old it was when it was kept.
struct KeptTime {
  std::chrono::milliseconds mono{0}, age{0};
  std::optional<std::chrono::milliseconds> wall = {};  // since 1970
  friend bool operator==(const KeptTime&, const KeptTime&) = default;
};

struct KeptRelay {
  std::string name;
  bool wish = false;  // what at_start `last` restores
  bool on = false;
  KeptTime since;
  std::chrono::milliseconds used{0};  // of max_on, before `since`
  std::optional<KeptTime> went_off;
  std::vector<KeptTime> went_on;  // within the last minute
  friend bool operator==(const KeptRelay&, const KeptRelay&) = default;
};

struct KeptRelays {
  std::string boot;  // of the machine; empty: not known
  std::vector<KeptRelay> relays;
  friend bool operator==(const KeptRelays&, const KeptRelays&) = default;
};

// The text that the store holds, a record (core/record.hpp):
//   boot 6f1c...
//   relay boiler 1 1 0            wish, on, milliseconds used of max_on
//   since boiler 812345 60000 1795604400000      monotonic, age, time of day; went_off, went_on too
std::string to_text(const KeptRelays& kept);
// Nothing of a text that is not whole; without the relays that are not.
KeptRelays kept_relays(std::string_view text);

}  // namespace gridtap
