#include "codec/modbus.hpp"

#include <algorithm>

namespace gridtap::modbus {
namespace {

constexpr std::size_t head_bytes = 6;
constexpr std::size_t shortest_rest = 2, longest_rest = 254;
constexpr std::uint8_t exception_bit = 0x80;
constexpr std::uint8_t illegal_function = 1, illegal_value = 3;

void put(std::string& out, unsigned value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value & 0xFF);
}

std::string framed(const Request& request, unsigned function, std::string_view data) {
  std::string out;
  put(out, request.transaction);
  put(out, 0);
  put(out, static_cast<unsigned>(data.size() + 2));
  out += static_cast<char>(request.unit);
  out += static_cast<char>(function);
  return out.append(data);
}

void put_values(std::string& out, std::span<const std::uint16_t> values) {
  out += static_cast<char>(2 * values.size());
  for (const std::uint16_t value : values) put(out, value);
}

Answer wrong(std::string why) { return {Answer::Kind::error, 0, {}, std::move(why)}; }

Answer judge_read(ByteView data, const Request& request) {
  const std::size_t bytes = 2U * request.count;
  const bool whole = !data.empty() && data.size() == data[0] + 1U && data[0] % 2 == 0;
  if (whole && data[0] < bytes) return {Answer::Kind::shorter};
  if (!whole || data[0] != bytes) return wrong("a wrong number of registers");
  return {Answer::Kind::registers, 0, data.subspan(1)};
}

Answer judge_write(ByteView data, const Request& request) {
  Cursor cursor(data);
  const auto address = cursor.u16(), second = cursor.u16();
  const bool single = request.function == Function::write_single;
  const std::uint16_t wanted = single ? request.values[0] : request.count;
  if (address != request.address || second != wanted || !cursor.empty()) {
    return wrong("an answer to another write");
  }
  return {Answer::Kind::done};
}

}  // namespace

std::string encode(const Request& request) {
  std::string data;
  put(data, request.address);
  switch (request.function) {
    case Function::read_holding:
    case Function::read_input:
      put(data, request.count);
      break;
    case Function::write_single:
      put(data, request.values[0]);
      break;
    case Function::write_multiple:
      put(data, request.count);
      put_values(data, request.values);
      break;
  }
  return framed(request, static_cast<unsigned>(request.function), data);
}

Result<ByteView> first_frame(ByteView stream) {
  Cursor cursor(stream);
  (void)cursor.u16();  // the transaction, any
  const auto protocol = cursor.u16(), length = cursor.u16();
  if (!length) return ByteView{};
  if (*protocol != 0) return failed(Fault::bad_syntax, "no Modbus: protocol is not 0");
  if (*length < shortest_rest || *length > longest_rest) {
    return failed(Fault::bad_syntax, "a frame of impossible length");
  }
  const std::size_t size = head_bytes + *length;
  return stream.first(stream.size() < size ? 0 : size);
}

Frame fields_of(ByteView frame) {
  const auto transaction = static_cast<std::uint16_t>(frame[0] << 8 | frame[1]);
  return {transaction, frame[head_bytes], frame[head_bytes + 1], frame.subspan(head_bytes + 2)};
}

std::string with_transaction(ByteView frame, std::uint16_t transaction) {
  std::string out;
  put(out, transaction);
  return out.append(as_text(frame.subspan(2)));
}

// What was handed out is dropped first: the buffer holds a frame, and what came behind it.
void FrameReader::add(ByteView bytes) {
  buffer_.erase(0, taken_);
  taken_ = 0;
  buffer_.append(as_text(bytes));
}

std::optional<Result<Frame>> FrameReader::next() {
  const auto frame = first_frame(as_bytes(buffer_).subspan(taken_));
  if (!frame) return tl::unexpected<Error>(frame.error());
  if (frame->empty()) return {};
  taken_ += frame->size();
  return fields_of(*frame);
}

Answer judge(const Frame& frame, const Request& request) {
  if (frame.transaction != request.transaction) return {Answer::Kind::late};
  if (frame.unit != request.unit) return wrong("an answer from another unit");
  const auto function = static_cast<std::uint8_t>(request.function);
  if (frame.function == (function | exception_bit)) {
    if (frame.data.size() != 1) return wrong("an exception without a code");
    return {Answer::Kind::exception, frame.data[0]};
  }
  if (frame.function != function) return wrong("an answer to another function");
  return request.writes() ? judge_write(frame.data, request) : judge_read(frame.data, request);
}

std::string_view exception_text(std::uint8_t code) {
  switch (code) {
    case 1:
      return "it does not know the function";
    case 2:
      return "there is no such register";
    case 3:
      return "it does not accept this value or count";
    case 4:
      return "it has failed";
    case 5:
    case 6:
      return "it is busy";
    case 8:
      return "its memory has failed";
    case 10:
      return "the gateway has no path to the unit";
    case 11:
      return "the unit behind the gateway does not answer";
    default:
      return "an unknown exception";
  }
}

Asked parse_request(const Frame& frame) {
  Asked asked;
  Request& request = asked.request;
  request.transaction = frame.transaction;
  request.unit = frame.unit;
  request.function = static_cast<Function>(frame.function);
  Cursor cursor(frame.data);
  const auto address = cursor.u16(), second = cursor.u16();
  request.address = address.value_or(0);
  asked.exception = second ? 0 : illegal_value;
  switch (request.function) {
    case Function::read_holding:
    case Function::read_input:
      request.count = second.value_or(0);
      if (request.count == 0 || request.count > most_registers) asked.exception = illegal_value;
      break;
    case Function::write_single:
      request.values = {second.value_or(0)};
      break;
    case Function::write_multiple:
      request.count = second.value_or(0);
      if (request.count == 0 || request.count > most_written || cursor.u8() != 2 * request.count ||
          cursor.rest().size() != 2U * request.count) {
        asked.exception = illegal_value;
      } else {
        while (const auto value = cursor.u16()) request.values.push_back(*value);
      }
      break;
    default:
      asked.exception = illegal_function;
  }
  return asked;
}

std::string encode_registers(const Request& request, std::span<const std::uint16_t> values) {
  std::string data;
  put_values(data, values);
  return framed(request, static_cast<unsigned>(request.function), data);
}

std::string encode_done(const Request& request) {
  std::string data;
  put(data, request.address);
  put(data, request.function == Function::write_single ? request.values[0] : request.count);
  return framed(request, static_cast<unsigned>(request.function), data);
}

std::string encode_exception(const Request& request, std::uint8_t code) {
  const char text = static_cast<char>(code);
  return framed(request, static_cast<unsigned>(request.function) | exception_bit, {&text, 1});
}

}  // namespace gridtap::modbus
