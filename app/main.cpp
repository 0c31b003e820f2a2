// gridtap's command line: one command a file, this is their table of contents.

#include <unistd.h>

#include <iostream>

#include <CLI/CLI.hpp>

#include "adapters/registry.hpp"
#include "app/check.hpp"
#include "app/decode.hpp"
#include "app/exit_status.hpp"
#include "app/output.hpp"
#include "app/run.hpp"
#include "app/simulate.hpp"
#include "app/watch.hpp"

namespace {

using namespace gridtap;

constexpr const char* default_config = "/etc/gridtap/config.yaml";

std::string meters_help() {
  std::string text = "\nDevices to play, by --set meter=NAME:\n";
  for (const AdapterKind& kind : kinds()) {
    text += "  " + std::string(kind.name) + ": " + std::string(kind.meters) + '\n';
    if (!kind.notes.empty()) text += "    " + std::string(kind.notes) + '\n';
  }
  return text;
}

std::string adapters() {
  std::string text;
  for (const AdapterKind& kind : kinds()) (text += text.empty() ? "" : ", ") += kind.name;
  return text;
}

void add_config(CLI::App& command, std::string& file) {
  file = default_config;
  command.add_option("--config", file, "configuration file")->default_str(default_config);
}

void add_sets(CLI::App& command, std::vector<std::string>& sets) {
  command.add_option("--set", sets, "a setting of the device, KEY=VALUE; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
}

CLI::App* add_run(CLI::App& program, app::RunOptions& options) {
  add_config(program, options.config);
  CLI::App* command = program.add_subcommand("run", "the daemon (also without a command)");
  add_config(*command, options.config);
  return command;
}

CLI::App* add_check(CLI::App& program, app::CheckOptions& options) {
  CLI::App* command = program.add_subcommand("check", "names all that is wrong in it");
  add_config(*command, options.config);
  return command;
}

CLI::App* add_watch(CLI::App& program, app::WatchOptions& options) {
  CLI::App* command =
      program.add_subcommand("watch", "reads the devices without a broker, prints JSON lines");
  add_config(*command, options.config);
  command->add_option("--device", options.device, "only this one");
  command->add_option("--for", options.seconds, "ends after so many seconds")
      ->check(CLI::Range(1, 1'000'000'000));
  return command;
}

CLI::App* add_decode(CLI::App& program, app::DecodeOptions& options) {
  CLI::App* command = program.add_subcommand("decode", "bytes in, JSON lines out");
  command->footer(
      "gridtap decode ADAPTER [--set KEY=VALUE]... [--timed] [FILE or -]\n"
      "gridtap decode --config FILE --device ID [--timed] [FILE or -]");
  command->add_option("words", options.words, "ADAPTER (" + adapters() + ") and FILE");
  add_sets(*command, options.sets);
  command->add_option("--config", options.config, "take the settings of a device from here");
  command->add_option("--device", options.device, "this one");
  command->add_flag("--timed", options.timed, "the input is text: lines of `MS HEX`");
  command->add_option("--start", options.start, "wall clock at 0, ISO 8601");
  return command;
}

CLI::App* add_simulate(CLI::App& program, app::SimulateOptions& options) {
  CLI::App* command = program.add_subcommand("simulate", "plays a device, byte-exact");
  command->footer(meters_help());
  command->add_option("adapter", options.adapter, adapters())->required();
  add_sets(*command, options.sets);
  CLI::Option* pty =
      command->add_option("--pty", options.pty, "on a terminal, linked here; two: twice")
          ->allow_extra_args(false);
  command->add_option("--listen", options.port, "on 127.0.0.1, this port; 0: a free one")
      ->excludes(pty);
  command->add_option("--speed", options.speed, "so many times faster")->check(CLI::Range(1, 3600));
  return command;
}

struct Commands {
  CLI::App program{
      "gridtap taps the lines of a house and gives Home Assistant every reading by MQTT",
      "gridtap"};
  app::RunOptions run;
  app::CheckOptions check;
  app::WatchOptions watch;
  app::DecodeOptions decode;
  app::SimulateOptions simulate;
  CLI::App* run_command = add_run(program, run);
  CLI::App* check_command = add_check(program, check);
  CLI::App* watch_command = add_watch(program, watch);
  CLI::App* decode_command = add_decode(program, decode);
  CLI::App* simulate_command = add_simulate(program, simulate);
};

int carry_out(const Commands& commands, app::Output& output) {
  if (*commands.check_command) return app::check(commands.check, output);
  if (*commands.watch_command) return app::watch(commands.watch, output);
  if (*commands.decode_command) return app::decode(commands.decode, output);
  if (*commands.simulate_command) return app::simulate(commands.simulate, output);
  return app::run(commands.run);
}

}  // namespace

int main(int argc, char** argv) {
  app::Output output(STDOUT_FILENO);
  Commands commands;
  commands.program.set_version_flag("--version", "gridtap " GRIDTAP_VERSION);
  commands.program.require_subcommand(0, 1);
  try {  // CLI11 reports by exception
    commands.program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const bool asked = commands.program.exit(error, output.stream(), std::cerr) == 0;
    return output.ended(asked ? app::exit_good : app::exit_usage);
  }
  return output.ended(carry_out(commands, output));
}
