#include "app/web_setting.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "app/config_slips.hpp"
#include "app/device_names.hpp"
#include "app/house_config.hpp"
#include "core/ids.hpp"
#include "core/section_problems.hpp"

namespace gridtap::app {
namespace {

// The content of a file with a secret, which has to be in it.
std::string read_secret(Section& section, std::string_view key) {
  std::string secret = section.secret(key);
  const std::vector<std::string> path = section.written(key);
  // Why it cannot be read is a problem already.
  const bool is_read = secret.empty() && path.size() == 1 && file_reader()(path.front());
  if (is_read) section.problem(key, "the file is empty");
  return secret;
}

std::string read_token(Section& section) {
  std::string token = read_secret(section, "token_file");
  if (!token.empty() && token.size() < WebConfig::least_token_characters) {
    section.problem("token_file",
                    "a token has at least 16 characters: `openssl rand -hex 16` makes one");
  }
  return token;
}

SocketAddress read_listen(Section& section) {
  const SocketAddress otherwise = WebConfig().listen;
  const auto address = parse_socket_address(section.text("listen", to_text(otherwise)));
  if (address) return *address;
  section.problem("listen", address.error().detail);
  return otherwise;
}

// What a browser has in its Host field, without the port.
bool is_host_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  });
}

std::vector<std::string> read_hosts(Section& section) {
  std::vector<std::string> hosts = section.texts("hosts");
  for (const std::string& host : hosts) {
    if (is_host_name(host)) continue;
    section.problem("hosts", "names alone, without https:// and port: [gridtap.example.org]");
    break;
  }
  return hosts;
}

std::optional<io::HttpTls> read_tls(Section section) {
  section.slips(web_tls_slips());
  io::HttpTls tls{section.text("certificate_file"), section.text("key_file")};
  section.finish();
  if (!section.usable()) return {};
  if (tls.certificate_file.empty() || tls.key_file.empty()) {
    section.problem(tls.key_file.empty() ? "certificate_file" : "key_file",
                    "certificate_file and key_file go together: give both");
  } else if (const auto wrong = io::tls_problem(tls)) {
    section.problem("certificate_file", *wrong);
  }
  return tls;
}

std::vector<std::string> read_hide(Section& section, const std::vector<std::string>& devices) {
  std::vector<std::string> hide = section.texts("hide");
  for (const std::string& each : hide) {
    const std::size_t slash = each.find('/');
    const std::string_view device = std::string_view(each).substr(0, slash);
    if (const auto bad = device_name_problem(device, devices)) {
      section.problem("hide", *bad);
    } else if (slash != each.npos && !is_id(std::string_view(each).substr(slash + 1))) {
      section.problem("hide", "write a device, or one entity as in its topic: meter/voltage_l1");
    }
  }
  return hide;
}

// Who reaches the port must not come in without a password.
void check_access(Section& section, const WebConfig& web, const BesideWeb& beside) {
  if (!is_loopback(web.listen.address) && !section.has("password_file") && !web.ingress) {
    section.problem("listen",
                    "every machine that reaches this address could look and switch: set "
                    "`password_file:`, or listen on 127.0.0.1");
  }
  if (beside.questions && beside.questions->port == web.listen.port) {
    section.problem("listen", "this port is that of `questions:` already: give each its own");
  }
}

web::MetricLabels read_metrics(Section section) {
  Section labels = section.section("labels");
  section.finish();
  web::MetricLabels found;
  for (const std::string& name : labels.names()) {
    found.emplace_back(name, labels.text(name));
    if (const auto bad = web::metric_label_problem(name)) labels.name_problem(name, *bad);
  }
  return found;
}

WebConfig read_page(Section section, const BesideWeb& beside) {
  WebConfig web;
  if (!section.usable()) return web;
  section.slips(web_slips());
  web.listen = read_listen(section);
  web.password = read_secret(section, "password_file");
  web.token = read_token(section);
  web.hosts = read_hosts(section);
  web.ingress = section.flag("ingress", false);
  web.commands = section.flag("commands", true);
  section.accept("tls");
  if (section.has("tls")) web.tls = read_tls(section.section("tls"));
  web.language = section.choice("language", {"auto", "en", "nb", "nl", "de", "sv", "da"}, "auto");
  web.hide = read_hide(section, beside.devices);
  section.finish();
  check_access(section, web, beside);
  return web;
}

}  // namespace

std::string WebConfig::address(std::string_view machine) const {
  const bool named = is_any(listen.address) && !machine.empty();
  const std::string place =
      named ? std::string(machine) + ':' + std::to_string(listen.port) : to_text(listen);
  return (tls ? "https://" : "http://") + place + '/';
}

std::optional<WebConfig> read_web(Section& root, const BesideWeb& beside) {
  root.accept("web");
  root.accept("metrics");
  std::optional<WebConfig> web;
  if (root.has("web")) web = read_page(root.section("web"), beside);
  if (!root.has("metrics")) return web;
  const web::MetricLabels labels = read_metrics(root.section("metrics"));
  if (web) {
    web->metrics = labels;
  } else {
    root.problem("metrics", "the page serves them: it needs `web: {}`, too");
  }
  return web;
}

}  // namespace gridtap::app
