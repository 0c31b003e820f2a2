#include "app/watch.hpp"

#include <algorithm>
#include <iostream>

#include "app/exit_status.hpp"
#include "app/house.hpp"
#include "app/json_lines.hpp"
#include "io/log.hpp"
#include "io/system_clock.hpp"

namespace gridtap::app {
namespace {

using namespace std::chrono_literals;

// Leaves only the device that was asked for; false where there is none of that name.
bool choose(std::vector<DeviceConfig>& devices, const std::string& id) {
  if (id.empty()) return true;
  std::erase_if(devices, [&](const DeviceConfig& device) { return device.id != id; });
  return !devices.empty();
}

// A meter may be silent for long, and nothing is written then that could fail.
constexpr std::chrono::milliseconds reader_period = 500ms;

// A reader of our lines sees a frame when it is whole; without a reader the loop ends.
class FlushedLines final : public Sink {
 public:
  FlushedLines(JsonLines& lines, Output& output, io::Loop& loop, Clock& clock)
      : lines_(lines),
        output_(output),
        loop_(loop),
        clock_(clock),
        timer_(clock.timer([this] { look_for_reader(); })) {
    look_for_reader();
  }

  void on_effect(std::string_view device, const Effect& effect, Now now) override {
    lines_.on_effect(device, effect, now);
    if (!std::holds_alternative<Reading>(effect)) output_.stream().flush();
    if (output_.failed()) loop_.stop();
  }

 private:
  void look_for_reader() {
    if (output_.reader_gone()) loop_.stop();
    timer_->set(clock_.now().mono + reader_period);
  }

  JsonLines& lines_;
  Output& output_;
  io::Loop& loop_;
  Clock& clock_;
  std::unique_ptr<Timer> timer_;
};

}  // namespace

int watch(const WatchOptions& options, Output& output) {
  LoadedHouse loaded = load_house(options.config);
  print(loaded.problems, options.config);
  if (!loaded.problems.empty()) return exit_config;
  if (!choose(loaded.house.devices, options.device)) {
    std::cerr << "no device `" << options.device << "` in " << options.config << '\n';
    return exit_usage;
  }
  io::Loop loop;
  const auto log = io::make_log(loaded.house.log_level);
  io::SystemClock clock(loop);
  JsonLines lines(output.stream(), JsonLines::Devices::named);
  FlushedLines flushed(lines, output, loop, clock);
  House house(loaded.house.devices, House::Use::watch, loop, clock, *log, flushed);
  loop.on_signal([&] { loop.stop(); });
  const auto end = clock.timer([&] { loop.stop(); });
  if (options.seconds) end->set(clock.now().mono + std::chrono::seconds(*options.seconds));
  house.start();
  loop.run();
  house.stop();
  lines.summary(house.bytes());
  return lines.good_frames() > 0 ? exit_good : exit_no_frame;
}

}  // namespace gridtap::app
