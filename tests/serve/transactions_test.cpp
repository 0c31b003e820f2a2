// The numbers of requests on a shared connection: never one for two requests that are remembered.
#include "serve/transactions.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

using namespace gridtap::serve;

TEST_CASE("transactions: the adapter has its own numbers, also one again and again") {
  Transactions all;
  for (const std::uint16_t n : std::vector<std::uint16_t>{1, 2, 2, 65'535, 0})
    CHECK(all.add_own(n) == n);
  CHECK_FALSE(all.any_of_clients());
  CHECK(all.find(2)->own == 2);
  CHECK(all.find(3) == nullptr);
}

TEST_CASE("transactions: clients get numbers of ours, whatever theirs are") {
  Transactions all;
  CHECK(all.add(1, 7) == Transactions::first_of_clients);
  CHECK(all.add(2, 7) == Transactions::first_of_clients + 1);
  CHECK(all.any_of_clients());
  const auto* const second = all.find(Transactions::first_of_clients + 1);
  REQUIRE(second != nullptr);
  CHECK(second->client == 2);
  CHECK(second->own == 7);
}

TEST_CASE("transactions: a number that a client's request has is not the adapter's") {
  Transactions all;
  const std::uint16_t taken = all.add(1, 7);
  const std::uint16_t other = all.add_own(taken);
  CHECK(other != taken);
  CHECK(all.find(other)->own == taken);
  CHECK_FALSE(all.find(other)->client);
  CHECK(all.find(taken)->client == 1);
}

TEST_CASE("transactions: a number that the adapter has is not a client's, once around") {
  Transactions all;
  all.add_own(Transactions::first_of_clients);
  CHECK(all.add(1, 7) == Transactions::first_of_clients + 1);
  std::set<std::uint16_t> last;
  for (int n = 0; n < 140'000; ++n) {
    all.add_own(5);
    const std::uint16_t number = all.add(1, 7);
    REQUIRE(number != 5);
    if (n >= 139'900) REQUIRE(last.insert(number).second);
  }
}

TEST_CASE("transactions: what is forgotten is free, and another connection forgets all") {
  Transactions all;
  const std::uint16_t number = all.add(1, 7);
  for (std::size_t n = 1; n < Transactions::remembered; ++n) all.add_own(1);
  CHECK(all.find(number) != nullptr);
  all.add_own(1);
  CHECK(all.find(number) == nullptr);
  CHECK_FALSE(all.any_of_clients());
  all.add(1, 8);
  all.clear();
  CHECK_FALSE(all.any_of_clients());
  CHECK(all.find(1) == nullptr);
}
