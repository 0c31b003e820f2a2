#include "adapters/p1/framer.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>
#include <functional>

#include "codec/crc16.hpp"
#include "parts/scratch.hpp"

namespace gridtap::p1 {
namespace {

// Used bytes are moved out of the way together, when they are as many as those that wait: then a
// meter needs no more room than its longest telegram, and no byte is moved twice.
constexpr std::size_t compaction_bytes = 256;

// Room for a short telegram is kept: to ask for it anew every second costs more than it is worth.
constexpr std::size_t few_bytes = 8, kept_bytes = 1024;

bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool is_flag_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }
bool is_break(char c) { return c == '\r' || c == '\n' || c == '\0'; }
bool is_plain(char c) { return (c >= 0x20 && c <= 0x7E) || c == '\r' || c == '\n'; }

std::string hex4(unsigned value) {
  char text[8];
  std::snprintf(text, sizeof text, "%04X", value & 0xFFFF);
  return text;
}

// Every line end becomes CR LF: an LF with all CRs before it is one, a CR without LF is one.
std::string with_line_ends_restored(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 16);
  std::size_t carriage_returns = 0;
  for (const char c : text) {
    if (c == '\r') {
      ++carriage_returns;
      continue;
    }
    const std::size_t ends = c == '\n' ? 1 : carriage_returns;
    for (std::size_t n = 0; n < ends; ++n) out += "\r\n";
    carriage_returns = 0;
    if (c != '\n') out += c;
  }
  for (; carriage_returns > 0; --carriage_returns) out += "\r\n";
  return out;
}

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

std::string_view header_of(std::string_view telegram) {
  std::size_t end = 0;
  while (end < telegram.size() && telegram[end] != '\r' && telegram[end] != '\n') ++end;
  return telegram.substr(0, end);
}

void Framer::reset() {
  text_.clear();
  raw_.clear();
  candidates_.clear();
  base_ = used_ = scan_ = slash_scan_ = form_end_ = 0;
  undecided_ = false;
}

void Framer::append(ByteView bytes) {
  forget_front();
  text_.append(as_text(bytes));
  if (!settings_.seven_bit) return;
  raw_.append(as_text(bytes));
  for (std::size_t n = text_.size() - bytes.size(); n < text_.size(); ++n) {
    text_[n] = static_cast<char>(text_[n] & 0x7F);
  }
}

// Not every `!` is an end, and not every end has four digits: DSMR 2 and 3 send `!` CRLF, some
// meters leave leading zeros out (`!B9F`), a plain text message may hold a `!`, and a reader that
// was plugged in meanwhile begins in the middle of a line. So each `!` is tried against every `/`
// before it. Four digits whose checksum matches prove a telegram; anything less needs the byte
// behind it, as of `!1A2B` the USB adapter may have delivered `!1A` so far: then it is undecided.
std::optional<Found> Framer::next(std::size_t limit, bool silent) {
  undecided_ = false;
  for (;;) {
    const std::size_t bang = text_.find('!', scan_);
    scan_ = std::min(bang, text_.size());
    if (bang == text_.npos) return {};
    const Digits digits = digits_behind(bang);
    const std::size_t behind = bang + 1 + digits.count;
    const bool four = digits.count == 4;
    // Four digits prove a telegram at once; everything else needs the byte behind.
    const bool known = behind < text_.size() || silent;
    if (base_ + behind + (four ? 0 : 1) > limit) return {};
    if (!four && !known) {
      undecided_ = true;
      return {};
    }
    find_candidates(bang);
    if (digits.count > 0 && (four || may_follow(behind, silent))) {
      if (auto found = by_checksum(bang, digits)) return found;
    }
    if (!known || base_ + behind + 1 > limit) {
      undecided_ = !known;
      return {};
    }
    scan_ = bang + 1;
    const bool end = bang > 0 && (is_break(text_[bang - 1]) || text_[bang - 1] == ')');
    if (!end || !may_follow(behind, silent)) continue;
    if (auto found = by_form(bang, digits)) return found;
  }
}

Framer::Digits Framer::digits_behind(std::size_t bang) const {
  Digits digits;
  for (std::size_t at = bang + 1; at < text_.size() && digits.count < 4; ++at) {
    const int digit = hex_digit(text_[at]);
    if (digit < 0) break;
    digits.value = static_cast<std::uint16_t>(digits.value << 4 | digit);
    ++digits.count;
  }
  return digits;
}

bool Framer::may_follow(std::size_t at, bool silent) const {
  if (at >= text_.size()) return silent;
  return is_break(text_[at]) || text_[at] == '/';
}

// Each `/` before the `!` that begins like a header and is not further away than the cap.
void Framer::find_candidates(std::size_t until) {
  while (slash_scan_ < until) {
    const void* slash = std::memchr(text_.data() + slash_scan_, '/', until - slash_scan_);
    if (slash == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(slash) - text_.data());
    slash_scan_ = at + 1;
    if (at + 3 >= until || at < used_) continue;
    const bool header = is_letter(text_[at + 1]) && is_flag_character(text_[at + 2]) &&
                        is_flag_character(text_[at + 3]);
    if (!header) continue;
    if (candidates_.size() == max_candidates) forget_candidate();
    const bool line_start = at == 0 ? base_ == 0 : is_break(text_[at - 1]);
    candidates_.push_back({at, line_start, at, at, 0, 0});
  }
  slash_scan_ = std::max(slash_scan_, until);
  std::erase_if(candidates_, [&](const Candidate& c) { return until - c.at > cap; });
}

// The oldest in the middle of a line: it is the least likely to begin a telegram.
void Framer::forget_candidate() {
  const auto inside =
      std::find_if(candidates_.begin(), candidates_.end(),
                   [](const Candidate& candidate) { return !candidate.line_start; });
  candidates_.erase(inside == candidates_.end() ? candidates_.begin() : inside);
}

// The oldest whose checksum matches wins; if there is none, the oldest that fits once the line ends
// are put back.
// Several starts may end at one `!`, as a `/` in noise or in a text begins a candidate like the
// real one; only the real one matches. A bridge that rewrites CR LF changes what the meter summed
// up, so the second pass computes the checksum over restored line ends.
std::optional<Found> Framer::by_checksum(std::size_t bang, const Digits& digits) {
  for (Candidate& candidate : candidates_) {
    advance(candidate, bang + 1);
    if (candidate.crc == digits.value) return accept(candidate, bang, digits, false);
  }
  for (Candidate& candidate : candidates_) {
    advance_repaired(candidate, bang + 1);
    if (candidate.repaired == digits.value) return accept(candidate, bang, digits, true);
  }
  return {};
}

Found Framer::accept(const Candidate& candidate, std::size_t bang, const Digits& digits,
                     bool repaired) {
  Found found;
  found.begin = base_ + candidate.at;
  found.end = base_ + bang + 1 + digits.count;
  found.checked = true;
  found.repaired = repaired;
  found.text = std::string_view(text_).substr(candidate.at, bang - candidate.at);
  remember(p1::header_of(found.text));
  if (repaired) {
    repaired_text_ = with_line_ends_restored(found.text);
    found.text = repaired_text_;
  }
  use(found.end);
  return found;
}

// Checksums grow with the stream, so that no byte is read twice for one candidate.
void Framer::advance(Candidate& candidate, std::size_t until) {
  const auto piece =
      std::string_view(text_).substr(candidate.crc_until, until - candidate.crc_until);
  candidate.crc = crc16_arc(as_bytes(piece), candidate.crc);
  candidate.crc_until = until;
}

void Framer::advance_repaired(Candidate& candidate, std::size_t until) {
  const std::size_t from = candidate.repaired_until;
  const auto piece = std::string_view(text_).substr(from, until - from);
  candidate.repaired = crc16_arc(as_bytes(with_line_ends_restored(piece)), candidate.repaired);
  candidate.repaired_until = until;
}

std::optional<Found> Framer::by_form(std::size_t bang, const Digits& digits) {
  auto found = digits.count > 0 ? mismatch(bang, digits) : without_checksum(bang);
  form_end_ = bang + 1 + digits.count;
  return found;
}

// A damaged frame, reported from the last candidate at the start of a line.
std::optional<Found> Framer::mismatch(std::size_t bang, const Digits& digits) {
  for (auto at = candidates_.rbegin(); at != candidates_.rend() && at->at >= form_end_; ++at) {
    if (!at->line_start && at->at != form_end_) continue;
    Found found;
    found.begin = base_ + at->at;
    found.end = base_ + bang + 1 + digits.count;
    found.error = Error{Fault::bad_checksum,
                        "checksum " + hex4(digits.value) + ", computed " + hex4(at->crc)};
    return found;
  }
  return {};
}

std::optional<Found> Framer::without_checksum(std::size_t bang) {
  const auto begin = header_of(bang);
  if (!begin) return {};
  Found found;
  found.begin = base_ + *begin;
  found.end = base_ + bang + 1;
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
  if (!settings_.accept_missing_crc && checksum_is_due(header, lines)) {
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

void Framer::remember(std::string_view header) {
  const std::size_t hash = std::hash<std::string_view>{}(header);
  if (std::find(headers_.begin(), headers_.end(), hash) != headers_.end()) return;
  if (headers_.size() < max_headers) return headers_.push_back(hash);
  headers_[next_header_] = hash;
  next_header_ = (next_header_ + 1) % max_headers;
}

void Framer::use(std::size_t offset) {
  const std::size_t at = offset - base_;
  if (at <= used_) return;
  used_ = at;
  scan_ = std::max(scan_, at);
  slash_scan_ = std::max(slash_scan_, at);
  form_end_ = std::max(form_end_, at);
  std::erase_if(candidates_, [&](const Candidate& c) { return c.at < at; });
}

void Framer::forget_front() {
  if (used_ < compaction_bytes || 2 * used_ < text_.size()) return;
  const std::size_t gone = used_ - 1;
  text_.erase(0, gone);
  if (settings_.seven_bit) raw_.erase(0, gone);
  moved_by(gone);
}

// What waits is the line end behind a telegram, or nothing: it fits into the string itself.
void Framer::give_back() {
  if (text_.capacity() <= kept_bytes && raw_.empty() && repaired_text_.empty()) return;
  if (used_ < 2 || text_.size() - used_ > few_bytes) return;
  const std::size_t gone = used_ - 1;
  std::string(text_, gone).swap(text_);
  if (settings_.seven_bit) std::string(raw_, gone).swap(raw_);
  std::string().swap(repaired_text_);
  moved_by(gone);
}

// The byte before `used_` stays: whether a line begins there depends on it.
void Framer::moved_by(std::size_t gone) {
  for (Candidate& candidate : candidates_) {
    candidate.at -= gone;
    candidate.crc_until -= gone;
    candidate.repaired_until -= gone;
  }
  base_ += gone;
  used_ -= gone;
  scan_ -= gone;
  slash_scan_ -= gone;
  form_end_ -= gone;
}

ByteView Framer::bytes(std::size_t begin, std::size_t end) const {
  const ByteView all = as_bytes(settings_.seven_bit ? raw_ : text_);
  return all.subspan(begin - base_, end - begin);
}

ByteView Framer::waiting() const {
  return as_bytes(std::string_view(settings_.seven_bit ? raw_ : text_).substr(used_));
}

std::optional<std::size_t> Framer::newest_start(std::size_t offset) const {
  const std::size_t from = offset - base_;
  for (std::size_t at = text_.size(); at-- > from;) {
    if (text_[at] == '/') return base_ + at;
  }
  return {};
}

bool Framer::has_start(std::size_t from, std::size_t to) const {
  for (std::size_t at = from - base_; at + 3 < to - base_; ++at) {
    const bool line_start = at == 0 ? base_ == 0 : is_break(text_[at - 1]);
    if (text_[at] == '/' && line_start && is_letter(text_[at + 1]) &&
        is_flag_character(text_[at + 2]) && is_flag_character(text_[at + 3])) {
      return true;
    }
  }
  return false;
}

std::size_t Framer::count_noise(std::size_t from, std::size_t to) const {
  const auto piece = std::string_view(text_).substr(from - base_, to - from);
  return static_cast<std::size_t>(
      std::count_if(piece.begin(), piece.end(), [](char c) { return !is_break(c); }));
}

}  // namespace gridtap::p1
