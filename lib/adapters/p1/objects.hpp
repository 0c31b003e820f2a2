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
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gridtap::p1 {

inline constexpr std::size_t max_line = 4096;

struct Field;  // fields.hpp

// What a line says of the telegram as a whole, or of its meter.
enum class Fact : std::uint8_t {
  none,
  time,
  id,
  firmware,
  belgian,
  lithuanian,
  total,     // of import, of all tariffs
  tariff_1,  // of import
  power,     // of import
  export_power
};

// A-B:C.D.E*F in the order in which four of them are one word, and what follows from it.
struct Code {
  std::uint8_t e = 0, d = 0, c = 0, a = 0, b = 0, f = 255;
  Fact fact = Fact::none;
};

// `code` as sent, but for a last part of 255; `groups` from the first bracket to the last; `first`
// what is in the first of them; `field` the row of the object, null where it has none.
struct Object : Code {
  std::string_view code, groups, first;
  const Field* field = nullptr;
};

// The five numbers of an OBIS code as one, to compare and to look up; channel B apart.
constexpr std::uint32_t packed(unsigned a, unsigned c, unsigned d, unsigned e) {
  return a << 24 | c << 16 | d << 8 | e;
}
inline std::uint32_t packed(const Code& code) { return packed(code.a, code.c, code.d, code.e); }

// What may hold a serial number: the codes by which it is found first (p1.md 5.1).
inline constexpr std::uint32_t id_codes[] = {packed(0, 96, 1, 0), packed(0, 96, 1, 1),
                                             packed(0, 42, 0, 0), packed(0, 96, 1, 255),
                                             packed(1, 0, 0, 0)};

// One whole line; false where it is not an OBIS code and groups.
bool parse_object(std::string_view line, Object& object);

// The lines of one telegram: views into it, or into Objects where a line was broken. All that is
// here is over with the telegram, and in memory that the next meter uses again.
struct Lines {
  static constexpr std::size_t max = 1024;

  explicit Lines(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : objects(memory), odd(memory) {}

  std::pmr::vector<Object> objects;
  std::pmr::vector<std::string_view> odd;
  std::size_t left_bytes = 0;  // of lines above `max`
};

// Takes the next group from the front of `groups`: the text between the brackets, of `((x))` one
// pair taken off. Nothing where there is no further group.
std::optional<std::string_view> take_group(std::string_view& groups);

// Splits telegrams into lines; what it keeps of one telegram makes the next of the meter cheap.
class Objects {
 public:
  // `body`: what follows the header line, up to and without the `!`. `lines` come empty, and are
  // valid until the next call.
  void split(std::string_view body, Lines& lines);

 private:
  // A code that stood at the same place of the telegram before, with its bracket: nearly all do,
  // every time. Compared as two words, of which a mask by `code_size` leaves what belongs to it.
  struct Known {
    std::array<std::uint64_t, 2> text{};
    Code code;
    std::uint8_t code_size : 4 = 0, shown_size : 4 = 0;
    const Field* field = nullptr;
  };

  bool take_whole_line(std::string_view& body, Lines& lines);
  const Known* known_code(std::string_view body, std::size_t place);
  std::string_view joined(std::string_view line, std::string_view next);

  std::vector<Known> known_;
  std::vector<std::unique_ptr<std::string>> joined_;  // used again in the next telegram
  std::size_t joined_count_ = 0, joined_size_ = 0;    // of this one
};

// Whether the text begins with an OBIS code and a bracket: such a line is complete by itself.
bool begins_object(std::string_view line);

}  // namespace gridtap::p1
