#pragma once
// `gridtap report`: the history of a configuration as one HTML file, also while the daemon runs; or
// that of files that `import` would take over, on any computer.

#include <string>
#include <vector>

namespace gridtap::app {

struct ReportOptions {
  std::string config;
  std::vector<std::string> files;  // none: the history of the configuration
  std::string zone;                // of its days; empty: the house's, of files the host's
  std::string from, to;            // as of `gridtap export`; without: all that there is
  std::string file;
};
int report(const ReportOptions& options);

}  // namespace gridtap::app
