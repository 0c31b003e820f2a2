# What `gridtap --version` tells, as a source file: the commit and the libraries of this build. Run
# at each build (cmake -DSOURCE=... -DOUTPUT=... -DLIBRARIES=... -P); the file is written only when
# it changes, so that nothing is compiled again. Without git or .git, as in a tarball, the commit is
# empty.
set(commit "")
if(EXISTS "${SOURCE}/.git")
  execute_process(COMMAND git -C "${SOURCE}" describe --tags --always --dirty
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(failed)
    set(commit "")
  endif()
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[
#include "app/version.hpp"

namespace gridtap::app {

std::string_view built_commit() { return "@commit@"; }
std::string_view built_libraries() { return "@LIBRARIES@"; }

}  // namespace gridtap::app
]] @ONLY)
