#include "app/simulate.hpp"

#include <iostream>
#include <random>

#include "adapters/registry.hpp"
#include "app/exit_status.hpp"
#include "app/house_config.hpp"
#include "gateway/session.hpp"
#include "io/listen_line.hpp"
#include "io/loop.hpp"
#include "io/pty_line.hpp"
#include "io/system_clock.hpp"

namespace gridtap::app {
namespace {

constexpr std::uint32_t seed = 1;  // the same device plays the same day

struct NoSink final : Sink {
  void on_effect(std::string_view, const Effect&, Now) override {}
};

// Makes the line and says where it is, so that a script can wait for it.
std::unique_ptr<Line> make_end(io::Loop& loop, const SimulateOptions& options) {
  if (!options.pty.empty()) {
    auto line = io::PtyLine::make(loop, options.pty);
    if (!line) {
      std::cerr << line.error().detail << '\n';
      return nullptr;
    }
    std::cout << options.pty << " -> " << (*line)->terminal() << std::endl;
    return std::move(*line);
  }
  auto line = io::ListenLine::make(loop, *options.port);
  if (!line) {
    std::cerr << line.error().detail << '\n';
    return nullptr;
  }
  std::cout << "listening on 127.0.0.1:" << (*line)->port() << std::endl;
  return std::move(*line);
}

std::unique_ptr<Adapter> make_device(const SimulateOptions& options, Problems& problems) {
  const AdapterKind* kind = find_kind(options.adapter);
  if (kind == nullptr) return nullptr;
  const Setting sets = settings_of(options.sets, problems);
  Section section(sets, "", problems, file_reader());
  auto device = kind->simulate(section, seed);
  section.finish();
  return device;
}

}  // namespace

int simulate(const SimulateOptions& options) {
  if (options.pty.empty() && !options.port) {
    std::cerr << "simulate needs --pty LINK or --listen PORT\n";
    return exit_usage;
  }
  Problems problems;
  auto device = make_device(options, problems);
  if (device == nullptr) {
    std::cerr << "no adapter `" << options.adapter << "`: see gridtap simulate --help\n";
    return exit_usage;
  }
  print(problems, "--set");
  if (!problems.empty()) return exit_config;
  io::Loop loop;
  io::SystemClock clock(loop, options.speed);
  const auto line = make_end(loop, options);
  if (line == nullptr) return exit_os;
  NoSink nobody;
  SessionOptions session_options;
  session_options.id = options.adapter;
  Session session(session_options, clock, line.get(), std::move(device), {}, nobody);
  loop.on_signal([&] { loop.stop(); });
  session.start();
  loop.run();
  session.stop();
  return exit_good;
}

}  // namespace gridtap::app
