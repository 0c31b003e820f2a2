#include "gateway/update_check.hpp"

#include <charconv>
#include <utility>

#include "core/json_text.hpp"
#include "core/record.hpp"

namespace gridtap {
namespace {

// ".../releases/tag/v1.2.3" is "1.2.3"; empty where the page is that of no version.
std::string version_of(std::string_view page) {
  std::string_view tag = page.substr(page.rfind('/') + 1);
  if (tag.starts_with('v')) tag.remove_prefix(1);
  const bool sound = tag.size() <= UpdateCheck::longest_version && version_numbers(tag);
  return sound ? std::string(tag) : std::string{};
}

}  // namespace

std::optional<std::array<int, 3>> version_numbers(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  std::array<int, 3> numbers{};
  for (std::size_t n = 0; n < numbers.size(); ++n) {
    if (n > 0 && !text.starts_with('.')) return {};
    if (n > 0) text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), numbers[n]);
    if (error != std::errc{} || numbers[n] < 0) return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return numbers;
}

void UpdateCheck::on_start(Now now, Effects& effects) {
  wake_ = now.mono + first_after;
  if (!newest_.empty()) say(effects);
}

void UpdateCheck::on_wake(Now now, Effects& effects) {
  if (answer_ == nullptr) return ask(now);
  wake_ = now.mono + look_period;
  if (!*answer_) return;
  const Result<WebAnswer> answer = **std::exchange(answer_, nullptr);
  judge(answer, now, effects);
}

// Not where the answer of an earlier run is of today: a gateway that restarts asks no more often.
void UpdateCheck::ask(Now now) {
  const bool in_order = now.wall && heard_ && *heard_ <= *now.wall;
  if (in_order && *now.wall - *heard_ < every) {
    wake_ = now.mono + (every - (*now.wall - *heard_));
    return;
  }
  answer_ = std::make_shared<std::optional<Result<WebAnswer>>>();
  client_.head(url_, [here = answer_](const Result<WebAnswer>& answer) { *here = answer; });
  wake_ = now.mono + look_period;
}

void UpdateCheck::judge(const Result<WebAnswer>& answer, Now now, Effects& effects) {
  const std::string version = answer ? version_of(answer->location) : std::string{};
  wake_ = now.mono + (version.empty() ? again_after : every);
  if (version.empty()) {
    const std::string why =
        answer ? "it answers " + std::to_string(answer->status) + " and names no version"
               : answer.error().detail;
    if (!std::exchange(complained_, true)) {
      effects(Notice{"the newest version is not known: " + url_ + ": " + why});
    }
    return;
  }
  complained_ = false;
  newest_ = version;
  page_ = answer->location;
  heard_ = now.wall;
  say(effects);
  effects(Keep{});
}

void UpdateCheck::say(Effects& effects) {
  const auto installed = version_numbers(installed_), newest = version_numbers(newest_);
  const std::string attributes = "{\"installed\":" + json_quoted(installed_) +
                                 ",\"newest\":" + json_quoted(newest_) +
                                 ",\"page\":" + json_quoted(page_) + '}';
  effects(Reading{
      "", "update_available", "rule", installed && newest && *installed < *newest, {}, attributes});
}

std::string UpdateCheck::state() const {
  if (newest_.empty()) return {};
  const std::int64_t heard = heard_ ? std::int64_t{heard_->time_since_epoch().count()} : 0;
  return RecordWriter().add("newest", newest_, page_).add("heard", heard).text();
}

void UpdateCheck::restore(std::string_view text) {
  const Record record(text);
  for (const RecordRow& row : record.rows()) {
    if (row.name != "newest" || row.values.size() != 2 || version_of(row.values[1]).empty())
      continue;
    newest_ = version_of(row.values[1]);
    page_ = row.values[1];
  }
  const auto heard = record.number<std::int64_t>("heard");
  if (heard && *heard > 0) heard_ = Instant(std::chrono::milliseconds(*heard));
}

}  // namespace gridtap
