#pragma once
// The keys of entities by adapter, from the adapters' own tables: what `entities:` may name, and
// the table of them in docs/keys.md.

#include <string>
#include <string_view>
#include <vector>

#include "core/part.hpp"

namespace gridtap::app {

// The keys of a device of this kind in alphabetical order, each once: those of its adapter, of the
// rules that run beside it, and of the health of its line.
std::vector<std::string_view> entity_keys(const AdapterKind& kind);

// What to tell of a key under `entities:` that no table knows: the nearest of the kind, or, where
// the kind is not known (null), of all keys.
std::string no_such_entity(std::string_view key, const AdapterKind* kind);

// The table for docs/keys.md in Markdown: a row a key.
std::string entity_table();

}  // namespace gridtap::app
