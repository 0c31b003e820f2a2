// gridtap's command line: one command a file, this is their table of contents.

#include <unistd.h>

#include <iostream>

#include <CLI/CLI.hpp>

#include "adapters/registry.hpp"
#include "app/check.hpp"
#include "app/decode.hpp"
#include "app/exit_status.hpp"
#include "app/export.hpp"
#include "app/health.hpp"
#include "app/import.hpp"
#include "app/output.hpp"
#include "app/report.hpp"
#include "app/run.hpp"
#include "app/simulate.hpp"
#include "app/version.hpp"
#include "app/watch.hpp"
#include "core/json_text.hpp"
#include "core/setting.hpp"

namespace {

using namespace gridtap;

constexpr const char* default_config = "/etc/gridtap/config.yaml";

std::string meters_help() {
  std::string text = "\nDevices to play, by --set meter=NAME:\n";
  for (const AdapterKind* kind : kinds()) {
    text += "  " + std::string(kind->name) + ": " + std::string(kind->meters) + '\n';
    if (!kind->notes.empty()) text += "    " + std::string(kind->notes) + '\n';
  }
  return text;
}

std::string adapters() {
  std::string text;
  for (const AdapterKind* kind : kinds()) (text += text.empty() ? "" : ", ") += kind->name;
  return text;
}

constexpr const char* by_option = "-c,--config";
constexpr const char* by_place = "-c,--config,file";  // also without the option

void add_config(CLI::App& command, std::string& file, const char* names) {
  file = default_config;
  command.add_option(names, file, "configuration file")->default_str(default_config);
}

void add_sets(CLI::App& command, std::vector<std::string>& sets) {
  command.add_option("--set", sets, "a setting of the device, KEY=VALUE; may be repeated")
      ->take_all()
      ->allow_extra_args(false);
}

CLI::App* add_run(CLI::App& program, app::RunOptions& options) {
  add_config(program, options.config, by_option);
  CLI::App* command = program.add_subcommand("run", "the daemon (the default command)");
  add_config(*command, options.config, by_place);
  return command;
}

CLI::App* add_check(CLI::App& program, app::CheckOptions& options) {
  CLI::App* command = program.add_subcommand("check", "reports every error in a configuration");
  add_config(*command, options.config, by_place);
  command->add_flag("--gpio", options.gpio,
                    "look at the relays' lines, too: free, used by whom, or missing");
  return command;
}

CLI::App* add_health(CLI::App& program, app::HealthOptions& options) {
  CLI::App* command =
      program.add_subcommand("health", "does the running daemon of a configuration live?");
  add_config(*command, options.config, by_place);
  return command;
}

CLI::App* add_watch(CLI::App& program, app::WatchOptions& options) {
  CLI::App* command = program.add_subcommand(
      "watch", "reads the devices without a broker, prints JSON lines; drives no relay");
  add_config(*command, options.config, by_option);
  command->add_option("--device", options.device, "read only the device of this id");
  command->add_option("--for", options.seconds, "end after this many seconds")
      ->check(CLI::Range(1, 1'000'000'000));
  return command;
}

// What `decode` takes, kind by kind.
std::string formats_help() {
  std::string text = "\nFILE holds, without --timed:\n";
  for (const AdapterKind* kind : kinds()) {
    text += "  " + std::string(kind->name) + ": " +
            (kind->recording == Recording::registers
                 ? "JSON with decimal addresses of registers and their words: "
                   "{\"registers\": {\"40000\": 21365, ...}}\n"
                 : "the raw bytes of the line\n");
  }
  return text +
         "With --timed it is text, one arrival a line: MS HEX, milliseconds since the start and "
         "bytes in hex (\"1500 2F4B4D\"); MS alone lets time pass.";
}

CLI::App* add_decode(CLI::App& program, app::DecodeOptions& options) {
  CLI::App* command = program.add_subcommand("decode", "bytes in, JSON lines out");
  command->footer(
      std::string("gridtap decode ADAPTER [--set KEY=VALUE]... [--timed] [FILE or -]\n") +
      "gridtap decode --config FILE --device ID [--timed] [FILE or -]\n" + formats_help());
  command->add_option("words", options.words, "ADAPTER (" + adapters() + ") and FILE");
  add_sets(*command, options.sets);
  command->add_option(by_option, options.config, "take the device's settings from this file");
  command->add_option("--device", options.device, "id of the device");
  command->add_flag("--timed", options.timed, "the input is text, lines of `MS HEX`");
  command->add_option("--start", options.start, "time of day at 0 ms, ISO 8601");
  return command;
}

CLI::App* add_simulate(CLI::App& program, app::SimulateOptions& options) {
  CLI::App* command = program.add_subcommand("simulate", "plays a device, byte for byte");
  command->footer(meters_help());
  command->add_option("adapter", options.adapter, adapters())->required();
  add_sets(*command, options.sets);
  CLI::Option* pty =
      command
          ->add_option("--pty", options.pty,
                       "path of the pseudo-terminal to create; give it twice for two ends")
          ->allow_extra_args(false);
  command->add_option("--listen", options.port, "TCP port on 127.0.0.1; 0: any free port")
      ->excludes(pty)
      ->check(CLI::Range(0, 65535));
  command->add_option("--speed", options.speed, "run this many times faster than real time")
      ->check(CLI::Range(1, 3600));
  return command;
}

CLI::App* add_export(CLI::App& program, app::ExportOptions& options) {
  CLI::App* command = program.add_subcommand("export", "the history as CSV or lines of JSON");
  command->footer(
      "\nThe days of a year, for a spreadsheet with decimal commas:\n"
      "  gridtap export --from 2026-01-01 --to 2027-01-01 --step day --decimal comma -o 2026.csv\n"
      "`gridtap import` takes tables by quarter and by hour.");
  add_config(*command, options.config, by_option);
  command
      ->add_option("--series", options.series,
                   "DEVICE/KEY, as meter/energy_import; may be repeated; without it all")
      ->take_all()
      ->allow_extra_args(false);
  command->add_option("--from", options.from,
                      "2026-11-01 or ISO 8601 with an offset; without it the first that there is");
  command->add_option(
      "--to", options.to,
      "the first moment that does not belong to it; without it the last that there is");
  command->add_option("--step", options.step, "quarter, hour, day, month or year")
      ->default_str(options.step);
  command->add_option("--format", options.format, "csv or jsonl")
      ->default_str(options.format)
      ->check(CLI::IsMember({"csv", "jsonl"}));
  command->add_option("--decimal", options.decimal, "point or comma, of csv")
      ->default_str(options.decimal)
      ->check(CLI::IsMember({"point", "comma"}));
  command->add_option("-o,--output", options.file, "a file instead of standard output");
  return command;
}

CLI::App* add_report(CLI::App& program, app::ReportOptions& options) {
  CLI::App* command =
      program.add_subcommand("report", "the history as one HTML page, to open on any computer");
  command->footer(
      "gridtap report [--config FILE] ... -o PAGE.html\n"
      "gridtap report FILE... -o PAGE.html\n\n"
      "FILE is a table as `gridtap export` writes it, by quarter or hour, or a day file, also of "
      "an "
      "earlier program; then no configuration is read.");
  add_config(*command, options.config, by_option);
  command->add_option("--zone", options.zone,
                      "the time zone of its days; without it the house's, of files this machine's");
  command->add_option("--from", options.from,
                      "2026-11-01 or ISO 8601 with an offset; without it the first that there is");
  command->add_option("--to", options.to,
                      "the first day that does not belong to it; without it the last");
  command->add_option("-o,--output", options.file, "the file to write")->required();
  command->add_option("files", options.files, "FILE, one or more, instead of a configuration")
      ->excludes(command->get_option("--config"));
  return command;
}

CLI::App* add_import(CLI::App& program, app::ImportOptions& options) {
  CLI::App* command =
      program.add_subcommand("import", "tables of export, and day files, into the history");
  command->footer(
      "\nFILE is a table as `gridtap export` writes it, by quarter or hour, a day file of this "
      "program (DIRECTORY/meter/2026-11-28.csv), or one of an earlier program, of 19 fields:\n"
      "  2025-10-24,00:00:10,KFM_001,6970631400000001,MA304H3E,1240,0,0,160,...\n"
      "Give all day files at once. All is imported or nothing; what is there already is left out.");
  add_config(*command, options.config, by_option);
  command->add_option("--device", options.device,
                      "the device of day files, as in topics; without it that of their directory");
  command->add_option("--zone", options.zone,
                      "the time zone of an earlier program's files; without it the house's");
  command->add_option("--from", options.from,
                      "2026-11-01 or ISO 8601 with an offset: what is earlier is left out");
  command->add_option("--to", options.to,
                      "the first moment that does not belong to it: what is later is left out");
  command->add_option("files", options.files, "FILE, one or more")->required();
  return command;
}

CLI::App* add_help(CLI::App& program, std::string& command) {
  CLI::App* help = program.add_subcommand("help", "the same as --help, also for one command");
  help->add_option("command", command, "the command");
  return help;
}

constexpr const char* statuses_help =
    "Exit status:\n"
    "   0  success; also when the reader of standard output has gone\n"
    "   1  decode, watch: no valid frame; health: no sign of life; export, report: no data\n"
    "  64  the command line is wrong\n"
    "  65  malformed input\n"
    "  66  input not found, or no permission; check --gpio: a relay's line is missing\n"
    "  71  a port, link or file cannot be created; import: the daemon is running\n"
    "  74  cannot write to standard output: disk full\n"
    "  78  the configuration is wrong, or a --set\n"
    "\n"
    "The configuration is read at start only: restart to apply changes (SIGHUP does nothing).";

struct Commands {
  CLI::App program{
      "gridtap reads the meters and devices of a house and sends every reading to Home Assistant "
      "over MQTT",
      "gridtap"};
  app::RunOptions run;
  app::CheckOptions check;
  app::HealthOptions health;
  app::WatchOptions watch;
  app::DecodeOptions decode;
  app::SimulateOptions simulate;
  app::ExportOptions exported;
  app::ImportOptions imported;
  app::ReportOptions report;
  CLI::App* run_command = add_run(program, run);
  CLI::App* check_command = add_check(program, check);
  CLI::App* health_command = add_health(program, health);
  CLI::App* watch_command = add_watch(program, watch);
  CLI::App* decode_command = add_decode(program, decode);
  CLI::App* simulate_command = add_simulate(program, simulate);
  CLI::App* export_command = add_export(program, exported);
  CLI::App* report_command = add_report(program, report);
  CLI::App* import_command = add_import(program, imported);
  std::string helped;
  CLI::App* help_command = add_help(program, helped);
};

void set_up(CLI::App& program) {
  program.set_version_flag("-V,--version", app::version_text());
  program.footer(statuses_help);
  program.require_subcommand(0, 1);
}

std::vector<const CLI::App*> commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}

// Of the program where no command has this name.
std::string help_of(const std::string& name) {
  Commands fresh;  // one that has parsed nothing: CLI11 helps with what was parsed
  set_up(fresh.program);
  for (const CLI::App* command : commands_of(fresh.program)) {
    if (command->get_name() == name) return command->help("gridtap");
  }
  return fresh.program.help();
}

// Of a first word that is no command; empty where the command line has another fault.
std::string no_such_command(const CLI::App& program) {
  const std::vector<std::string> left = program.remaining();
  if (left.empty() || left[0].starts_with('-') || !program.get_subcommands().empty()) return {};
  std::vector<std::string_view> names;
  for (const CLI::App* command : commands_of(program)) {
    names.push_back(command->get_name());
  }
  const std::string_view meant = nearest(left[0], names);
  return "no command " + left[0] +
         (meant.empty() ? ": see gridtap --help" : ": did you mean " + std::string(meant) + '?');
}

int refuse(const Commands& commands, const CLI::ParseError& error, std::ostream& out) {
  if (const std::string text = no_such_command(commands.program); !text.empty()) {
    std::cerr << printable(text) << '\n';
    return app::exit_usage;
  }
  return commands.program.exit(error, out, std::cerr) == 0 ? app::exit_good : app::exit_usage;
}

int carry_out(const Commands& commands, app::Output& output) {
  if (*commands.help_command) {
    output.stream() << help_of(commands.helped);
    return app::exit_good;
  }
  if (*commands.check_command) return app::check(commands.check, output);
  if (*commands.health_command) return app::health(commands.health, output);
  if (*commands.watch_command) return app::watch(commands.watch, output);
  if (*commands.decode_command) return app::decode(commands.decode, output);
  if (*commands.simulate_command) return app::simulate(commands.simulate, output);
  if (*commands.export_command) return app::export_history(commands.exported, output);
  if (*commands.report_command) return app::report(commands.report);
  if (*commands.import_command) return app::import_history(commands.imported, output);
  return app::run(commands.run);
}

}  // namespace

int main(int argc, char** argv) {
  app::Output output(STDOUT_FILENO);
  Commands commands;
  set_up(commands.program);
  try {  // CLI11 reports by exception
    commands.program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return output.ended(refuse(commands, error, output.stream()));
  }
  return output.ended(carry_out(commands, output));
}
