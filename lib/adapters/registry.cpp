#include "adapters/registry.hpp"

#include <algorithm>

#include "adapters/han/adapter.hpp"
#include "adapters/kgf/adapter.hpp"
#include "adapters/kq330/adapter.hpp"
#include "adapters/p1/adapter.hpp"
#include "adapters/sunspec/adapter.hpp"

namespace gridtap {
namespace {

constexpr const AdapterKind* table[] = {
    &han::kind, &kgf::kind, &kq330::kind, &p1::kind, &sunspec::kind,
};

}  // namespace

std::span<const AdapterKind* const> kinds() { return table; }

const AdapterKind* find_kind(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(table), std::end(table),
                   [&](const AdapterKind* kind) { return kind->name == name; });
  return found == std::end(table) ? nullptr : *found;
}

}  // namespace gridtap
