#include "adapters/p1/framer.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>

#include "adapters/p1/characters.hpp"
#include "codec/crc16.hpp"

namespace gridtap::p1 {
namespace {

// Used bytes are moved out of the way together, when they are as many as those that wait: then a
// meter needs no more room than its longest telegram, and no byte is moved twice.
constexpr std::size_t compaction_bytes = 256;

// Room for a short telegram is kept: to ask for it anew every second costs more than it is worth.
constexpr std::size_t few_bytes = 8, kept_bytes = 1024;

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

}  // namespace

std::string_view header_of(std::string_view telegram) {
  return telegram.substr(0, std::min(telegram.find('\r'), telegram.find('\n')));
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
  const Checksum tried = settings_.checksum;
  for (Candidate& candidate : candidates_) {
    advance(candidate, bang + 1);  // also for the report of a mismatch
    const bool fits = candidate.crc == digits.value && tried != Checksum::x25;
    if (fits) return accept(candidate, bang, digits, false);
  }
  for (Candidate& candidate : candidates_) {
    if (tried == Checksum::x25) break;
    advance_repaired(candidate, bang + 1);
    if (candidate.repaired == digits.value) return accept(candidate, bang, digits, true);
  }
  return by_x25(bang, digits);
}

// The newest start of a line alone: few telegrams come here, and noise should not cost much.
std::optional<Found> Framer::by_x25(std::size_t bang, const Digits& digits) {
  const bool tried =
      settings_.checksum == Checksum::automatic || settings_.checksum == Checksum::x25;
  if (!tried || digits.count != 4) return {};
  for (auto at = candidates_.rbegin(); at != candidates_.rend(); ++at) {
    if (!at->line_start) continue;
    const auto text = std::string_view(text_).substr(at->at, bang + 1 - at->at);
    if (crc16_x25(as_bytes(text)) != digits.value) return {};
    Found found = accept(*at, bang, digits, false);
    found.x25 = true;
    return found;
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
  const bool proof = digits.count > 0 && settings_.checksum != Checksum::none;
  auto found = proof ? mismatch(bang, digits) : without_checksum(bang, digits);
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
  if (text_.capacity() <= kept_bytes && raw_.empty() && repaired_text_.empty() && ended_.empty()) {
    return;
  }
  if (used_ < 2 || text_.size() - used_ > few_bytes) return;
  const std::size_t gone = used_ - 1;
  std::string(text_, gone).swap(text_);
  if (settings_.seven_bit) std::string(raw_, gone).swap(raw_);
  std::string().swap(repaired_text_);
  std::string().swap(ended_);
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

ByteView Framer::with_line_end(std::size_t begin, std::size_t end) {
  const std::string_view text = std::string_view(text_).substr(begin - base_, end - begin);
  const std::size_t feed = text.find('\n');
  if (feed == text.npos) return bytes(begin, end);
  const bool two = feed > 0 && text[feed - 1] == '\r';
  const ByteView line_end = bytes(begin + feed - (two ? 1 : 0), begin + feed + 1);
  if (end + line_end.size() <= size()) {
    const ByteView behind = bytes(end, end + line_end.size());
    if (as_text(behind) == as_text(line_end)) return bytes(begin, end + line_end.size());
  }
  ended_ = as_text(bytes(begin, end));
  ended_ += as_text(line_end);
  return as_bytes(ended_);
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
