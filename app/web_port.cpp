#include "app/web_port.hpp"

#include <utility>

#include "core/ids.hpp"
#include "io/login_secrets.hpp"
#include "io/own_process.hpp"
#include "io/sign_of_life.hpp"
#include "web/page_files.hpp"

namespace gridtap::app {
namespace {

constexpr std::string_view record = "gateway.logins";

web::LoginSecrets secrets_of(const WebConfig& config) {
  return {io::sha256, io::random_bits, config.password, config.token};
}

}  // namespace

// Many people come by the one address of Home Assistant.
Result<std::unique_ptr<io::HttpServer>> WebPort::server(const WebConfig& config, io::Loop& loop,
                                                        Log& log) {
  io::HttpServerOptions options;
  options.at = config.listen;
  options.tls = config.tls;
  if (config.ingress) options.trusted_address = web::ingress_address;
  return io::HttpServer::make(loop, std::move(options), log);
}

WebPort::WebPort(const WebConfig& config, WebPortOptions options,
                 std::unique_ptr<io::HttpServer> server, model::Model& model, Store& store,
                 Clock& clock, Log& log)
    : options_(std::move(options)),
      store_(store),
      clock_(clock),
      log_(log),
      address_(config.address(io::machine_name())),
      server_(std::move(server)),
      logins_(secrets_of(config)),
      site_(site_options(config), model, *server_, logins_, clock, log, web::page_files(),
            site_calls()) {
  logins_.restore(store_.get(record));
}

void WebPort::start() {
  site_.start();
  log_.write(Level::info, gateway_device, "the page of this house is " + address_);
}

web::SiteOptions WebPort::site_options(const WebConfig& config) const {
  web::SiteOptions site;
  site.guard = {io::machine_name(), config.hosts, config.ingress, !config.password.empty()};
  site.commands = config.commands;
  site.language = config.language;
  site.hide = config.hide;
  site.metrics = config.metrics;
  site.version = options_.version;
  site.time_zone = options_.time_zone;
  return site;
}

// The reason for `illness` is that of `gridtap health`.
web::SiteCalls WebPort::site_calls() {
  web::SiteCalls calls;
  calls.command = options_.command;
  calls.illness = [this]() -> std::optional<std::string> {
    std::string why = io::no_life(options_.state_dir, clock_.now().mono);
    return why.empty() ? std::nullopt : std::optional(std::move(why));
  };
  if (options_.history) calls.history.emplace(*options_.history);
  calls.process = [this] { return figures(); };
  calls.logins_changed = [this] { store_.put(record, logins_.state(), true); };
  return calls;
}

web::ProcessFigures WebPort::figures() const {
  return {options_.version, io::resident_bytes(), io::cpu_time(), options_.mqtt_connected()};
}

}  // namespace gridtap::app
