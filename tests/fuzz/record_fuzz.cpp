// Any bytes as a record, as they are and with the first line that makes them whole: reading ends,
// and what was read is written and read again the same.

#include "core/record.hpp"

#include <cstdint>

#include "core/bytes.hpp"
#include "fuzz/must.hpp"

using namespace gridtap;

namespace {

// What RecordWriter puts in front of these rows.
std::string sealed(std::string_view rows) {
  std::uint32_t hash = 0x811C9DC5;
  for (const char c : rows) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193;
  std::string text = "record 2 ";
  for (int shift = 24; shift >= 0; shift -= 8) {
    const auto byte = static_cast<std::uint8_t>(hash >> shift);
    text += to_hex({&byte, 1});
  }
  return (text += '\n') += rows;
}

// Any row as RecordWriter writes it: with as many values, up to four.
void copy(const RecordRow& row, RecordWriter& out) {
  const auto value = [&](std::size_t n) { return row.text(n).value_or(""); };
  switch (row.values.size()) {
    case 0:
      out.add(row.name);
      break;
    case 1:
      out.add(row.name, value(0));
      break;
    case 2:
      out.add(row.name, value(0), value(1));
      break;
    case 3:
      out.add(row.name, value(0), value(1), value(2));
      break;
    default:
      out.add(row.name, value(0), value(1), value(2), value(3));
      break;
  }
}

void check(std::string_view text) {
  const Record record(text);
  must(record.rows().empty() || (Record::is_one(text) && Record::is_whole(text)));
  must(record.rows().size() <= Record::max_rows);
  RecordWriter out;
  for (const RecordRow& row : record.rows()) {
    must(!row.name.empty() && row.values.size() <= Record::max_values);
    copy(row, out);
  }
  const Record again(out.text());
  must(again.rows().size() == record.rows().size());
  for (std::size_t n = 0; n < again.rows().size(); ++n) {
    must(again.rows()[n].name == record.rows()[n].name);
    for (std::size_t m = 0; m < again.rows()[n].values.size(); ++m) {
      must(again.rows()[n].values[m] == record.rows()[n].values[m]);
      must(again.rows()[n].number<std::int32_t>(m) == record.rows()[n].number<std::int32_t>(m));
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  check(text);
  const std::string whole = sealed(text);
  must(Record::is_whole(whole) == text.ends_with('\n') || text.empty());
  check(whole);
  return 0;
}
