#include "app/serve_setting.hpp"

#include <vector>

#include "app/config_slips.hpp"
#include "core/scalar.hpp"

namespace gridtap::app {
namespace {

using What = ServeConfig::What;

constexpr std::string_view example = "write `serve: 127.0.0.1:2001`";

void read_listen(Section& section, std::string_view key, ServeConfig& serve) {
  const std::string text = section.text(key);
  if (text.empty()) {
    return section.problem(section.has(key) ? key : "", "no address: " + std::string(example));
  }
  if (const auto address = parse_socket_address(text)) {
    serve.listen = *address;
  } else {
    section.problem(key, address.error().detail);
  }
}

void read_what(Section& section, ServeConfig& serve) {
  const bool asked = serve.what == What::registers;
  if (section.choice("what", {"frames", "bytes"}, "frames") == "bytes") serve.what = What::bytes;
  if (asked) serve.what = What::registers;
  if (asked && section.has("what")) {
    section.problem("what", "a client of this device asks for registers: leave it out");
  }
  serve.writes = section.flag("writes", false);
  if (!asked && section.has("writes")) {
    section.problem("writes", "clients of this device only listen: leave it out");
  }
}

void read_map(Section section, ServeConfig& serve) {
  if (!section.usable()) return;
  section.slips(serve_slips());
  if (section.has("listen") || !has_slip_for(section, serve_slips(), "listen")) {
    read_listen(section, "listen", serve);
  } else {
    section.accept("listen");
  }
  read_what(section, serve);
  constexpr std::int64_t most = serve::ClientLimits::usual_clients;
  serve.clients = static_cast<std::size_t>(section.integer("clients", most, 1, most));
  section.finish();
}

// As written for the adapter, which says what is wrong with it.
void copy_duration(const Section& device, std::string_view key, std::chrono::milliseconds& out) {
  const std::vector<std::string> words = device.written(key);
  if (words.size() == 1) out = parse_duration(words[0]).value_or(out);
}

// The clients of a line that is closed between two rounds would find it closed, always.
void check_release(Section& device, const ServeConfig& serve) {
  const std::vector<std::string> word = device.written("release_connection");
  if (serve.what != What::registers || word.empty() || word[0] != "true") return;
  device.problem(
      "serve",
      "`release_connection: true` closes the line after each round, so clients would get "
      "no answer: with `serve` they need no gap, leave `release_connection` out");
}

}  // namespace

std::string ServeConfig::text() const { return to_text(listen); }

std::optional<ServeConfig> read_serve(Section& device, const AdapterKind& kind) {
  device.accept("serve");
  if (!device.has("serve")) return {};
  ServeConfig serve;
  if (kind.recording == Recording::registers) serve.what = What::registers;
  if (device.written("serve").empty()) {
    read_map(device.section("serve"), serve);
  } else {
    read_listen(device, "serve", serve);
  }
  check_release(device, serve);
  copy_duration(device, "timeout", serve.timeout);
  copy_duration(device, "delay_between_requests", serve.between);
  copy_duration(device, "delay_after_connect", serve.after_connect);
  return serve;
}

}  // namespace gridtap::app
