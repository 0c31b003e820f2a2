#pragma once
// A small machine with GPIO chips that its kernel simulates (tests/in_vm), beside the broker of a
// World: the real daemon runs inside, and the lines are looked at from outside of it. The chips are
// `relays` (0) with 8 lines, and two more. GRIDTAP_VM_ROOT and GRIDTAP_VM_BINARY choose another
// Debian to run in, and the gridtap that was built there.

#include <string>
#include <vector>

#include "end_to_end/world.hpp"

namespace gridtap::end_to_end {

// How the kernel shows a line of chip 0.
struct KernelLine {
  std::string value;   // volts: 1 or 0
  std::string way;     // in or out
  std::string holder;  // "-": it is free
};

class Machine {
 public:
  // Boots. The world's broker is reached from inside, its directory is there, too.
  explicit Machine(World& world);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Runs shell text as root inside; what it prints.
  std::string shell(const std::string& text) const { return control({"exec", text}); }

  void start_gridtap(const std::string& relays);
  void signal_gridtap(const std::string& name) const;
  bool gridtap_runs() const;
  std::string log() const;  // of all gridtaps
  // `gridtap check --gpio` with the configuration of the last start.
  std::string check() const;

  KernelLine line(unsigned offset) const;
  void unplug_chip() const { control({"gpio-remove", "0"}); }
  void plug_chip() const { control({"gpio-add", "0"}); }
  // Another program takes the line, or gives it back.
  void hold(unsigned offset, bool held) const;
  // Begins to note every level that the kernel gives to a line: "1 0" of that line since then.
  void trace() const;
  std::string levels(unsigned offset) const;
  // SIGTERM to gridtap: how long it takes to be gone, by the kernel's clock. After trace().
  double seconds_to_end() const;

 private:
  std::string control(const std::vector<std::string>& words) const;
  unsigned first_line() const;

  World& world_;
  std::string program_, socket_;
  Process process_;
};

}  // namespace gridtap::end_to_end
