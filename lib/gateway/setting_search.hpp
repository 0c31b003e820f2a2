#pragma once
// Which line setting to try. While no frame comes, `serial: auto` goes through the settings of the
// adapter: the two usual ones always, the rest only while bytes arrive (p1.md 12.4). What brought
// three good frames is remembered and tried first after a restart.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/part.hpp"
#include "core/record.hpp"

namespace gridtap {

class SettingSearch {
 public:
  static constexpr std::chrono::seconds patience{12};  // a meter that sends every 10 s is met once
  static constexpr std::size_t usual = 2;
  static constexpr int proof = 3;  // good frames before a setting is worth remembering

  SettingSearch(std::vector<SerialSettings> settings, bool on)
      : settings_(std::move(settings)), on_(on && settings_.size() > 1) {}

  SerialSettings setting() const {
    return settings_.empty() ? SerialSettings{115200, 8, 'N', 1} : settings_[at_];
  }
  bool searching() const { return on_ && frames_ == 0; }

  void opened(Mono now) { due_ = now + patience; }
  void bytes_came() { bytes_ = true; }
  void frame_came() { frames_ = std::min(frames_ + 1, proof); }
  void hurry(Mono now) { due_ = std::min(due_, now); }
  // A line that has fallen silent for its whole lease may have got another meter.
  void lost() { frames_ = 0; }

  Mono due() const { return searching() ? due_ : Mono::max(); }
  void try_next() {
    const std::size_t count = bytes_ ? settings_.size() : std::min(usual, settings_.size());
    at_ = (at_ + 1) % count;
    bytes_ = false;
  }

  std::string state() const {
    const std::string proven = on_ && frames_ >= proof ? to_text(setting()) : remembered_;
    return proven.empty() ? std::string{} : RecordWriter().add("setting", proven).text();
  }
  void restore(std::string_view text) {
    if (!Record::is_one(text)) return remember(text);  // version 1 was the setting alone
    remember(Record(text).text("setting").value_or(""));
  }

 private:
  void remember(std::string_view text) {
    if (!on_) return;
    const auto found = std::find_if(settings_.begin(), settings_.end(),
                                    [&](const SerialSettings& s) { return to_text(s) == text; });
    if (found == settings_.end()) return;
    remembered_ = text;
    std::rotate(settings_.begin(), found, found + 1);
  }

  std::vector<SerialSettings> settings_;
  bool on_;
  std::size_t at_ = 0;
  bool bytes_ = false;
  int frames_ = 0;
  Mono due_ = Mono::max();
  std::string remembered_;
};

}  // namespace gridtap
