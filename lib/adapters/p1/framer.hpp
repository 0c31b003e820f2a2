#pragma once
// Finds telegrams in a stream of bytes, by content (p1.md 3):
//
//   /ISK5\2M550T-1012 CRLF CRLF 1-3:0.2.8(50) CRLF ... !56DD CRLF
//   |header                     |objects               |CRC-16/ARC from / to !, both included
//
// A `/` or a `!` may be part of a text or of noise: several starts are candidates, and the checksum
// decides. Without a checksum (DSMR 2.2, 3.0) the form decides, strictly. Offsets count from the
// beginning of the stream. Only an accepted frame uses up its bytes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/p1/objects.hpp"
#include "core/bytes.hpp"
#include "core/result.hpp"

namespace gridtap::p1 {

// Which checksum is tried: both, one of them, or none (then the form decides, as in DSMR 2).
enum class Checksum : std::uint8_t { automatic, arc, x25, none };

struct FramerSettings {
  bool accept_missing_crc = false;
  bool seven_bit = false;  // bit 7 is parity: taken off, and checked where no checksum is
  Checksum checksum = Checksum::automatic;
};

// One end of a frame: a telegram, or why there is none. `text` is from the `/` up to and without
// the `!` (with CR LF line ends where they were put back); it lives until the next call.
struct Found {
  std::size_t begin = 0, end = 0;
  std::optional<Error> error;
  std::string_view text;
  bool checked = false, repaired = false;
  bool x25 = false;  // it is CRC-16/X-25 that fits, as of Hungarian meters
};

class Framer {
 public:
  static constexpr std::size_t cap = 8192;           // the longest telegram
  static constexpr std::size_t max_candidates = 32;  // starts kept at once
  static constexpr std::size_t max_headers = 16;     // remembered as having come with a checksum
  static constexpr std::size_t shortest = 3;         // object lines of a telegram without checksum

  explicit Framer(FramerSettings settings) : settings_(settings) {}

  void reset();  // another stream begins
  void append(ByteView bytes);

  // The next end that can be decided with the bytes before `limit`. `silent`: nothing follows soon.
  std::optional<Found> next(std::size_t limit, bool silent);
  // Whether an end waits for a byte, or for silence.
  bool undecided() const { return undecided_; }

  // Bytes before `offset` are used, or given up: no frame begins there.
  void use(std::size_t offset);
  // Between two telegrams: a meter that waits for its next one keeps little memory for it. The text
  // of the newest is over.
  void give_back();
  std::size_t used() const { return base_ + used_; }
  std::size_t size() const { return base_ + text_.size(); }  // of the stream so far
  // The bytes as they came (with bit 7), from used() on.
  ByteView waiting() const;
  // The bytes of a frame as they came. REQUIRES: next() has just found it.
  ByteView bytes(std::size_t begin, std::size_t end) const;
  // The same of a telegram with the line end that belongs behind it, which may still be under way:
  // it is the one of the header. Valid until the next call.
  ByteView with_line_end(std::size_t begin, std::size_t end);
  // The newest start of a telegram at or behind `offset`.
  std::optional<std::size_t> newest_start(std::size_t offset) const;
  // Whether a telegram may begin at the start of a line in that range.
  bool has_start(std::size_t from, std::size_t to) const;
  // Whether the range has the form of a telegram, whatever its checksum: a header, and lines that
  // are objects. Such a form proves speed and format of the line.
  bool looks_whole(std::size_t from, std::size_t to);
  // Bytes in the range that are neither NUL nor line end.
  std::size_t count_noise(std::size_t from, std::size_t to) const;

 private:
  struct Candidate {
    std::size_t at;
    bool line_start;
    std::size_t crc_until, repaired_until;
    std::uint16_t crc, repaired;
  };
  struct Digits {
    std::size_t count = 0;
    std::uint16_t value = 0;
  };

  Digits digits_behind(std::size_t bang) const;
  bool may_follow(std::size_t at, bool silent) const;
  void find_candidates(std::size_t until);
  void forget_candidate();
  std::optional<Found> by_checksum(std::size_t bang, const Digits& digits);
  std::optional<Found> by_form(std::size_t bang, const Digits& digits);
  std::optional<Found> mismatch(std::size_t bang, const Digits& digits);
  std::optional<Found> without_checksum(std::size_t bang, const Digits& digits);
  std::optional<std::size_t> header_of(std::size_t bang) const;
  std::optional<Error> judge_lines(std::size_t begin, std::size_t bang);
  bool checksum_is_due(std::string_view header, const Lines& lines) const;
  Found accept(const Candidate& candidate, std::size_t bang, const Digits& digits, bool repaired);
  void advance(Candidate& candidate, std::size_t until);
  void advance_repaired(Candidate& candidate, std::size_t until);
  std::optional<Found> by_x25(std::size_t bang, const Digits& digits);
  void remember(std::string_view header);
  void forget_front();
  void moved_by(std::size_t gone);
  std::size_t line_end(std::size_t from, std::size_t until) const;
  std::size_t line_begin(std::size_t from) const;

  // Indices below are into text_; base_ is the offset of its first byte in the stream.
  FramerSettings settings_;
  std::string text_, raw_, repaired_text_, ended_;
  std::size_t base_ = 0, used_ = 0, scan_ = 0, slash_scan_ = 0, form_end_ = 0;
  bool undecided_ = false;
  std::vector<Candidate> candidates_;
  std::vector<std::size_t> headers_;
  std::size_t next_header_ = 0;
  Objects objects_;
};

// The first line of a telegram, without its end; the objects follow it.
std::string_view header_of(std::string_view telegram);

}  // namespace gridtap::p1
