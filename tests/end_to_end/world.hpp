#pragma once
// A house for tests of the whole program: a real mosquitto on a free loopback port, the real
// gridtap with a configuration of the test's, simulated meters on real terminals and ports, and
// what a subscriber sees. Everything is started and ended by its process id.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gridtap::end_to_end {

// Whether a sanitizer is built in: it keeps what was freed, and takes ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

// A child process; killed at the end, whatever happens to the test.
class Process {
 public:
  // `output`: a file that takes standard output and error.
  Process(const std::vector<std::string>& command, const std::filesystem::path& output);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const;
  bool running();
  // The exit status, or -1 where it does not end in time (it is killed then).
  int wait(std::chrono::seconds patience);
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_;
  bool ended_ = false;
  int status_ = -1;
};

// A free loopback port that stays ours while other tests look for theirs.
class HeldPort {
 public:
  HeldPort();
  ~HeldPort();
  HeldPort(const HeldPort&) = delete;
  HeldPort& operator=(const HeldPort&) = delete;

  std::uint16_t number() const { return number_; }

 private:
  int fd_;
  std::uint16_t number_ = 0;
};

struct BrokerOptions {
  bool password = false;  // of user gridtap: "secret-1"
  bool tls = false;       // a certificate for 127.0.0.1 by an authority of the world's own
  std::string acl = {};   // of mosquitto's acl_file; empty: everything is allowed
  bool old = false;       // speaks MQTT 3.1.1 only
  bool patient = false;   // drops nothing, however slowly it is taken
};

class World {
 public:
  explicit World(BrokerOptions options = {});
  ~World();

  // The broker, on the same port every time; it forgets what it retained.
  void start_broker();
  void kill_broker();
  void signal_broker(int number) const;
  // Another broker on the loopback, for gridtap; instead of start_broker().
  void use_broker(std::uint16_t port) { gridtap_port_ = port; }

  // A simulated meter on a terminal: the path of its link. It can be pulled and plugged in again.
  // `meter`: of p1 its name alone, of others "han/kaifa"; `sets`: more of its settings.
  std::string plug(const std::string& name, const std::string& meter, int speed = 1,
                   const std::vector<std::string>& sets = {});
  // Two modems on one power line, of whose messages that many per cent lose a byte: their links.
  std::pair<std::string, std::string> plug_mains(const std::string& name, int noise, int speed);
  void pull(const std::string& name);
  // The same on a TCP port: its address as a line.
  std::string serve(const std::string& name, const std::string& meter,
                    const std::vector<std::string>& sets = {});
  // A Modbus server of registers that can misbehave: its address as a line. Its mood is a word in
  // the file NAME.mood, its requests stand in NAME.requests.
  std::string serve_image(const std::string& name, const std::string& json);

  // Starts gridtap with `devices:` and more; the broker's part is written here.
  void start_gridtap(const std::string& devices, const std::string& more = "",
                     const std::string& mqtt_more = "");
  // Without a broker's part: another face shows the house.
  void start_gridtap_alone(const std::string& devices, const std::string& more);
  Process& gridtap() { return *gridtap_; }
  int stop_gridtap();  // by SIGTERM; its exit status
  std::string log() const;

  // What a subscriber to everything has seen since it began: newest payload by topic.
  void subscribe();
  std::map<std::string, std::string> topics() const;
  std::string topic(const std::string& name) const;
  // The discovery message of a device, in one piece; empty where there is none.
  std::string config(const std::string& device) const;
  // Messages in order, "RETAINED TOPIC PAYLOAD".
  std::vector<std::string> messages() const;
  void publish(const std::string& topic, const std::string& payload, bool retained = false);
  void publish_lines(const std::string& topic, const std::vector<std::string>& payloads);
  // With MQTT 5 and a message expiry interval.
  void publish_expiring(const std::string& topic, const std::string& payload, int seconds);

  // What Home Assistant's own rules, of all versions, have against what is announced now; nothing
  // where no checker is at hand.
  std::optional<std::string> discovery_findings() const;

  std::filesystem::path directory() const { return directory_; }
  // The broker's; held for this world, so a server that takes it sets SO_REUSEADDR.
  std::uint16_t port() const { return port_.number(); }
  std::string file(const std::string& name, const std::string& text) const;
  std::size_t resident_kilobytes() const;  // of gridtap

 private:
  std::vector<std::string> simulator(const std::string& meter) const;
  std::string address_of(const std::string& name) const;
  std::vector<std::string> client(const std::string& program) const;
  void make_certificates() const;
  void start_front();
  void run_gridtap(const std::string& settings, const std::string& devices);

  BrokerOptions options_;
  std::filesystem::path directory_;
  HeldPort port_;
  std::uint16_t gridtap_port_;
  int sequence_ = 0;
  std::unique_ptr<Process> broker_, front_, gridtap_, subscriber_;
  std::map<std::string, std::unique_ptr<Process>> meters_;
};

// Waits until it is so; false where it does not become so in time.
bool eventually(const std::function<bool()>& so,
                std::chrono::seconds patience = std::chrono::seconds(20));

}  // namespace gridtap::end_to_end
