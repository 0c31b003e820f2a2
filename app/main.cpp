// gridtap's command line: one command a file, this is their table of contents.

#include <CLI/CLI.hpp>

#include "adapters/registry.hpp"
#include "app/check.hpp"
#include "app/decode.hpp"
#include "app/exit_status.hpp"
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
  command.add_option("--config", file, "configuration file")->default_str(default_config);
}

void add_sets(CLI::App& command, std::vector<std::string>& sets) {
  command.add_option("--set", sets, "a setting of the device, KEY=VALUE; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{
      "gridtap taps the lines of a house and gives Home Assistant every reading by MQTT",
      "gridtap"};
  program.set_version_flag("--version", "gridtap " GRIDTAP_VERSION);
  program.require_subcommand(0, 1);

  app::RunOptions run{default_config};
  add_config(program, run.config);
  CLI::App* run_command = program.add_subcommand("run", "the daemon (also without a command)");
  add_config(*run_command, run.config);

  app::CheckOptions check{default_config};
  CLI::App* check_command = program.add_subcommand("check", "names all that is wrong in it");
  add_config(*check_command, check.config);

  app::WatchOptions watch{default_config, {}, {}};
  CLI::App* watch_command =
      program.add_subcommand("watch", "reads the devices without a broker, prints JSON lines");
  add_config(*watch_command, watch.config);
  watch_command->add_option("--device", watch.device, "only this one");
  watch_command->add_option("--for", watch.seconds, "ends after so many seconds")
      ->check(CLI::Range(1, 1'000'000'000));

  app::DecodeOptions decode;
  CLI::App* decode_command = program.add_subcommand("decode", "bytes in, JSON lines out");
  decode_command->footer(
      "gridtap decode ADAPTER [--set KEY=VALUE]... [--timed] [FILE or -]\n"
      "gridtap decode --config FILE --device ID [--timed] [FILE or -]");
  decode_command->add_option("words", decode.words, "ADAPTER (" + adapters() + ") and FILE");
  add_sets(*decode_command, decode.sets);
  decode_command->add_option("--config", decode.config, "take the settings of a device from here");
  decode_command->add_option("--device", decode.device, "this one");
  decode_command->add_flag("--timed", decode.timed, "the input is text: lines of `MS HEX`");
  decode_command->add_option("--start", decode.start, "wall clock at 0, ISO 8601");

  app::SimulateOptions simulate;
  CLI::App* simulate_command = program.add_subcommand("simulate", "plays a device, byte-exact");
  simulate_command->footer(meters_help());
  simulate_command->add_option("adapter", simulate.adapter, adapters())->required();
  add_sets(*simulate_command, simulate.sets);
  CLI::Option* pty =
      simulate_command->add_option("--pty", simulate.pty, "on a terminal, linked here; two: twice")
          ->allow_extra_args(false);
  simulate_command->add_option("--listen", simulate.port, "on 127.0.0.1, this port; 0: a free one")
      ->excludes(pty);
  simulate_command->add_option("--speed", simulate.speed, "so many times faster")
      ->check(CLI::Range(1, 3600));

  try {  // CLI11 reports by exception
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? app::exit_good : app::exit_usage;
  }
  if (*check_command) return app::check(check);
  if (*watch_command) return app::watch(watch);
  if (*decode_command) return app::decode(decode);
  if (*simulate_command) return app::simulate(simulate);
  return app::run(run);
}
