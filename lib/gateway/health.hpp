#pragma once
// Line health of one device as entities: is it connected, and if not, why; frames, faults, bytes
// outside frames, reconnects, the last error. A rule: it listens to the adapter and the line, and
// its entities stay available while the device is offline (vocabulary.md, "Line health").

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/part.hpp"
#include "gateway/withheld.hpp"

namespace gridtap {

class Health final : public Rule {
 public:
  // The shortest time between two reports of the counters, and of the time of the last frame: they
  // change with every telegram, and once a second is more often than anyone needs.
  static constexpr std::chrono::seconds cadence{10};
  static constexpr std::chrono::seconds last_frame_cadence{60};
  static constexpr std::size_t max_error_text = 255;  // Home Assistant's longest state

  // `line_errors`: parity, framing and overrun errors of the port since it was opened. `served`:
  // the address at which other programs may use the line, an attribute of `connected`; empty: none.
  explicit Health(std::function<std::uint64_t()> line_errors, std::string_view served = {});

  std::string_view name() const override { return "health"; }
  void on_start(Now now, Effects& effects) override;
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;
  void on_line(const LineState& line, Now now, Effects& effects) override;
  void on_wake(Now now, Effects& effects) override;
  Mono next_wake() const override { return due_; }

 private:
  void frame(const Frame& frame, Now now, Effects& effects);
  void dropped(const Dropped& dropped, Now now);
  void alive(const Alive& alive, Effects& effects);
  void reading(const Reading& reading, Now now);
  void set_cause(Cause cause, Effects& effects);
  void set_connected(bool connected, Effects& effects);
  void set_error(std::string text, Effects& effects);
  void say_withheld(Effects& effects);
  void changed(Now now);
  void say_counters(Now now, Effects& effects);
  void say_last_frame(Now now, Effects& effects);

  std::function<std::uint64_t()> line_errors_;
  std::string served_;  // as a JSON object
  std::array<std::uint32_t, fault_names.size()> faults_{};
  std::uint64_t good_ = 0, bad_ = 0, unknown_ = 0, discarded_ = 0, opened_ = 0, size_ = 0;
  bool known_in_frame_ = false;
  std::optional<bool> connected_;
  std::optional<Cause> cause_;
  std::optional<Cause> diagnosed_;  // since the last good frame
  std::string error_;
  std::unique_ptr<Withheld> withheld_;  // of a device that has held something back
  std::optional<Mono> last_frame_;
  std::optional<Instant> last_frame_wall_;
  std::optional<std::chrono::milliseconds> period_, clock_offset_;
  Mono due_ = Mono::max(), counters_at_{}, last_frame_at_{};
};

}  // namespace gridtap
