#pragma once
// Modbus over TCP (Modbus Messaging on TCP/IP 1.0b; Modbus Application Protocol 1.1b3): requests
// out, answers in, every field of an answer checked against what was asked.
//
//   00 07  00 00  00 0B  01  03  08  53 75 6E 53 00 01 00 42
//   │      │      │      │   │   │   └ registers, high byte first
//   │      │      │      │   │   bytes that follow
//   │      │      │      │   function; + 80h in an exception, which has its code here
//   │      │      │      unit behind the address
//   │      │      bytes from the unit on, 2 to 254
//   │      protocol, 0
//   transaction, ours

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace gridtap::modbus {

inline constexpr std::size_t most_registers = 125, most_written = 123;
inline constexpr std::size_t longest_frame = 260;

// Neighbouring registers.
struct Range {
  std::uint16_t address = 0, count = 0;

  constexpr unsigned end() const { return unsigned{address} + count; }  // behind the last one
  constexpr bool overlaps(const Range& other) const {
    return count > 0 && other.count > 0 && address < other.end() && other.address < end();
  }
  friend bool operator==(const Range&, const Range&) = default;
};

enum class Function : std::uint8_t {
  read_holding = 3,
  read_input = 4,
  write_single = 6,
  write_multiple = 16,
};

struct Request {
  std::uint16_t transaction = 0;
  std::uint8_t unit = 1;
  Function function = Function::read_holding;
  std::uint16_t address = 0;
  std::uint16_t count = 1;                 // of registers, also of a write
  std::vector<std::uint16_t> values = {};  // to be written

  bool writes() const { return function >= Function::write_single; }
};
// REQUIRES: count within the limits of the function; as many values, where it writes.
std::string encode(const Request& request);

// A frame of either direction; views into the bytes.
struct Frame {
  std::uint16_t transaction;
  std::uint8_t unit;
  std::uint8_t function;
  ByteView data;
};

// The whole frame that a stream begins with; empty while bytes of it are missing. An error: nothing
// in this stream can be trusted any more.
Result<ByteView> first_frame(ByteView stream);
// The fields of a whole frame.
Frame fields_of(ByteView frame);
// The same request or answer under another transaction.
std::string with_transaction(ByteView frame, std::uint16_t transaction);

// Takes frames out of a stream that arrives in any pieces.
class FrameReader {
 public:
  void add(ByteView bytes);
  // The next whole frame; it lives until the next call. An error: nothing in this stream can be
  // trusted any more, close the connection. Nothing: more bytes are needed.
  std::optional<Result<Frame>> next();
  void clear() { buffer_.clear(); }

 private:
  std::string buffer_;
  std::size_t taken_ = 0;
};

// What an answer is: registers (of a read), done (of a write), an exception, shorter (fewer
// registers than were asked for, in a sound frame: ask for less), late (of a request
// that is not waited for any more; wait on), or an error (close the connection).
struct Answer {
  enum class Kind : std::uint8_t { registers, done, exception, shorter, late, error };
  Kind kind;
  std::uint8_t exception = 0;
  ByteView registers = {};  // two bytes each
  std::string why = {};     // of an error
};
Answer judge(const Frame& frame, const Request& request);

// What an exception code means, for a person.
std::string_view exception_text(std::uint8_t code);

inline std::uint16_t register_at(ByteView registers, std::size_t index) {
  return static_cast<std::uint16_t>(registers[2 * index] << 8 | registers[2 * index + 1]);
}

// ---- the other end ------------------------------------------------------------------------------

// A request as a server reads it; an exception code if there is no such request.
struct Asked {
  Request request;
  std::uint8_t exception = 0;
};
Asked parse_request(const Frame& frame);
std::string encode_registers(const Request& request, std::span<const std::uint16_t> values);
std::string encode_done(const Request& request);
std::string encode_exception(const Request& request, std::uint8_t code);

}  // namespace gridtap::modbus
