// What forbids an ON, and the text of a refusal.

#include <algorithm>

#include "core/json_text.hpp"
#include "rules/relay_bank.hpp"

namespace gridtap {

std::optional<RelayBank::Block> RelayBank::blocked(const Relay& relay) const {
  if (const auto block = blocked_by_partners(relay)) return block;
  const RelaySettings& settings = relay.settings;
  if (relay.went_off && now_ < *relay.went_off + settings.min_off) {
    return Block{Limit::min_off, *relay.went_off + settings.min_off};
  }
  if (settings.rate > 0 && relay.went_on.size() >= settings.rate) {
    const Mono free = relay.went_on.front() + rate_window;
    if (now_ < free) return Block{Limit::rate, free};
  }
  return {};
}

// One that is on counts most, then one whose level is not known (at the start also this one, so
// that the order of lines does not matter), then the longest min_off.
std::optional<RelayBank::Block> RelayBank::blocked_by_partners(const Relay& relay) const {
  std::optional<Block> unknown, rests;
  if (relay.settings.interlock.empty()) return {};
  for (const Relay& each : relays_) {
    if (each.settings.interlock != relay.settings.interlock) continue;
    if (&each != &relay && (each.on || (each.line == Line::good && each.read))) {
      return Block{Limit::interlock, {}, &each, true};
    }
    if (each.line != Line::good) {
      unknown = Block{Limit::interlock, {}, &each};
    } else if (&each != &relay && each.went_off && now_ < *each.went_off + each.settings.min_off) {
      const Mono until = *each.went_off + each.settings.min_off;
      if (!rests || until > *rests->until) rests = Block{Limit::interlock, until, &each};
    }
  }
  return unknown ? unknown : rests;
}

// REQUIRES: asked for an ON, or for an OFF of a relay that cannot be driven.
std::optional<Error> RelayBank::refusal(const Relay& relay) const {
  const auto refused = [](std::string text) { return Error{Fault::refused, std::move(text)}; };
  if (ended_) return refused("at_exit: the program ends");
  if (relay.line == Line::failed) return refused("the line cannot be driven: " + relay.line_why);
  if (!relay.on) {
    if (const auto block = blocked(relay)) return refused(block_text(*block));
  }
  const OnBrokerLoss loss = relay.settings.on_broker_loss;
  const bool gone = broker_is_gone(relay);
  if (gone && loss == OnBrokerLoss::off) return refused("broker_lost: off until it is back");
  if (!relay.shed || (gone && loss == OnBrokerLoss::on && !relay.loss_over)) return {};
  if (!relay.shed_until) return refused("shed until the alarm ends");
  std::string time;
  append(time, Timestamp{*relay.shed_until, zone_.offset_at(*relay.shed_until)});
  return refused("shed until " + time.substr(time.find('T') + 1, 5));
}

std::string RelayBank::block_text(const Block& block) const {
  if (block.limit == Limit::min_off) return "min_off: " + seconds_left(*block.until);
  if (block.limit == Limit::rate) return "rate: " + seconds_left(*block.until);
  const std::string partner = "interlock: " + block.partner->settings.name;
  if (block.is_on) return partner + " is on";
  if (!block.until) return partner + " may be on, its line cannot be read";
  return partner + " has just gone off: " + seconds_left(*block.until);
}

std::string RelayBank::seconds_left(Mono until) const {
  const auto left = std::chrono::ceil<std::chrono::seconds>(until - now_);
  return std::to_string(left.count()) + " s";
}

std::optional<bool> RelayBank::shown(std::size_t relay) const {
  const Relay& asked = relays_[relay];
  return asked.line == Line::good ? std::optional(asked.read) : std::nullopt;
}

bool RelayBank::disagrees(std::size_t relay) const {
  const Relay& asked = relays_[relay];
  return asked.line == Line::good && asked.read != asked.on;
}

std::optional<Instant> RelayBank::wall(Mono time) const {
  if (!wall_offset_) return {};
  return Instant(std::chrono::floor<Milliseconds>(time.time_since_epoch()) + *wall_offset_);
}

// The latest of all that forbids an ON.
std::optional<Instant> RelayBank::free_at(const Relay& relay) const {
  if (relay.on || !wall_offset_ || relay.line == Line::failed) return {};
  const auto partner = blocked_by_partners(relay);
  if (partner && !partner->until) return {};
  Mono latest = partner ? *partner->until : now_;
  if (relay.went_off) latest = std::max(latest, *relay.went_off + relay.settings.min_off);
  if (relay.settings.rate > 0 && relay.went_on.size() >= relay.settings.rate) {
    latest = std::max(latest, relay.went_on.front() + rate_window);
  }
  std::optional<Instant> free;
  if (latest > now_) free = wall(latest);
  const bool sheds = relay.shed && !relay.starting;
  if (sheds && !relay.shed_until) return {};
  return sheds ? std::max(free, relay.shed_until) : free;
}

std::string RelayBank::attributes(std::size_t number) const {
  const Relay& relay = relays_[number];
  const auto append_time = [](std::string& out, const std::optional<Instant>& time) {
    if (!time) {
      out += "null";
      return;
    }
    out += '"';
    append_utc(out, *time);
    out += '"';
  };
  std::string text = R"({"why":)";
  append_json(text,
              relay.line == Line::failed ? std::string_view(relay.line_why) : name(relay.why));
  text += R"(,"since":)";
  append_time(text, wall(relay.since));
  text += R"(,"free_at":)";
  append_time(text, free_at(relay));
  return text + '}';
}

}  // namespace gridtap
