#pragma once
// Who each device is to Home Assistant: fixed before the first announcement, kept in the store,
// and another one only when another serial number comes (product.md 4).

#include <string>
#include <string_view>

#include "mqtt/announcer.hpp"

namespace gridtap::mqtt {

class Identities {
 public:
  // So long a device may take to say who it is, before its line health speaks under its own id.
  static constexpr std::chrono::seconds first_frame_wait{60};

  Identities(Devices& devices, Announcer& announcer) : devices_(devices), announcer_(announcer) {}

  void start(Now now);
  // The device has said who it is; `wire`: the serial number, empty where it does not tell.
  void learn(Device& device, std::string_view wire, Now now);
  // Those who had to wait long enough go by their configured id.
  void settle(Now now);

 private:
  std::string unused(const Device& device, std::string identity) const;

  Devices& devices_;
  Announcer& announcer_;
};

}  // namespace gridtap::mqtt
