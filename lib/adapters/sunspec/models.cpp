#include "adapters/sunspec/models.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/sunspec/model_rows.hpp"

namespace gridtap::sunspec {
namespace {

constexpr std::uint16_t first_curve = 705, last_curve = 712;
constexpr std::uint16_t ranks[] = {701, 113, 112, 111, 103, 102, 101, 122, 802,
                                   713, 714, 715, 704, 702, 124, 123, 121, 120};

std::array<std::span<const Model>, 4> tables() {
  return {inverter_models(), meter_models(), der_models(), storage_models()};
}

}  // namespace

const Model* find_model(std::uint16_t id) {
  for (const auto table : tables()) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Model& model) { return model.id == id; });
    if (found != table.end()) return &*found;
  }
  return nullptr;
}

std::vector<std::string_view> model_keys() {
  std::vector<std::string_view> keys;
  for (const auto table : tables()) {
    for (const Model& model : table) {
      for (const auto points : {model.points, model.group.points}) {
        for (const Point& point : points) {
          if (!point.key.empty()) keys.push_back(point.key);
        }
      }
    }
  }
  return keys;
}

bool is_silent(std::uint16_t id) { return id >= first_curve && id <= last_curve; }

int rank_of(std::uint16_t id) {
  return static_cast<int>(std::find(std::begin(ranks), std::end(ranks), id) - std::begin(ranks));
}

std::string_view name_at(std::string_view names, unsigned number) {
  unsigned at = 0;
  for (; !names.empty(); ++at) {
    std::string_view word = names.substr(0, names.find(','));
    names.remove_prefix(std::min(word.size() + 1, names.size()));
    if (const std::size_t equals = word.find('='); equals != word.npos) {
      std::from_chars(word.data(), word.data() + equals, at);
      word.remove_prefix(equals + 1);
    }
    if (at == number) return word;
  }
  return {};
}

}  // namespace gridtap::sunspec
