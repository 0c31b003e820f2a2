#pragma once
// The powers of the last 15 minutes, so that the page's chart never opens empty: means of 5 s, each
// weighted by time, as a value holds until the next one. Has no timer: it goes on when a value
// comes, or the page asks.

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "web/shown.hpp"

namespace gridtap::web {

class Recent final : public model::Observer {
 public:
  static constexpr std::chrono::seconds step{5};
  static constexpr std::chrono::minutes span{15};
  static constexpr std::size_t slots = span / step;
  static constexpr std::size_t max_series = 16;  // 12 kB of means

  // Everything named outlives it.
  Recent(const Shown& shown, Clock& clock, Log& log) : shown_(shown), clock_(clock), log_(log) {}

  std::string json();  // in the form that site.hpp shows

 private:
  static constexpr std::int32_t none = std::numeric_limits<std::int32_t>::min();

  struct Series {
    const model::Device* device;
    std::uint16_t slot;                      // of the entity
    std::optional<std::int64_t> watts = {};  // now
    Mono since{};
    std::int64_t area = 0, known = 0;            // of the mean under way: watts x ms, and the ms
    std::array<std::int32_t, slots> means = {};  // a ring

    void hold(Mono until);
    std::int32_t take_mean(Mono end);
  };

  void on_value(const model::Device& device, const model::Entity& entity, const model::Change&,
                Now now) override;
  void on_online(const model::Device& device) override;
  void on_removed(const model::Device& device, const model::Entity& entity) override;
  Series* find(const model::Device& device, const model::Entity& entity);
  Series* add(const model::Device& device, const model::Entity& entity, Mono now);
  void advance(Mono now);
  void write(std::string& out, Now now) const;
  void append(std::string& out, const Series& series) const;

  const Shown& shown_;
  Clock& clock_;
  Log& log_;
  std::vector<Series> series_;
  std::size_t next_ = 0, count_ = 0;  // of the ring that all series share
  Mono end_{};                        // of the means under way; Mono{}: there are none
  bool limit_told_ = false;
};

}  // namespace gridtap::web
