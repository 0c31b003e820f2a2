#pragma once
// What people write who know other programs: keys that gridtap calls by another name, and an
// address of the broker that is more than one. What is told shows no value: it may be a password.

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/section.hpp"

namespace gridtap::app {

std::span<const Slip> mqtt_slips();
std::span<const Slip> device_slips();
std::span<const Slip> relay_slips();
std::span<const Slip> home_assistant_slips();
std::span<const Slip> web_slips();
std::span<const Slip> web_tls_slips();
std::span<const Slip> serve_slips();

// Whether a slip for `instead` is in the section: it will be told there, and needs no other word.
bool has_slip_for(const Section& section, std::span<const Slip> slips, std::string_view instead);

// What is wrong with the broker's host; nothing where it is a name or an address alone.
std::optional<std::string> host_problem(std::string_view host);

}  // namespace gridtap::app
