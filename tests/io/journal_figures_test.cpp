// What ten years of a house cost: bytes on the card, bytes written in a day, commits.
#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "journal_rig.hpp"
#include "played_vfs.hpp"

using namespace gridtap;

namespace {

constexpr int series = 40;

std::string name_of(int number) {
  return "device_" + std::to_string(number % 5) + "/quantity_" + std::to_string(number);
}

// Half of them are registers, half are means.
SeriesSlots hour_of(int number, int hour) {
  SeriesSlots all{{name_of(number), "kWh", SeriesKind::growth, -3}, {}};
  for (int n = hour * 4; n < hour * 4 + 4; ++n) {
    const int wave = (n * 7919 + number * 104'729) % 2500;
    const std::int64_t register_now = 23'456'789 + n * 600 + number * 1'000'000;
    Slot slot{quarter(n), wave, wave - wave % 700, wave + 1800, 900};
    if (number % 2 == 0) slot = {quarter(n), 600, register_now, register_now + 600, 900};
    all.slots.push_back(slot);
  }
  return all;
}

struct Written {
  std::uint64_t bytes = 0, commits = 0;

  int operator()(const DiskCall& call) {
    if (call.kind != DiskCall::Kind::write) return SQLITE_OK;
    bytes += call.bytes.size();
    // The head of a page in the file beside it: the second number is 0 but in the last of a commit.
    const bool head = call.path.ends_with("-wal") && call.bytes.size() == 24;
    commits += head && call.bytes.substr(4, 4) != std::string(4, '\0') ? 1u : 0u;
    return SQLITE_OK;
  }
};

void live_a_day(io::SqliteJournal& journal, int day, int days_kept) {
  for (int hour = day * 24; hour < day * 24 + 24; ++hour) {
    std::vector<SeriesSlots> all;
    for (int n = 0; n < series; ++n) all.push_back(hour_of(n, hour));
    REQUIRE(journal.write(all));
  }
  REQUIRE(journal.tidy(quarter(day * 96 + 96), quarter((day - days_kept) * 96)));
}

}  // namespace

TEST_CASE("journal figures: a day of forty series writes at most 3.5 MB in at most 30 commits") {
  Written written;
  const PlayedVfs vfs(std::ref(written));
  JournalRig rig;
  rig.open();
  constexpr int days = 40;
  for (int day = 0; day < days; ++day) {
    written = {};
    live_a_day(*rig.journal, day, 10'000);
    CHECK(written.bytes < 3'500'000);
    CHECK(written.commits <= 30);
  }
  const auto bytes = rig.journal->figures()->bytes;
  MESSAGE(written.bytes, " bytes a day, ", written.commits, " commits, ",
          static_cast<double>(bytes) / (days * 96 * series), " bytes a quarter-hour");
  CHECK(bytes < days * 96 * series * 29.9);  // 420 MB in ten years
}

TEST_CASE("journal figures: once quarter-hours are forgotten the file grows no more") {
  JournalRig rig;
  const PlayedVfs vfs([](const DiskCall&) { return SQLITE_OK; });  // does not synchronise: faster
  rig.open();
  std::uintmax_t settled = 0;
  for (int day = 0; day < 40; ++day) {
    live_a_day(*rig.journal, day, 10);
    if (day == 20) settled = std::filesystem::file_size(rig.file);
  }
  CHECK(std::filesystem::file_size(rig.file) < settled + settled / 20);
}
