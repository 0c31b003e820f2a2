#pragma once
// A machine with GPIO chips that tests make up: lines with names and holders, chips that come, go
// and refuse. Device files are there too, because chips are looked for by them.

#include <cerrno>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "io/gpio_search.hpp"
#include "support/scratch.hpp"

namespace gridtap::io {

struct FakeLine {
  std::string name = {}, holder = {};
  bool used = false;
  bool level = false;  // what a person means by it
  int driven = 0;      // how often it was set while it was held
  int taken = 0, given = 0;
  PinSettings settings = {};
  int refuses = 0;  // an errno that take() answers
  int sick = 0;     // an errno that every other call answers
  bool stuck = false;
};

struct FakeChip {
  std::string label;
  std::vector<FakeLine> lines = {};
  int refuses = 0;  // an errno that opening answers
};

class FakeMachine {
 public:
  // Adds the chip gpiochip<number>.
  FakeChip& add(int number, std::string label, std::size_t lines = 4) {
    const std::string path = scratch_ / ("gpiochip" + std::to_string(number));
    std::ofstream(path).put('\n');
    return chips_[path] = {std::move(label), std::vector<FakeLine>(lines)};
  }
  FakeChip& chip(int number) { return chips_.at(path(number)); }
  FakeLine& line(int number, std::size_t offset) { return chip(number).lines.at(offset); }
  void remove(int number) {
    for (FakeLine& line : chip(number).lines) line.sick = ENODEV;
    gone_.push_back(std::move(chip(number)));
    chips_.erase(path(number));
    std::filesystem::remove(path(number));
  }
  std::string path(int number) const { return scratch_ / ("gpiochip" + std::to_string(number)); }
  std::string operator/(const std::string& name) const { return scratch_ / name; }

  GpioMachine machine() {
    return {[this](const std::string& path) { return open(path); }, scratch_ / ""};
  }
  int opened = 0, open_now = 0;

 private:
  class Output final : public GpioOutput {
   public:
    explicit Output(FakeLine& line) : line_(line) {}
    ~Output() override {
      line_.used = false;
      ++line_.given;
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    int drive(bool on) override {
      if (line_.sick != 0) return line_.sick;
      ++line_.driven;
      if (!line_.stuck) line_.level = on;
      return 0;
    }
    tl::expected<bool, int> level() override {
      if (line_.sick != 0) return tl::unexpected(line_.sick);
      return line_.level;
    }

   private:
    FakeLine& line_;
  };

  class Open final : public GpioChip {
   public:
    Open(const std::string& path, FakeMachine& machine, FakeChip& chip)
        : GpioChip(path, chip.label, static_cast<unsigned>(chip.lines.size())),
          machine_(machine),
          chip_(chip) {
      ++machine_.open_now;
    }
    ~Open() override { --machine_.open_now; }
    Open(const Open&) = delete;
    Open& operator=(const Open&) = delete;
    tl::expected<GpioLine, int> line(unsigned offset) override {
      const FakeLine& line = chip_.lines.at(offset);
      if (line.sick != 0) return tl::unexpected(line.sick);
      return GpioLine{line.name, line.used, line.holder};
    }
    tl::expected<std::unique_ptr<GpioOutput>, int> take(unsigned offset,
                                                        const PinSettings& settings,
                                                        bool on) override {
      FakeLine& line = chip_.lines.at(offset);
      if (line.used) return tl::unexpected(EBUSY);
      if (line.refuses != 0) return tl::unexpected(line.refuses);
      line.used = true;
      ++line.taken;
      line.settings = settings;
      line.level = on;
      return std::make_unique<Output>(line);
    }

   private:
    FakeMachine& machine_;
    FakeChip& chip_;
  };

  tl::expected<std::unique_ptr<GpioChip>, int> open(const std::string& path) {
    ++opened;
    const auto found = chips_.find(path);
    if (found == chips_.end()) return tl::unexpected(ENOTTY);
    if (found->second.refuses != 0) return tl::unexpected(found->second.refuses);
    return std::make_unique<Open>(path, *this, found->second);
  }

  Scratch scratch_;
  std::map<std::string, FakeChip> chips_;
  std::vector<FakeChip> gone_;  // who held a line of one still may ask
};

}  // namespace gridtap::io
