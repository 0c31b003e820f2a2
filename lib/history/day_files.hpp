#pragma once
// The day files of the program before: what a Norwegian meter sent, a line each ten seconds, as
// 19 fields without a first line that names them:
//
//   2025-10-24,00:00:10,KFM_001,6970631400000001,MA304H3E,1240,0,0,160,2600,2100,2700,2331,0,2329,
//   5020892,0,482234,9993
//
// date and time by the clock of the meter, list, number and type of the meter, P+ P- Q+ Q- (W,
// var), I1 I2 I3 (mA), U1 U2 U3 (0.1 V), A+ A- R+ R- (Wh, varh). The four registers are those that
// came last, 0 before they have come; they come once an hour, when one of them has grown. Pure.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/zone.hpp"
#include "history/imported.hpp"
#include "history/series_choice.hpp"

namespace gridtap::history {

class DayFiles {
 public:
  static constexpr std::size_t fields_of_line = 19;
  // What is longer ago is a silence: a power is not known meanwhile, a register not covered.
  static constexpr std::chrono::seconds longest_hold{60};
  static constexpr std::chrono::minutes longest_silence{10};

  // Whether a file begins like one.
  static bool is_one(std::string_view first_line);

  // `zone`: of the clock of the meter. What `choice` does not take is left out.
  DayFiles(const std::string& device, const SeriesChoice& choice, const Zone& zone);
  ~DayFiles();
  DayFiles(const DayFiles&) = delete;
  DayFiles& operator=(const DayFiles&) = delete;

  // The lines of all files, one after the other in the order of time.
  void line(std::string_view text, FilePlace place);
  // What they make. A value that was nothing but 0 all the time has no series.
  Imported finish();
  const ImportNotes& notes() const { return notes_; }

 private:
  struct Line;
  struct Columns;

  std::optional<Line> parse(std::string_view text, FilePlace place);
  std::optional<Instant> time_of(std::string_view date, std::string_view clock) const;

  Zone zone_;
  std::unique_ptr<Columns> columns_;
  std::optional<Instant> last_;
  Milliseconds interval_{0};  // between the last two lines
  std::string meter_;
  Origins origins_;
  ImportNotes notes_;
};

}  // namespace gridtap::history
