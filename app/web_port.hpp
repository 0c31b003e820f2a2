#pragma once
// The page with its port: the HTTP server, who is logged in, and the site that
// answers. `run` has it where there is `web:`.

#include <functional>
#include <memory>
#include <string>

#include "app/web_setting.hpp"
#include "core/ports.hpp"
#include "io/http_server.hpp"
#include "model/model.hpp"
#include "web/logins.hpp"
#include "web/site.hpp"

namespace gridtap::app {

// What the page says of the daemon, and asks of it.
struct WebPortOptions {
  std::string state_dir, version, time_zone;
  std::function<void(std::string_view device, const Command&)> command;
  std::function<std::optional<bool>()> mqtt_connected;  // nothing: no broker is configured
  std::optional<web::HistoryDoor> history;              // nothing: none is kept
};

class WebPort {
 public:
  // The server of that page. An error names the file that is wrong.
  static Result<std::unique_ptr<io::HttpServer>> server(const WebConfig& config, io::Loop& loop,
                                                        Log& log);

  // Everything named outlives the port.
  WebPort(const WebConfig& config, WebPortOptions options, std::unique_ptr<io::HttpServer> server,
          model::Model& model, Store& store, Clock& clock, Log& log);

  void start();
  std::size_t clients() const { return site_.clients(); }  // that look at the page now

 private:
  web::SiteOptions site_options(const WebConfig& config) const;
  web::SiteCalls site_calls();
  web::ProcessFigures figures() const;

  WebPortOptions options_;
  Store& store_;
  Clock& clock_;
  Log& log_;
  std::string address_;
  std::unique_ptr<io::HttpServer> server_;
  web::Logins logins_;
  web::Site site_;
};

}  // namespace gridtap::app
