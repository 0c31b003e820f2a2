#pragma once
// A file of the page as it is built into the program: packed by gzip, which every browser takes.

#include <string_view>

namespace gridtap::web {

// Everything lives as long as the program.
struct PageFile {
  std::string_view path;    // "index.html", "icon.svg": what follows the `/`
  std::string_view type;    // "text/html; charset=utf-8"
  std::string_view packed;  // by gzip
  std::string_view etag;    // of the content: letters and digits, without quotes
};

}  // namespace gridtap::web
