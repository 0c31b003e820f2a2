#include "app/version.hpp"

namespace gridtap::app {
namespace {

#ifdef __clang__
constexpr std::string_view compiler = "Clang " __clang_version__;
#else
constexpr std::string_view compiler = "GCC " __VERSION__;
#endif

}  // namespace

std::string version_text() {
  std::string text = "gridtap " GRIDTAP_VERSION;
  if (!built_commit().empty()) (text += " (").append(built_commit()) += ')';
  text.append("\nbuilt by ").append(compiler).append(" with ").append(built_libraries());
  return text;
}

}  // namespace gridtap::app
