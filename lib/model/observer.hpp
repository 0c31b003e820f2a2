#pragma once
// How a face hears what has changed. Each call comes after the change, from inside the model: look,
// take notes, and return; do not call the model's on_effect(). Notes are kept by Device::index and
// Entity::slot. What a call does not say can be asked of the model at any time.

#include "model/device.hpp"

namespace gridtap::model {

struct Observer {
  virtual void on_device(const Device&) {}                 // new; it may have no identity yet
  virtual void on_entity(const Device&, const Entity&) {}  // new, or with another spec
  virtual void on_value(const Device&, const Entity&, const Change&, Now) {}  // each reading
  virtual void on_online(const Device&) {}    // online or offline now
  virtual void on_identity(const Device&) {}  // its identity or description
  // An earlier run knew this device by that handle, which no device has now: its `id` or its
  // channel has another name. What was known of it comes after the call.
  virtual void on_adopted(const Device&, std::string_view /*handle*/) {}
  // Another device has taken the place of this one. What is known of the old one goes after the
  // call, entity by entity, then comes on_identity(). `serial`: of the new one.
  virtual void on_replaced(const Device&, std::string_view /*serial*/) {}
  virtual void on_removed(const Device&, const Entity&) {}  // ends after the call
  // A command was refused.
  virtual void on_rejected(const Device&, const Entity&, const Rejected&, Now) {}

 protected:
  ~Observer() = default;
};

}  // namespace gridtap::model
