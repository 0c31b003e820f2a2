#pragma once
// Slips of the pen that make YAML unreadable somewhere behind them: a quote that is never closed, a
// space that is missing, a line in a column of its own. Looked for only where reading has failed,
// as each of them may be right elsewhere.

#include <optional>
#include <string_view>

#include "core/setting.hpp"

namespace gridtap::config {

// Lines of a map whose colon has no space behind it: reading would take them for a part of the
// value above, and show a password with it.
Problems joined_lines(std::string_view text);

// The slip that explains why `text` cannot be read at `line` (from 1), at the place where it was
// made; nothing where no known one does.
std::optional<Problem> yaml_slip(std::string_view text, int line);

}  // namespace gridtap::config
