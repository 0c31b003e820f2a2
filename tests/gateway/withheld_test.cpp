// What is held back now, as a person reads it.
#include "gateway/withheld.hpp"

#include <doctest/doctest.h>

using namespace gridtap;

namespace {

Held held(std::string_view key, std::int64_t value, std::string_view reason,
          std::string_view channel = "") {
  return {{channel, key, "1-0:1.8.0", Decimal{value, 0}}, reason};
}
Reading read(std::string_view key, std::string_view channel = "") {
  return {channel, key, "1-0:1.8.0", Decimal{1, 0}};
}

}  // namespace

TEST_CASE("withheld: the value, its unit, the reason and the way out are in one sentence") {
  Withheld withheld;
  CHECK(withheld.text() == "none");
  withheld.hold(held("energy_import_t1", 0, "zero"));
  CHECK(withheld.text() ==
        "energy_import_t1 0 kWh: a counter never becomes 0 again; it goes on when it counts; "
        "accept_readings takes it as right");
  withheld.accept(read("energy_import_t2"));
  CHECK(withheld.text() != "none");
  withheld.accept(read("energy_import_t1"));
  CHECK(withheld.text() == "none");
}

TEST_CASE("withheld: the setting that decides is named") {
  for (const auto& [reason, setting] :
       {std::pair{"jumped", "max_power"}, {"implausible", "max_power"}, {"fell", "ten minutes"}}) {
    Withheld withheld;
    withheld.hold(held("energy_import", 900, reason));
    CAPTURE(reason);
    CHECK(withheld.text().find(setting) != std::string::npos);
    CHECK(withheld.text().find("accept_readings") != std::string::npos);
  }
}

TEST_CASE("withheld: of many some are named, and the text is no longer than a state") {
  Withheld withheld;
  for (int n = 1; n < 100; ++n)
    withheld.hold(held("energy_import_t" + std::to_string(n), n, "fell"));
  const std::string text = withheld.text();
  CHECK(
      text.starts_with("energy_import_t1 1 kWh, energy_import_t2 2 kWh, energy_import_t3 3 kWh "
                       "and 61 more: it fell"));
  CHECK(text.ends_with("accept_readings takes it as right"));
  CHECK(text.size() <= 255);
  Withheld wordy;
  wordy.hold(held("energy_import", 1, std::string(400, 'x')));
  CHECK(wordy.text().size() == 255);
}

TEST_CASE("withheld: the newest value and reason of a key count, and each channel is its own") {
  Withheld withheld;
  withheld.hold(held("gas", 5, "fell", "1"));
  withheld.hold(held("gas", 0, "zero", "1"));
  withheld.accept(read("gas", "2"));
  CHECK(withheld.text().starts_with("gas 0 m³: a counter never"));
  withheld.forget("2");
  CHECK(withheld.text() != "none");
  withheld.forget("1");  // another meter is there
  CHECK(withheld.text() == "none");
}
