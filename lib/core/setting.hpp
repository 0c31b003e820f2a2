#pragma once
// The configuration as a tree of texts with their places, whoever wrote it: the YAML file or a
// `--set key=value`. Nothing is interpreted here; `Section` does that.

#include <string>
#include <string_view>
#include <vector>

namespace gridtap {

struct Place {
  int line = 0;  // from 1; 0: not from a file
  int column = 0;
};

struct Setting {
  struct Member;
  enum class Kind : unsigned char { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;          // of a scalar
  bool quoted = false;       // written with quotes: it is a text, whatever it looks like
  bool substituted = false;  // taken from the environment
  Place place;
  std::vector<Member> members;    // of a map, in order; of a list, keys empty
  std::vector<Place> key_places;  // of a map, beside members
  bool refused = false;  // a problem of it is reported already: it counts as missing from here on
};

struct Setting::Member {
  std::string key;
  Setting value;
};

// What is wrong with the configuration, in the order found.
struct Problem {
  Place place;
  std::string key;   // dotted: "devices.meter.line"
  std::string text;  // what is wrong and what helps
};
using Problems = std::vector<Problem>;

// "FILE:LINE:COLUMN: key: what is wrong"
std::string to_text(const Problem& problem, std::string_view file);

// The nearest of the known words, or empty where none is near enough to be meant.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace gridtap
