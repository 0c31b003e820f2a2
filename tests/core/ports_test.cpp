// The little that the interfaces to the outside compute themselves.
#include "core/ports.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace gridtap;

TEST_CASE("ports: a field of a request is found by its name, the first of two") {
  const std::vector<WebField> fields{{"host", "a"}, {"cookie", "x"}, {"cookie", "y"}};
  const WebRequest request{"GET", "/", {}, {}, fields, "127.0.0.1", true, false};
  CHECK(request.field("host") == "a");
  CHECK(request.field("cookie") == "x");
  CHECK(request.field("origin") == "");
}
