#pragma once
// How a row of the vocabulary is written: `off(diagnostic(counter("frames_ok")))`. Only the
// vocabulary_*.cpp files include this; each holds one theme, sorted when it is compiled.

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "core/vocabulary.hpp"

namespace gridtap::rows {

std::span<const EntitySpec> power();
std::span<const EntitySpec> energy();
std::span<const EntitySpec> meter();
std::span<const EntitySpec> battery();
std::span<const EntitySpec> inverter();
std::span<const EntitySpec> gateway();

constexpr EntitySpec value(std::string_view key, std::string_view unit, std::string_view cls,
                           int decimals) {
  EntitySpec spec{.key = key, .unit = unit, .device_class = cls};
  spec.decimals = static_cast<std::int8_t>(decimals);
  return spec;
}
constexpr EntitySpec measurement(std::string_view key, std::string_view unit, std::string_view cls,
                                 int decimals) {
  EntitySpec spec = value(key, unit, cls, decimals);
  spec.statistics = Statistics::measurement;
  return spec;
}
constexpr EntitySpec total(std::string_view key, std::string_view unit, std::string_view cls,
                           int decimals) {
  EntitySpec spec = value(key, unit, cls, decimals);
  spec.statistics = Statistics::total_increasing;
  return spec;
}
constexpr EntitySpec counter(std::string_view key) { return total(key, "", "", 0); }
constexpr EntitySpec words(std::string_view key) { return {.key = key}; }
constexpr EntitySpec one_of(std::string_view key, std::string_view options) {
  return {.key = key, .device_class = "enum", .options = options};
}
constexpr EntitySpec settable(std::string_view key, std::string_view unit, std::string_view cls,
                              int decimals) {
  EntitySpec spec = value(key, unit, cls, decimals);
  spec.platform = Platform::number;
  return spec;
}
constexpr EntitySpec choose(std::string_view key, std::string_view options) {
  return {.key = key, .platform = Platform::select, .options = options};
}
constexpr EntitySpec yes_no(std::string_view key, std::string_view cls = {}) {
  return {.key = key, .device_class = cls, .platform = Platform::binary_sensor};
}
constexpr EntitySpec on_off(std::string_view key, std::string_view cls = {}) {
  return {.key = key, .device_class = cls, .platform = Platform::toggle};
}
constexpr EntitySpec press(std::string_view key) {
  return {.key = key, .platform = Platform::button};
}
constexpr EntitySpec entry(std::string_view key) {
  return {.key = key, .platform = Platform::text};
}

constexpr EntitySpec off(EntitySpec spec) {
  spec.enabled = false;
  return spec;
}
constexpr EntitySpec diagnostic(EntitySpec spec) {
  spec.category = Category::diagnostic;
  return spec;
}
constexpr EntitySpec config(EntitySpec spec) {
  spec.category = Category::config;
  return spec;
}
constexpr EntitySpec icon(std::string_view name, EntitySpec spec) {
  spec.icon = name;
  return spec;
}
constexpr EntitySpec line_health(EntitySpec spec) {
  spec.line_health = true;
  return spec;
}
constexpr EntitySpec needs_value(EntitySpec spec) {
  spec.needs_value = true;
  return spec;
}
constexpr EntitySpec while_said(std::string_view other, EntitySpec spec) {
  spec.needs = other;
  return spec;
}

template <std::size_t count>
constexpr std::array<EntitySpec, count> sorted(std::array<EntitySpec, count> table) {
  std::sort(table.begin(), table.end(),
            [](const EntitySpec& a, const EntitySpec& b) { return a.key < b.key; });
  return table;
}

}  // namespace gridtap::rows
