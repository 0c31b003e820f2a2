#pragma once
// Who may speak, and what was heard already (kq330.md 4): signatures with a counter that only
// rises, and repeats of one sequence number. Anyone on the mains can talk.

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/kq330/node_text.hpp"
#include "core/value.hpp"

namespace gridtap::kq330 {

class NodeLink {
 public:
  static constexpr std::size_t most_senders = 64;
  static constexpr std::chrono::seconds repeat_window{30};
  // The store is written twice an hour: a counter goes on so far above the one that is kept.
  static constexpr std::uint64_t counter_reserve = 1000;
  static constexpr std::size_t longest_seal = 3 + 10 + signature_size;  // ",c=4294967295,m=..."

  explicit NodeLink(std::optional<std::string> key) : key_(std::move(key)) {}

  bool is_signed() const { return key_.has_value(); }
  // With counter and signature, where there is a key.
  std::string sealed(std::string_view payload);
  // The payload without its seal, parsed; why it is not believed.
  Result<NodeText> open(std::string_view payload);
  // The same id, mark and sequence as a moment ago.
  bool repeated(const NodeText& text, Mono now);

  std::string state() const;
  void restore(std::string_view state);

 private:
  void restore_version_1(std::string_view state);
  void restore_heard(std::string_view sender, std::optional<std::uint64_t> counter);
  std::optional<Error> judge_counter(NodeText& text);

  std::optional<std::string> key_;
  std::uint64_t counter_ = 0;
  // The newest counter by sender: a command `g1!` and a report of g1 come from two.
  std::map<std::string, std::uint64_t, std::less<>> heard_;
  std::map<std::string, Mono, std::less<>> sequences_;
};

}  // namespace gridtap::kq330
