#pragma once
// The one form of all that survives a restart: text that a person can read, a row a line, each a
// name and its values.
//
//   record 2 1B60E395          version of this form, checksum of all that follows
//   counter 1017
//   heard of g1 17
//
// Inside a value `\s` is a space, `\\` a backslash, `\x0A` any byte that would not show; "" is an
// empty value. What the rows mean is their part's business: a new row gets a new name and rows with
// unknown names are passed over, so an older and a newer program read each other's records. A
// record that is not whole, or in a newer version of the form, has no rows: a wrong value is worse
// than none. Before version 2 each part had a form of its own and no first line.

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gridtap {

class RecordWriter {
 public:
  // REQUIRES: `name` of a-z, 0-9, `_` and `.`. At most Record::max_values texts and whole numbers.
  template <class... Values>
  RecordWriter& add(std::string_view name, const Values&... values) {
    rows_ += name;
    (append(values), ...);
    rows_ += '\n';
    return *this;
  }
  // Empty where there are no rows.
  std::string text() const;

 private:
  void append(std::string_view value);
  template <std::integral Number>
  void append(Number value) {
    append(std::string_view(std::to_string(value)));
  }

  std::string rows_;
};

struct RecordRow {
  std::string name;
  std::vector<std::string> values;

  // Nothing where the row ends before that value.
  std::optional<std::string_view> text(std::size_t n = 0) const;
  // Nothing where it is no whole number, or one that the type cannot hold.
  template <std::integral Number>
  std::optional<Number> number(std::size_t n = 0) const {
    const std::string_view digits = text(n).value_or("");
    Number value{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole ? std::optional(value) : std::nullopt;
  }
};

class Record {
 public:
  static constexpr std::size_t max_bytes = 4 * 1024 * 1024;
  static constexpr std::size_t max_rows = 65'536;
  static constexpr std::size_t max_values = 16;  // of one row

  // Begins like a record of any version. Other text is of a program from before version 2.
  static bool is_one(std::string_view text);
  // As it was written, and in this version of the form.
  static bool is_whole(std::string_view text);

  // No rows where the text is not whole or beyond a limit; without the rows that are none.
  explicit Record(std::string_view text);

  const std::vector<RecordRow>& rows() const& { return rows_; }
  std::vector<RecordRow> rows() && { return std::move(rows_); }
  // The first value of the first row of this name.
  std::optional<std::string_view> text(std::string_view name) const;
  template <std::integral Number>
  std::optional<Number> number(std::string_view name) const {
    const RecordRow* row = find(name);
    return row == nullptr ? std::nullopt : row->number<Number>();
  }

 private:
  const RecordRow* find(std::string_view name) const;

  std::vector<RecordRow> rows_;
};

}  // namespace gridtap
