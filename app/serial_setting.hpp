#pragma once
// The line setting of a serial port as the configuration has it: "115200 8N1".

#include <string_view>

#include "core/part.hpp"
#include "core/result.hpp"

namespace gridtap::app {

// Speed, one space, bits, parity and stop bits; the parity in capital or small letters. An error
// says what to write instead, and shows nothing of another form than a setting.
Result<SerialSettings> parse_serial(std::string_view text);

}  // namespace gridtap::app
