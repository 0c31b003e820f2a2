#pragma once
// The object lines of a telegram (p1.md 4.1; P1 Companion Standard 5.0.2, 5.2 and IEC 62056-61):
//
//   1-0:1.8.1(002130.115*kWh)                        code A-B:C.D.E, then groups in brackets
//   0-1:24.2.1(200426223001S)(00246.138*m3)
//   0-0:96.13.0()
//
// A line may be broken behind a bracket or inside a value; it is joined again. An odd line costs
// itself and nothing else.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gridtap::p1 {

inline constexpr std::size_t max_line = 4096;

// `code` as sent; `groups` from the first bracket to the last; `first` what is in the first of
// them.
struct Object {
  std::uint8_t a = 0, b = 0, c = 0, d = 0, e = 0, f = 255;
  std::uint32_t id = 0;  // packed(a, c, d, e)
  std::string_view code, groups, first;
};

// The five numbers of an OBIS code as one, to compare and to look up; channel B apart.
constexpr std::uint32_t packed(unsigned a, unsigned c, unsigned d, unsigned e) {
  return a << 24 | c << 16 | d << 8 | e;
}
inline std::uint32_t packed(const Object& object) { return object.id; }

// One whole line; false where it is not an OBIS code and groups.
bool parse_object(std::string_view line, Object& object);

// Takes the next group from the front of `groups`: the text between the brackets, of `((x))` one
// pair taken off. Nothing where there is no further group.
std::optional<std::string_view> take_group(std::string_view& groups);

// The lines of one telegram. Views into the telegram, or into `joined_` where a line was broken.
class Objects {
 public:
  static constexpr std::size_t max_objects = 1024;

  // `body`: what follows the header line, up to and without the `!`.
  void split(std::string_view body);

  const std::vector<Object>& all() const { return objects_; }
  const std::vector<std::string_view>& odd() const { return odd_; }
  std::size_t left_bytes() const { return left_bytes_; }  // of lines above max_objects

 private:
  // A code that stood at the same place of the telegram before, with its bracket: nearly all do,
  // every time. Compared as two words, of which a mask by `code_size` leaves what belongs to it.
  struct Known {
    std::array<std::uint64_t, 2> text{};
    std::uint32_t id = 0;  // of the Object, with its channel
    std::uint8_t b = 0, code_size = 0;
    Object numbers() const;
  };

  bool take_whole_line(std::string_view& body);
  const Known* known_code(std::string_view body);
  void take(std::string_view line);
  std::string_view joined(std::string_view line, std::string_view next);

  std::vector<Object> objects_;
  std::vector<std::string_view> odd_;
  std::vector<Known> known_;
  std::vector<std::unique_ptr<std::string>> joined_;  // used again in the next telegram
  std::size_t joined_count_ = 0, joined_size_ = 0;    // of this one
  std::size_t left_bytes_ = 0;
};

// Whether the text begins with an OBIS code and a bracket: such a line stands for itself.
bool begins_object(std::string_view line);

}  // namespace gridtap::p1
