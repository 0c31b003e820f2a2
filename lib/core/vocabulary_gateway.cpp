// The gateway itself, and the health of every line.
#include "core/cause.hpp"
#include "core/vocabulary_rows.hpp"

namespace gridtap::rows {
namespace {

// The names of all causes, with commas between them.
constexpr std::size_t causes_size = [] {
  std::size_t size = cause_names.size() - 1;
  for (const std::string_view name : cause_names) size += name.size();
  return size;
}();
constexpr auto causes = [] {
  std::array<char, causes_size> text{};
  std::size_t at = 0;
  for (const std::string_view name : cause_names) {
    if (at > 0) text[at++] = ',';
    for (const char c : name) text[at++] = c;
  }
  return text;
}();

constexpr auto table = sorted(std::to_array<EntitySpec>({
    // Gateway
    needs_value(icon("mdi:electric-switch", on_off("relay_<name>", "switch"))),
    diagnostic(yes_no("fault_relay_<name>", "problem")),
    diagnostic(icon("mdi:bullhorn-outline", press("announce_again"))),
    diagnostic(icon("mdi:tag-outline", words("version"))),
    diagnostic(yes_no("update_available", "update")),
    diagnostic(icon("mdi:lan-disconnect", words("broker_problem"))),
    diagnostic(icon("mdi:devices", measurement("devices_configured", "", "", 0))),
    diagnostic(icon("mdi:lan-connect", measurement("devices_online", "", "", 0))),
    diagnostic(icon("mdi:restart", counter("restarts"))),
    off(diagnostic(value("uptime", "", "timestamp", -1))),
    off(diagnostic(icon("mdi:counter", counter("name_collisions")))),
    off(diagnostic(icon("mdi:counter", counter("unfit_readings")))),
    off(diagnostic(icon("mdi:counter", counter("unknown_commands")))),
    off(diagnostic(icon("mdi:counter", counter("rejected_commands")))),
    off(diagnostic(icon("mdi:web", measurement("web_clients", "", "", 0)))),
    diagnostic(icon("mdi:database-check",
                    one_of("history_state", "ok,full,read_only,damaged,backup_failed"))),
    diagnostic(value("history_backup", "", "timestamp", -1)),
    off(diagnostic(measurement("history_size", "MB", "data_size", 1))),
    // Of the gateway, and of each device that takes commands
    line_health(diagnostic(icon("mdi:cancel", words("last_refusal")))),
    // Of devices that can hold values back; the button only while they do
    line_health(off(diagnostic(icon("mdi:hand-back-left-outline", words("held"))))),
    line_health(while_said(
        "held", diagnostic(icon("mdi:check-decagram-outline", press("accept_readings"))))),
    // Line health, of each device
    line_health(diagnostic(yes_no("connected", "connectivity"))),
    line_health(diagnostic(
        icon("mdi:stethoscope", one_of("cause", std::string_view(causes.data(), causes.size()))))),
    line_health(off(diagnostic(icon("mdi:connection", counter("reconnects"))))),
    line_health(off(diagnostic(icon("mdi:counter", counter("frames_ok"))))),
    line_health(off(diagnostic(icon("mdi:counter", counter("frames_bad"))))),
    line_health(off(diagnostic(icon("mdi:counter", counter("frames_unknown"))))),
    line_health(off(diagnostic(icon("mdi:counter", counter("frames_repeated"))))),
    line_health(off(diagnostic(icon("mdi:counter", counter("bytes_discarded"))))),
    line_health(off(diagnostic(measurement("byte_rate", "B/s", "data_rate", 0)))),
    line_health(off(diagnostic(icon("mdi:counter", counter("line_errors"))))),
    line_health(off(diagnostic(measurement("frame_period", "s", "duration", 1)))),
    line_health(off(diagnostic(measurement("frame_size", "B", "data_size", 0)))),
    line_health(off(diagnostic(value("last_frame", "", "timestamp", -1)))),
    line_health(off(diagnostic(icon("mdi:alert-circle-outline", words("last_error"))))),
    line_health(off(diagnostic(icon("mdi:serial-port", words("line_setting"))))),
    // Of a line that is shared
    line_health(off(diagnostic(icon("mdi:lan-connect", measurement("serve_clients", "", "", 0))))),
    line_health(off(diagnostic(icon("mdi:lan-disconnect", counter("serve_dropped"))))),
}));

}  // namespace

std::span<const EntitySpec> gateway() { return table; }

}  // namespace gridtap::rows
