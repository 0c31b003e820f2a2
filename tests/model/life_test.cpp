// Each arrow in the life of an entity, and that there are no others.
#include "model/life.hpp"

#include <doctest/doctest.h>

using namespace gridtap::model;
using enum Life;
using enum LifeEvent;

TEST_CASE("life: what an earlier run had is declared by an Entity effect") {
  CHECK(next_life(remembered, declaration) == declared);
}

TEST_CASE("life: what an earlier run had is seen with its first value") {
  CHECK(next_life(remembered, value) == seen);
}

TEST_CASE("life: what an earlier run had is missing once its device sends without it") {
  CHECK(next_life(remembered, frame) == missing);
}

TEST_CASE("life: nothing is given up before its device has sent a frame") {
  CHECK(next_life(remembered, time_up) == remembered);
}

TEST_CASE("life: what was declared is seen with its first value") {
  CHECK(next_life(declared, value) == seen);
}

TEST_CASE("life: what was declared is not missing, and not given up") {
  CHECK(next_life(declared, frame) == declared);
  CHECK(next_life(declared, time_up) == declared);
}

TEST_CASE("life: what was seen stays seen in this run, whatever comes later") {
  for (const LifeEvent event : {declaration, value, frame, time_up}) {
    CHECK(next_life(seen, event) == seen);
  }
}

TEST_CASE("life: what was missing may still be declared or seen") {
  CHECK(next_life(missing, declaration) == declared);
  CHECK(next_life(missing, value) == seen);
  CHECK(next_life(missing, frame) == missing);
}

TEST_CASE("life: what was missing is gone when its time is up") {
  CHECK(next_life(missing, time_up) == gone);
}

TEST_CASE("life: another device in its place: what this run declared waits for its values") {
  CHECK(next_life(declared, emptied) == declared);
  CHECK(next_life(seen, emptied) == declared);
}

TEST_CASE("life: another device in its place: all else is gone") {
  for (const Life life : {remembered, declared, seen, missing}) {
    CHECK(next_life(life, replaced) == gone);
  }
}

TEST_CASE("life: nothing brings back what is gone") {
  for (std::size_t event = 0; event < life_events; ++event) {
    CHECK(next_life(gone, static_cast<LifeEvent>(event)) == gone);
  }
}
