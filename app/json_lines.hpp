#pragma once
// The JSON lines of `watch` and `decode`: one event a line, in order of arrival, and one summary.
// Also what the tests of an adapter compare.

#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <string_view>

#include "core/ports.hpp"

namespace gridtap::app {

class JsonLines final : public Sink {
 public:
  enum class Devices : std::uint8_t { unnamed, named };  // named: each line says its device
  JsonLines(std::ostream& out, Devices devices) : out_(out), devices_(devices) {}

  void on_effect(std::string_view device, const Effect& effect, Now now) override;
  // The last line. `bytes`: of the whole input.
  void summary(std::uint64_t bytes);
  std::uint64_t good_frames() const { return frames_; }

 private:
  void entity(const EntitySpec& spec);
  std::string_view unit_of(std::string_view key, const EntitySpec* spec) const;
  void identified(std::string_view device, const Identified& effect);
  void reading(std::string_view device, const Reading& effect);
  void held(std::string_view device, const Held& effect);
  void unknown(std::string_view device, const Unknown& effect);
  void dropped(std::string_view device, const Dropped& effect);
  void diagnosis(std::string_view device, const Diagnosis& effect);

  void begin(std::string_view event, std::string_view device);
  void field(std::string_view name, std::string_view text);
  void field_or_null(std::string_view name, std::string_view text);
  void value(const Value& value);
  void number(std::string_view name, std::uint64_t value);
  void end();

  std::ostream& out_;
  Devices devices_;
  std::string line_, text_;
  std::map<std::string, std::string, std::less<>> own_units_;
  std::uint64_t frames_ = 0, dropped_ = 0, readings_ = 0, unknown_ = 0;
};

}  // namespace gridtap::app
