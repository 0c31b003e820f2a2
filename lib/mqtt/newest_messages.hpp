#pragma once
// Messages for which there is no room on the way to the loop: of each topic the newest, so that a
// flood never loses the last command. One thread puts messages in, the loop takes them out; neither
// waits for the other.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gridtap::mqtt {

// A message as the client library hands it out. `link`: the number of the client that it came by.
// `expiry`: seconds from its arrival.
struct Received {
  std::uint64_t link = 0;
  std::string topic, payload;
  bool retained = false;
  std::optional<std::uint32_t> expiry = {};
};

class NewestMessages {
 public:
  static constexpr std::size_t most_topics = 1000;

  NewestMessages() = default;
  ~NewestMessages();
  NewestMessages(const NewestMessages&) = delete;
  NewestMessages& operator=(const NewestMessages&) = delete;

  // In place of an older one of its topic; a retained message is another thing than one that is
  // not. Returns how many were dropped: that one, or this one where there are too many topics.
  std::size_t put(Received message);
  // The loop has been told, and has not taken them yet: what comes now belongs behind them.
  bool is_announced() const { return announced_; }
  // Whether the loop is to be told that there is something to take, which it does not know yet.
  bool should_announce() { return !announced_.exchange(true); }
  // In the order in which the topics came. May be empty: then the loop is told again.
  std::vector<Received> take();

 private:
  struct Batch;
  // Whoever works on the batch takes it out, and puts it back.
  std::atomic<Batch*> batch_{nullptr};
  std::atomic<bool> announced_{false};
};

}  // namespace gridtap::mqtt
