#pragma once
// The answers to commands that came by HTTP: what the device shows afterwards, or why it refuses.
// A device may need seconds for either; who asks waits for it, but not for ever.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/model.hpp"

namespace gridtap::web {

class CommandAnswers final : public model::Observer {
 public:
  static constexpr std::chrono::seconds longest_wait{5};
  // For a button, which shows nothing when it has worked: a refusal comes within this, or never.
  static constexpr std::chrono::seconds button_wait{2};

  struct Outcome {
    bool refused = false;
    std::string text;  // the value, or the reason
  };
  using OnOutcome = std::function<void(std::uint64_t request, const Outcome&)>;

  CommandAnswers(const model::Model& model, Clock& clock, OnOutcome on_outcome);

  // Before the command is handed on, and after: some answer at once.
  void expect(std::uint64_t request, const model::Device& device, const model::Entity& entity,
              std::string_view payload);
  void handed_on(std::uint64_t request);
  void forget(std::uint64_t request);  // who asked has gone

 private:
  struct Waiting {
    std::uint64_t request;
    std::size_t device;  // Device::index
    std::uint16_t slot;
    std::string payload;
    Mono due;
  };

  void on_value(const model::Device& device, const model::Entity& entity,
                const model::Change& change, Now) override;
  void on_removed(const model::Device& device, const model::Entity& entity) override;
  void on_rejected(const model::Device& device, const model::Entity& entity, const Rejected& effect,
                   Now) override;

  bool is_done(const Waiting& waiting, const model::Entity& entity,
               const model::Change& change) const;
  std::string shown(const Waiting& waiting) const;
  template <class Is>
  bool answer_first(Is is, bool refused, std::string_view reason);
  void time_up();
  void schedule();

  const model::Model& model_;
  Clock& clock_;
  OnOutcome on_outcome_;
  std::vector<Waiting> waiting_;  // in the order of the requests
  std::unique_ptr<Timer> timer_;
};

}  // namespace gridtap::web
