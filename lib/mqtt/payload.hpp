#pragma once
// Payloads of all messages except discovery: pure builders.

#include <string>
#include <string_view>

#include "core/value.hpp"

namespace gridtap::mqtt {

// Appends what a state topic shows, as core's append does, made fit for Home Assistant: no bad
// UTF-8, no control characters, at most model::max_text bytes, never empty.
void append_payload(std::string& out, const Value& value);

// {"command":"on","reason":"ON or OFF is wanted"}: the command as text, cut at 80 characters.
std::string rejected_payload(std::string_view command, std::string_view reason);

}  // namespace gridtap::mqtt
