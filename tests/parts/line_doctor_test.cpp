// What is remembered of a line that brings no frames.
#include "parts/line_doctor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Rig final : Effects {
  void operator()(const Effect& effect) override {
    const auto& found = std::get<Diagnosis>(effect);
    said += std::string(name(found.cause)) + ": " + std::string(found.detail) + '\n';
  }
  std::string say(Cause cause) {
    doctor.say(cause, "do this", *this);
    return std::exchange(said, {});
  }

  LineDoctor doctor;
  std::string said;
};

}  // namespace

TEST_CASE("line doctor: each cause is reported once, with its hint") {
  Rig rig;
  rig.doctor.open(Mono{});
  CHECK(rig.say(Cause::inverted) == "inverted: do this\n");
  CHECK(rig.say(Cause::inverted) == "");
  CHECK(rig.say(Cause::noise) == "noise: do this\n");
  CHECK(rig.doctor.has_said(Cause::inverted));
  CHECK_FALSE(rig.doctor.has_said(Cause::telnet));
}

TEST_CASE("line doctor: a new connection repeats nothing, unless frames have come in between") {
  Rig rig;
  rig.doctor.open(Mono{});
  rig.say(Cause::noise);
  rig.doctor.open(Mono{1min});
  CHECK(rig.say(Cause::noise) == "");
  rig.doctor.prove();
  CHECK(rig.say(Cause::noise) == "");
  rig.doctor.open(Mono{2min});
  CHECK(rig.say(Cause::noise) == "noise: do this\n");
}

TEST_CASE("line doctor: few bytes are judged after 11 s, once a connection") {
  Rig rig;
  CHECK(rig.doctor.next_wake() == Mono::max());
  rig.doctor.open(Mono{100s});
  CHECK(rig.doctor.next_wake() == Mono{111s});
  CHECK_FALSE(rig.doctor.patience_ends(Mono{110s}));
  CHECK(rig.doctor.patience_ends(Mono{111s}));
  CHECK_FALSE(rig.doctor.patience_ends(Mono{200s}));
}

TEST_CASE("line doctor: a line that is right, or closed, is not judged") {
  Rig rig;
  rig.doctor.open(Mono{});
  rig.doctor.prove();
  CHECK(rig.doctor.proved());
  CHECK_FALSE(rig.doctor.patience_ends(Mono{1min}));
  rig.doctor.open(Mono{});
  CHECK_FALSE(rig.doctor.proved());
  rig.doctor.close();
  CHECK_FALSE(rig.doctor.patience_ends(Mono{1min}));
}
