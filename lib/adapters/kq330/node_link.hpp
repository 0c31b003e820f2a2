#pragma once
// Who may speak, and what was heard already (kq330.md 4): signatures with a counter that only
// rises, and repeats of one sequence number. Anyone on the mains can talk.
//
// A power cut must turn no counter back, or a recorded frame is believed and one of ours is signed
// twice. Ours are reserved ahead: while it runs, the state has the end of the reserve, and a start
// goes on from there; a new reserve is taken while half of the old one is left, time enough for the
// disk. Only an orderly end writes the counter itself, so that no reserve is skipped.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "adapters/kq330/node_text.hpp"
#include "core/record.hpp"
#include "core/value.hpp"

namespace gridtap::kq330 {

class NodeLink {
 public:
  static constexpr std::size_t most_senders = 64;
  static constexpr std::chrono::seconds repeat_window{30};
  static constexpr std::uint64_t counter_reserve = 1000;
  static constexpr std::size_t longest_seal = 3 + 10 + signature_size;  // ",c=4294967295,m=..."

  explicit NodeLink(std::optional<std::string> key) : key_(std::move(key)) {}

  bool is_signed() const { return key_.has_value(); }
  // With counter and signature, where there is a key.
  std::string sealed(std::string_view payload);
  // The payload without its seal, parsed; or why it is not accepted.
  Result<NodeText> open(std::string_view payload);
  // The same id, mark and sequence as a moment ago.
  bool repeated(const NodeText& text, Mono now);

  // Once for each time that counters changed which a power cut must not turn back.
  bool take_unkept() { return std::exchange(unkept_, false); }
  // Nothing is sealed any more: the state has the counter itself.
  void stop() { reserved_ = counter_; }

  std::string state() const;
  void restore(std::string_view state);

 private:
  void restore_record(const Record& record);
  void restore_version_1(std::string_view state);
  void restore_heard(std::string_view sender, std::optional<std::uint64_t> counter);
  std::optional<Error> judge_counter(NodeText& text);
  void reserve();

  std::optional<std::string> key_;
  std::uint64_t counter_ = 0;
  std::uint64_t reserved_ = counter_reserve;  // the highest that may be used before the next Keep
  bool unkept_ = key_.has_value();
  // The newest counter by sender: a command `g1!` and a report of g1 come from two.
  std::map<std::string, std::uint64_t, std::less<>> heard_;
  std::map<std::string, Mono, std::less<>> sequences_;
};

}  // namespace gridtap::kq330
