#pragma once
// All devices: by id, by what they are called in topics and addresses, and which channel of a wire
// is which device. None of them is ever removed while the program runs.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/device.hpp"

namespace gridtap::model {

// Behind one configured device; as many as a session keeps leases for.
inline constexpr std::size_t max_channels = 64;

class Devices {
 public:
  explicit Devices(const Options& options);  // outlives the devices

  // Null: not known, or its name belongs to another channel.
  Device* find(std::string_view id, std::string_view channel) const;
  Device* find_handle(std::string_view handle) const;

  // The device of a channel behind `id`, made where it is new. The name of a dead device goes to a
  // newcomer that has a serial number; a taken one gives null.
  enum class Refusal : std::uint8_t { none, taken, too_many };
  struct Bound {
    Device* device = nullptr;
    Device* left = nullptr;           // the channel was called this before, and is no more
    bool made = false;                // in this call
    Refusal refusal = Refusal::none;  // reported once for a channel, once for too many
  };
  Bound bind(std::string_view id, const Identified& identified);

  // The gateway first, parents before their children; the index of a device is its place.
  const std::vector<std::unique_ptr<Device>>& all() const { return all_; }

 private:
  struct Channel {
    std::string name;
    Device* device = nullptr;
    bool refusal_told = false;
  };
  struct Root {
    Device* device = nullptr;
    std::vector<Channel> channels = {};
    bool too_many_told = false;
  };
  void add_configured(const DeviceOptions& options);
  const Root* root(std::string_view id) const;
  static Channel* channel(Root& root, std::string_view name);
  static bool may_take(const Root& root, const Device& owner, const Identified& identified);
  Device& make(Root& root, const Identified& identified, std::string handle);
  static Bound too_many(Root& root);
  Bound give(Root& root, Channel& channel, const Identified& identified);

  std::vector<std::unique_ptr<Device>> all_;
  std::unordered_map<std::string_view, Root> by_id_;
  std::unordered_map<std::string_view, Device*> by_handle_;
  DeviceOptions gateway_;
  mutable const Root* last_ = nullptr;  // readings come in runs
};

}  // namespace gridtap::model
