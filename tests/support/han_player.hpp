#pragma once
// A simulated HAN meter on a clock of its own, and what it sends.

#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/han/simulator.hpp"
#include "support/settings.hpp"

namespace gridtap::han {

inline constexpr std::chrono::sys_seconds player_start{
    std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + std::chrono::hours{7}};

// A simulator on a clock of its own, and what it sends: each piece with its time.
class Player final : Effects {
 public:
  // `settings`: "meter=kaifa paced=false"
  explicit Player(const std::string& settings, Instant start = player_start, std::uint32_t seed = 1)
      : now{begin, start}, start_(start) {
    std::vector<Member> members;
    std::istringstream words(settings);
    for (std::string word; words >> word;) {
      const std::size_t equals = word.find('=');
      members.push_back({word.substr(0, equals), plain(word.substr(equals + 1))});
    }
    SectionRig rig(std::move(members));
    Section section = rig.section();
    part_ = std::move(simulate(section, seed)[0]);
    section.finish();
    problems = rig.problems();
    part_->on_open(now, *this);
  }
  void play(std::chrono::milliseconds time) {
    const Mono until = now.mono + time;
    while (part_->next_wake() <= until) {
      turn_to(std::max(now.mono, part_->next_wake()));
      part_->on_wake(now, *this);
    }
    turn_to(until);
  }
  void close() { part_->on_close(now, *this); }
  void listen(std::string_view heard) { part_->on_bytes(as_bytes(heard), now, *this); }

  struct Piece {
    Instant at;
    std::string bytes;
  };
  std::vector<Piece> pieces;
  std::string bytes;
  std::string problems;
  Now now;

 private:
  void turn_to(Mono when) {
    now.mono = when;
    now.wall = start_ + std::chrono::floor<std::chrono::milliseconds>(when - begin);
  }
  void operator()(const Effect& effect) override {
    const std::string sent(as_text(std::get<Send>(effect).bytes));
    pieces.push_back({*now.wall, sent});
    bytes += sent;
  }
  static constexpr Mono begin{std::chrono::hours{5}};
  Instant start_;
  std::unique_ptr<Adapter> part_;
};

}  // namespace gridtap::han
