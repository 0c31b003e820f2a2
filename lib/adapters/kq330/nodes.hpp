#pragma once
// The nodes behind a modem and what they measure: which are announced, under which keys, which
// values are accepted.

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "adapters/kq330/values.hpp"
#include "core/effect.hpp"
#include "core/limit_notice.hpp"
#include "parts/lease.hpp"
#include "parts/own_keys.hpp"

namespace gridtap::kq330 {

class Nodes {
 public:
  static constexpr std::size_t most = 32;
  static constexpr std::size_t most_unknown_keys = 32;  // of all nodes

  struct Named {
    std::string_view name, text;
  };

  // `period`: how often a node sends.
  Nodes(OwnKeys keys, Guard guard, std::chrono::milliseconds period)
      : keys_(std::move(keys)), guard_(std::move(guard)), period_(period) {}

  // What the configuration knows: the modem itself and the nodes that take commands.
  void declare(Effects& effects);
  // `channel`: the id of the node; empty for the modem itself. Guarded: there was no checksum.
  void read(std::string_view channel, std::span<const Named> values, bool guarded,
            Effects& effects);

  const OwnKeys& keys() const { return keys_; }

 private:
  bool meet(std::string_view channel, Effects& effects);
  void read(std::string_view channel, const Named& named, bool guarded, Effects& effects);
  bool is_known(std::string_view channel, std::string_view name, const OwnKey* key,
                Effects& effects);

  OwnKeys keys_;
  Guard guard_;
  std::chrono::milliseconds period_;
  std::set<std::string, std::less<>> met_;
  std::set<std::string> unknown_;
  LimitNotice too_many_nodes_, too_many_names_;
};

}  // namespace gridtap::kq330
