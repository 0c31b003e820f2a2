#pragma once
// The sign of life of a running gridtap: the file `alive` in its state directory, which the loop
// writes and `gridtap health` reads.
//
//   00000000000012345678    milliseconds of the machine's steady clock
//
// No time of day: a Raspberry Pi starts with a wrong one. No id of the boot either: in a container
// its processes need not see the same. One that is older than the machine's start shows by a time
// that is still to come. Where the service manager gives a directory in memory the file is there
// and `alive` a link to it: the 8,640 writes a day spare the SD card then.

#include <chrono>
#include <string>

#include "core/value.hpp"

namespace gridtap::io {

class SignOfLife {
 public:
  static constexpr std::chrono::seconds period{10};    // how often it is written
  static constexpr std::chrono::seconds patience{30};  // older ones do not count

  // `runtime`: that directory in memory, or empty. A directory that cannot be written has no sign
  // of life, which `health` then says.
  SignOfLife(const std::string& directory, const std::string& runtime);
  ~SignOfLife();  // the file goes: an orderly end shows at once
  SignOfLife(const SignOfLife&) = delete;
  SignOfLife& operator=(const SignOfLife&) = delete;

  void write(Mono now) const;

 private:
  std::string link_, file_;
};

// Why no gridtap lives with this state directory, or empty where one does.
std::string no_life(const std::string& directory, Mono now);

}  // namespace gridtap::io
