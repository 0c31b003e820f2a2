#include "app/config_slips.hpp"

#include <algorithm>

namespace gridtap::app {
namespace {

constexpr std::string_view password_file =
    "a password is kept in a file of its own: write `password_file: /etc/gridtap/mqtt-password`";
constexpr std::string_view user = "write `user:`, and the password in a `password_file:`";
constexpr std::string_view host_slip = "write `host:`, the name or address of the broker";
constexpr std::string_view tls = "write `tls: {}`";
constexpr Slip of_mqtt[] = {
    {"password", "password_file", password_file},
    {"passwd", "password_file", password_file},
    {"pass", "password_file", password_file},
    {"username", "user", user},
    {"login", "user", user},
    {"broker", "host", host_slip},
    {"server", "host", host_slip},
    {"address", "host", host_slip},
    {"hostname", "host", host_slip},
    {"url", "host", host_slip},
    {"ssl", "tls", tls},
};

constexpr std::string_view key_file =
    "a key is kept in a file of its own: write `key_file: /etc/gridtap/meter-key`";
constexpr std::string_view line =
    "write `line: /dev/serial/by-id/...`, or `line: tcp://HOST:PORT` over the network";
constexpr std::string_view serial =
    "write `serial: 115200 8N1`: speed, bits, parity and stop bits in one setting";
constexpr std::string_view adapter = "write `adapter:`, the kind of device: `adapter: p1`";
constexpr std::string_view unit = "write `unit:`, the Modbus address of the device";
constexpr Slip of_device[] = {
    {"key", "key_file", key_file},
    {"encryption_key", "key_file", key_file},
    {"decryption_key", "key_file", key_file},
    {"password", "key_file", key_file},
    {"authentication_key", "authentication_key_file",
     "a key is kept in a file of its own: write `authentication_key_file: "
     "/etc/gridtap/meter-authentication-key`"},
    {"mac_key", "mac_key_file",
     "a key is kept in a file of its own: write `mac_key_file: /etc/gridtap/mains-key`"},
    {"port", "line", line},
    {"device", "line", line},
    {"tty", "line", line},
    {"path", "line", line},
    {"host", "line", line},
    {"url", "line", line},
    {"baud", "serial", serial},
    {"baudrate", "serial", serial},
    {"baud_rate", "serial", serial},
    {"speed", "serial", serial},
    {"parity", "serial", serial},
    {"bits", "serial", serial},
    {"bytesize", "serial", serial},
    {"stopbits", "serial", serial},
    {"type", "adapter", adapter},
    {"kind", "adapter", adapter},
    {"protocol", "adapter", adapter},
    {"slave", "unit", unit},
    {"slave_id", "unit", unit},
    {"unit_id", "unit", unit},
    {"address", "unit", unit},
    {"scan_interval", "interval", "write `interval: 10s`"},
    {"suggested_area", "area", "write `area: Utility room`"},
    {"room", "area", "write `area: Utility room`"},
    {"update_interval", "interval", "write `interval: 10s`"},
};

constexpr std::string_view pin_line =
    "write `line:`, the offset or the name of the line: `line: 17`";
constexpr std::string_view chip = "write `chip:`, the label of the chip: `chip: pinctrl-bcm2711`";
constexpr std::string_view active_low = "write `active_low: true` where a low level is ON";
constexpr Slip of_relay[] = {
    {"pin", "line", pin_line},
    {"gpio", "line", pin_line},
    {"offset", "line", pin_line},
    {"gpiochip", "chip", chip},
    {"device", "chip", chip},
    {"port", "chip", chip},
    {"inverted", "active_low", active_low},
    {"invert", "active_low", active_low},
    {"active_high", "active_low", active_low},
    {"pull", "bias", "write `bias: pull_up` or `bias: pull_down`"},
    {"restore_mode", "at_start", "write `at_start: \"off\"`, \"on\" or last"},
    {"initial", "at_start", "write `at_start: \"off\"`, \"on\" or last"},
    {"timeout", "max_on", "write `max_on: 2h`"},
    {"limit", "shed_by", "write `shed_by:` and the device with the `hour_limit:`"},
};

constexpr Slip of_home_assistant[] = {
    {"discovery_prefix", "prefix", "write `prefix:`"},
    {"topic", "prefix", "write `prefix:`"},
};

constexpr std::string_view listen =
    "write `listen: 127.0.0.1:8470`, the address and the port in one setting";
constexpr std::string_view page_password =
    "a password is kept in a file of its own: write `password_file: /etc/gridtap/web-password`";
constexpr std::string_view hosts = "write `hosts: [gridtap.example.org]`";
constexpr std::string_view page_tls = "write `tls: {certificate_file: ..., key_file: ...}`";
constexpr Slip of_web[] = {
    {"port", "listen", listen},
    {"address", "listen", listen},
    {"bind", "listen", listen},
    {"listen_address", "listen", listen},
    {"password", "password_file", page_password},
    {"passwd", "password_file", page_password},
    {"token", "token_file",
     "a token is kept in a file of its own: write `token_file: /etc/gridtap/web-token`"},
    {"host", "hosts", hosts},
    {"hostname", "hosts", hosts},
    {"ssl", "tls", page_tls},
    {"certificate_file", "tls", page_tls},
    {"key_file", "tls", page_tls},
    {"read_only", "commands", "write `commands: false`"},
    {"readonly", "commands", "write `commands: false`"},
    {"lang", "language", "write `language: nb`"},
    {"exclude", "hide", "write `hide: [meter/voltage_l1]`"},
};
constexpr Slip of_web_tls[] = {
    {"certificate", "certificate_file", "write `certificate_file:`"},
    {"cert", "certificate_file", "write `certificate_file:`"},
    {"cert_file", "certificate_file", "write `certificate_file:`"},
    {"key", "key_file", "write `key_file:`"},
    {"private_key", "key_file", "write `key_file:`"},
};

constexpr std::string_view serve_listen = "write `listen: 127.0.0.1:2001`, address and port in one";
constexpr Slip of_serve[] = {
    {"port", "listen", serve_listen},
    {"address", "listen", serve_listen},
    {"bind", "listen", serve_listen},
    {"host", "listen", serve_listen},
    {"mode", "what", "write `what: frames` or `what: bytes`"},
    {"max_clients", "clients", "write `clients: 16`"},
    {"read_only", "writes", "write `writes: true` where clients may write, else nothing"},
};

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// A name that may be shown: nothing in it can be a password.
bool is_host(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-';
  });
}

}  // namespace

std::span<const Slip> mqtt_slips() { return of_mqtt; }
std::span<const Slip> device_slips() { return of_device; }
std::span<const Slip> relay_slips() { return of_relay; }
std::span<const Slip> home_assistant_slips() { return of_home_assistant; }
std::span<const Slip> web_slips() { return of_web; }
std::span<const Slip> web_tls_slips() { return of_web_tls; }
std::span<const Slip> serve_slips() { return of_serve; }

bool has_slip_for(const Section& section, std::span<const Slip> slips, std::string_view instead) {
  return std::any_of(slips.begin(), slips.end(), [&](const Slip& slip) {
    return slip.instead == instead && section.has(slip.key);
  });
}

std::optional<std::string> host_problem(std::string_view host) {
  const std::size_t scheme = host.find("://");
  std::string_view rest = scheme == host.npos ? host : host.substr(scheme + 3);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  const std::size_t colon = rest.rfind(':');
  const bool has_port =
      colon != rest.npos && rest.find(':') == colon && is_number(rest.substr(colon + 1));
  const std::string_view name = rest.substr(0, has_port ? colon : rest.npos);
  if (host.starts_with('[')) return "an IPv6 address is written without its brackets here";
  if (is_host(name) && (scheme != host.npos || has_port)) {
    std::string text = "only the name or address: write `host: " + std::string(name) + '`';
    if (has_port) text += " and `port: " + std::string(rest.substr(colon + 1)) + '`';
    if (host.starts_with("mqtts:") || host.starts_with("ssl:")) text += ", and `tls: {}`";
    return text;
  }
  const bool one_colon = colon != rest.npos && rest.find(':') == colon;
  if (scheme == host.npos && !one_colon && host.find_first_of("/@ #") == host.npos) return {};
  return "only the name or address of the broker: `port:`, `user:` and `password_file:` are "
         "settings of their own";
}

}  // namespace gridtap::app
