#pragma once
// The lifetime counters of one meter: each is judged by itself (totals.hpp), with what is known of
// the meter as a whole: which one it is, and what its connection carries. They are kept over
// restarts: a counter does not become 0 because gridtap was away, and the time away counts.

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <forward_list>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/effect.hpp"
#include "core/record.hpp"
#include "parts/total_evidence.hpp"
#include "parts/totals.hpp"

namespace gridtap {

class MeterTotals {
 public:
  static constexpr std::size_t most = 256;  // counters kept over a restart
  static constexpr std::chrono::hours longest_unit_doubt{24};

  // `max_power`: W of the connection, where that is set.
  explicit MeterTotals(std::optional<Decimal> max_power = {}) : limit_(max_power) {}
  MeterTotals(MeterTotals&&) = default;
  MeterTotals& operator=(MeterTotals&&) = default;

  // The meter of the values that follow, by its serial number or what stands for it; empty: this
  // message does not say. The counters of another meter are forgotten. `has_serial`: it would say
  // so if it were another one.
  void is_of(std::string_view meter, bool has_serial);
  std::string_view meter() const { return meter_; }

  // A power was measured, W. `flow`: what it is the whole of, flow_of_power().
  void see(std::optional<Flow> flow, Decimal watts, Now now);
  // The connection carries that much, W, as its nameplate says.
  void carries(Decimal watts) { limit_.raise(watts); }

  // by_power_later: not before it was seen to change, for a register that its device updates now
  // and then: what it rises by at first has come in a time that is not known.
  enum class Limit : std::uint8_t { by_power, by_power_later, none };
  // Why the value is held back, empty if it is accepted: Total::judge(). A jump that powers explain
  // is right. Where no serial number would tell of another meter, a register that became zero, or
  // low, is another one's once it grew for a day as the powers say, and not before, if there are
  // any. A counter that began anew is reported.
  std::string_view judge(std::string_view key, Decimal value, Now now, Effects& effects,
                         Limit limit = Limit::by_power);
  // The values that are held back count from now on: a person has looked. Calls `say` for each,
  // unless it is empty. False: none is.
  using Say = std::function<void(std::string_view key, Decimal value)>;
  bool accept(const Say& say);
  // Counters without a unit on the wire: the power of ten that they are scaled by. Where it is not
  // set by the user, one that becomes ten, a hundred or a thousand times as large, or as small, has
  // changed its unit: it is held back ("unit") until the exponent follows, or for a day. Else what
  // is known moves with the exponent.
  void scale(std::int8_t exponent, bool is_set);

  // A row `totals CHANNEL METER [EXPONENT]`, and behind it for each counter `total KEY VALUE
  // [TIME]`, where TIME is in seconds since 1970.
  void save(RecordWriter& record, std::string_view channel) const;
  void restore(const Record& record, std::string_view channel);

 private:
  struct Counter {
    bool is_tariff() const { return key.find("_t") != key.npos; }
    std::string_view key;  // of the vocabulary, or of own_keys_
    Total total;
  };
  void restore(const RecordRow& row);
  std::size_t counter_of(std::string_view key);
  TotalEvidence& evidence(Mono now);
  bool changes_unit(Total& total, Decimal value, Now now) const;
  Total::Falls falls_of(const Counter& counter, Decimal value) const;
  bool explained(std::size_t n, std::string_view why, Decimal value, Now now, Effects& effects);
  std::string_view lasting(std::string_view key);

  PowerLimit limit_;
  std::string meter_;
  std::vector<Counter> counters_;
  std::forward_list<std::string> own_keys_;
  std::uint16_t next_ = 0;  // messages list their counters in the same order
  std::optional<std::int8_t> exponent_;
  bool exponent_is_set_ = false, has_serial_ = false;
  std::unique_ptr<TotalEvidence> evidence_;  // where it is needed
  std::bitset<3> measured_;                  // by Flow: whether powers were seen
};

}  // namespace gridtap
