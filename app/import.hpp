#pragma once
// `gridtap import`: tables that `export` wrote, our own day files, and those of the program before,
// become part of the history. All of it or nothing, and the same files twice change nothing.

#include <string>
#include <vector>

#include "app/output.hpp"

namespace gridtap::app {

struct ImportOptions {
  std::string config;
  std::string device;    // of day files; without: the directory of our own, or the only HAN meter
  std::string zone;      // of the clock of that meter; without: the house's
  std::string from, to;  // as of `gridtap export`; without: all of the files
  std::vector<std::string> files;
};
int import_history(const ImportOptions& options, Output& output);

}  // namespace gridtap::app
