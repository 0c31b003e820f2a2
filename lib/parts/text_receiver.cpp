#include "parts/text_receiver.hpp"

#include <algorithm>
#include <utility>

namespace gridtap {
namespace {

using Mode = TextSettings::Mode;
using Filter = TextSettings::Filter;

bool is_line_end(char c) { return c == '\r' || c == '\n'; }

bool passes(char c, Filter filter) {
  switch (filter) {
    case Filter::digits:
      return c >= '0' && c <= '9';
    case Filter::printable:
      return c >= ' ' && c <= '~';
    case Filter::none:
      break;
  }
  return true;
}

std::string filtered(std::string_view line, Filter filter) {
  std::string out;
  std::copy_if(line.begin(), line.end(), std::back_inserter(out),
               [&](char c) { return passes(c, filter); });
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!out.empty() && is_blank(out.back())) out.pop_back();
  out.erase(out.begin(), std::find_if_not(out.begin(), out.end(), is_blank));
  return out;
}

}  // namespace

void TextReceiver::bytes(ByteView bytes, Now now, Effects& effects) {
  last_byte_ = now.mono;
  const bool unexpected = !settings_.prefixed && !settings_.with_packets.empty();
  if (unexpected && packets_.bytes(bytes, now.mono)) {
    effects(Diagnosis{Cause::noise, settings_.with_packets});
  }
  for (const std::uint8_t byte : bytes) take(static_cast<char>(byte), now, effects);
}

void TextReceiver::take(char byte, Now now, Effects& effects) {
  if (settings_.prefixed) return take_packet(byte, now, effects);
  switch (settings_.mode) {
    case Mode::frame:
      return take_framed(byte, now, effects);
    case Mode::line:
      return take_line(byte, now, effects);
    case Mode::regex:
      return take_window(byte, now, effects);
  }
}

void TextReceiver::take_framed(char byte, Now now, Effects& effects) {
  if (frames_->begins(byte)) noise_.add(std::exchange(text_, {}).size(), effects);
  const auto done = frames_->take(byte);
  text_ += byte;
  if (frames_->in_frame()) return;
  const std::string frame = std::exchange(text_, {});
  if (!done)
    return is_line_end(byte) && frame.size() == 1 ? void() : noise_.add(frame.size(), effects);
  if (!*done) return drop(done->error(), frame.size(), effects);
  noise_.report(effects);
  events_.on_payload(**done, {frame.size(), as_bytes(frame)}, now, effects);
}

void TextReceiver::take_line(char byte, Now now, Effects& effects) {
  if (!is_line_end(byte)) {
    if (line_bytes_++ < settings_.max_len) text_ += byte;
    return;
  }
  // Of CR LF the LF is still to come.
  std::string line = std::exchange(text_, {});
  const std::size_t size = line.size();
  line += byte == '\r' ? "\r\n" : "\n";
  end_line(std::string_view(line).substr(0, size), {std::exchange(line_bytes_, 0), as_bytes(line)},
           now, effects);
}

void TextReceiver::end_line(std::string_view line, const Received& received, Now now,
                            Effects& effects) {
  const std::size_t bytes = received.bytes;
  if (bytes == 0) return;
  if (bytes > settings_.max_len) {
    const std::string most = std::to_string(settings_.max_len);
    return drop({Fault::overlong, "a line of more than " + most + " bytes"}, bytes, effects);
  }
  const std::string text = filtered(line, settings_.filter);
  if (text.empty()) return noise_.add(bytes, effects);
  const Pattern::Group whole{"value", text};
  if (!settings_.pattern) return values({&whole, 1}, received, now, effects);
  const auto match = settings_.pattern->match_whole(text);
  if (!match) return missed(text, bytes, effects);
  missed_ = 0;
  values(match->groups.empty() ? std::span(&whole, 1) : std::span(match->groups), received, now,
         effects);
}

// A clean line that the pattern does not fit is no noise: the user should see it.
void TextReceiver::missed(std::string_view text, std::size_t bytes, Effects& effects) {
  if (text.size() < shortest_line || text.size() != bytes) return noise_.add(bytes, effects);
  const std::string why = "the pattern does not fit \"" + std::string(text) + '"';
  drop({Fault::bad_syntax, why}, bytes, effects);
  if (++missed_ == lines_to_tell) effects(Diagnosis{Cause::pattern, "lines arrive, and " + why});
}

void TextReceiver::take_window(char byte, Now now, Effects& effects) {
  text_ += byte;
  if (text_.size() > settings_.window) {
    text_.erase(0, 1);
    noise_.add(1, effects);
  }
  const auto match = settings_.pattern->search(text_);
  if (!match || match->end == match->begin) return;
  noise_.add(match->begin, effects);
  const std::size_t bytes = match->end - match->begin;
  values(match->groups, {bytes, as_bytes(text_).subspan(match->begin, bytes)}, now, effects);
  text_.erase(0, match->end);
}

void TextReceiver::take_packet(char byte, Now now, Effects& effects) {
  if (packet_size_ == 0) {
    const auto before = std::exchange(empty_packet_at_, std::nullopt);
    if (before && now.mono < *before + settings_.idle) no_packet(effects);
    const std::size_t size = static_cast<unsigned char>(byte);
    if (size == 0 || size > longest_packet) return noise_.add(1, effects);
    packet_size_ = size;
  }
  text_ += byte;
  if (text_.size() == 1 + packet_size_) end_packet(now, effects);
}

// The pause behind a packet belongs to it: what has none was no packet.
void TextReceiver::end_packet(Now now, Effects& effects) {
  const std::string whole = std::exchange(text_, {});
  const std::string_view packet = std::string_view(whole).substr(1);
  packet_size_ = 0;
  const Received received{whole.size(), as_bytes(whole)};
  if (settings_.mode == Mode::line) {
    return end_line(packet, {packet.size(), received.raw}, now, effects);
  }
  if (read_packet(packet, received, now, effects)) {
    no_packets_ = -1;
  } else {
    empty_packet_at_ = now.mono;
  }
}

// What is in a packet: one frame, or what the pattern finds. Returns whether it is a message.
bool TextReceiver::read_packet(std::string_view packet, const Received& received, Now now,
                               Effects& effects) {
  if (settings_.mode == Mode::regex) {
    const auto match = settings_.pattern->search(packet);
    if (match) values(match->groups, received, now, effects);
    if (match) return true;
  }
  if (settings_.mode == Mode::frame) frames_->reset();
  for (const char c : packet) {
    if (settings_.mode != Mode::frame) break;
    const auto done = frames_->take(c);
    if (!done) continue;
    if (!*done) {
      drop(done->error(), received.bytes, effects);
      return false;
    }
    noise_.report(effects);
    events_.on_payload(**done, received, now, effects);
    return true;
  }
  drop({Fault::bad_syntax, "a packet without a message"}, received.bytes, effects);
  return false;
}

// Random bytes, read as lengths and packets, bring nothing for ever.
void TextReceiver::no_packet(Effects& effects) {
  if (no_packets_ < 0 || settings_.without_packets.empty()) return;
  if (++no_packets_ == packets_to_tell) {
    effects(Diagnosis{Cause::noise, settings_.without_packets});
  }
}

void TextReceiver::values(std::span<const Pattern::Group> values, const Received& received, Now now,
                          Effects& effects) {
  noise_.report(effects);
  events_.on_values(values, received, now, effects);
}

// ---- silence ------------------------------------------------------------------------------------

Mono TextReceiver::next_wake() const {
  const bool waits = packet_size_ > 0 || (settings_.mode == Mode::line && line_bytes_ > 0);
  return waits ? last_byte_ + settings_.idle : Mono::max();
}

void TextReceiver::wake(Now now, Effects& effects) {
  if (next_wake() <= now.mono) fall_silent(now, effects);
}

void TextReceiver::fall_silent(Now now, Effects& effects) {
  const std::string text = std::exchange(text_, {});
  if (const std::size_t size = std::exchange(packet_size_, 0); size > 0) {
    drop({Fault::truncated, "a packet that was cut"}, text.size(), effects);
    no_packet(effects);
  } else if (settings_.mode == Mode::line) {
    end_line(text, {std::exchange(line_bytes_, 0), as_bytes(text)}, now, effects);
  } else {
    noise_.add(text.size(), effects);
  }
}

void TextReceiver::close(Now now, Effects& effects) {
  if (frames_) frames_->reset();
  fall_silent(now, effects);
  noise_.report(effects);
  packets_.forget();
}

bool TextReceiver::busy(Mono now) const {
  const bool within = settings_.prefixed ? packet_size_ > 0 : frames_ && frames_->in_frame();
  return within && now < last_byte_ + settings_.idle;
}

// ---- what is no message -------------------------------------------------------------------------

void TextReceiver::drop(Error error, std::size_t bytes, Effects& effects) {
  noise_.report(effects);
  effects(Dropped{std::move(error), bytes});
}

}  // namespace gridtap
