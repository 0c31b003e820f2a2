#pragma once
// Every topic we use, built and taken apart in one place (product.md 3):
//
//   <base>/status                                online, offline (last will)
//   <base>/<device>/status                       online, offline
//   <base>/<device>/<entity>                     the value
//   <base>/<device>/<entity>/attributes          a JSON object
//   <base>/<device>/<entity>/set                 a command
//   <base>/<device>/<entity>/rejected            why it was refused
//   <base>/gateway/instance/set                  the id of a run of a gateway, by which it notices
//                                                another one, and that its commands reach it
//   <prefix>/status                              Home Assistant's birth
//   <prefix>/device/<node>/config                discovery, one message a device
//   <prefix>/<component>/<node>/<entity>/config  one message an entity
//
// The gateway's own device is `gateway`; its status is that of the gateway. A node is made of the
// identity of a device and not of its name here: another base, id or name of it are changes of the
// entities that Home Assistant has, not new ones.

#include <optional>
#include <string>
#include <string_view>

namespace gridtap::mqtt {

class Topics {
 public:
  Topics(std::string_view base, std::string_view prefix) : base_(base), prefix_(prefix) {}

  std::string status() const { return base_ + "/status"; }
  std::string status(std::string_view device) const;
  std::string state(std::string_view device, std::string_view entity) const;
  // Appends the same: values are published often.
  void append_state(std::string& out, std::string_view device, std::string_view entity) const;
  std::string attributes(std::string_view device, std::string_view entity) const;
  std::string set(std::string_view device, std::string_view entity) const;
  std::string rejected(std::string_view device, std::string_view entity) const;
  std::string every_set() const { return base_ + "/+/+/set"; }

  std::string birth() const { return prefix_ + "/status"; }
  // gridtap_<identity>; characters that Home Assistant takes in no topic become `_`.
  static std::string node(std::string_view identity);
  std::string device_config(std::string_view node) const;
  std::string entity_config(std::string_view component, std::string_view node,
                            std::string_view entity) const;

  struct Target {
    std::string_view device, entity;
  };
  // Whose command a `set` topic is; views into the topic.
  std::optional<Target> target(std::string_view topic) const;

  const std::string& base() const { return base_; }
  const std::string& prefix() const { return prefix_; }

  friend bool operator==(const Topics&, const Topics&) = default;

 private:
  std::string base_, prefix_;
};

}  // namespace gridtap::mqtt
