#include "serve/shared_line.hpp"

#include <utility>

namespace gridtap::serve {

void SharedLine::on_start(Now now, Effects& effects) {
  clients_.start();
  counts_.on_start(now, effects);
}

void SharedLine::on_effect(std::string_view device, const Effect& effect, Now now,
                           Effects& effects) {
  const auto* const frame = std::get_if<Frame>(&effect);
  if (frame == nullptr) return;
  if (share_ == Share::frames && !frame->raw.empty()) send(frame->raw);
  counts_.on_effect(device, effect, now, effects);
}

void SharedLine::on_stop(Now, Effects&) {
  clients_.stop();
  hearing_.clear();
  waiting_.clear();
}

// ---- bytes --------------------------------------------------------------------------------------

void SharedLine::on_line_open() { last_byte_.reset(); }

void SharedLine::on_line_bytes(ByteView bytes) {
  if (share_ != Share::bytes) return;
  const Mono now = clock_.now().mono;
  const auto before = std::exchange(last_byte_, now);
  const bool paused = !before || now - *before >= pause;
  if (paused) stretch_began_ = now;
  if (paused || now - stretch_began_ >= longest_stretch) {
    hearing_.insert(hearing_.end(), waiting_.begin(), waiting_.end());
    waiting_.clear();
  }
  send(bytes);
}

// ---- clients ------------------------------------------------------------------------------------

// A frame comes whole: who is there when it does gets all of it.
void SharedLine::on_client(std::uint64_t client) {
  (share_ == Share::frames ? hearing_ : waiting_).push_back(client);
}

void SharedLine::on_gone(std::uint64_t client) {
  std::erase(hearing_, client);
  std::erase(waiting_, client);
}

void SharedLine::send(ByteView bytes) {
  std::erase_if(hearing_, [&](std::uint64_t client) { return !clients_.send(client, bytes); });
}

}  // namespace gridtap::serve
