#pragma once
// A GPIO chip that the kernel simulates (gpio-sim), as the kernel itself shows it: the level of a
// line, who holds it, every level that it ever had. Chips 0, 1, ... are made by tests/in_vm. A chip
// is unplugged and plugged in again. Needs root, configfs and debugfs.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

namespace gridtap::gpio {

inline std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}
inline std::string word_of(const std::string& path) {
  std::string word;
  std::ifstream(path) >> word;
  return word;
}
inline void write(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  REQUIRE_MESSAGE(file.good(), path);
}

class KernelChip {
 public:
  explicit KernelChip(int number)
      : config_("/sys/kernel/config/gpio-sim/chip" + std::to_string(number)) {
    REQUIRE_MESSAGE(std::filesystem::exists(config_),
                    "no gpio-sim chip: this program is run by tests/in_vm");
    plug(true);
  }
  ~KernelChip() { std::ofstream(config_ + "/live") << 1; }
  KernelChip(const KernelChip&) = delete;
  KernelChip& operator=(const KernelChip&) = delete;

  void plug(bool in) const {
    if ((word_of(config_ + "/live") == "1") != in) write(config_ + "/live", in ? "1" : "0");
  }
  std::string name() const { return word_of(config_ + "/b/chip_name"); }
  std::string path() const { return "/dev/" + name(); }
  // 1 or 0: volts, whatever the polarity.
  std::string value(unsigned offset) const { return word_of(line(offset) + "/value"); }
  std::string pull(unsigned offset) const { return word_of(line(offset) + "/pull"); }
  void pull(unsigned offset, const std::string& way) const {
    write(line(offset) + "/pull", "pull-" + way);
  }
  // "gridtap out"; empty: the line is free.
  std::string holder(unsigned offset) const {
    const std::string wanted = "gpio-" + std::to_string(first() + offset);
    std::istringstream all(text_of("/sys/kernel/debug/gpio"));
    for (std::string row; std::getline(all, row);) {
      std::string number, who, way;
      std::istringstream fields(row);
      fields >> number;
      const std::size_t bar = row.find('|');
      if (number != wanted || bar == row.npos) continue;
      std::istringstream rest(row.substr(bar + 1));
      std::getline(rest, who, ')');
      rest >> way;
      return who.substr(0, who.find_last_not_of(' ') + 1) + ' ' + way;
    }
    return {};
  }
  // The kernel's number of line 0, for what it traces.
  unsigned first() const {
    const std::string all = text_of("/sys/kernel/debug/gpio");
    const std::size_t at = all.find(name() + ": GPIOs ");
    REQUIRE(at != all.npos);
    return static_cast<unsigned>(std::stoul(all.substr(at + name().size() + 8)));
  }

 private:
  std::string line(unsigned offset) const {
    return "/sys/devices/platform/" + word_of(config_ + "/dev_name") + '/' + name() + "/sim_gpio" +
           std::to_string(offset);
  }

  std::string config_;
};

// Every level that the kernel gives to a line while this is alive, by its own tracer.
class Trace {
 public:
  Trace() {
    write(events_ + "/enable", "1");
    std::ofstream(tracing_ + "/trace").flush();  // opening it empties it
    write(tracing_ + "/tracing_on", "1");
  }
  ~Trace() { std::ofstream(events_ + "/enable") << 0; }
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  // "1", "0 1", ...; reading a level is left out.
  std::string levels(const KernelChip& chip, unsigned offset) const {
    const std::string start = "gpio_value: " + std::to_string(chip.first() + offset) + " set ";
    std::istringstream all(text_of(tracing_ + "/trace"));
    std::string levels;
    for (std::string row; std::getline(all, row);) {
      const std::size_t at = row.find(start);
      if (at == row.npos) continue;
      (levels += levels.empty() ? "" : " ") += row.substr(at + start.size(), 1);
    }
    return levels;
  }

 private:
  std::string tracing_ = "/sys/kernel/debug/tracing", events_ = tracing_ + "/events/gpio";
};

}  // namespace gridtap::gpio
