#include "vm/machine.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace gridtap::end_to_end {
namespace {

using namespace std::chrono_literals;

constexpr const char* tracing = "/sys/kernel/debug/tracing";
constexpr const char* seconds = "240";  // the machine ends by itself, whatever happens to the test

std::string or_else(const char* variable, const char* usual) {
  const char* value = std::getenv(variable);
  return value != nullptr ? value : usual;
}

std::string quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + '\'';
}

std::string output_of(const std::string& command) {
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  std::array<char, 4096> part{};
  while (const std::size_t size = std::fread(part.data(), 1, part.size(), pipe)) {
    text.append(part.data(), size);
  }
  ::pclose(pipe);
  return text;
}

std::vector<std::string> boot_command(const World& world, const std::string& socket) {
  return {GRIDTAP_SOURCE_DIR "/tests/in_vm",
          "--to-host",
          std::to_string(world.port()),
          "--rw",
          world.directory(),
          "--ctl",
          socket,
          "--",
          "/bin/sleep",
          seconds};
}

}  // namespace

Machine::Machine(World& world)
    : world_(world),
      program_(or_else("GRIDTAP_VM_BINARY", GRIDTAP_BINARY)),
      socket_(world.directory() / "vm"),
      process_(boot_command(world, socket_), world.directory() / "vm.log") {
  control({"ready"});
  if (shell("echo up") != "up\n") {
    std::ifstream log(world.directory() / "vm.log");
    throw std::runtime_error("the machine does not boot: " +
                             std::string(std::istreambuf_iterator<char>(log), {}));
  }
}

Machine::~Machine() {
  process_.signal(SIGTERM);  // SIGKILL would leave the emulator behind
  process_.wait(20s);
}

std::string Machine::control(const std::vector<std::string>& words) const {
  std::string command = GRIDTAP_SOURCE_DIR "/../shared/tools/device-vm ctl " + quoted(socket_);
  for (const std::string& word : words) command += ' ' + quoted(word);
  return output_of(command + " 2>&1");
}

void Machine::start_gridtap(const std::string& relays) {
  const std::string config = world_.file(
      "config.yaml", "state_dir: /var/tmp/gridtap-state\nmqtt: {host: 10.0.2.100, port: " +
                         std::to_string(world_.port()) +
                         "}\ndevices:\n  meter: {adapter: p1, line: \"tcp://127.0.0.1:9\"}\n"
                         "relays:\n" +
                         relays);
  shell("setsid " + program_ + " run --config " + config + " >>" +
        (world_.directory() / "gridtap.log").string() +
        " 2>&1 </dev/null & echo $! >/run/gridtap.pid");
}

void Machine::signal_gridtap(const std::string& name) const {
  shell("kill -" + name + " $(cat /run/gridtap.pid)");
}

bool Machine::gridtap_runs() const {
  return shell("grep -c '^State:.[^Z]' /proc/$(cat /run/gridtap.pid)/status") == "1\n";
}

std::string Machine::log() const { return world_.log(); }

std::string Machine::check() const {
  return shell(program_ + " check --gpio --config " +
               (world_.directory() / "config.yaml").string());
}

KernelLine Machine::line(unsigned offset) const {
  std::istringstream text(control({"gpio", "0", std::to_string(offset)}));
  std::string pull;
  KernelLine line;
  text >> line.value >> pull >> line.way >> line.holder;
  return line;
}

void Machine::hold(unsigned offset, bool held) const {
  shell("echo " + std::to_string(first_line() + offset) + " >/sys/class/gpio/" +
        (held ? "export" : "unexport"));
}

void Machine::trace() const {
  const std::string at = tracing;
  shell("echo 1 >" + at + "/events/gpio/enable; >" + at + "/trace; echo 1 >" + at + "/tracing_on");
}

std::string Machine::levels(unsigned offset) const {
  const std::string number = std::to_string(first_line() + offset);
  return shell("echo $(sed -n 's/.*gpio_value: " + number + " set \\([01]\\).*/\\1/p' " + tracing +
               "/trace)");
}

double Machine::seconds_to_end() const {
  const std::string at = tracing;
  const std::string said = shell(
      "m=" + at + "/trace_marker; p=$(cat /run/gridtap.pid); echo told >$m; kill -TERM $p; " +
      "while grep -q '^State:.[^Z]' /proc/$p/status 2>/dev/null; do :; done; echo gone >$m; " +
      "awk '/tracing_mark_write: (told|gone)/ {for (n = 1; $n !~ /^[0-9]+[.][0-9]+:$/; n++); " +
      "print $n + 0}' " + at + "/trace");
  std::istringstream times(said);
  double told = 0, gone = 0;
  if (!(times >> told >> gone)) throw std::runtime_error("no times of its end: " + said);
  return gone - told;
}

// The kernel's number of line 0.
unsigned Machine::first_line() const {
  return static_cast<unsigned>(
      std::stoul(shell("sed -n 's/.*: GPIOs \\([0-9]*\\)-.*, relays.*/\\1/p' "
                       "/sys/kernel/debug/gpio")));
}

}  // namespace gridtap::end_to_end
