#pragma once
// What the tables of models are written with. Only the models*.cpp files include this.

#include <array>
#include <span>

#include "adapters/sunspec/models.hpp"
#include "adapters/sunspec/names.hpp"

namespace gridtap::sunspec {

std::span<const Model> inverter_models();
std::span<const Model> meter_models();
std::span<const Model> der_models();
std::span<const Model> storage_models();

}  // namespace gridtap::sunspec
