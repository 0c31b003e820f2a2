// Any bytes as a Modbus stream: the same frames however it is cut, and none of them is read beyond
// its end; a server makes an answer of whatever is a frame.

#include <algorithm>
#include <string>

#include "codec/modbus.hpp"
#include "fuzz/must.hpp"

using namespace gridtap;

namespace {

std::string frames_of(ByteView stream, std::size_t piece) {
  modbus::FrameReader reader;
  std::string said;
  modbus::Request request;
  while (!stream.empty()) {
    const std::size_t size = std::min(piece, stream.size());
    reader.add(stream.first(size));
    stream = stream.subspan(size);
    while (const auto frame = reader.next()) {
      if (!*frame) return said + "broken";
      said += to_hex((*frame)->data) + '/';
      request.transaction = (*frame)->transaction;
      request.unit = (*frame)->unit;
      request.count = static_cast<std::uint16_t>((*frame)->data.size() / 2 % 126);
      const auto answer = modbus::judge(**frame, request);
      must(answer.registers.size() % 2 == 0 &&
           answer.registers.size() <= 2 * modbus::most_registers);
      const auto asked = modbus::parse_request(**frame);
      must(asked.request.values.size() <= modbus::most_written);
    }
  }
  return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView stream(data + 1, size - 1);
  const std::string whole = frames_of(stream, size);
  must(frames_of(stream, 1 + data[0] % 16) == whole);
  return 0;
}
