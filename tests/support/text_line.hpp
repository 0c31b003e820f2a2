#pragma once
// A text receiver on a line, its clock, and what it hears:
//   <payload>  name=value  (noise 12)

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "parts/text_receiver.hpp"
#include "support/wire_bytes.hpp"

namespace gridtap {

class TextLine final : Effects, TextEvents {
 public:
  explicit TextLine(TextSettings settings, std::unique_ptr<TextFrames> frames = {})
      : receiver(std::move(settings), *this, std::move(frames)) {}

  void feed(std::string_view bytes) { receiver.bytes(as_bytes(bytes), now, *this); }
  // Each byte at the time that the air gives it.
  void trickle(std::string_view bytes,
               std::chrono::milliseconds byte_time = std::chrono::milliseconds{90}) {
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      feed(bytes.substr(n, 1));
      pass(byte_time);
    }
  }
  void pass(std::chrono::milliseconds time) {
    const Mono until = now.mono + time;
    while (receiver.next_wake() <= until) {
      now.mono = std::max(now.mono, receiver.next_wake());
      receiver.wake(now, *this);
    }
    now.mono = until;
  }
  void close() { receiver.close(now, *this); }
  std::string said() { return std::exchange(said_, {}); }

  Now now{Mono{std::chrono::hours{1}}, {}};

  void operator()(const Effect& effect) override {
    const auto& dropped = std::get<Dropped>(effect);
    said_ +=
        "(" + std::string(name(dropped.error.fault)) + ' ' + std::to_string(dropped.bytes) + ") ";
  }
  void on_payload(std::string_view payload, const Received& received, Now, Effects&) override {
    raw += as_text(received.raw);
    said_ += '<' + std::string(payload) + "> ";
  }
  void on_values(std::span<const Pattern::Group> values, const Received& received, Now,
                 Effects&) override {
    raw += as_text(received.raw);
    for (const auto& [name, text] : values) {
      said_ += std::string(name) + '=' + std::string(text) + ' ';
    }
  }
  TextReceiver receiver;
  std::string raw;  // of all messages, as they came

 private:
  std::string said_;
};

inline TextSettings with(TextSettings::Mode mode, std::string_view pattern = {}) {
  TextSettings settings;
  settings.mode = mode;
  if (!pattern.empty()) settings.pattern = *Pattern::make(pattern);
  return settings;
}
inline TextSettings prefixed(TextSettings settings) {
  settings.prefixed = true;
  return settings;
}
inline TextSettings digits(std::string_view pattern = {}) {
  TextSettings settings = with(TextSettings::Mode::line, pattern);
  settings.filter = TextSettings::Filter::digits;
  return settings;
}

// All of a stream in pieces of that size; 0: whole.
inline std::string heard(TextSettings settings, std::string_view stream, std::size_t piece = 0,
                         std::unique_ptr<TextFrames> frames = {}) {
  TextLine receiver(std::move(settings), std::move(frames));
  while (piece > 0 && stream.size() > piece) {
    receiver.feed(stream.substr(0, piece));
    stream.remove_prefix(piece);
  }
  receiver.feed(stream);
  receiver.close();
  return receiver.said();
}

}  // namespace gridtap
