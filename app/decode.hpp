#pragma once
// `gridtap decode`: bytes from a file or standard input through an adapter to JSON lines. No time
// passes, unless the input is `--timed`: lines of `MS HEX`.

#include <string>
#include <vector>

#include "app/output.hpp"

namespace gridtap::app {

struct DecodeOptions {
  std::vector<std::string> words;  // ADAPTER and FILE; FILE alone with --config
  std::vector<std::string> sets;
  std::string config, device;
  bool timed = false;
  std::string start;
};
int decode(const DecodeOptions& options, Output& output);

}  // namespace gridtap::app
