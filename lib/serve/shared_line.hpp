#pragma once
// The line of a device for other programs too, as it is: each good frame as it came on the wire, or
// every byte as it arrives, and nothing else. What clients send is thrown away.

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/serve_counts.hpp"
#include "serve/stream_clients.hpp"
#include "serve/tapped_line.hpp"

namespace gridtap::serve {

enum class Share : std::uint8_t { frames, bytes };

// A rule of the device. To share bytes, its line has to be a TappedLine that tells this one.
class SharedLine final : public Rule, public LineTap, private ClientEvents {
 public:
  // Ends the bytes that belong together: a client begins behind it.
  static constexpr std::chrono::milliseconds pause{20};
  // On a line that has not paused for so long there is nothing to wait for: it begins at once.
  static constexpr std::chrono::seconds longest_stretch{10};

  // Everything named outlives the rule.
  SharedLine(Share share, StreamPort& port, ClientLimits limits, Clock& clock, Log& log)
      : share_(share), clock_(clock), clients_(port, std::move(limits), *this, clock, log) {}

  std::string_view name() const override { return counts_.name(); }
  void on_start(Now now, Effects& effects) override;
  void on_effect(std::string_view device, const Effect& effect, Now now, Effects& effects) override;
  void on_wake(Now now, Effects& effects) override { counts_.on_wake(now, effects); }
  void on_stop(Now now, Effects& effects) override;
  Mono next_wake() const override { return counts_.next_wake(); }

  void on_line_open() override;
  void on_line_bytes(ByteView bytes) override;

 private:
  void on_client(std::uint64_t client) override;
  void on_bytes(std::uint64_t, ByteView) override {}
  void on_gone(std::uint64_t client) override;
  void send(ByteView bytes);

  Share share_;
  Clock& clock_;
  StreamClients clients_;
  ServeCounts counts_{clients_};
  // Those that get what comes, and those that wait for a pause.
  std::vector<std::uint64_t> hearing_, waiting_;
  std::optional<Mono> last_byte_;  // of this connection
  Mono stretch_began_{};           // behind the last pause
};

}  // namespace gridtap::serve
