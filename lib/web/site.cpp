#include "web/site.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "model/commands.hpp"
#include "web/board.hpp"
#include "web/command_answers.hpp"
#include "web/history_face.hpp"
#include "web/json_fields.hpp"
#include "web/json_writer.hpp"
#include "web/recent.hpp"
#include "web/replies.hpp"
#include "web/routes.hpp"
#include "web/state_json.hpp"

namespace gridtap::web {

class Site::Core {
 public:
  Core(SiteOptions options, model::Model& model, WebServer& server, Logins& logins, Clock& clock,
       Log& log, std::span<const PageFile> files, SiteCalls calls)
      : options_(std::move(options)),
        state_{options_.version, options_.time_zone, options_.language, options_.commands,
               calls.history.has_value()},
        model_(model),
        server_(server),
        logins_(logins),
        clock_(clock),
        log_(log),
        files_(files),
        calls_(std::move(calls)),
        shown_(options_.hide),
        board_(model, shown_, server, clock),
        recent_(shown_, clock, log),
        answers_(model, clock,
                 [this](std::uint64_t number, const CommandAnswers::Outcome& outcome) {
                   answer_command(number, outcome);
                 }) {
    each_observer([&](model::Observer& each) { model_.add(each); });
    if (!calls_.history) return;
    history_.emplace(
        *calls_.history, [this](std::string_view series) { return shown_.series(model_, series); },
        server_, clock_);
  }
  ~Core() {
    each_observer([&](model::Observer& each) { model_.remove(each); });
  }
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  void on_request(std::uint64_t number, const WebRequest& request);
  void on_gone(std::uint64_t number);
  std::size_t clients() const { return board_.streams(); }

 private:
  struct Asked {
    std::uint64_t number;
    const WebRequest& request;
    bool by_ingress;
  };

  template <class Call>
  void each_observer(Call call) {
    call(board_);
    call(recent_);
    call(answers_);
  }
  void answer(const Asked& asked, WebReply reply) {
    server_.answer(asked.number, std::move(reply));
  }
  void refuse(const Asked& asked, int status, std::string_view reason) {
    answer(asked, refusal(status, reason));
  }

  bool may_enter(const WebRequest& request, bool by_ingress) const;
  void turn_away(const Asked& asked);
  void serve(const Asked& asked, const Place& place);
  void health(const Asked& asked);
  void metrics(const Asked& asked);
  void state(const Asked& asked);
  void events(const Asked& asked);
  void history(const Asked& asked, HistoryFace::Form form);
  void set(const Asked& asked);
  void command(const Asked& asked, const JsonFields& fields);
  void answer_command(std::uint64_t number, const CommandAnswers::Outcome& outcome);
  void login(const Asked& asked);
  void refuse_login(const Asked& asked, const Logins::Outcome& outcome);
  void logout(const Asked& asked);
  void end_streams_of_strangers();

  SiteOptions options_;
  StateOptions state_;
  model::Model& model_;
  WebServer& server_;
  Logins& logins_;
  Clock& clock_;
  Log& log_;
  std::span<const PageFile> files_;
  SiteCalls calls_;
  Shown shown_;
  Board board_;
  Recent recent_;
  CommandAnswers answers_;
  std::optional<HistoryFace> history_;
  // What let the readers of streams in, where that may end: a cookie or a token.
  std::map<std::uint64_t, std::vector<WebField>> readers_;
};

// ---- who may ----------------------------------------------------------------------------------

void Site::Core::on_request(std::uint64_t number, const WebRequest& request) {
  const Verdict verdict = judge(request, options_.guard);
  const Asked asked{number, request, verdict.by_ingress};
  const bool wrong_type = verdict.status == 415;  // there may be a better reason
  if (!verdict && !wrong_type) return refuse(asked, verdict.status, verdict.reason);
  const auto place = find_place(request.path, files_);
  const bool is_there = place && (place->route != Route::metrics || options_.metrics);
  if (!is_there) return refuse(asked, 404, "there is no such address");
  if (!allows(place->route, request.method)) {
    const std::string_view methods = allowed_methods(place->route);
    WebReply reply = refusal(405, "this address takes " + std::string(methods));
    reply.fields.push_back({"Allow", std::string(methods)});
    return answer(asked, std::move(reply));
  }
  if (wrong_type) return refuse(asked, verdict.status, verdict.reason);
  if (needs_login(place->route) && !may_enter(request, verdict.by_ingress)) {
    return turn_away(asked);
  }
  serve(asked, *place);
}

bool Site::Core::may_enter(const WebRequest& request, bool by_ingress) const {
  if (by_ingress || logins_.knows(request, clock_.now())) return true;
  return !options_.guard.has_password && request.from_loopback;
}

// The language: the page asks for the password in it.
void Site::Core::turn_away(const Asked& asked) {
  if (!options_.guard.has_password) {
    return refuse(asked, 403, "without a password this page is open to this machine alone");
  }
  WebReply reply = refusal(401, {});
  reply.body.clear();
  {
    JsonObject json(reply.body);
    json.text("reason", "log in first");
    json.text("language", options_.language);
  }
  answer(asked, std::move(reply));
}

void Site::Core::serve(const Asked& asked, const Place& place) {
  switch (place.route) {
    case Route::file:
      return answer(asked, file_reply(*place.file, asked.request));
    case Route::health:
      return health(asked);
    case Route::metrics:
      return metrics(asked);
    case Route::state:
      return state(asked);
    case Route::events:
      return events(asked);
    case Route::recent:
      return answer(asked, json_reply(recent_.json()));
    case Route::history:
      return history(asked, HistoryFace::Form::columns);
    case Route::history_csv:
      return history(asked, HistoryFace::Form::csv);
    case Route::set:
      return set(asked);
    case Route::login:
      return login(asked);
    case Route::logout:
      return logout(asked);
  }
}

// ---- what is read -------------------------------------------------------------------------------

void Site::Core::health(const Asked& asked) {
  const std::optional<std::string> illness = calls_.illness ? calls_.illness() : std::nullopt;
  if (illness) return refuse(asked, 503, *illness);
  answer(asked, text_reply("text/plain; charset=utf-8", "ok\n"));
}

void Site::Core::metrics(const Asked& asked) {
  const MetricsForm form = metrics_form(asked.request.field("accept"));
  answer(asked, text_reply(metrics_type(form),
                           web::metrics(model_, *options_.metrics, calls_.process(), form)));
}

void Site::Core::state(const Asked& asked) {
  const auto id = parameter(asked.request.query, "device");
  const model::Device* const only = id ? shown_.find(model_, *id) : nullptr;
  if (id && only == nullptr) return refuse(asked, 404, "there is no such device");
  answer(asked, json_reply(state_json(model_, only, shown_, state_, clock_.now())));
}

void Site::Core::events(const Asked& asked) {
  if (!server_.stream(asked.number, event_stream())) return;
  if (!asked.by_ingress) {
    std::vector<WebField>& fields = readers_[asked.number];
    for (const char* name : {"cookie", "authorization"}) {
      fields.push_back({name, std::string(asked.request.field(name))});
    }
  }
  board_.add(asked.number);
}

void Site::Core::history(const Asked& asked, HistoryFace::Form form) {
  if (!history_) {
    return refuse(asked, 404, "no history is kept: write `history: {}` into the configuration");
  }
  history_->ask(asked.number, asked.request.query, form);
}

void Site::Core::on_gone(std::uint64_t number) {
  answers_.forget(number);
  if (history_) history_->forget(number);
  board_.remove(number);
  readers_.erase(number);
}

// ---- commands -----------------------------------------------------------------------------------

void Site::Core::set(const Asked& asked) {
  if (!options_.commands) return refuse(asked, 403, "this page takes no commands (web.commands)");
  const auto fields = parse_json_fields(asked.request.body);
  const bool whole =
      fields && fields->contains("device") && fields->contains("key") && fields->contains("value");
  if (!whole) {
    return refuse(asked, 400, R"(expected {"device":"...","key":"...","value":"..."})");
  }
  command(asked, *fields);
}

void Site::Core::command(const Asked& asked, const JsonFields& fields) {
  const model::Device* const device = shown_.find(model_, fields.find("device")->second);
  const model::Entity* const entity =
      device == nullptr ? nullptr : shown_.find(*device, fields.find("key")->second);
  if (entity == nullptr) return refuse(asked, 404, "there is no such device or entity");
  const std::string& payload = fields.find("value")->second;
  answers_.expect(asked.number, *device, *entity, payload);
  model::command(model_, *device, *entity, payload, {}, calls_.command, clock_.now());
  answers_.handed_on(asked.number);
}

void Site::Core::answer_command(std::uint64_t number, const CommandAnswers::Outcome& outcome) {
  WebReply reply = outcome.refused ? refusal(409, outcome.text)
                                   : json_reply("{\"value\":" + json_quoted(outcome.text) + '}');
  server_.answer(number, std::move(reply));
}

// ---- logins -------------------------------------------------------------------------------------

void Site::Core::login(const Asked& asked) {
  const auto fields = parse_json_fields(asked.request.body);
  const auto password = fields ? fields->find("password") : JsonFields::const_iterator{};
  if (!fields || password == fields->end()) {
    return refuse(asked, 400, R"(expected {"password":"..."})");
  }
  if (asked.by_ingress) return answer(asked, empty_reply());  // is logged in
  const Logins::Outcome outcome = logins_.login(password->second, asked.request, clock_.now());
  if (outcome.status != 204) return refuse_login(asked, outcome);
  if (calls_.logins_changed) calls_.logins_changed();
  WebReply reply = empty_reply();
  reply.fields.push_back({"Set-Cookie", outcome.cookie});
  answer(asked, std::move(reply));
  end_streams_of_strangers();  // the oldest session may have made room
}

void Site::Core::refuse_login(const Asked& asked, const Logins::Outcome& outcome) {
  if (outcome.begins_episode) {
    log_.write(Level::warning, gateway_device,
               "web: wrong passwords, the last one from " + printable(asked.request.address) +
                   ": whoever guesses has to wait from now on");
  }
  if (outcome.status == 401) return refuse(asked, 401, "this is not the password");
  const std::string wait = std::to_string(outcome.wait.count());
  WebReply reply = refusal(429, "too many wrong passwords: try again in " + wait + " s");
  reply.fields.push_back({"Retry-After", wait});
  answer(asked, std::move(reply));
}

void Site::Core::logout(const Asked& asked) {
  WebReply reply = empty_reply();
  reply.fields.push_back({"Set-Cookie", logins_.logout(asked.request)});
  if (calls_.logins_changed) calls_.logins_changed();
  answer(asked, std::move(reply));
  end_streams_of_strangers();
}

// A cookie that no longer opens the page shows it no longer.
void Site::Core::end_streams_of_strangers() {
  std::vector<std::uint64_t> strangers;
  for (const auto& [number, fields] : readers_) {
    WebRequest request{};
    request.fields = fields;
    request.from_loopback = !options_.guard.has_password;  // it was, when it came in
    if (!may_enter(request, false)) strangers.push_back(number);
  }
  for (const std::uint64_t each : strangers) {
    server_.end(each);
    on_gone(each);
  }
}

// ---- the door -----------------------------------------------------------------------------------

Site::Site(SiteOptions options, model::Model& model, WebServer& server, Logins& logins,
           Clock& clock, Log& log, std::span<const PageFile> files, SiteCalls calls)
    : core_(std::make_unique<Core>(std::move(options), model, server, logins, clock, log, files,
                                   std::move(calls))),
      server_(server) {}
Site::~Site() = default;
void Site::start() { server_.start(*this); }
void Site::on_request(std::uint64_t number, const WebRequest& request) {
  core_->on_request(number, request);
}
void Site::on_gone(std::uint64_t number) { core_->on_gone(number); }
std::size_t Site::clients() const { return core_->clients(); }

}  // namespace gridtap::web
