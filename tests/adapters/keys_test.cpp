// The keys that each adapter says of itself, which `entities:` and docs/keys.md are judged by.

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "adapters/registry.hpp"
#include "core/vocabulary.hpp"
#include "support/settings.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

// One end of a line: keeps what it wants to send, and the keys that it says something of.
class End final : public Effects {
 public:
  // `make`: of an adapter, or of a play.
  template <class Maker>
  End(Maker make, const std::string& meter) : rig_(settings(meter)) {
    rig_.files = {{"key", "000102030405060708090A0B0C0D0E0F\n"},
                  {"authentication_key", "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF\n"}};
    Section section = rig_.section();
    adapter_ = first(make(section, 1));
  }
  void open(Now now) {
    adapter_->on_start(now, *this);
    adapter_->on_open(now, *this);
  }
  void wake(Now now) {
    if (adapter_->next_wake() <= now.mono) adapter_->on_wake(now, *this);
  }
  Mono next_wake() const { return adapter_->next_wake(); }
  // True where there was something to give.
  bool give(End& other, Now now) {
    const std::string bytes = std::exchange(sent_, {});
    if (!bytes.empty()) other.adapter_->on_bytes(as_bytes(bytes), now, other);
    return !bytes.empty();
  }
  std::set<std::string> keys;

 private:
  static std::unique_ptr<Adapter> first(std::unique_ptr<Adapter> made) { return made; }
  static std::unique_ptr<Adapter> first(Ends made) { return std::move(made[0]); }
  static std::vector<Member> settings(const std::string& meter) {
    if (!meter.empty()) return {{"meter", plain(meter)}};
    return {{"key_file", plain("key")}, {"authentication_key_file", plain("authentication_key")}};
  }
  void operator()(const Effect& effect) override {
    if (const auto* send = std::get_if<Send>(&effect)) sent_ += as_text(send->bytes);
    if (const auto* reading = std::get_if<Reading>(&effect)) heard(*reading);
    if (const auto* held = std::get_if<Held>(&effect)) heard(held->reading);
  }
  void heard(const Reading& reading) {
    if (find_spec(reading.key) != nullptr) keys.insert(std::string(find_spec(reading.key)->key));
  }

  SectionRig rig_;
  std::unique_ptr<Adapter> adapter_;
  std::string sent_;
};

// All that the adapter reads of a played meter within two minutes around a full hour.
std::set<std::string> heard_of(const AdapterKind& kind, const std::string& meter) {
  End player(kind.simulate, meter), reader(kind.make, "");
  Now now{Mono{1h}, std::chrono::sys_days{std::chrono::year{2026} / 11 / 20} + 11h + 59min};
  const Mono end = now.mono + 2min;
  player.open(now);
  reader.open(now);
  while (now.mono < end) {
    while (player.give(reader, now) || reader.give(player, now)) {
    }
    const Mono next = std::max(std::min(player.next_wake(), reader.next_wake()), now.mono + 1ms);
    *now.wall +=
        std::chrono::duration_cast<std::chrono::milliseconds>(std::min(next, end) - now.mono);
    now.mono = std::min(next, end);
    player.wake(now);
    reader.wake(now);
  }
  return reader.keys;
}

std::vector<std::string> meters_of(const AdapterKind& kind) {
  std::vector<std::string> names;
  for (std::string_view rest = kind.meters; !rest.empty();) {
    names.emplace_back(rest.substr(0, rest.find(',')));
    rest.remove_prefix(std::min(names.back().size() + 1, rest.size()));
  }
  return names;
}

}  // namespace

TEST_CASE("keys: every key that an adapter lists is in the vocabulary") {
  for (const AdapterKind* kind : kinds()) {
    CHECK(!kind->keys().empty());
    for (const std::string_view key : kind->keys()) {
      CAPTURE(key);
      CHECK(find_spec(key) != nullptr);
    }
  }
}

TEST_CASE("keys: an adapter publishes no key that it does not list") {
  for (const AdapterKind* one : kinds()) {
    const AdapterKind& kind = *one;
    if (kind.keys_from == KeysFrom::configuration)
      continue;  // those of its nodes are the configuration's
    std::set<std::string> own;
    for (const std::string_view key : kind.keys()) own.insert(std::string(find_spec(key)->key));
    std::size_t heard = 0;
    for (const std::string& meter : meters_of(kind)) {
      for (const std::string& key : heard_of(kind, meter)) {
        CHECK_MESSAGE(own.contains(key), kind.name, " plays ", meter, ", which has ", key);
        ++heard;
      }
    }
    CHECK(heard > 20);
  }
}
