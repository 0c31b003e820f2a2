#pragma once
// The configuration of devices, apart from what one face alone makes of it.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gridtap::model {

using ShortSeconds = std::chrono::duration<std::int32_t>;  // there are two copies of each option

// One of `devices.<id>.entities`: it takes precedence over the vocabulary.
struct EntityOverride {
  std::string key;
  std::optional<std::string> name = {}, icon = {};
  std::optional<bool> enabled = {};
};

struct DeviceOptions {
  std::string id, name;            // an empty name is made of the id
  ShortSeconds identity_wait{60};  // for a serial number, before the id has to do
  ShortSeconds stale{0};           // offline after so long in silence; 0: as the device says
  std::vector<EntityOverride> entities = {};
};

struct Options {
  std::string base = "gridtap";  // the gateway's own identity
  std::vector<DeviceOptions> devices = {};
};

}  // namespace gridtap::model
