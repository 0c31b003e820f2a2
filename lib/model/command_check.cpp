#include "model/command_check.hpp"

#include "core/json_text.hpp"

namespace gridtap::model {
namespace {

tl::unexpected<Error> wrong(std::string detail) {
  return failed(Fault::bad_syntax, std::move(detail));
}

Result<Value> check_switch(std::string_view payload) {
  if (payload == "ON") return Value{true};
  if (payload == "OFF") return Value{false};
  return wrong("a switch takes ON or OFF");
}

Result<Value> check_number(const EntitySpec& spec, std::string_view payload) {
  const auto value = parse_decimal(payload);
  if (!value) return wrong("not a plain decimal number");
  const bool limited = spec.min < spec.max;
  if (limited && (*value < spec.min || *value > spec.max)) {
    return failed(Fault::out_of_range, "outside " + to_text(spec.min) + " to " + to_text(spec.max) +
                                           (spec.unit.empty() ? "" : ' ' + std::string(spec.unit)));
  }
  return Value{*value};
}

Result<Value> check_text(std::string_view payload) {
  if (payload.empty()) return wrong("an empty text");
  if (printable(payload) != payload) return wrong("not printable UTF-8 text");
  return Value{payload};
}

}  // namespace

Result<Value> check_command(const Entity& entity, std::string_view payload) {
  if (payload.size() > max_command) {
    return failed(Fault::overlong, "longer than " + std::to_string(max_command) + " bytes");
  }
  switch (entity.spec().platform) {
    case Platform::toggle:
      return check_switch(payload);
    case Platform::number:
      return check_number(entity.spec(), payload);
    case Platform::button:
      if (payload != "PRESS") return wrong("a button takes PRESS");
      return Value{true};
    case Platform::select:
      if (payload.empty() || payload.find(',') != payload.npos || !entity.has_option(payload)) {
        return wrong("not one of " + std::string(entity.options()));
      }
      return Value{payload};
    case Platform::text:
      return check_text(payload);
    case Platform::sensor:
    case Platform::binary_sensor:
      break;
  }
  return failed(Fault::unsupported, "takes no commands");
}

}  // namespace gridtap::model
