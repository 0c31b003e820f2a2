// The list of devices that gridtap knows.
#include "adapters/registry.hpp"

#include <doctest/doctest.h>

#include "support/settings.hpp"

using namespace gridtap;

TEST_CASE("registry: every kind is found by its name, in the order of the alphabet") {
  std::string_view before;
  for (const AdapterKind* kind : kinds()) {
    CAPTURE(kind->name);
    CHECK(before < kind->name);
    CHECK(find_kind(kind->name) == kind);
    before = kind->name;
  }
  CHECK(find_kind("toaster") == nullptr);
  CHECK(find_kind("") == nullptr);
}

TEST_CASE("registry: every kind can be made without any setting, and every played meter, too") {
  for (const AdapterKind* kind : kinds()) {
    CAPTURE(kind->name);
    SectionRig rig(std::vector<Member>{});
    Section section = rig.section();
    CHECK(kind->make(section, 1) != nullptr);
    CHECK(rig.problems() == "");
    for (std::string_view meters = kind->meters; !meters.empty();) {
      const std::string_view meter = meters.substr(0, meters.find(','));
      CAPTURE(meter);
      SectionRig played({{"meter", plain(std::string(meter))}});
      Section settings = played.section();
      const Ends ends = kind->simulate(settings, 1);
      settings.finish();
      CHECK(played.problems() == "");
      CHECK(ends.size() >= 1);
      for (const auto& end : ends) CHECK(end != nullptr);
      meters.remove_prefix(std::min(meter.size() + 1, meters.size()));
    }
  }
}

TEST_CASE("registry: a kind has a serial line, or is an image of registers on the network") {
  for (const AdapterKind* kind : kinds()) {
    CAPTURE(kind->name);
    CHECK(kind->serial.empty() == (kind->recording == Recording::registers));
  }
}
