#include "web/history_face.hpp"

#include <algorithm>
#include <utility>

#include "history/tables.hpp"
#include "web/history_query.hpp"
#include "web/replies.hpp"

namespace gridtap::web {

using history::Rows;

// A request that waits, with what of its answer is there.
class HistoryFace::Job {
 public:
  Job(std::uint64_t number, Form form, history::Query query, const Zone& zone,
      history::Decimals decimals)
      : number_(number),
        form_(form),
        rows_(std::move(query), zone),
        columns_(rows_.query()),
        csv_(rows_.query().series, zone, decimals) {
    if (form_ == Form::csv) csv_.head(text_);
    name_ = file_name(rows_.query(), zone);
  }

  std::uint64_t number() const { return number_; }
  Rows& rows() { return rows_; }
  const Rows& rows() const { return rows_; }

  // As many rows as a turn has time for. False: there may be more.
  bool make_rows() {
    for (std::size_t points = 0; points < points_of_a_turn; points += rows_.query().series.size()) {
      const history::Row* const row = rows_.next();
      if (row == nullptr) return true;
      if (form_ == Form::csv) {
        csv_.row(text_, *row);
      } else {
        columns_.row(*row);
      }
    }
    return false;
  }
  WebReply reply() {
    if (form_ == Form::columns) return json_reply(columns_.text());
    WebReply reply = text_reply("text/csv; charset=utf-8", std::move(text_));
    reply.fields.push_back({"Content-Disposition", "attachment; filename=\"" + name_ + '"'});
    return reply;
  }

 private:
  std::uint64_t number_;
  Form form_;
  Rows rows_;
  history::JsonColumns columns_;
  history::CsvTable csv_;
  std::string text_, name_;
};

HistoryFace::HistoryFace(HistoryDoor door, std::function<bool(std::string_view)> shows,
                         WebServer& server, Clock& clock)
    : door_(std::move(door)),
      shows_(std::move(shows)),
      server_(server),
      clock_(clock),
      timer_(clock.timer([this] { go_on(); })) {}

HistoryFace::~HistoryFace() = default;

std::vector<SeriesHead> HistoryFace::series() const {
  std::vector<SeriesHead> all = door_.kept.series();
  std::erase_if(all, [&](const SeriesHead& each) { return !shows_(each.name); });
  return all;
}

void HistoryFace::ask(std::uint64_t number, std::string_view query, Form form) {
  if (query.empty() && form == Form::columns) {
    return server_.answer(number, json_reply(history::series_json(series())));
  }
  const auto asked = parse_history_query(query, form == Form::csv);
  if (!asked) return server_.answer(number, refusal(400, asked.error()));
  auto parsed = history::parse_query(asked->text, series(), door_.zone, clock_.now().wall);
  if (!parsed) {
    const history::QueryFault& fault = parsed.error();
    return server_.answer(number, refusal(fault.no_such_series ? 404 : 400, fault.reason));
  }
  if (jobs_.size() == max_waiting) {
    WebReply reply = refusal(503, "too many requests for the history are waiting: try again");
    reply.fields.push_back({"Retry-After", std::string(retry_after)});
    return server_.answer(number, std::move(reply));
  }
  jobs_.push_back(
      std::make_unique<Job>(number, form, std::move(*parsed), door_.zone, asked->decimals));
  if (jobs_.size() == 1 && !is_reading_) timer_->set(clock_.now().mono);
}

void HistoryFace::forget(std::uint64_t number) {
  std::erase_if(jobs_, [&](const auto& each) { return each->number() == number; });
}

// Either a read is on its way, or the timer is set, or nobody waits.
void HistoryFace::go_on() {
  if (jobs_.empty() || is_reading_) return;
  Job& job = *jobs_.front();
  if (!job.make_rows()) return timer_->set(clock_.now().mono);
  if (const auto wanted = job.rows().wants()) return read(*wanted);
  finish(job.reply());
}

// What waits to be written is asked for first: between the two it may be written.
void HistoryFace::read(const Rows::Wanted& wanted) {
  const Job& job = *jobs_.front();
  const std::string& name = job.rows().query().series[wanted.series].name;
  is_reading_ = true;
  door_.journal.read(name, wanted.begin, wanted.end,
                     [this, alive = std::weak_ptr<char>(alive_), number = job.number(),
                      pending = door_.kept.pending(name, wanted.begin, wanted.end)](auto slots) {
                       if (!alive.expired()) on_slots(number, std::move(slots), pending);
                     });
}

void HistoryFace::on_slots(std::uint64_t number, JournalResult<std::vector<Slot>> slots,
                           const std::vector<Slot>& pending) {
  is_reading_ = false;
  const bool is_wanted = !jobs_.empty() && jobs_.front()->number() == number;
  if (is_wanted && !slots) {
    return finish(refusal(503, "the history cannot be read: " + slots.error().detail));
  }
  if (is_wanted) jobs_.front()->rows().give(std::move(*slots), pending);
  go_on();
}

void HistoryFace::finish(WebReply reply) {
  const std::uint64_t number = jobs_.front()->number();
  jobs_.pop_front();
  if (!jobs_.empty()) timer_->set(clock_.now().mono);
  server_.answer(number, std::move(reply));
}

}  // namespace gridtap::web
