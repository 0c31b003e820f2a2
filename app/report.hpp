#pragma once
// `gridtap report`: the history of a configuration as one HTML file, also while the daemon runs.

#include <string>

namespace gridtap::app {

struct ReportOptions {
  std::string config;
  std::string from, to;  // as of `gridtap export`; without: all that there is
  std::string file;
};
int report(const ReportOptions& options);

}  // namespace gridtap::app
