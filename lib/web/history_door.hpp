#pragma once
// Where the history is, for who shows it.

#include "core/journal.hpp"
#include "core/zone.hpp"
#include "history/kept.hpp"

namespace gridtap::web {

// Everything named outlives who has this.
struct HistoryDoor {
  Journal& journal;
  history::Kept kept;
  Zone zone;  // whose days and months are shown
};

}  // namespace gridtap::web
