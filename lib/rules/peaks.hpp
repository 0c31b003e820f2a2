#pragma once
// The peaks of the month, which a capacity tariff is made of: of each day its highest hour, of the
// month the highest days, their mean, and the step of the tariff that it is in (han.md 10). Days
// and months are those of the house's time zone. Pure; the time comes with the hours.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/record.hpp"
#include "core/zone.hpp"

namespace gridtap {

class Peaks {
 public:
  static constexpr std::size_t most_days = 5, most_steps = 32;

  struct Options {
    std::size_t days = 3;  // 1 to most_days
    // Lower borders of the steps in kW, ascending from 0; a border belongs to the step above it.
    std::vector<std::int64_t> steps_kw = {0, 2, 5, 10, 15, 20, 25, 50, 75, 100};
    std::int64_t periods_an_hour = 1;  // 4: quarters, whose Wh are a quarter of their mean power
  };
  // The highest period of a day.
  struct Peak {
    std::int32_t day;  // local, in days since 1970
    Instant start;
    std::int64_t watts;  // its mean power
    friend bool operator==(const Peak&, const Peak&) = default;
  };
  struct Month {
    std::int32_t number;      // local, in months since 1970
    std::vector<Peak> peaks;  // the highest first, on different days, at most Options::days
    friend bool operator==(const Month&, const Month&) = default;
  };
  struct Step {
    std::size_t number;  // from 1
    std::int64_t from_kw;
    std::optional<std::int64_t> to_kw;  // nothing: the highest step
    // How much the mean may still grow in this step, in W; rounded up to the border.
    std::optional<std::int64_t> left_w;
    std::string text() const;  // "5-10 kW", "100+ kW"
  };

  // REQUIRES: options within their limits.
  Peaks(Options options, Zone zone) : options_(std::move(options)), zone_(zone) {}

  // A period that was measured whole, with its energy. In the order of time; where the clock was
  // wrong and the months run backwards, the month before goes on where it was.
  void period(Instant start, std::int64_t wh);

  const std::optional<Month>& month() const { return month_; }
  const std::optional<Month>& last_month() const { return last_; }
  // W with one decimal, of the days there are; nothing where there are none.
  static std::optional<Decimal> mean(const Month& month);
  std::optional<Step> step() const;
  // Fewer days than the tariff takes: the mean may still fall.
  bool is_provisional() const { return !month_ || month_->peaks.size() < options_.days; }

  void keep(RecordWriter& record) const;
  // Rows that make no sense leave it as new.
  void restore(const Record& record);

 private:
  void turn(std::int32_t number);
  void insert(const Peak& peak);

  Options options_;
  Zone zone_;
  std::optional<Month> month_, last_;
};

// "2026-01-09"
std::string date_text(std::int32_t day);
// "2026-01"
std::string month_text(std::int32_t number);

}  // namespace gridtap
