#pragma once
// A file of the page as it is built into the program, in both forms that browsers take.

#include <string_view>

namespace gridtap::web {

// Everything lives as long as the program.
struct PageFile {
  std::string_view path;           // "index.html", "icon.svg": what follows the `/`
  std::string_view type;           // "text/html; charset=utf-8"
  std::string_view plain, packed;  // packed: by gzip
  std::string_view etag;           // of the content: letters and digits, without quotes
};

}  // namespace gridtap::web
