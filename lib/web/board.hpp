#pragma once
// What changes in the house, to the streams of all pages that are open. Keeps no value and no
// queue: a change is noted by its turn, and each stream gets what has changed since its last event.
// Who has not taken that one yet is passed over and gets more in one piece later, so a slow reader
// costs no memory; streams at the same turn share one text. While no page is open nothing is noted.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "web/shown.hpp"

namespace gridtap::web {

class Board final : public model::Observer {
 public:
  static constexpr std::chrono::milliseconds change_gap{1000};  // between two events
  static constexpr std::chrono::milliseconds urgent_gap{50};    // where a switch or alarm changed
  static constexpr std::chrono::milliseconds greeting_gap{10};  // between looks at who begins
  static constexpr std::chrono::seconds comment_gap{15};
  static constexpr std::size_t greeting_bytes = 16 * 1024;  // of devices at a time, or one device

  // Everything named outlives the board.
  Board(const model::Model& model, const Shown& shown, WebServer& server, Clock& clock);

  void add(std::uint64_t stream);  // the server has sent its head
  void remove(std::uint64_t stream);
  std::size_t streams() const { return streams_.size(); }

 private:
  using Turn = std::uint64_t;
  using Text = std::shared_ptr<const std::string>;
  struct EntityNote {
    Turn value = 0, attributes = 0;
  };
  struct DeviceNote {
    Turn any = 0, shape = 0, status = 0, heard = 0;  // shape: more of it than values
    std::vector<EntityNote> entities = {};           // by slot
  };
  struct Stream {
    std::uint64_t number;
    Turn seen;                                 // it has every change up to this turn
    std::vector<const model::Device*> unsent;  // the last one is the next
    bool ready = false;
  };

  void on_device(const model::Device& device) override { mark_shape(device); }
  void on_entity(const model::Device& device, const model::Entity&) override { mark_shape(device); }
  void on_value(const model::Device& device, const model::Entity& entity,
                const model::Change& change, Now now) override;
  void on_online(const model::Device& device) override;
  void on_identity(const model::Device& device) override { mark_shape(device); }
  void on_removed(const model::Device& device, const model::Entity&) override {
    mark_shape(device);
  }

  DeviceNote& touched(const model::Device& device);
  void mark_shape(const model::Device& device);
  void want_event(Mono now, std::chrono::milliseconds gap);
  void schedule(Mono due);

  void pump();
  void greet(Stream& stream, Now now);
  void send_changes(Now now);
  void send_comment();
  Text changes_since(Turn seen, Now now) const;
  void append_devices(std::string& out, Turn seen, Now now) const;
  void append_change(std::string& out, Turn seen, Now now) const;
  void append_values(std::string& out, Turn seen) const;
  void append_attributes(std::string& out, Turn seen) const;
  void append_status(std::string& out, Turn seen) const;
  void append_heard(std::string& out, Turn seen, Now now) const;
  template <class Call>
  void each_changed(Turn seen, Call call) const;
  template <class Call>
  void each_changed(Turn seen, Turn EntityNote::* noted, Call call) const;
  void send(const Stream& stream, std::string text);

  const model::Model& model_;
  const Shown& shown_;
  WebServer& server_;
  Clock& clock_;
  std::vector<Stream> streams_;
  std::vector<DeviceNote> notes_;  // by Device::index
  Turn turn_ = 1;                  // under way: what changes now changes in it
  Mono event_due_ = Mono::max(), event_sent_{}, comment_due_ = Mono::max();
  Mono scheduled_ = Mono::max();
  std::unique_ptr<Timer> timer_;
};

}  // namespace gridtap::web
