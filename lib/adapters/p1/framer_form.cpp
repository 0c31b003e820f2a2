// Telegrams judged by their form: where no checksum proves them (p1.md 3.3), and where a wrong one
// still proves the line.

#include <algorithm>
#include <bit>
#include <functional>

#include "adapters/p1/characters.hpp"
#include "adapters/p1/framer.hpp"
#include "parts/scratch.hpp"

namespace gridtap::p1 {
namespace {

// 1-3:0.2.8 names a version from 4.0 on, or none that is a number (one meter sends `P`).
bool has_version_with_checksum(const Object& object) {
  if (object.a != 1 || object.b != 3 || packed(object) != packed(1, 0, 2, 8)) return false;
  std::string_view groups = object.groups;
  const std::string_view version = take_group(groups).value_or("");
  const bool number = !version.empty() && version.size() <= 2 &&
                      version.find_first_not_of("0123456789") == version.npos;
  return !(number && (version.size() == 1 || version[0] < '4'));
}

bool is_belgian_version(const Object& object) {
  return object.b == 0 && packed(object) == packed(0, 96, 1, 4);
}

}  // namespace

std::optional<Found> Framer::without_checksum(std::size_t bang, const Digits& digits) {
  const auto begin = header_of(bang);
  if (!begin) return {};
  Found found;
  found.begin = base_ + *begin;
  found.end = base_ + bang + 1 + digits.count;
  found.text = std::string_view(text_).substr(*begin, bang - *begin);
  found.error = judge_lines(*begin, bang);
  if (!found.error) use(found.end);
  return found;
}

// The header is in the last line that holds a candidate with no bracket behind it: a slash inside a
// text value has its bracket behind it.
std::optional<std::size_t> Framer::header_of(std::size_t bang) const {
  for (auto at = candidates_.rbegin(); at != candidates_.rend() && at->at >= form_end_; ++at) {
    const std::size_t end = line_end(at->at, bang);
    const auto rest = std::string_view(text_).substr(at->at, end - at->at);
    if (rest.find_first_of("()") != rest.npos) continue;
    const std::size_t begin = line_begin(at->at);
    const bool begins = std::any_of(candidates_.begin(), candidates_.end(),
                                    [&](const Candidate& c) { return c.at == begin; });
    return begins ? begin : at->at;
  }
  return {};
}

std::size_t Framer::line_end(std::size_t from, std::size_t until) const {
  while (from < until && !is_break(text_[from])) ++from;
  return from;
}

std::size_t Framer::line_begin(std::size_t from) const {
  while (from > form_end_ && !is_break(text_[from - 1])) --from;
  return from;
}

// What has to be right if there is no checksum (p1.md 3.3).
std::optional<Error> Framer::judge_lines(std::size_t begin, std::size_t bang) {
  const auto telegram = std::string_view(text_).substr(begin, bang - begin);
  if (!std::all_of(telegram.begin(), telegram.end(), is_plain)) {
    return Error{Fault::bad_syntax, "no checksum, and bytes that are not text"};
  }
  const std::string_view header = p1::header_of(telegram);
  Scratch scratch;
  Lines lines(scratch.memory());
  objects_.split(telegram.substr(header.size()), lines);
  const bool unproved = settings_.accept_missing_crc || settings_.checksum == Checksum::none;
  if (!unproved && checksum_is_due(header, lines)) {
    return Error{Fault::missing_checksum, "no checksum behind the !, though this meter has one"};
  }
  if (lines.objects.size() < shortest) {
    return Error{Fault::bad_syntax,
                 "no checksum, and only " + std::to_string(lines.objects.size()) + " good lines"};
  }
  if (!settings_.seven_bit) return {};
  const auto odd = std::count_if(raw_.begin() + static_cast<std::ptrdiff_t>(begin),
                                 raw_.begin() + static_cast<std::ptrdiff_t>(bang + 1), [](char c) {
                                   return std::popcount(static_cast<unsigned char>(c)) % 2 != 0;
                                 });
  if (odd == 0) return {};
  return Error{Fault::bad_parity, std::to_string(odd) + " bytes of odd parity, and no checksum"};
}

bool Framer::checksum_is_due(std::string_view header, const Lines& lines) const {
  const std::size_t hash = std::hash<std::string_view>{}(header);
  if (std::find(headers_.begin(), headers_.end(), hash) != headers_.end()) return true;
  return std::any_of(lines.objects.begin(), lines.objects.end(), [](const Object& object) {
    return has_version_with_checksum(object) || is_belgian_version(object);
  });
}

bool Framer::looks_whole(std::size_t from, std::size_t to) {
  const auto telegram = std::string_view(text_).substr(from - base_, to - from);
  const std::size_t bang = telegram.rfind('!');
  if (!telegram.starts_with('/') || bang == telegram.npos) return false;
  const std::string_view header = p1::header_of(telegram);
  if (!std::all_of(header.begin(), header.end(), is_plain)) return false;
  Scratch scratch;
  Lines lines(scratch.memory());
  objects_.split(telegram.substr(header.size(), bang - header.size()), lines);
  return lines.objects.size() >= shortest && lines.objects.size() > lines.odd.size();
}

}  // namespace gridtap::p1
