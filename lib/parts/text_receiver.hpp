#pragma once
// Text messages on a line that knows no packets: frames between noise, lines that end in CR, LF or
// silence, whatever a pattern finds in a sliding window; and packets with their length in front,
// which hold one of these. Noise that never ends costs a bounded buffer and
// is counted. How the input is cut never changes the result.

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "codec/pattern.hpp"
#include "core/effect.hpp"
#include "parts/noise.hpp"
#include "parts/packet_watch.hpp"

namespace gridtap {

struct TextSettings {
  enum class Mode : std::uint8_t { frame, line, regex };
  enum class Filter : std::uint8_t { none, printable, digits };

  Mode mode = Mode::frame;
  bool prefixed = false;  // by the length of a packet, which holds the mode
  Filter filter = Filter::printable;
  std::optional<Pattern> pattern = {};  // of mode regex; of a line the whole has to match it
  std::chrono::milliseconds idle{300};  // ends a line; a packet that pauses for this long is cut
  std::size_t max_len = 80;             // of a line, before the filter
  std::size_t window = 256;             // of mode regex
  // What to do where packets are expected and the line has none; empty: it is not said. Outlives
  // the receiver.
  std::string_view without_packets = {};
  // The same where none are expected, and the line has some.
  std::string_view with_packets = {};
};

// Finds the frames of mode `frame`.
struct TextFrames {
  virtual ~TextFrames() = default;
  // This byte always begins a frame: what came before it was none.
  virtual bool begins(char byte) const = 0;
  // What a byte has completed: a payload, valid until the next call, or why there is no payload.
  // Nothing: it belongs to a frame that goes on, or to none.
  virtual std::optional<Result<std::string_view>> take(char byte) = 0;
  virtual bool in_frame() const = 0;
  virtual void reset() = 0;
};

// A message as it came: what it counts on the line, and its bytes: the frame, the packet with its
// length, the line with its end, what the pattern found.
struct Received {
  std::size_t bytes;
  ByteView raw;
};

struct TextEvents {
  // The payload of a frame.
  virtual void on_payload(std::string_view payload, const Received&, Now, Effects&) = 0;
  // The named groups of a match, or `value` and the whole line.
  virtual void on_values(std::span<const Pattern::Group> values, const Received&, Now,
                         Effects&) = 0;

 protected:
  ~TextEvents() = default;
};

class TextReceiver {
 public:
  static constexpr std::size_t longest_packet = 253;
  // Of a line that the pattern misses: random bytes are rarely printable for so long.
  static constexpr std::size_t shortest_line = 8;
  static constexpr int lines_to_tell = 3;
  // A length and as many bytes as it says, cut or with the next byte close behind them, and no
  // message in any of them: random bytes, which are no packets.
  static constexpr int packets_to_tell = 10;

  // REQUIRES: frames in mode frame, a pattern in mode regex.
  TextReceiver(TextSettings settings, TextEvents& events, std::unique_ptr<TextFrames> frames = {})
      : settings_(std::move(settings)),
        events_(events),
        frames_(std::move(frames)),
        packets_(settings_.idle) {}

  void bytes(ByteView bytes, Now now, Effects& effects);
  void wake(Now now, Effects& effects);
  Mono next_wake() const;
  void close(Now now, Effects& effects);  // the end counts as silence
  // A sender is in the middle of a frame or packet.
  bool busy(Mono now) const;

 private:
  void take(char byte, Now now, Effects& effects);
  void take_framed(char byte, Now now, Effects& effects);
  void take_line(char byte, Now now, Effects& effects);
  void take_window(char byte, Now now, Effects& effects);
  void take_packet(char byte, Now now, Effects& effects);
  void end_packet(Now now, Effects& effects);
  bool read_packet(std::string_view packet, const Received& received, Now now, Effects& effects);
  void no_packet(Effects& effects);
  void end_line(std::string_view line, const Received& received, Now now, Effects& effects);
  void missed(std::string_view text, std::size_t bytes, Effects& effects);
  void fall_silent(Now now, Effects& effects);
  void values(std::span<const Pattern::Group> values, const Received& received, Now now,
              Effects& effects);
  void drop(Error error, std::size_t bytes, Effects& effects);

  TextSettings settings_;
  TextEvents& events_;
  std::unique_ptr<TextFrames> frames_;
  std::string text_;                     // a frame, a line, a window, or a packet
  std::size_t line_bytes_ = 0;           // of the line, also those that are not kept
  int missed_ = 0;                       // lines in a row that the pattern did not fit
  std::size_t packet_size_ = 0;          // 0: its length comes next
  std::optional<Mono> empty_packet_at_;  // the end of the one before, if it had no message
  int no_packets_ = 0;                   // since the start; -1: there was a packet
  PacketWatch packets_;                  // where none are expected
  Noise noise_{"bytes that are not a message"};
  Mono last_byte_{};
};

}  // namespace gridtap
