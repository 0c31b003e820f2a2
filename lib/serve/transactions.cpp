#include "serve/transactions.hpp"

#include <algorithm>

namespace gridtap::serve {

std::uint16_t Transactions::add_own(std::uint16_t transaction) {
  const Request* const same = find(transaction);
  const bool taken = same != nullptr && same->client;
  return remember({taken ? unused() : transaction, transaction, {}});
}

std::uint16_t Transactions::add(std::uint64_t client, std::uint16_t transaction) {
  return remember({unused(), transaction, client});
}

const Transactions::Request* Transactions::find(std::uint16_t on_wire) const {
  const auto found =
      std::find_if(requests_.rbegin(), requests_.rend(),
                   [&](const Request& request) { return request.on_wire == on_wire; });
  return found == requests_.rend() ? nullptr : &*found;
}

void Transactions::clear() {
  requests_.clear();
  of_clients_ = 0;
}

// There are far more numbers than remembered requests.
std::uint16_t Transactions::unused() {
  while (find(next_) != nullptr) ++next_;
  return next_++;
}

std::uint16_t Transactions::remember(const Request& request) {
  if (requests_.size() == remembered) {
    if (requests_.front().client) --of_clients_;
    requests_.pop_front();
  }
  requests_.push_back(request);
  if (request.client) ++of_clients_;
  return request.on_wire;
}

}  // namespace gridtap::serve
