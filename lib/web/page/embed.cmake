# The files of the page as C++ arrays, packed by gzip, with the tag that a browser asks with.
# Run at each build that finds one of them changed; CMake packs them itself, so no other program is
# needed and a cross build does the same.
#
#   cmake -DSOURCE=lib/web/page -DOUTPUT=page_files.cpp -P lib/web/page/embed.cmake

# What is served: the path, and the files it is joined from.
set(SERVED index.html|index.html style.css|vendor/uplot.css|style.css app.js|app.js live.js|live.js
           parts.js|parts.js chart.js|vendor/uplot.js|chart.js history.js|history.js bars.js|bars.js icon.svg|icon.svg
           icon.png|icon.png manifest.json|manifest.json)
set(type_html "text/html; charset=utf-8")
set(type_css "text/css; charset=utf-8")
set(type_js "text/javascript; charset=utf-8")
set(type_svg "image/svg+xml")
set(type_png "image/png")
set(type_json "application/manifest+json")

# Sets `name` to the packed file's bytes as a list of char literals. The time in gzip's header (bytes 4 to 7) is none, so that equal files are equal.
function(packed_literals name file)
  file(ARCHIVE_CREATE OUTPUT ${file}.gz PATHS ${file} FORMAT raw COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(READ ${file}.gz bytes HEX)
  string(SUBSTRING "${bytes}" 0 8 head)
  string(SUBSTRING "${bytes}" 16 -1 rest)
  set(bytes "${head}00000000${rest}")
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  set(${name} "${bytes}" PARENT_SCOPE)
endfunction()

set(work ${OUTPUT}.work)
file(REMOVE_RECURSE ${work})
set(arrays "")
set(rows "")
set(number 0)
foreach(served IN LISTS SERVED)
  string(REPLACE "|" ";" parts ${served})
  list(POP_FRONT parts path)
  list(TRANSFORM parts PREPEND ${SOURCE}/)
  string(REGEX REPLACE ".*[.]" "" ending ${path})
  file(MAKE_DIRECTORY ${work})
  execute_process(COMMAND ${CMAKE_COMMAND} -E cat ${parts} OUTPUT_FILE ${work}/${path}
                  COMMAND_ERROR_IS_FATAL ANY)
  packed_literals(packed ${work}/${path})
  file(SHA256 ${work}/${path} tag)
  string(SUBSTRING ${tag} 0 16 tag)
  string(APPEND arrays "constexpr char packed_${number}[] = {${packed}};\n")
  string(APPEND rows "    {\"${path}\", \"${type_${ending}}\",\n"
                     "     {packed_${number}, sizeof packed_${number}}, \"${tag}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(REMOVE_RECURSE ${work})
file(WRITE ${OUTPUT} "#include \"web/page_files.hpp\"

namespace gridtap::web {
namespace {

${arrays}
constexpr PageFile files[] = {
${rows}};

}  // namespace

std::span<const PageFile> page_files() { return files; }

}  // namespace gridtap::web
")
