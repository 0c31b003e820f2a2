#pragma once
// The page that a report's figures are put into (lib/history/report/), as pieces of text in the
// program. The build makes them.

#include <cstdint>
#include <span>
#include <string_view>

namespace gridtap::history {

struct ReportPiece {
  enum class Then : std::uint8_t { end, title, data };  // what is put behind it
  std::string_view text;
  Then then;
};
std::span<const ReportPiece> report_pieces();

}  // namespace gridtap::history
