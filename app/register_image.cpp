#include "app/register_image.hpp"

#include <nlohmann/json.hpp>

#include "core/scalar.hpp"

namespace gridtap::app {
namespace {

using nlohmann::json;

constexpr std::int64_t highest = 0xFFFF;

std::optional<std::uint16_t> word_of(const json& value) {
  if (!value.is_number_integer()) return {};
  const auto number = value.get<std::int64_t>();
  if (number < 0 || number > highest) return {};
  return static_cast<std::uint16_t>(number);
}

void dig_holes(RegisterImage& image, const json& holes) {
  if (!holes.is_array()) return;
  for (const json& hole : holes) {
    if (!hole.is_array() || hole.size() != 2) continue;
    const auto first = word_of(hole[0]), last = word_of(hole[1]);
    if (!first || !last || *first > *last) continue;
    image.erase(image.lower_bound(*first), image.upper_bound(*last));
  }
}

}  // namespace

Result<RegisterImage> parse_register_image(const std::string& text) {
  const json root = json::parse(text, nullptr, false);
  if (!root.is_object() || !root.contains("registers") || !root["registers"].is_object()) {
    return failed(Fault::bad_syntax,
                  "expected a JSON object with `registers`: {\"40000\": 21365, ...}");
  }
  RegisterImage image;
  for (const auto& [key, value] : root["registers"].items()) {
    const auto address = parse_integer(key);
    const auto word = word_of(value);
    if (!address || *address < 0 || *address > highest || !word) {
      return failed(Fault::bad_syntax, "registers." + key + ": want 0 to 65535 for both");
    }
    image[static_cast<std::uint16_t>(*address)] = *word;
  }
  if (root.contains("holes")) dig_holes(image, root["holes"]);
  return image;
}

void ImageLine::play(Now now) {
  while (!asked_.empty() && !closed_) {
    const std::string asked = std::exchange(asked_, {});
    server_.on_bytes(as_bytes(asked), now, *this);
    const std::string answered = std::exchange(answered_, {});
    events_->on_bytes(as_bytes(answered));
  }
}

void ImageLine::operator()(const Effect& effect) {
  if (const auto* send = std::get_if<gridtap::Send>(&effect)) answered_ += as_text(send->bytes);
}

}  // namespace gridtap::app
