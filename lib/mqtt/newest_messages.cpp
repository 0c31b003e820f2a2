#include "mqtt/newest_messages.hpp"

#include <memory>
#include <unordered_map>
#include <utility>

namespace gridtap::mqtt {

struct NewestMessages::Batch {
  std::vector<Received> messages = {};
  std::unordered_map<std::string, std::size_t> places = {};  // by topic, and whether it is retained

  std::size_t put(Received message) {
    const std::string name = (message.retained ? "r" : "n") + message.topic;
    const auto found = places.find(name);
    if (found != places.end()) {
      messages[found->second] = std::move(message);
      return 1;
    }
    if (messages.size() == most_topics) return 1;
    places.emplace(name, messages.size());
    messages.push_back(std::move(message));
    return 0;
  }
};

NewestMessages::~NewestMessages() { delete batch_.load(); }

// A second thread, of a client that is being ended, may have put a batch there meanwhile: then its
// messages go before ours.
std::size_t NewestMessages::put(Received message) {
  std::unique_ptr<Batch> batch(batch_.exchange(nullptr));
  if (!batch) batch = std::make_unique<Batch>();
  std::size_t dropped = batch->put(std::move(message));
  while (std::unique_ptr<Batch> other{batch_.exchange(batch.release())}) {
    batch.reset(batch_.exchange(nullptr));
    if (!batch) batch = std::make_unique<Batch>();
    for (Received& each : batch->messages) dropped += other->put(std::move(each));
    batch = std::move(other);
  }
  return dropped;
}

// Cleared before the batch is taken out: what is put after that is announced anew, so no message is
// left behind.
std::vector<Received> NewestMessages::take() {
  announced_ = false;
  const std::unique_ptr<Batch> batch(batch_.exchange(nullptr));
  return batch ? std::move(batch->messages) : std::vector<Received>{};
}

}  // namespace gridtap::mqtt
