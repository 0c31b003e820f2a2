#pragma once
// Whose requests the transactions on a connection are. An answer may come long after its request
// was given up, or twice: as long as a request is remembered no other one has its number, so that
// an answer is never taken for another's.

#include <cstdint>
#include <deque>
#include <optional>

namespace gridtap::serve {

class Transactions {
 public:
  // The last requests of a connection. A device answers in order: an answer that is so many
  // requests late would be minutes old.
  static constexpr std::size_t remembered = 256;
  static constexpr std::uint16_t first_of_clients = 0x8000;  // far from where adapters begin

  struct Request {
    std::uint16_t on_wire, own;           // the number that is sent, and that of who asks
    std::optional<std::uint64_t> client;  // nothing: the adapter
  };

  // The number to send a request under. The adapter's own, but where a client's request has it.
  std::uint16_t add_own(std::uint16_t transaction);
  std::uint16_t add(std::uint64_t client, std::uint16_t transaction);

  // The newest request under that number; null where none is remembered.
  const Request* find(std::uint16_t on_wire) const;
  // Whether an answer to a client may come.
  bool any_of_clients() const { return of_clients_ > 0; }
  void clear();  // another connection

 private:
  std::uint16_t unused();
  std::uint16_t remember(const Request& request);

  std::deque<Request> requests_;
  std::size_t of_clients_ = 0;
  std::uint16_t next_ = first_of_clients;
};

}  // namespace gridtap::serve
