#include "adapters/kgf/simulator.hpp"

#include <algorithm>
#include <deque>
#include <vector>

#include "adapters/kgf/lines.hpp"
#include "adapters/kgf/simulated_meter.hpp"
#include "core/section.hpp"
#include "parts/paced_line.hpp"

namespace gridtap::kgf {
namespace {

using namespace std::chrono_literals;

constexpr Pace pace{115200, 10, 32};
constexpr std::chrono::milliseconds thinking{5};
constexpr std::size_t most_waiting = 16;
constexpr int slow_turns = 10;  // of the display: it asks for the rest every ten seconds

struct Settings {
  std::vector<SimulatedMeter::Options> meters;
  bool display = false;
  std::int64_t noise = 0;
};

class Simulator final : public Adapter {
 public:
  Simulator(const Settings& settings, std::uint32_t seed)
      : display_(settings.display), line_(pace), damage_(settings.noise, seed) {
    for (const auto& options : settings.meters) meters_.emplace_back(options, seed);
  }

  void on_open(Now now, Effects&) override {
    line_.clear();
    waiting_.clear();
    display_due_ = display_ ? now.mono + 1s : Mono::max();
  }
  void on_close(Now, Effects&) override {
    waiting_.clear();
    line_.clear();
    display_due_ = Mono::max();
  }

  void on_bytes(ByteView bytes, Now now, Effects&) override {
    while (const auto piece = reader_.next(bytes)) ask(piece->text, now.mono);
  }

  Mono next_wake() const override {
    if (line_.busy()) return line_.next();
    return std::min(display_due_, waiting_.empty() ? Mono::max() : waiting_.front().due);
  }

  void on_wake(Now now, Effects& effects) override {
    if (display_due_ <= now.mono) ask_as_display(now.mono);
    line_.send(now.mono, effects);
    if (line_.busy() || waiting_.empty() || now.mono < waiting_.front().due) return;
    std::string bytes = std::move(waiting_.front().bytes);
    waiting_.pop_front();
    damage_.suffer(bytes);
    if (bytes.empty()) return;
    line_.begin(std::move(bytes), now.mono);
    line_.send(now.mono, effects);
  }

 private:
  struct Waiting {
    Mono due;
    std::string bytes;
  };

  void ask(std::string_view text, Mono now) {
    const auto request = parse_request(text);
    if (!request) return;
    for (SimulatedMeter& meter : meters_) {
      meter.advance(now);
      std::string answer = meter.answer(*request);
      if (!answer.empty()) wait(now + thinking, std::move(answer));
    }
  }

  void wait(Mono due, std::string bytes) {
    if (waiting_.size() < most_waiting) waiting_.push_back({due, std::move(bytes)});
  }

  // Its requests are on the pair like everything else.
  void ask_as_display(Mono now) {
    display_due_ += 1s;
    const bool all = display_turn_++ % slow_turns == 0;
    for (const std::string_view what : {"50", "51", "00"}) {
      if (what != "50" && !all) break;
      const std::string request = ":R" + std::string(what) + "=01.";
      wait(now, request + "\r\n");
      ask(request, now);
    }
  }

  bool display_;
  std::vector<SimulatedMeter> meters_;
  LineReader reader_;
  PacedLine line_;
  Damage damage_;
  std::deque<Waiting> waiting_;
  Mono display_due_ = Mono::max();
  int display_turn_ = 0;
};

}  // namespace

Ends simulate(Section& section, std::uint32_t seed) {
  const std::string meter =
      section.choice("meter", {"battery", "display", "pair", "khf"}, "battery");
  SimulatedMeter::Options options;
  options.address = static_cast<int>(section.integer("address", 1, 1, 99));
  options.high_precision = meter == "khf";
  options.stubborn = section.flag("stubborn", false);
  Settings settings;
  settings.display = meter == "display";
  settings.noise = section.integer("noise", 0, 0, 100);
  settings.meters.push_back(options);
  if (meter == "pair") {
    options.address = 3;
    settings.meters.push_back(options);
  }
  return one_end(std::make_unique<Simulator>(settings, seed));
}

}  // namespace gridtap::kgf
