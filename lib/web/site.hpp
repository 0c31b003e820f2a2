#pragma once
// The house as HTTP shows it: the page's files, the state of everything, what changes, commands,
// logins, metrics. Answers the requests of one web server; sockets and HTTP text are the server's.
//
// GET api/state (?device=ID: the one device alone, as an object of `devices`)
//   {"version":"0.2.0","now":"2026-11-28T12:00:01Z","time_zone":"Europe/Oslo","language":"auto",
//    "commands":true,"history":true,"devices":[DEVICE,...]}
//   now: left out until the clock is set. history: left out where none is kept.
//
// DEVICE, the gateway first, then in the order of the configuration, those behind a device after it
//   {"id":"meter","name":"House meter","status":"online","heard":"2026-11-28T12:00:01Z",
//    "via":"...","manufacturer":"...","model":"...","serial":"...","firmware":"...",
//    "entities":[ENTITY,...]}
//   id: what it is called in topics and in api/set. status: online, offline. heard: when its line
//   last brought a value. via: the id of the device that it is behind. What is empty is left out.
//
// ENTITY, in order of appearance
//   {"key":"power_import","name":"Power import","platform":"sensor","unit":"W","class":"power",
//    "category":"diagnostic","enabled":false,"decimals":0,"value":"244",
//    "at":"2026-11-28T12:00:01Z","attributes":{...},"options":["low","normal"],"min":"0",
//    "max":"20000","step":"1","statistics":"measurement","health":true,"needs":"held",
//    "needs_value":true}
//   key: the last level of its topic. platform: sensor, binary_sensor, number, switch, button,
//   select, text (the last five take commands). value: exactly the text of its state topic, "None"
//   for unknown; left out while there is none. at: of its newest reading. name: as in Home
//   Assistant; empty where the name of the device is enough (the counter of a gas meter). Left out
//   are: what is empty; category but diagnostic and config; enabled, unless Home Assistant gets it
//   disabled; min and max of a number without limits; health, unless it speaks while its device is
//   offline; needs: it cannot be used while this other entity of the device is without a value,
//   None or none; needs_value: it cannot be used while its own value is None.
//
// GET api/events: text/event-stream. First `: gridtap` and `retry: 3000`, then
//   event: device    data: DEVICE, one for each; later again where more of a device than values has
//                    changed (an entity is new or gone, another name): it replaces the device
//   event: ready     data: {}; everything was sent
//   event: change    data: {"t":"2026-11-28T12:00:01Z","values":{"meter/power_import":"244"},
//                    "attributes":{"meter/cause":{...}},"status":{"meter":"online"},
//                    "heard":{"meter":"2026-11-28T12:00:01Z"}}; each of the five may be left out
//   and a comment every 15 s.
//
// GET api/recent
//   {"step":5,"end":1795867205,"series":[{"device":"meter","key":"power_import","unit":"W",
//    "values":[244,null,...]}]}
//   values: means of 5 s in whole watts, the oldest first, at most 180; null: not known. end: of
//   the last of them, unix time; left out until the clock is set.
//
// GET api/history?series=meter/energy_import&from=2026-11-01&to=2026-12-01&step=day
//   {"step":"day","end":1796079600,"time":[1793487600,...],"series":[
//    {"series":"meter/energy_import","unit":"kWh","kind":"total","value":[12.345,null,...],
//     "low":[...],"high":[...],"covered":[86400,...],"swaps":[]},...]}
//   time: when each period begins, unix time, shared by all series; end: when the last one ends.
//   kind: measurement (value is the mean, low and high the smallest and the greatest), total (the
//   increase, and the register at the begin and at the end) or switch (seconds ON, of the unit s).
//   null: not known. covered: seconds of the period that are known; an increase may be known all
//   the same. swaps: positions in which a register is another one, or fell.
//   series: up to 8, in one list or repeated. from, to: a date of the house (its first moment) or
//   ISO 8601 with an offset; up to `to`, without it, in whole periods; without them today up to
//   now. step: quarter, hour, day, month, year; without it hour. At most 20,000 periods times
//   series. Without any query:
//   {"series":[{"series":"meter/energy_import","unit":"kWh","kind":"total"}]}, all that there are.
//   400 {"reason":"..."}, 404 for a series that there is none of, or where no history is kept; 503
//   with Retry-After while 4 others wait, and where the history cannot be read.
// GET api/history.csv?...: the same as CSV (history/tables.hpp), &decimal=comma for a spreadsheet
//   whose decimals have commas.
//
// POST api/set {"device":"gateway","key":"relay_boiler","value":"ON"}: 200 {"value":"ON"}, what is
//   read back, or after 5 s what it is then ("None": not known; a button answers PRESS); 409
//   {"reason":"min_off: 42 s"}, 404, 403 where commands are off
// POST api/login {"password":"..."}: 204 with the cookie, 401, 429 with Retry-After
// POST api/logout {}: 204
// GET health: 200 `ok`, or 503 {"reason":"..."}. GET metrics. Other refusals are {"reason":"..."},
//   of 401 with "language", as in api/state.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ports.hpp"
#include "model/model.hpp"
#include "web/guard.hpp"
#include "web/history_door.hpp"
#include "web/logins.hpp"
#include "web/metrics.hpp"
#include "web/page_file.hpp"

namespace gridtap::web {

struct SiteOptions {
  GuardOptions guard = {};
  bool commands = true;                      // false: look, do not touch
  std::string language = "auto";             // of the page
  std::vector<std::string> hide = {};        // "meter", "meter/voltage_l1": by id and key above
  std::optional<MetricLabels> metrics = {};  // nothing: there is no such address
  std::string version = {}, time_zone = {};
};

// What the site asks of the rest of the program. Called from the loop, from inside on_request().
struct SiteCalls {
  // The command has passed its checks: to the session of the device, as for MQTT.
  std::function<void(std::string_view device, const Command&)> command = {};
  std::function<std::optional<std::string>()> illness = {};  // why we are not well, if so
  std::function<ProcessFigures()> process = {};              // needed where there are metrics
  std::function<void()> logins_changed = {};                 // Logins::state() is to be kept
  std::optional<HistoryDoor> history = {};                   // nothing: none is kept
};

class Site final : public WebFace {
 public:
  // Everything named outlives the site, the files the program; the site outlives the loop. The
  // model is not started yet, or has heard everything: both are right.
  Site(SiteOptions options, model::Model& model, WebServer& server, Logins& logins, Clock& clock,
       Log& log, std::span<const PageFile> files, SiteCalls calls);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  void start();  // asks the server to listen
  void on_request(std::uint64_t number, const WebRequest& request) override;
  void on_gone(std::uint64_t number) override;

  std::size_t clients() const;  // that look at the page now: open streams

 private:
  class Core;
  std::unique_ptr<Core> core_;
  WebServer& server_;
};

}  // namespace gridtap::web
