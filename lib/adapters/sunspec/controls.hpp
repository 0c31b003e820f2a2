#pragma once
// Commands to an inverter or battery (sunspec.md 10): which points they set, with which limits; the
// requests that do it; whether it shows when it is read back. A limit is a dead man's switch: the
// device drops it after its revert time, so it is renewed in time, for as long as we run.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/sunspec/layout.hpp"
#include "adapters/sunspec/profiles.hpp"
#include "codec/modbus.hpp"
#include "core/effect.hpp"
#include "parts/pending_writes.hpp"

namespace gridtap::sunspec {

class Controls {
 public:
  static constexpr std::chrono::milliseconds proof_pause{300};

  explicit Controls(bool allowed) : allowed_(allowed) {}

  // The controls of a device; reported once its models are known and read.
  void declare(const Layout& layout, std::size_t device, const Profile& profile, Effects& effects);
  void command(const Command& command, Layout& layout, const Profile& profile, Effects& effects);

  // What is to be asked now: a write, or the registers in which it has to show. When: due().
  modbus::Request next(const Layout& layout) const;
  Mono due() const;
  void renew(const Layout& layout, Mono now);  // limits whose time has come are ordered again

  // The answer to next(). What is proved is then in the words of the layout. Each returns the model
  // that is to be read again, where the order is over.
  using Touched = std::optional<std::size_t>;
  [[nodiscard]] Touched written(Layout& layout, Mono now, Effects& effects);
  [[nodiscard]] Touched read(const std::vector<std::uint16_t>& words, Layout& layout, Mono now,
                             Effects& effects);
  [[nodiscard]] Touched refused(std::uint8_t code, Effects& effects);
  void fail(const Error& why, Effects& effects);      // the order under way
  void fail_all(const Error& why, Effects& effects);  // and all others
  // The models lie elsewhere now: what was ordered of the old ones fails, limits are not renewed.
  void forget(Effects& effects);

 private:
  // Neighbouring registers of one model.
  struct WriteOrder {
    std::size_t model;  // its place in the layout
    std::uint16_t at;   // behind its id register
    std::vector<std::uint16_t> values;
    std::string channel = {}, key = {}, text = {};  // no key: a limit that is set again
    bool unverifiable = false;                      // it reads back what was never set
    bool single = false;                            // by function 6, one register after another
    std::size_t done = 0;
  };
  struct Limit;  // a row of the table of limits
  // A limit in force, as it was proved.
  struct RenewedLimit {
    std::size_t model;
    const Limit* limit;
    std::vector<WriteOrder> orders;
    std::chrono::milliseconds every;
    Mono due;
  };
  static const Limit limits[];

  Touched prove(Layout& layout, Mono now, Effects& effects);
  void keep_in_force(const WriteOrder& order, const Layout& layout, Mono now);
  std::optional<RenewedLimit> in_force(const Limit& limit, const WriteOrder& order,
                                       const Layout& layout) const;
  std::optional<std::uint16_t> word(const WriteOrder& order, const Layout& layout,
                                    unsigned at) const;
  // Of a point as its registers hold it, without sign and factor; 0 where that is not known.
  std::uint64_t number(const WriteOrder& order, const Layout& layout, std::string_view point) const;

  bool allowed_;
  bool single_writes_ = false;  // learned: function 16 is refused
  PendingWrites<WriteOrder> orders_;
  std::vector<RenewedLimit> renewed_;
  // What was ordered of a model that reads back something else, by its place and the register's.
  std::map<std::pair<std::size_t, unsigned>, std::uint16_t> ordered_;
};

// The keys that take commands.
std::vector<std::string_view> control_keys();

}  // namespace gridtap::sunspec
