#include "adapters/kq330/simulator.hpp"

#include <optional>

#include "adapters/kq330/checked_text.hpp"
#include "adapters/kq330/node_text.hpp"
#include "adapters/kq330/power_line.hpp"
#include "core/section.hpp"

namespace gridtap::kq330 {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds first_report = 2s, report_period = 30s;
constexpr std::string_view lead_in = "UU";

// A terminal of a modem.
class Modem final : public Adapter {
 public:
  Modem(std::shared_ptr<PowerLine> line, std::size_t end) : line_(std::move(line)), end_(end) {}

  void on_open(Now now, Effects&) override {
    static_cast<void>(line_->receive(end_, now.mono));
    due_ = line_->next_slot(now.mono);
  }
  void on_close(Now, Effects&) override { due_ = Mono::max(); }
  void on_bytes(ByteView bytes, Now now, Effects&) override {
    line_->send(end_, as_text(bytes), now.mono);
  }
  Mono next_wake() const override { return due_; }
  void on_wake(Now now, Effects& effects) override {
    if (now.mono < due_) return;
    const std::string heard = line_->receive(end_, now.mono);
    due_ = line_->next_slot(now.mono);
    if (!heard.empty()) effects(Send{as_bytes(heard)});
  }

 private:
  std::shared_ptr<PowerLine> line_;
  std::size_t end_;
  Mono due_ = Mono::max();
};

// A modem whose line leads to node g1: a sensor with a relay that takes commands.
class ModemWithNode final : public Adapter {
 public:
  explicit ModemWithNode(std::shared_ptr<PowerLine> line)
      : modem_(line, 0), line_(std::move(line)) {}

  void on_open(Now now, Effects& effects) override {
    modem_.on_open(now, effects);
    report_due_ = now.mono + first_report;
  }
  void on_close(Now now, Effects& effects) override {
    modem_.on_close(now, effects);
    report_due_ = Mono::max();
  }
  void on_bytes(ByteView bytes, Now now, Effects& effects) override {
    modem_.on_bytes(bytes, now, effects);
  }
  Mono next_wake() const override { return modem_.next_wake(); }
  void on_wake(Now now, Effects& effects) override {
    for (const char c : line_->receive(1, now.mono)) {
      const auto payload = reader_.take(c);
      if (payload && *payload) hear(**payload, now.mono);
    }
    if (report_due_ <= now.mono) report(now.mono);
    modem_.on_wake(now, effects);
  }

 private:
  void say(const std::string& payload, Mono now) {
    line_->send(1, std::string(lead_in) + checked_text(payload) + '\n', now);
  }

  void report(Mono now) {
    report_due_ = now + report_period;
    step_ = (step_ + 1) % 40;
    const int wave = step_ < 20 ? step_ : 40 - step_;  // tenths of a degree
    say("g1,t=21." + std::to_string(wave % 10) + ",h=" + std::to_string(48 + wave / 5) +
            ",relay=" + (relay_ ? "1" : "0"),
        now);
  }

  void hear(std::string_view payload, Mono now) {
    const auto text = parse_node_text(payload);
    if (!text || text->id != "g1") return;
    if (text->mark == NodeText::Mark::poll) report(now);
    if (text->mark != NodeText::Mark::command) return;
    for (const NodeText::Field& field : text->fields()) {
      if (field.key == "relay") relay_ = field.value == "1";
    }
    if (text->sequence) say("g1+,q=" + std::to_string(*text->sequence), now);
  }

  Modem modem_;
  std::shared_ptr<PowerLine> line_;
  CheckedTextReader reader_;
  bool relay_ = false;
  int step_ = 0;
  Mono report_due_ = Mono::max();
};

}  // namespace

Ends simulate(Section& section, std::uint32_t seed) {
  const std::string meter = section.choice("meter", {"node", "pair"}, "node");
  PowerLine::Options options;
  options.noise = section.integer("noise", 0, 0, 100);
  options.quiet = section.flag("quiet", false);
  options.byte_time = 9 * 1000ms / (2 * section.integer("mains_hz", 50, 50, 60));
  auto line = std::make_shared<PowerLine>(options, seed);
  if (meter == "node") return one_end(std::make_unique<ModemWithNode>(std::move(line)));
  Ends ends = one_end(std::make_unique<Modem>(line, 0));
  ends.push_back(std::make_unique<Modem>(line, 1));
  return ends;
}

}  // namespace gridtap::kq330
