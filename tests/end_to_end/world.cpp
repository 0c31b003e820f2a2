#include "end_to_end/world.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace gridtap::end_to_end {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* password = "secret-1";

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

bool accepts(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(port);
  const bool open = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return open;
}

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void run(const std::string& command) {
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

}  // namespace

bool eventually(const std::function<bool()>& so, std::chrono::seconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!so()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

// ---- processes ----------------------------------------------------------------------------------

Process::Process(const std::vector<std::string>& command, const fs::path& output) : pid_(::fork()) {
  if (pid_ != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing running
  const int fd = ::open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(fd, STDOUT_FILENO);
  ::dup2(fd, STDERR_FILENO);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

Process::~Process() {
  if (!running()) return;
  signal(SIGCONT);
  signal(SIGKILL);
  wait(5s);
}

void Process::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

bool Process::running() {
  if (ended_) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == 0) return true;
  ended_ = true;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return false;
}

int Process::wait(std::chrono::seconds patience) {
  if (eventually([this] { return !running(); }, patience)) return status_;
  ::kill(pid_, SIGKILL);
  eventually([this] { return !running(); }, 5s);
  return -1;
}

// ---- the port -----------------------------------------------------------------------------------

// Bound, but it does not listen: the kernel gives the port to nobody else, and lets a server have
// it that sets SO_REUSEADDR, as brokers do.
HeldPort::HeldPort() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int yes = 1;
  ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  auto* const raw = reinterpret_cast<sockaddr*>(&address);
  if (::bind(fd_, raw, size) != 0 || ::getsockname(fd_, raw, &size) != 0) {
    throw std::runtime_error("no free port on the loopback");
  }
  number_ = ntohs(address.sin_port);
}

HeldPort::~HeldPort() { ::close(fd_); }

// ---- the broker ---------------------------------------------------------------------------------

World::World(BrokerOptions options) : options_(std::move(options)), gridtap_port_(port()) {
  char name[] = "/tmp/gridtap-test-XXXXXX";
  directory_ = ::mkdtemp(name);
  if (options_.tls) make_certificates();
}

World::~World() {
  gridtap_.reset();
  subscriber_.reset();
  meters_.clear();
  broker_.reset();
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

void World::make_certificates() const {
  const std::string at = directory_.string();
  const std::string quiet = " 2>/dev/null";
  run("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority -keyout " + at +
      "/ca.key -out " + at + "/ca.crt" + quiet);
  run("openssl req -newkey rsa:2048 -nodes -subj /CN=broker -keyout " + at + "/server.key -out " +
      at + "/server.csr" + quiet);
  file("extensions", "subjectAltName=IP:127.0.0.1\n");
  run("openssl x509 -req -days 2 -in " + at + "/server.csr -CA " + at + "/ca.crt -CAkey " + at +
      "/ca.key -CAcreateserial -extfile " + at + "/extensions -out " + at + "/server.crt" + quiet);
  run("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other-authority -keyout " + at +
      "/other.key -out " + at + "/other.crt" + quiet);
}

void World::start_broker() {
  const std::string at = directory_.string();
  std::string text = "listener " + std::to_string(port()) + " 127.0.0.1\nset_tcp_nodelay true\n";
  if (::geteuid() == 0) text += "user root\n";
  if (options_.password) {
    run("mosquitto_passwd -b -c " + at + "/passwords gridtap " + password);
    text += "allow_anonymous false\npassword_file " + at + "/passwords\n";
  } else {
    text += "allow_anonymous true\n";
  }
  if (options_.patient) text += "max_queued_messages 0\n";
  if (!options_.acl.empty()) text += "acl_file " + file("acl", options_.acl) + '\n';
  if (options_.tls) {
    text +=
        "cafile " + at + "/ca.crt\ncertfile " + at + "/server.crt\nkeyfile " + at + "/server.key\n";
  }
  broker_ = std::make_unique<Process>(
      std::vector<std::string>{"mosquitto", "-c", file("mosquitto.conf", text)},
      directory_ / "mosquitto.log");
  if (!eventually([this] { return accepts(port()); }, 10s)) {
    throw std::runtime_error("mosquitto does not start: " + read(directory_ / "mosquitto.log"));
  }
  if (options_.old) start_front();
}

// Before the broker is one that refuses MQTT 5.
void World::start_front() {
  const fs::path output = directory_ / "front.log";
  front_ = std::make_unique<Process>(
      std::vector<std::string>{"python3", GRIDTAP_SOURCE_DIR "/tests/support/old_broker.py",
                               std::to_string(port())},
      output);
  gridtap_port_ = static_cast<std::uint16_t>(std::stoi(address_of("front").substr(16)));
}

void World::kill_broker() { broker_.reset(); }

void World::signal_broker(int number) const { broker_->signal(number); }

// ---- meters -------------------------------------------------------------------------------------

std::vector<std::string> World::simulator(const std::string& meter) const {
  const std::size_t slash = meter.find('/');
  const std::string adapter = slash == meter.npos ? "p1" : meter.substr(0, slash);
  const std::string played = slash == meter.npos ? meter : meter.substr(slash + 1);
  return {GRIDTAP_BINARY, "simulate", adapter, "--set", "meter=" + played};
}

std::string World::plug(const std::string& name, const std::string& meter, int speed,
                        const std::vector<std::string>& sets) {
  const std::string link = directory_ / name;
  auto command = simulator(meter);
  for (const std::string& set : sets) command.insert(command.end(), {"--set", set});
  command.insert(command.end(), {"--speed", std::to_string(speed), "--pty", link});
  meters_[name] = std::make_unique<Process>(command, directory_ / (name + ".log"));
  if (!eventually([&] { return fs::exists(link); }, 10s)) throw std::runtime_error("no simulator");
  return link;
}

std::pair<std::string, std::string> World::plug_mains(const std::string& name, int noise,
                                                      int speed) {
  const std::string other = directory_ / (name + "-other");
  auto command = simulator("kq330/pair");
  command.insert(command.end(),
                 {"--set", "noise=" + std::to_string(noise), "--speed", std::to_string(speed),
                  "--pty", directory_ / name, "--pty", other});
  meters_[name] = std::make_unique<Process>(command, directory_ / (name + ".log"));
  if (!eventually([&] { return fs::exists(other); }, 10s)) throw std::runtime_error("no simulator");
  return {directory_ / name, other};
}

void World::pull(const std::string& name) { meters_.erase(name); }

std::string World::serve(const std::string& name, const std::string& meter,
                         const std::vector<std::string>& sets) {
  auto command = simulator(meter);
  for (const std::string& set : sets) command.insert(command.end(), {"--set", set});
  command.insert(command.end(), {"--listen", "0"});
  meters_[name] = std::make_unique<Process>(command, directory_ / (name + ".log"));
  return address_of(name);
}

std::string World::serve_image(const std::string& name, const std::string& json) {
  const std::vector<std::string> command = {
      "python3", GRIDTAP_SOURCE_DIR "/tests/support/modbus_server.py", file(name + ".json", json),
      file(name + ".mood", "good"), directory_ / (name + ".requests")};
  meters_[name] = std::make_unique<Process>(command, directory_ / (name + ".log"));
  return address_of(name);
}

// What a server prints when it is ready.
std::string World::address_of(const std::string& name) const {
  const fs::path output = directory_ / (name + ".log");
  const std::string words = "listening on ";
  if (!eventually([&] { return read(output).find(words) != std::string::npos; }, 10s)) {
    throw std::runtime_error("no simulator");
  }
  const std::string text = read(output);
  const std::size_t begin = text.find(words) + words.size();
  return "tcp://" + text.substr(begin, text.find('\n', begin) - begin);
}

// ---- gridtap ------------------------------------------------------------------------------------

void World::start_gridtap(const std::string& devices, const std::string& more,
                          const std::string& mqtt_more) {
  run_gridtap("mqtt:\n  host: 127.0.0.1\n  port: " + std::to_string(gridtap_port_) + "\n" +
                  mqtt_more + more,
              devices);
}

void World::start_gridtap_alone(const std::string& devices, const std::string& more) {
  run_gridtap(more, devices);
}

void World::run_gridtap(const std::string& settings, const std::string& devices) {
  const std::string text =
      "state_dir: " + (directory_ / "state").string() + '\n' + settings + "devices:\n" + devices;
  gridtap_ = std::make_unique<Process>(
      std::vector<std::string>{GRIDTAP_BINARY, "run", "--config", file("config.yaml", text)},
      directory_ / "gridtap.log");
}

int World::stop_gridtap() {
  gridtap_->signal(SIGTERM);
  return gridtap_->wait(10s);
}

std::optional<std::string> World::discovery_findings() const {
  const std::string checker = GRIDTAP_SOURCE_DIR "/../shared/tools/ha_discovery_check";
  if (!fs::exists(checker)) return {};
  const std::string capture = directory_ / "capture.jsonl", found = directory_ / "found";
  const std::string listen = "timeout 5 mosquitto_sub -h 127.0.0.1 -p " + std::to_string(port()) +
                             " -t 'gridtap/#' -t 'homeassistant/#' -F %j > " + capture;
  static_cast<void>(std::system(listen.c_str()));
  const std::string check = checker + " --ha all --level EW " + capture + " > " + found + " 2>&1";
  return std::system(check.c_str()) == 0 ? std::string{} : read(found);
}

std::string World::log() const { return read(directory_ / "gridtap.log"); }

std::size_t World::resident_kilobytes() const {
  std::ifstream status("/proc/" + std::to_string(gridtap_->pid()) + "/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  }
  return 0;
}

// ---- the subscriber -----------------------------------------------------------------------------

std::vector<std::string> World::client(const std::string& program) const {
  std::vector<std::string> command = {program, "-h", "127.0.0.1", "-p", std::to_string(port())};
  if (options_.password) command.insert(command.end(), {"-u", "gridtap", "-P", password});
  if (options_.tls) command.insert(command.end(), {"--cafile", directory_ / "ca.crt"});
  return command;
}

void World::subscribe() {
  std::vector<std::string> command = client("mosquitto_sub");
  command.insert(command.end(), {"-t", "gridtap/#", "-t", "homeassistant/#", "-F", "%r %t %p"});
  subscriber_.reset();
  ++sequence_;
  subscriber_ =
      std::make_unique<Process>(command, directory_ / ("seen-" + std::to_string(sequence_)));
}

std::vector<std::string> World::messages() const {
  std::istringstream text(read(directory_ / ("seen-" + std::to_string(sequence_))));
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(text, line)) {
    if (!text.eof()) lines.push_back(line);
  }
  return lines;
}

std::map<std::string, std::string> World::topics() const {
  std::map<std::string, std::string> topics;
  for (const std::string& line : messages()) {
    if (line.size() < 2) continue;
    const std::size_t blank = line.find(' ', 2);
    if (blank != line.npos) topics[line.substr(2, blank - 2)] = line.substr(blank + 1);
  }
  return topics;
}

std::string World::topic(const std::string& name) const {
  const auto all = topics();
  const auto found = all.find(name);
  return found == all.end() ? std::string{} : found->second;
}

std::string World::config(const std::string& device) const {
  const std::string status = "\"gridtap/" + device + "/status\"";
  for (const auto& [topic, payload] : topics()) {
    const bool is_config = topic.starts_with("homeassistant/device/");
    if (is_config && payload.find(status) != std::string::npos) return payload;
  }
  return {};
}

void World::publish(const std::string& topic, const std::string& payload, bool retained) {
  std::vector<std::string> command = client("mosquitto_pub");
  command.insert(command.end(), {"-t", topic, "-m", payload});
  if (retained) command.push_back("-r");
  Process(command, directory_ / "published").wait(10s);
}

// As fast as one client can.
void World::publish_lines(const std::string& topic, const std::vector<std::string>& payloads) {
  std::string text;
  for (const std::string& each : payloads) text += each + '\n';
  std::string call;
  for (const std::string& word : client("mosquitto_pub")) call += "'" + word + "' ";
  call += "-t '" + topic + "' -l <'" + file("lines", text) + "'";
  Process({"sh", "-c", call}, directory_ / "published").wait(60s);
}

void World::publish_expiring(const std::string& topic, const std::string& payload, int seconds) {
  std::vector<std::string> command = client("mosquitto_pub");
  command.insert(command.end(), {"-V", "mqttv5", "-t", topic, "-m", payload, "-D", "PUBLISH",
                                 "message-expiry-interval", std::to_string(seconds)});
  Process(command, directory_ / "published").wait(10s);
}

std::string World::file(const std::string& name, const std::string& text) const {
  const fs::path path = directory_ / name;
  std::ofstream(path, std::ios::binary) << text;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  return path;
}

}  // namespace gridtap::end_to_end
