# The page of the report as C++ strings: the HTML with its style and scripts put in, without comments
# and indentation, cut where the title and the figures go.
#
#   cmake -DSOURCE=lib/history/report -DOUTPUT=report_page.cpp -P lib/history/report/embed.cmake

# A file of which lines that are comments, indentation and empty lines are left out.
function(read_small name file)
  file(READ ${SOURCE}/${file} text)
  string(REGEX REPLACE "\n[ ]*//[^\n]*" "" text "\n${text}")
  string(REGEX REPLACE "\n[ ]*/\\*[^*\n]*\\*/" "" text "${text}")
  string(REGEX REPLACE "\n[ \n]*" "\n" text "${text}")
  string(SUBSTRING "${text}" 1 -1 text)
  set(${name} "${text}" PARENT_SCOPE)
endfunction()

read_small(page report.html)
foreach(file style.css texts.js parts.js charts.js report.js)
  read_small(text ${file})
  string(REPLACE "{{${file}}}" "${text}" page "${page}")
endforeach()

# A string literal of C++ may be 65,536 characters long everywhere; these stay below it.
set(pieces "")
foreach(then title data)
  string(FIND "${page}" "{{${then}}}" at)
  string(LENGTH "{{${then}}}" length)
  string(SUBSTRING "${page}" 0 ${at} piece)
  math(EXPR behind "${at} + ${length}")
  string(SUBSTRING "${page}" ${behind} -1 page)
  string(APPEND pieces "    {R\"page(${piece})page\", ReportPiece::Then::${then}},\n")
endforeach()
string(APPEND pieces "    {R\"page(${page})page\", ReportPiece::Then::end},\n")
file(WRITE ${OUTPUT} "#include \"history/report_page.hpp\"

namespace gridtap::history {
namespace {

constexpr ReportPiece pieces[] = {
${pieces}};

}  // namespace

std::span<const ReportPiece> report_pieces() { return pieces; }

}  // namespace gridtap::history
")
