#pragma once
// What devices, rules and simulators report. An adapter turns bytes into these and nothing else;
// the session, the broker side and `decode` listen. Views are valid only during the call; copy what
// you keep. The readings since the last Frame belong together.

#include <chrono>
#include <optional>
#include <string_view>
#include <variant>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/value.hpp"
#include "core/vocabulary.hpp"

namespace gridtap {

// `suffix`: empty for the device itself, else what follows in the topic: <device>_<suffix>.
// `serial`: as a person reads it. `identity`: what makes the unique id, the serial as sent with
// only letters, digits, `-` and `_`; both empty if the device sends none. `title`: what people call
// it behind the name of the device that it is behind: "meter", "battery"; empty: the suffix.
struct DeviceInfo {
  std::string_view suffix, serial, identity, manufacturer, model, firmware;
  std::string_view title = {};
};

// The device of a channel is known, or has changed. Nothing of a channel is announced before.
struct Identified {
  std::string_view channel;
  DeviceInfo device;
};

// An entity that takes commands or comes from the settings; sent before the first Frame.
struct Entity {
  std::string_view channel;
  const EntitySpec* spec;
};

// `source`: the wire's own name. `at`: the device's time of measuring, where it can be trusted.
// `attributes`: a JSON object, or empty.
struct Reading {
  std::string_view channel, key, source;
  Value value;
  std::optional<Instant> at = {};
  std::string_view attributes = {};
};

// A reading that is not published yet: a total that fell, became zero, or jumped, or a value that
// cannot be. `reason`: one word.
struct Held {
  Reading reading;
  std::string_view reason;
};
// The button of a device that takes what is held back as right, and what tells what that is.
inline constexpr std::string_view accept_key = "accept_readings", held_key = "held";

struct Unknown {
  std::string_view channel, source, raw;
};

// Ends a good frame of `bytes` bytes. `quiet`: a kind without readings (identity, acknowledgement).
// `raw`: the frame as received, for listeners that pass it on; empty if the device has no frames
// that make sense to others.
struct Frame {
  std::size_t bytes;
  bool quiet = false;
  ByteView raw = {};
};

struct Dropped {
  Error error;
  std::size_t bytes;
};

// Why no frames arrive; reported once per cause. `detail`: what to do about it, in a sentence.
struct Diagnosis {
  Cause cause;
  std::string_view detail;
};

// What the user should know, logged once; no frame was lost.
struct Notice {
  std::string_view text;
};

// The channel is online for that long; 0: offline from now on.
struct Alive {
  std::string_view channel;
  std::chrono::milliseconds lease;
};

// Why a command was refused, at once or seconds later.
struct Rejected {
  std::string_view channel, key, command;
  Error error;
};

// One write to the line.
struct Send {
  ByteView bytes;
};

// Close the line, back off, open it again.
struct Reconnect {
  Error why;
};

// Close the line for this time so that others may use it. Not an error; no channel goes offline.
struct Release {
  std::chrono::milliseconds time;
};

// The present state() of this part should be on the disk within seconds: a power cut must not turn
// it back. Asked for in on_start(), it is there before the line opens.
struct Keep {};

using Effect = std::variant<Identified, Entity, Reading, Held, Unknown, Frame, Dropped, Diagnosis,
                            Notice, Alive, Rejected, Send, Reconnect, Release, Keep>;

// Takes effects as they happen, synchronously.
struct Effects {
  virtual void operator()(const Effect& effect) = 0;

 protected:
  ~Effects() = default;
};

// A command that has passed the entity's own limits. `text`: the payload as received. `expires`:
// who sent it does not want it to be obeyed after that.
struct Command {
  std::string_view channel, key;
  Value value;
  std::string_view text;
  std::optional<Mono> expires = {};
};

}  // namespace gridtap
