#pragma once
// The rows of an answer, period by period, from what a journal and the recorder have. Slots are
// taken in pieces, so ten years cost no more memory than a week; who drives it decides when the
// next piece is read and how many rows are made at once.

#include <cstdint>
#include <optional>
#include <vector>

#include "history/query.hpp"
#include "history/sums.hpp"

namespace gridtap::history {

struct Row {
  Period period{};
  std::vector<std::optional<Point>> points;  // by series; nothing: it is not known
};

class Rows {
 public:
  struct Wanted {
    std::size_t series;  // of the query
    SlotTime begin, end;
  };

  // `piece`: as many slots as the journal returns at most.
  Rows(Query query, const Zone& zone, std::size_t piece = Journal::max_slots);

  const Query& query() const { return query_; }
  // What is to be read before the next row; nothing: there is a row, or none is left.
  std::optional<Wanted> wants() const;
  // The answer: the first slots of what was wanted, in the order of time. What is fewer than a
  // piece is all. `pending`: what the recorder had of it before the journal was asked, in the order
  // of time. Of slots of the same time the fuller one counts, or else the later.
  void give(std::vector<Slot> slots, const std::vector<Slot>& pending = {});
  // Null: wants() has something, or it is the end. Valid until the next call.
  const Row* next();

 private:
  struct Feed {
    Sums sums;
    SlotTime known_until;
    std::vector<Slot> slots = {};
    std::size_t taken = 0;  // of them
  };

  void take_slots(Feed& feed) const;

  Query query_;
  Zone zone_;
  std::size_t piece_;
  SlotTime end_;
  std::vector<Feed> feeds_;
  Period period_;  // of the next row
  Row row_;
};

}  // namespace gridtap::history
