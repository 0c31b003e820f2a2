#pragma once
// Whether there is a newer version: a rule of the gateway's own session, which asks the page of the
// newest release once a day where the configuration wants it. The page leads to that of its
// version: https://.../releases/latest to https://.../releases/tag/v1.2.3

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "core/part.hpp"
#include "core/ports.hpp"

namespace gridtap {

class UpdateCheck final : public Rule {
 public:
  // The first question comes when the house has calmed down after a start, the next a day after the
  // last answer, over restarts too; without an answer sooner.
  static constexpr std::chrono::minutes first_after{5};
  static constexpr std::chrono::hours every{24}, again_after{6};
  static constexpr std::chrono::seconds look_period{2};  // for the answer
  static constexpr std::size_t longest_version = 32;

  // `installed`: this version. `client` outlives the rule.
  UpdateCheck(WebClient& client, std::string url, std::string installed)
      : client_(client), url_(std::move(url)), installed_(std::move(installed)) {}

  std::string_view name() const override { return "update"; }
  void on_start(Now now, Effects& effects) override;
  void on_effect(std::string_view, const Effect&, Now, Effects&) override {}
  void on_wake(Now now, Effects& effects) override;
  Mono next_wake() const override { return wake_; }

  // The newest version that was heard of, where it is, and when that was.
  std::string state() const override;
  void restore(std::string_view text) override;

 private:
  void ask(Now now);
  void judge(const Result<WebAnswer>& answer, Now now, Effects& effects);
  void say(Effects& effects);

  WebClient& client_;
  std::string url_, installed_;
  std::string newest_, page_;
  std::optional<Instant> heard_;
  // Filled by the answer, which comes outside a call of the rule.
  std::shared_ptr<std::optional<Result<WebAnswer>>> answer_;
  Mono wake_ = Mono::max();
  bool complained_ = false;
};

// "0.12.3" is 0, 12, 3, as is "v0.12.3" or "0.12.3-4-gab12"; nothing where it does not begin so.
std::optional<std::array<int, 3>> version_numbers(std::string_view text);

}  // namespace gridtap
