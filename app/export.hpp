#pragma once
// `gridtap export`: the history of a configuration as CSV or lines of JSON, also while the daemon
// runs.

#include <string>
#include <vector>

#include "app/output.hpp"

namespace gridtap::app {

struct ExportOptions {
  std::string config;
  std::vector<std::string> series;  // none: all
  std::string from, to;             // without: from the first that there is, up to the last
  std::string step = "hour", format = "csv", decimal = "point";
  std::string file;  // empty or "-": standard output
};
int export_history(const ExportOptions& options, Output& output);

}  // namespace gridtap::app
