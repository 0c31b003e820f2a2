#pragma once
// The files of lib/web/page as they are built into the program. The source of this is made by
// lib/web/page/embed.cmake, which also says what is joined.

#include <span>

#include "web/page_file.hpp"

namespace gridtap::web {

std::span<const PageFile> page_files();

}  // namespace gridtap::web
