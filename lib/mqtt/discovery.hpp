#pragma once
// Home Assistant's discovery messages: pure builders of JSON.  What each release accepts is in its
// MQTT integration's discovery schemas; an unknown key at the top, in `dev` or in `o` makes it
// refuse a whole device, so nothing but the keys below is ever sent. One component of one device:
//
//   {"dev":{"ids":["gridtap_E0042007"],"name":"House meter","mf":"Iskraemeco","sn":"E0042007",
//           "sa":"Utility room","via_device":"gridtap_gridtap"},
//    "o":{"name":"gridtap","sw":"0.1.0","url":"..."},
//    "avty":[{"t":"gridtap/status"},{"t":"gridtap/meter/status"}],"avty_mode":"all",
//    "cmps":{"power_import":{"p":"sensor","uniq_id":"gridtap_E0042007_power_import",
//      "def_ent_id":"sensor.house_meter_power_import","name":"Power import",
//      "stat_t":"gridtap/meter/power_import","dev_cla":"power","unit_of_meas":"W",
//      "stat_cla":"measurement","sug_dsp_prc":0}}}
//
// An entity that is unavailable while its value is unknown has `avty` of its own, with one entry
// more: {"t":"gridtap/gateway/relay_boiler","val_tpl":"{{ 'offline' if value == 'None' ... }}"}.

#include <string>
#include <string_view>
#include <vector>

#include "model/device.hpp"
#include "mqtt/options.hpp"
#include "mqtt/topics.hpp"

namespace gridtap::mqtt {

// What is in one message: the entities, and those that are to be removed (only `p`). `via`: the
// identity of the device that this one is behind, or empty.
struct Announcement {
  struct Removal {
    std::string level;
    Platform platform;
  };
  const model::Device& device;
  const DeviceOptions& options;
  std::string_view via = {};
  std::vector<const model::Entity*> shown = {};
  std::vector<Removal> removed = {};
};

class Discovery {
 public:
  Discovery(const BridgeOptions& options, const Topics& topics)
      : options_(options), topics_(topics) {}

  std::string device_payload(const Announcement& announcement) const;
  std::string entity_payload(const Announcement& announcement, const model::Entity& entity) const;

 private:
  const BridgeOptions& options_;
  const Topics& topics_;
};

}  // namespace gridtap::mqtt
