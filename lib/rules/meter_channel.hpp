#pragma once
// Which of the meters of a device counts the house. A P1 or HAN meter is the device itself; the
// meter beside a solar inverter is a device behind it, or has keys of its own:
// `meter_energy_import`. The first that reports the import is the one, and stays it.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace gridtap {

class MeterChannel {
 public:
  static constexpr std::size_t max_channels = 16;  // whose identity is kept until one is chosen

  // `may_be_behind`: else it is the device itself.
  explicit MeterChannel(bool may_be_behind) {
    if (!may_be_behind) chosen_ = "";
  }

  void identified(std::string_view channel, std::string_view identity);
  // Whether what this channel reports of the import counts; the first is chosen by that.
  bool counts(std::string_view channel);
  bool is_chosen(std::string_view channel) const { return chosen_ && *chosen_ == channel; }
  // Of the meter; empty while it is not known.
  std::string_view identity() const;

 private:
  std::map<std::string, std::string, std::less<>> identities_;
  std::optional<std::string> chosen_;
};

// The key without the part that a meter within an inverter puts in front.
std::string_view without_meter_part(std::string_view key);

}  // namespace gridtap
