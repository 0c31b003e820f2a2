#include "mqtt/topics.hpp"

#include "core/ids.hpp"
#include "core/letter_case.hpp"

namespace gridtap::mqtt {
namespace {

constexpr bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string out;
  for (const std::string_view part : parts) out += part;
  return out;
}

}  // namespace

std::string Topics::status(std::string_view device) const {
  return device == gateway_device ? status() : joined({base_, "/", device, "/status"});
}

std::string Topics::state(std::string_view device, std::string_view entity) const {
  std::string out;
  append_state(out, device, entity);
  return out;
}

void Topics::append_state(std::string& out, std::string_view device,
                          std::string_view entity) const {
  out += base_;
  ((out += '/') += device) += '/';
  out += entity;
}

std::string Topics::attributes(std::string_view device, std::string_view entity) const {
  return joined({base_, "/", device, "/", entity, "/attributes"});
}

std::string Topics::set(std::string_view device, std::string_view entity) const {
  return joined({base_, "/", device, "/", entity, "/set"});
}

std::string Topics::rejected(std::string_view device, std::string_view entity) const {
  return joined({base_, "/", device, "/", entity, "/rejected"});
}

std::string Topics::node(std::string_view identity) {
  std::string node = "gridtap_";
  for (const char c : identity) {
    node += is_word(lower(c)) || c == '-' ? c : '_';
  }
  return node;
}

std::string Topics::device_config(std::string_view node) const {
  return joined({prefix_, "/device/", node, "/config"});
}

std::string Topics::entity_config(std::string_view component, std::string_view node,
                                  std::string_view entity) const {
  return joined({prefix_, "/", component, "/", node, "/", entity, "/config"});
}

std::optional<Topics::Target> Topics::target(std::string_view topic) const {
  static constexpr std::string_view tail = "/set";
  if (!topic.starts_with(base_) || !topic.ends_with(tail)) return {};
  topic.remove_prefix(base_.size());
  topic.remove_suffix(tail.size());
  if (!topic.starts_with('/')) return {};
  topic.remove_prefix(1);
  const std::size_t slash = topic.find('/');
  if (slash == topic.npos || topic.find('/', slash + 1) != topic.npos) return {};
  return Target{topic.substr(0, slash), topic.substr(slash + 1)};
}

}  // namespace gridtap::mqtt
