// Bytes outside frames, counted and reported.
#include "parts/noise.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace gridtap;

namespace {

struct Rig final : Effects {
  void operator()(const Effect& effect) override {
    const auto& dropped = std::get<Dropped>(effect);
    said += std::string(name(dropped.error.fault)) + ' ' + std::to_string(dropped.bytes) + ' ' +
            dropped.error.detail + '\n';
  }
  std::string add(std::size_t bytes) {
    noise.add(bytes, *this);
    return std::exchange(said, {});
  }
  std::string report() {
    noise.report(*this);
    return std::exchange(said, {});
  }

  Noise noise{"no frame"};
  std::string said;
};

}  // namespace

TEST_CASE("noise: it is reported together, before something else is reported") {
  Rig rig;
  CHECK(rig.add(3) == "");
  CHECK(rig.add(4) == "");
  CHECK(rig.report() == "noise 7 no frame\n");
  CHECK(rig.report() == "");
}

TEST_CASE("noise: without end it is reported in pieces of the same size, however it is cut") {
  Rig whole, cut;
  std::string said = whole.add(10'000), said_cut;
  for (int n = 0; n < 100; ++n) said_cut += cut.add(100);
  CHECK(said == "noise 4096 no frame\nnoise 4096 no frame\n");
  CHECK(said_cut == said);
  CHECK(whole.report() == "noise 1808 no frame\n");
  CHECK(cut.report() == "noise 1808 no frame\n");
}

TEST_CASE("noise: what turns out to be the head of a frame is reported as that") {
  Rig rig;
  rig.add(12);
  rig.noise.report_as({Fault::truncated, "a frame was cut off"}, rig);
  CHECK(rig.said == "truncated 12 a frame was cut off\n");
  rig.noise.report_as({Fault::truncated, "a frame was cut off"}, rig);
  CHECK(rig.said == "truncated 12 a frame was cut off\n");
}

TEST_CASE("noise: the rest of a frame that had begun before us is forgotten") {
  Rig rig;
  rig.add(100);
  rig.noise.forget();
  CHECK(rig.report() == "");
}
