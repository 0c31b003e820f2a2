#pragma once
// How well the history is kept, in one word and a text for a person. What keeps it from being
// written now comes first; after that counts what came last: a copy that could not be made, or
// damage that was mended, which is well again at once but should be seen.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/journal.hpp"

namespace gridtap::history {

enum class HistoryState : std::uint8_t { ok, full, read_only, damaged, backup_failed };
inline constexpr std::array<std::string_view, 5> history_state_names = {"ok", "full", "read_only",
                                                                        "damaged", "backup_failed"};

class Condition {
 public:
  // How long mended damage is shown, or until the program ends.
  static constexpr std::chrono::hours mending_shown{24};

  void failed(const JournalError& error);
  void works() { fault_.reset(); }
  void not_copied(std::string why);
  void copied() { copy_.reset(); }
  void mended(std::string what, Mono now);
  void pass(Mono now);  // the time has come to this

  HistoryState state() const;
  const std::string& text() const;  // why it is not ok; empty: it is

 private:
  struct Trouble {
    HistoryState state = HistoryState::ok;
    std::string text = {};
  };
  const Trouble& shown() const;

  std::optional<Trouble> fault_, copy_, mended_;
  bool mended_last_ = false;  // after the copy had failed
  Mono mended_until_{};
};

}  // namespace gridtap::history
