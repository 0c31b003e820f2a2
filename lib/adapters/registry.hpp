#pragma once
// The one list of devices that gridtap knows.

#include <span>
#include <string_view>

#include "core/part.hpp"

namespace gridtap {

std::span<const AdapterKind* const> kinds();
const AdapterKind* find_kind(std::string_view name);

}  // namespace gridtap
