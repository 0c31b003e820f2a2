#pragma once
// Behaviour without port, thread, clock or topic: all of it arrives as arguments and leaves as
// effects. Adapters read lines, rules listen to adapters, simulators are adapters at the other end.

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/effect.hpp"

namespace gridtap {

class Section;

struct Part {
  virtual ~Part() = default;
  virtual void on_start(Now, Effects&) {}                    // once, after restore()
  virtual void on_command(const Command&, Now, Effects&) {}  // answered by Reading or Rejected
  virtual void on_wake(Now, Effects&) {}
  // Once, at an orderly end, before the state is saved; the line may still be open. A power cut has
  // no such call: what state() says until then must be right without it.
  virtual void on_stop(Now, Effects&) {}
  virtual Mono next_wake() const { return Mono::max(); }  // asked after every call
  virtual std::string state() const { return {}; }        // what must survive a restart
  virtual void restore(std::string_view) {}
};

// One line. Any split of the bytes gives the same effects; nothing throws.
struct Adapter : Part {
  virtual void on_open(Now, Effects&) {}
  virtual void on_bytes(ByteView, Now, Effects&) = 0;
  virtual void on_close(Now, Effects&) {}  // hang-up or end of input: judge what is buffered
};

struct SerialSettings {
  std::uint32_t baud;
  std::uint8_t bits;
  char parity;  // 'N', 'E' or 'O'
  std::uint8_t stop;
  friend bool operator==(const SerialSettings&, const SerialSettings&) = default;
};
// "115200 8N1"
std::string to_text(const SerialSettings& settings);

// The line of a device, as its rules see it when it opens, closes or fails to open.
struct LineState {
  bool open;
  std::string_view setting;  // "115200 8N1"; empty where the line has none
  const Error* why;          // why it closed; null while open
};

// Hears every effect of the adapter and of the rules before it, and has effects like an adapter;
// those on a Frame still belong to that frame. `name` keeps its state apart.
struct Rule : Part {
  virtual std::string_view name() const = 0;
  virtual void on_effect(std::string_view device, const Effect&, Now, Effects&) = 0;
  virtual void on_line(const LineState&, Now, Effects&) {}
  virtual void on_broker(bool /*connected*/, Now, Effects&) {}
};

// Builds an adapter from its section of the configuration. Never fails: the section collects every
// problem, and the caller looks there before it uses what was made.
using Make = std::unique_ptr<Adapter> (*)(Section&, std::uint32_t seed);
// The keys that an adapter's own tables know, in their order; one may come twice.
using Keys = std::vector<std::string_view> (*)();

// Builds the other end of a line: what plays a device is an adapter, too. One for each line of the
// play, at least one. Problems as above.
using Ends = std::vector<std::unique_ptr<Adapter>>;
using Simulate = Ends (*)(Section&, std::uint32_t seed);
Ends one_end(std::unique_ptr<Adapter> device);

// Where the keys of its entities come from.
enum class KeysFrom : std::uint8_t {
  vocabulary,     // each is a row of the vocabulary
  configuration,  // any: the adapter reads `entities`, which give them unit and class
};

// What `decode` reads: bytes as they came on the line, or an image of registers that is asked.
enum class Recording : std::uint8_t { bytes, registers };

// A kind of device: exported by its folder as `kind`, listed in adapters/registry.
struct AdapterKind {
  std::string_view name;  // the `adapter:` word
  // Default first; of several, `serial: auto` tries all and is the default. None: it has no serial
  // line and is asked over the network.
  std::span<const SerialSettings> serial = {};
  KeysFrom keys_from = KeysFrom::vocabulary;
  Recording recording = Recording::bytes;
  // How long to wait for a serial number that arrives later than the first frame.
  std::chrono::seconds identity_wait{0};
  // The period of energies if they arrive less often than powers; 0: with every frame.
  std::chrono::seconds energy_period{0};
  std::string_view many_by = {};  // setting that may be a list: each makes a device `<id>_<number>`
  Keys keys;
  Make make;
  Simulate simulate;
  std::string_view silence =
      {};  // what to check if an open line stays silent; empty: silence is normal
  std::string_view meters = {};  // what `simulate --set meter=` plays: "dsmr5,dsmr22,..."
  std::string_view notes = {};   // what is needed to read the simulated ones: keys, settings
};

}  // namespace gridtap
