#include "adapters/kq330/node_link.hpp"

#include <algorithm>
#include <charconv>

#include "core/record.hpp"

namespace gridtap::kq330 {
namespace {

std::optional<std::uint64_t> counter_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::string sender_of(const NodeText& text) {
  const bool to_node = text.mark == NodeText::Mark::command || text.mark == NodeText::Mark::poll;
  return (to_node ? "to " : "of ") + std::string(text.id);
}

}  // namespace

std::string NodeLink::sealed(std::string_view payload) {
  if (!key_) return std::string(payload);
  const std::string text = std::string(payload) + ",c=" + std::to_string(++counter_);
  if (reserved_ - counter_ < counter_reserve / 2) reserve();
  return text + signature(text, as_bytes(*key_));
}

void NodeLink::reserve() {
  reserved_ = counter_ + counter_reserve;
  unkept_ = true;
}

Result<NodeText> NodeLink::open(std::string_view payload) {
  if (!key_) return parse_node_text(payload);
  const auto text = signed_text(payload, as_bytes(*key_));
  if (!text) return failed(Fault::wrong_key, "a frame whose signature does not match the key");
  auto parsed = parse_node_text(*text);
  if (!parsed) return parsed;
  if (auto problem = judge_counter(*parsed)) return tl::unexpected(*std::move(problem));
  return parsed;
}

// Takes the counter out: it is no reading.
std::optional<Error> NodeLink::judge_counter(NodeText& text) {
  if (text.count_ == 0 || text.fields_[text.count_ - 1].key != "c") {
    return Error{Fault::replay, "a signed frame without counter"};
  }
  const auto counter = counter_of(text.fields_[--text.count_].value);
  const std::string sender = sender_of(text);
  const auto before = heard_.find(sender);
  if (!counter || (before != heard_.end() && *counter <= before->second)) {
    return Error{Fault::replay, "a counter of node " + std::string(text.id) + " that is not new"};
  }
  if (before == heard_.end() && heard_.size() >= most_senders) {
    return Error{Fault::refused, "more than 64 senders"};
  }
  heard_[sender] = *counter;
  unkept_ = true;
  return {};
}

bool NodeLink::repeated(const NodeText& text, Mono now) {
  if (!text.sequence) return false;
  std::erase_if(sequences_, [&](const auto& heard) { return heard.second + repeat_window < now; });
  if (sequences_.size() >= most_senders) sequences_.clear();
  const std::string what =
      std::string(text.id) + static_cast<char>(text.mark) + std::to_string(*text.sequence);
  const bool known = sequences_.contains(what);
  sequences_[what] = now;
  return known;
}

std::string NodeLink::state() const {
  if (!key_) return {};
  RecordWriter record;
  record.add("counter", reserved_);
  for (const auto& [sender, counter] : heard_) {
    const std::size_t space = sender.find(' ');
    record.add("heard", sender.substr(0, space), sender.substr(space + 1), counter);
  }
  return record.text();
}

void NodeLink::restore(std::string_view state) {
  if (!key_) return;
  if (Record::is_one(state)) {
    restore_record(Record(state));
  } else {
    restore_version_1(state);
  }
  reserve();
}

void NodeLink::restore_record(const Record& record) {
  counter_ = record.number<std::uint64_t>("counter").value_or(0);
  for (const RecordRow& row : record.rows()) {
    const auto direction = row.text(0), id = row.text(1);
    if (row.name != "heard" || !direction || !id) continue;
    restore_heard(std::string(*direction) + ' ' + std::string(*id), row.number<std::uint64_t>(2));
  }
}

// "COUNTER" and a line a sender: "of g1 17".
void NodeLink::restore_version_1(std::string_view state) {
  const std::string_view first = state.substr(0, state.find('\n'));
  counter_ = counter_of(first).value_or(0);
  state.remove_prefix(first.size());
  while (!state.empty()) {
    state.remove_prefix(1);
    const std::string_view line = state.substr(0, state.find('\n'));
    state.remove_prefix(line.size());
    const std::size_t space = line.rfind(' ');
    if (space == line.npos) continue;
    restore_heard(line.substr(0, space), counter_of(line.substr(space + 1)));
  }
}

void NodeLink::restore_heard(std::string_view sender, std::optional<std::uint64_t> counter) {
  if (counter && heard_.size() < most_senders) heard_[std::string(sender)] = *counter;
}

}  // namespace gridtap::kq330
