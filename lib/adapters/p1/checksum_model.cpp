#include "adapters/p1/checksum_model.hpp"

#include "codec/crc16.hpp"

namespace gridtap::p1 {

std::uint32_t ChecksumModel::meter_of(std::string_view header) {
  const ByteView bytes = as_bytes(header);
  return std::uint32_t{crc16_arc(bytes)} << 16 | crc16_x25(bytes);
}

ChecksumModel::Verdict ChecksumModel::judge(std::uint32_t meter, bool x25, Waiting telegram) {
  if (!is_of(meter)) {
    meter_ = meter;
    model_ = Model::unknown;
  }
  const Model fits = x25 ? Model::x25 : Model::arc;
  if (model_ == fits || (model_ == Model::unknown && fits == Model::arc)) {
    model_ = fits;
    return Verdict::accept;
  }
  if (model_ == Model::arc) return Verdict::refuse;
  const bool again = !waiting_.empty() && waiting_.back().text == telegram.text;
  if (again) return Verdict::wait;
  if (waiting_.size() + 1 < agreement) {
    waiting_.push_back(std::move(telegram));
    return Verdict::wait;
  }
  model_ = fits;
  return Verdict::complete;
}

void ChecksumModel::save(RecordWriter& record) const {
  if (model_ == Model::x25) record.add("checksum", meter_, "x25");
}

void ChecksumModel::restore(const Record& record) {
  for (const RecordRow& row : record.rows()) {
    if (row.name != "checksum" || row.text(1) != "x25") continue;
    meter_ = row.number<std::uint32_t>(0).value_or(0);
    model_ = Model::x25;
  }
}

}  // namespace gridtap::p1
