#include "adapters/han/framer.hpp"

#include <algorithm>
#include <cstring>

namespace gridtap::han {

void Framer::append(ByteView bytes) {
  if (end_ + bytes.size() > capacity) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    next_flag_ -= std::min(next_flag_, begin_);
    told_ -= std::min(told_, begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (!bytes.empty()) std::memcpy(buffer_.data() + end_, bytes.data(), bytes.size());
  end_ += bytes.size();
}

bool Framer::next(bool silent, Found& found) {
  for (;;) {
    skip(find_start() - begin_);
    if (begin_ == end_) return false;
    const Step step = buffer_[begin_] == hdlc_flag ? try_hdlc(found) : try_mbus(found);
    if (step == Step::found) return true;
    if (step == Step::wait && !silent) return false;
    skip(1);
  }
}

// The first byte at which a frame can begin, or the end.
std::size_t Framer::find_start() {
  const auto find = [this](std::uint8_t byte, std::size_t from, std::size_t to) {
    if (from >= to) return to;
    const void* at = std::memchr(buffer_.data() + from, byte, to - from);
    if (at == nullptr) return to;
    return static_cast<std::size_t>(static_cast<const std::uint8_t*>(at) - buffer_.data());
  };
  if (next_flag_ < begin_) next_flag_ = begin_;
  if (next_flag_ < end_ && buffer_[next_flag_] != hdlc_flag) {
    next_flag_ = find(hdlc_flag, next_flag_, end_);
  }
  return find(mbus_start, begin_, next_flag_);
}

// Passes over bytes in which no frame begins. All but the first are no flags.
void Framer::skip(std::size_t count) {
  if (count == 0) return;
  const bool flag = buffer_[begin_] == hdlc_flag;
  const std::size_t first_untold = std::max(begin_, told_);
  begin_ += count;
  at_its_end_ = false;
  if (!flag || count > 1) clean_ = false;
  if (begin_ > first_untold) gap_ += begin_ - first_untold - (flag ? 1 : 0);
}

Framer::Step Framer::try_hdlc(Found& found) {
  using Verdict = HdlcCheck::Verdict;
  const HdlcCheck check = check_hdlc({buffer_.data() + begin_, end_ - begin_});
  switch (check.verdict) {
    case Verdict::more:
      return Step::wait;
    case Verdict::none:
      return Step::failed;
    case Verdict::cut:
      cut_ = true;
      return Step::failed;
    case Verdict::damaged:
      mark_damaged(check.frame.bytes, found);
      return Step::found;
    case Verdict::complete:
      break;
  }
  found.kind = Found::Kind::hdlc;
  found.hdlc = check.frame;
  found.bytes.raw = {buffer_.data() + begin_, check.frame.bytes};
  found.bytes.shares_flag = at_its_end_ && begin_ < told_;
  found.adjacent = clean_;
  // The closing flag may open the next frame.
  close_frame(check.frame.bytes - 1, check.frame.bytes);
  return Step::found;
}

Framer::Step Framer::try_mbus(Found& found) {
  using Verdict = MbusCheck::Verdict;
  const MbusCheck check = check_mbus({buffer_.data() + begin_, end_ - begin_});
  switch (check.verdict) {
    case Verdict::more:
      return Step::wait;
    case Verdict::none:
      return Step::failed;
    case Verdict::damaged:
      mark_damaged(check.frame.bytes, found);
      return Step::found;
    case Verdict::complete:
      break;
  }
  found.kind = Found::Kind::mbus;
  found.mbus = check.frame;
  found.bytes.raw = {buffer_.data() + begin_, check.frame.bytes};
  found.adjacent = at_its_end_;
  close_frame(check.frame.bytes, check.frame.bytes);
  return Step::found;
}

// The search goes on inside it: its length may be what is wrong.
void Framer::mark_damaged(std::size_t bytes, Found& found) {
  found.kind = Found::Kind::damaged;
  const std::size_t end = begin_ + bytes;
  found.damaged = end - std::max(begin_, std::min(told_, end));
  told_ = std::max(told_, end);
  skip(1);
  clean_ = false;
}

void Framer::close_frame(std::size_t used, std::size_t told) {
  told_ = std::max(told_, begin_ + told);
  begin_ += used;
  clean_ = at_its_end_ = true;
}

void Framer::clear_gap() {
  gap_ = 0;
  cut_ = false;
}

}  // namespace gridtap::han
