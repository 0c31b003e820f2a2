#include "app/simulate.hpp"

#include <iostream>
#include <memory>
#include <utility>
#include <vector>

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

using Lines = std::vector<std::unique_ptr<Line>>;

// Makes the lines and says where they are, so that a script can wait for it; none: it failed.
Lines make_terminals(io::Loop& loop, const std::vector<std::string>& links, std::ostream& out) {
  Lines lines;
  for (const std::string& link : links) {
    auto line = io::PtyLine::make(loop, link);
    if (!line) {
      std::cerr << line.error().detail << '\n';
      return {};
    }
    out << link << " -> " << (*line)->terminal() << std::endl;
    lines.push_back(std::move(*line));
  }
  return lines;
}

Lines make_port(io::Loop& loop, std::uint16_t port, std::ostream& out) {
  Lines lines;
  auto line = io::ListenLine::make(loop, port, [told = false]() mutable {
    if (std::exchange(told, true)) return;
    std::cerr << "a client was turned away: " << io::ListenLine::max_clients
              << " are connected already, end one of them\n";
  });
  if (line) {
    out << "listening on 127.0.0.1:" << (*line)->port() << std::endl;
    lines.push_back(std::move(*line));
  } else {
    std::cerr << line.error().detail << '\n';
  }
  return lines;
}

// Nothing where there is no such adapter.
Ends make_ends(const SimulateOptions& options, Problems& problems) {
  const AdapterKind* kind = find_kind(options.adapter);
  if (kind == nullptr) return {};
  const Setting sets = settings_of(options.sets, problems);
  Section section(sets, "", problems, file_reader());
  Ends ends = kind->simulate(section, seed);
  section.finish();
  return ends;
}

}  // namespace

int simulate(const SimulateOptions& options, Output& output) {
  if (options.pty.empty() && !options.port) {
    std::cerr << "simulate needs --pty LINK or --listen PORT\n";
    return exit_usage;
  }
  Problems problems;
  Ends ends = make_ends(options, problems);
  if (ends.empty()) {
    std::cerr << "no adapter `" << options.adapter << "`: see gridtap simulate --help\n";
    return exit_usage;
  }
  print(problems, "--set");
  if (!problems.empty()) return exit_config;
  if (!options.port && options.pty.size() != ends.size()) {
    std::cerr << (ends.size() == 1 ? "one device has one line: give --pty once\n"
                                   : "two devices are played: give --pty LINK twice\n");
    return exit_usage;
  }
  io::Loop loop;
  io::SystemClock clock(loop, options.speed);
  const Lines lines = options.port ? make_port(loop, *options.port, output.stream())
                                   : make_terminals(loop, options.pty, output.stream());
  if (lines.empty()) return exit_os;
  if (output.failed()) return exit_good;  // who waits for the name never learns it
  NoSink nobody;
  std::vector<std::unique_ptr<Session>> sessions;
  for (std::size_t n = 0; n < lines.size(); ++n) {
    SessionOptions session_options;
    session_options.id = options.adapter;
    sessions.push_back(std::make_unique<Session>(session_options, clock, lines[n].get(),
                                                 std::move(ends[n]),
                                                 std::vector<std::unique_ptr<Rule>>{}, nobody));
  }
  loop.on_signal([&] { loop.stop(); });
  for (const auto& session : sessions) session->start();
  loop.run();
  for (const auto& session : sessions) session->close();
  return exit_good;
}

}  // namespace gridtap::app
