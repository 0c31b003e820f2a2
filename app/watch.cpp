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

// Leaves only the device that was asked for; false where there is none of that name.
bool choose(std::vector<DeviceConfig>& devices, const std::string& id) {
  if (id.empty()) return true;
  std::erase_if(devices, [&](const DeviceConfig& device) { return device.id != id; });
  return !devices.empty();
}

// A reader of our lines sees a frame when it is whole.
class FlushedLines final : public Sink {
 public:
  explicit FlushedLines(JsonLines& lines) : lines_(lines) {}
  void on_effect(std::string_view device, const Effect& effect, Now now) override {
    lines_.on_effect(device, effect, now);
    if (!std::holds_alternative<Reading>(effect)) std::cout.flush();
  }

 private:
  JsonLines& lines_;
};

}  // namespace

int watch(const WatchOptions& options) {
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
  JsonLines lines(std::cout, JsonLines::Devices::named);
  FlushedLines flushed(lines);
  House house(loaded.house.devices, House::Health::none, loop, clock, *log, flushed);
  loop.on_signal([&] { loop.stop(); });
  const auto end = clock.timer([&] { loop.stop(); });
  if (options.seconds) end->set(clock.now().mono + std::chrono::seconds(*options.seconds));
  house.start();
  loop.run();
  house.stop();
  lines.summary(house.bytes());
  std::cout.flush();
  return lines.good_frames() > 0 ? exit_good : exit_no_frame;
}

}  // namespace gridtap::app
