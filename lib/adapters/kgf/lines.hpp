#pragma once
// The codec of the KG-F: lines of ASCII on an RS485 pair (kgf.md 2). A display or a gateway asks, a
// meter answers:
//
//   :R50=1,2,1,                                                              read 50 of address 1
//   :r50=1,220,5366,5410,416983,289634,1427701,88851,128,0,0,1,3,4277,CR LF
//    │ │  │  │   └ data: non-negative integers, each followed by a comma
//    │ │  │  checksum: the sum of the data mod 255, plus 1; 0: not verified
//    │ │  address 1 to 99
//    │ what; 00 identity, 50 measurements, 51 settings
//    R read, W write; in small letters the answer

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "parts/noise.hpp"

namespace gridtap::kgf {

inline constexpr std::size_t longest_line = 256;
inline constexpr std::size_t most_fields =
    32;  // a KH-F sends 26; what follows counts in the sum only
inline constexpr int r_identity = 0, r_measurements = 50, r_settings = 51;
// Settings of a KG-F; of the more that a KH-F sends those up to the current ratio are the same.
inline constexpr std::size_t settings_of_kg = 17, settings_shared = 15;
inline constexpr std::size_t fields_of_kg = 12, fields_of_kh = 14;  // of the measurements

struct Answer {
  bool write = false;  // to a write: `number` identifies it, nothing else in it is trusted
  int number = 0, address = 0;
  std::array<std::int64_t, most_fields> values{};
  std::size_t count = 0;

  std::span<const std::int64_t> fields() const { return {values.data(), count}; }
};

// Of a line without its end. Nothing: a request, or an answer of address 0, which no meter has.
Result<std::optional<Answer>> parse_line(std::string_view line);

// ":R50=1,2,1," and ":W28=1,216,2000,", with their line ends.
std::string read_request(int number, int address);
std::string write_request(int number, int address, std::int64_t value);
// An answer, as simulators and tests need it: ":r00=1,217,2140,110,6,".
std::string answer_line(char letter, int number, int address, std::span<const std::int64_t> values);

// Finds lines in a stream: ':' always starts one, CR or LF ends it.
class LineReader {
 public:
  enum class Kind : std::uint8_t { line, cut, overlong, noise };
  // `text`: of a line or a cut one, without its end, which `raw` has; both live until the next
  // call.
  struct Piece {
    Kind kind;
    std::string_view text;
    std::size_t bytes;
    std::string_view raw = {};
  };
  // The next piece that is whole; takes its bytes. Nothing: more are needed.
  std::optional<Piece> next(ByteView& bytes);
  // What is left at the end of the input.
  std::optional<Piece> end();

 private:
  Piece line_ended(char by);
  std::optional<Piece> flush();

  std::string line_, given_;
  std::size_t stray_ = 0;  // bytes outside lines
  bool overlong_ = false;  // they are of a line of text that did not end
};

}  // namespace gridtap::kgf
