#include "web/board.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/json_text.hpp"
#include "model/room.hpp"
#include "web/state_json.hpp"

namespace gridtap::web {
namespace {

using model::Device;
using model::Entity;

constexpr std::string_view begin_of_stream = ": gridtap\nretry: 3000\n\n";
constexpr std::string_view all_sent = "event: ready\ndata: {}\n\n";

// What people act on at once.
bool is_urgent(const EntitySpec& spec) {
  return spec.platform != Platform::sensor || spec.device_class == "enum";
}

void append_device_event(std::string& out, const Device& device, const Shown& shown, Now now) {
  out += "event: device\ndata: ";
  append_device(out, device, shown, now);
  out += "\n\n";
}

std::string name_of(const Device& device, const Entity& entity) {
  return device.handle + '/' + std::string(entity.level());
}

// A member of a change: an object that is left out while nothing is in it.
class Part {
 public:
  Part(std::string& out, std::string_view name) : out_(out), name_(name) {}
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  ~Part() {
    if (begun_) out_ += '}';
  }
  std::string& next(std::string_view name) {
    if (!begun_) {
      if (!out_.ends_with('{')) out_ += ',';
      ((out_ += '"') += name_) += "\":{";
    } else {
      out_ += ',';
    }
    begun_ = true;
    append_json(out_, name);
    return out_ += ':';
  }

 private:
  std::string& out_;
  std::string_view name_;
  bool begun_ = false;
};

}  // namespace

Board::Board(const model::Model& model, const Shown& shown, WebServer& server, Clock& clock)
    : model_(model),
      shown_(shown),
      server_(server),
      clock_(clock),
      timer_(clock.timer([this] { pump(); })) {}

// ---- streams ------------------------------------------------------------------------------------

void Board::add(std::uint64_t number) {
  const Mono now = clock_.now().mono;
  if (streams_.empty()) comment_due_ = now + comment_gap;
  Stream stream{number, turn_ - 1, shown_.devices(model_)};
  std::reverse(stream.unsent.begin(), stream.unsent.end());
  send(stream, std::string(begin_of_stream));
  streams_.push_back(std::move(stream));
  schedule(now);
}

void Board::remove(std::uint64_t number) {
  std::erase_if(streams_, [&](const Stream& each) { return each.number == number; });
  if (!streams_.empty()) return;
  notes_ = {};
  event_due_ = comment_due_ = scheduled_ = Mono::max();
  timer_->set(Mono::max());
}

void Board::send(const Stream& stream, std::string text) {
  server_.send(stream.number, std::make_shared<const std::string>(std::move(text)));
}

// ---- what changes -------------------------------------------------------------------------------

Board::DeviceNote& Board::touched(const Device& device) {
  if (device.index >= notes_.size()) notes_.resize(device.index + 1);
  DeviceNote& note = notes_[device.index];
  note.any = turn_;
  return note;
}

void Board::mark_shape(const Device& device) {
  if (streams_.empty() || !shown_.device(device)) return;
  touched(device).shape = turn_;
  want_event(clock_.now().mono, change_gap);
}

void Board::on_value(const Device& device, const Entity& entity, const model::Change& change,
                     Now now) {
  if (streams_.empty() || !shown_.entity(device, entity)) return;
  if (entity.by_rule() && !change.any()) return;
  DeviceNote& note = touched(device);
  if (!entity.by_rule()) note.heard = turn_;
  if (change.first || change.option || change.described) note.shape = turn_;
  if (entity.slot() >= note.entities.size()) {
    note.entities.resize(entity.slot() + model::room_step);
  }
  EntityNote& its = note.entities[entity.slot()];
  if (change.value || change.first) its.value = turn_;
  if (change.attributes) its.attributes = turn_;
  const bool urgent = change.any() && is_urgent(entity.spec());
  want_event(now.mono, urgent ? urgent_gap : change_gap);
}

void Board::on_online(const Device& device) {
  if (streams_.empty() || !shown_.device(device)) return;
  touched(device).status = turn_;
  want_event(clock_.now().mono, urgent_gap);
}

void Board::want_event(Mono now, std::chrono::milliseconds gap) {
  const Mono due = std::max(now, event_sent_ + gap);
  if (due >= event_due_) return;
  event_due_ = due;
  schedule(due);
}

void Board::schedule(Mono due) {
  if (due >= scheduled_) return;
  scheduled_ = due;
  timer_->set(due);
}

// ---- what goes out ------------------------------------------------------------------------------

void Board::pump() {
  const Now now = clock_.now();
  scheduled_ = Mono::max();
  bool greets = false;
  for (Stream& stream : streams_) {
    if (!stream.ready) greet(stream, now);
    greets |= !stream.ready;
  }
  if (event_due_ <= now.mono) send_changes(now);
  if (comment_due_ <= now.mono) send_comment();
  schedule(std::min(event_due_, comment_due_));
  if (greets) schedule(now.mono + greeting_gap);
}

// As much as it can take without holding it all in memory.
void Board::greet(Stream& stream, Now now) {
  if (server_.unread(stream.number) > 0) return;
  std::string text;
  while (!stream.unsent.empty() && text.size() < greeting_bytes) {
    append_device_event(text, *stream.unsent.back(), shown_, now);
    stream.unsent.pop_back();
  }
  stream.ready = stream.unsent.empty();
  if (stream.ready) {
    text += all_sent;
    stream.unsent = {};
    want_event(now.mono, change_gap);  // what came meanwhile
  }
  send(stream, std::move(text));
}

void Board::send_changes(Now now) {
  event_sent_ = now.mono;
  event_due_ = Mono::max();
  std::map<Turn, Text> texts;  // by what a stream has seen
  bool all_taken = true;
  for (Stream& stream : streams_) {
    if (!stream.ready) continue;
    if (server_.unread(stream.number) > 0) {
      all_taken = false;
      continue;
    }
    const Turn seen = std::exchange(stream.seen, turn_);
    Text& text = texts[seen];
    if (text == nullptr) text = changes_since(seen, now);
    if (!text->empty()) server_.send(stream.number, text);
  }
  ++turn_;
  if (!all_taken) want_event(now.mono, change_gap);
}

// Keeps proxies from closing what they take for dead.
void Board::send_comment() {
  comment_due_ += comment_gap;
  static const Text comment = std::make_shared<const std::string>(":\n\n");
  for (const Stream& stream : streams_) {
    if (server_.unread(stream.number) == 0) server_.send(stream.number, comment);
  }
}

Board::Text Board::changes_since(Turn seen, Now now) const {
  auto text = std::make_shared<std::string>();
  append_devices(*text, seen, now);
  append_change(*text, seen, now);
  return text;
}

void Board::append_devices(std::string& out, Turn seen, Now now) const {
  for (std::size_t n = 0; n < notes_.size(); ++n) {
    if (notes_[n].shape > seen) append_device_event(out, *model_.all()[n], shown_, now);
  }
}

// Calls call(device, note) for the devices whose values alone have changed.
template <class Call>
void Board::each_changed(Turn seen, Call call) const {
  for (std::size_t n = 0; n < notes_.size(); ++n) {
    if (notes_[n].any > seen && notes_[n].shape <= seen) call(*model_.all()[n], notes_[n]);
  }
}

// The same for entities of which that was noted.
template <class Call>
void Board::each_changed(Turn seen, Turn EntityNote::* noted, Call call) const {
  each_changed(seen, [&](const Device& device, const DeviceNote& note) {
    device.each([&](const Entity& entity) {
      const bool changed = entity.slot() < note.entities.size() &&
                           note.entities[entity.slot()].*noted > seen && entity.has_value();
      if (changed) call(device, entity);
    });
  });
}

void Board::append_change(std::string& out, Turn seen, Now now) const {
  std::string json = "{";
  if (const auto at = utc_text(now.mono, now)) json += "\"t\":" + json_quoted(*at);
  const std::size_t empty = json.size();
  append_values(json, seen);
  append_attributes(json, seen);
  append_status(json, seen);
  append_heard(json, seen, now);
  if (json.size() > empty) ((out += "event: change\ndata: ") += json) += "}\n\n";
}

void Board::append_values(std::string& out, Turn seen) const {
  Part values(out, "values");
  each_changed(seen, &EntityNote::value, [&](const Device& device, const Entity& entity) {
    append_json(values.next(name_of(device, entity)), value_text(entity));
  });
}

void Board::append_attributes(std::string& out, Turn seen) const {
  Part attributes(out, "attributes");
  each_changed(seen, &EntityNote::attributes, [&](const Device& device, const Entity& entity) {
    if (entity.attributes().empty()) return;
    attributes.next(name_of(device, entity)) += entity.attributes();
  });
}

void Board::append_status(std::string& out, Turn seen) const {
  Part status(out, "status");
  each_changed(seen, [&](const Device& device, const DeviceNote& note) {
    if (note.status > seen) append_json(status.next(device.handle), status_text(device));
  });
}

void Board::append_heard(std::string& out, Turn seen, Now now) const {
  Part heard(out, "heard");
  each_changed(seen, [&](const Device& device, const DeviceNote& note) {
    const auto at = note.heard > seen ? utc_text(heard_of_line(device), now) : std::nullopt;
    if (at) append_json(heard.next(device.handle), *at);
  });
}

}  // namespace gridtap::web
