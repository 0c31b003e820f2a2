// One entity: what a reading changes, and what it does not.
#include "model/entity.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gridtap;
using gridtap::model::Change;
using gridtap::model::Life;

namespace {

constexpr Mono at(int second) { return Mono{} + std::chrono::seconds(second + 1); }

struct Played {
  explicit Played(EntitySpec spec, Life life = Life::declared) : it(spec, "it", 0, life) {}
  explicit Played(std::string_view key) : Played(*find_spec(key)) {}
  Change take(Value value, std::string_view attributes = {}, std::string_view source = "wire") {
    return it.take(Reading{"", it.key(), source, value, {}, attributes}, at(++second));
  }
  std::string shown() const { return to_text(it.value()); }
  model::Entity it;
  int second = 0;
};

EntitySpec select_of(std::string_view options) {
  EntitySpec spec;
  spec.key = "it";
  spec.platform = Platform::select;
  spec.options = options;
  return spec;
}

std::string changes(const Change& change) {
  std::string text;
  const auto add = [&](bool is, std::string_view name) {
    text += is ? std::string(name) + ' ' : "";
  };
  add(change.first, "first");
  add(change.value, "value");
  add(change.attributes, "attributes");
  add(change.described, "described");
  add(change.option, "option");
  add(change.option_lost, "option_lost");
  add(change.attributes_lost, "attributes_lost");
  return text;
}

}  // namespace

// ---- values -------------------------------------------------------------------------------------

TEST_CASE("entity: a first value is a change, the same value again only has a newer time") {
  Played power("power_import");
  CHECK_FALSE(power.it.has_value());
  CHECK(changes(power.take(Decimal{5, 0})) == "first value ");
  CHECK(power.it.has_value());
  CHECK(changes(power.take(Decimal{5, 0})) == "");
  CHECK(power.it.at() == at(2));
  CHECK(changes(power.take(Decimal{50, -1})) == "value ");
  CHECK(power.shown() == "5.0");
}

TEST_CASE("entity: who is told of a change learns when the device measured it") {
  Played gas("gas");
  const Instant hour{std::chrono::sys_days{std::chrono::year{2026} / 11 / 29}};
  CHECK(gas.it.take(Reading{"", "gas", "wire", Decimal{5, 0}, hour}, at(1)).at == hour);
  CHECK(gas.take(Decimal{5, 0}).at == std::nullopt);
}

TEST_CASE("entity: that it does not know its value is a value too, also the first one") {
  Played power("power_import");
  CHECK(changes(power.take(Value{})) == "first value ");
  CHECK(power.it.has_value());
  CHECK(power.shown() == "None");
  CHECK(power.it.decimals() == -1);
  CHECK(changes(power.take(Value{})) == "");
  CHECK(changes(power.take(Decimal{5, -2})) == "value ");
}

TEST_CASE("entity: the decimals are those of its first number, whatever comes later") {
  Played power("power_import");
  power.take(Decimal{1234, -3});
  CHECK(power.it.decimals() == 3);
  power.take(Decimal{12, 0});
  CHECK(power.it.decimals() == 3);
  Played large("power_import");
  large.take(Decimal{5, 3});
  CHECK(large.it.decimals() == 0);
}

TEST_CASE("entity: a text is its own copy, and empty it is not known") {
  Played message("message");
  {
    std::string wire = "power cut at noon";
    message.take(std::string_view(wire));
    wire.assign(wire.size(), 'x');
  }
  CHECK(message.shown() == "power cut at noon");
  CHECK(changes(message.take(std::string_view("power cut at noon"))) == "");
  CHECK(changes(message.take(std::string_view(""))) == "value ");
  CHECK(message.shown() == "None");
  CHECK(changes(message.take(std::string_view("\n\t"))) == "value ");
  CHECK(message.shown() == "  ");
}

TEST_CASE("entity: two texts that differ only where they are cut are the same value") {
  Played message("message");
  const std::string text(model::max_text, 'm');
  message.take(std::string_view(text + "one"));
  CHECK(changes(message.take(std::string_view(text + "two"))) == "");
  CHECK(message.shown() == text);
}

TEST_CASE("entity: a value of another kind replaces the one before") {
  Played message("message");
  message.take(std::string_view("text"));
  CHECK(changes(message.take(true)) == "value ");
  CHECK(message.shown() == "ON");
  const Timestamp noon{Instant{std::chrono::milliseconds{1'800'000'000'000}}};
  CHECK(changes(message.take(noon)) == "value ");
  CHECK(changes(message.take(noon)) == "");
  CHECK(changes(message.take(std::string_view("text"))) == "value ");
  CHECK(message.shown() == "text");
}

TEST_CASE("entity: who made its first value is remembered") {
  Played of_rule("power_net"), of_wire("power_net");
  of_rule.take(Decimal{1, 0}, {}, "rule");
  of_wire.take(Decimal{1, 0}, {}, "1-0:1.7.0");
  of_wire.take(Decimal{2, 0}, {}, "rule");
  CHECK(of_rule.it.by_rule());
  CHECK_FALSE(of_wire.it.by_rule());
}

// ---- options ------------------------------------------------------------------------------------

TEST_CASE("entity: a value that is no option yet becomes one, behind the others, once") {
  Played mode(select_of("off,on"));
  CHECK(changes(mode.take(std::string_view("on"))) == "first value ");
  CHECK(changes(mode.take(std::string_view("eco"))) == "value option ");
  CHECK(mode.it.options() == "off,on,eco");
  CHECK(changes(mode.take(std::string_view("off"))) == "value ");
  CHECK(changes(mode.take(std::string_view("eco"))) == "value ");
  CHECK(mode.it.options() == "off,on,eco");
}

TEST_CASE("entity: where it has as many options as there may be, a further one is not known") {
  Played mode(select_of(""));
  for (std::size_t n = 1; n < model::max_options; ++n) {
    const std::string option = "o" + std::to_string(n);
    CHECK_FALSE(mode.take(std::string_view(option)).option_lost);
  }
  const std::string before(mode.it.options());
  while (!mode.take(std::string_view("one more " + std::to_string(mode.second))).option_lost) {
    REQUIRE(mode.second < 70);
  }
  CHECK(mode.shown() == "None");
  CHECK(mode.it.options().starts_with(before));
  CHECK(std::count(mode.it.options().begin(), mode.it.options().end(), ',') + 1 <=
        static_cast<std::ptrdiff_t>(model::max_options));
  mode.take(std::string_view("o1"));
  CHECK(mode.shown() == "o1");
}

TEST_CASE("entity: only an enum or select has options") {
  Played message("message");
  CHECK(changes(message.take(std::string_view("anything"))) == "first value ");
  CHECK(message.it.options().empty());
}

// ---- attributes ---------------------------------------------------------------------------------

TEST_CASE("entity: attributes change for themselves, and are emptied where none come any more") {
  Played log("last_power_failure");
  CHECK(changes(log.take(Value{}, R"({"a":1})")) == "first value attributes described ");
  CHECK(changes(log.take(Value{}, R"({"a":1})")) == "");
  CHECK(changes(log.take(Value{}, R"({"a":2})")) == "attributes ");
  CHECK(changes(log.take(Value{})) == "attributes ");
  CHECK(log.it.attributes() == "{}");
  CHECK(changes(log.take(Value{})) == "");
}

TEST_CASE("entity: attributes that are too long are left out, and those before stay") {
  Played log("last_power_failure");
  log.take(Value{}, R"({"a":1})");
  const std::string longest(model::max_attributes, 'x');
  CHECK(changes(log.take(Value{}, longest + 'x')) == "attributes_lost ");
  CHECK(log.it.attributes() == R"({"a":1})");
  CHECK(changes(log.take(Value{}, longest)) == "attributes ");
}

TEST_CASE("entity: one that never had attributes gets none, one that had earlier is emptied") {
  Played never("power_import"), earlier("power_import");
  CHECK(changes(never.take(Decimal{1, 0})) == "first value ");
  CHECK(never.it.attributes().empty());
  earlier.it.remember({.has_attributes = true});
  CHECK(changes(earlier.take(Decimal{1, 0})) == "first value attributes ");
  CHECK(earlier.it.attributes() == "{}");
}

// ---- what is remembered, and what is forgotten --------------------------------------------------

TEST_CASE("entity: what an earlier run knew is there before the first value") {
  Played mode(select_of("off,on"), Life::remembered);
  mode.it.remember({.declared = true, .decimals = 2, .options = "off,on,eco"});
  CHECK(mode.it.declared());
  CHECK(mode.it.decimals() == 2);
  CHECK(mode.it.has_option("eco"));
  CHECK_FALSE(mode.it.has_value());
  CHECK(changes(mode.take(std::string_view("eco"))) == "first value ");
}

TEST_CASE("entity: options that are only those of its spec are not kept twice") {
  Played mode(select_of("off,on"), Life::remembered);
  mode.it.remember({.options = "off,on"});
  CHECK(mode.it.options().data() == mode.it.spec().options.data());
}

TEST_CASE("entity: a declaration of an earlier run does not outlive a first value without one") {
  model::Entity remembered(*find_spec("power_import"), "it", 0, Life::remembered);
  remembered.remember({.declared = true});
  CHECK(remembered.declared());
  remembered.take(Reading{"", "power_import", "wire", Decimal{1, 0}}, at(1));
  CHECK_FALSE(remembered.declared());
}

TEST_CASE("entity: forgotten, its value and attributes are gone and its options stay") {
  Played mode(select_of("off"));
  mode.take(std::string_view("on"), R"({"a":1})");
  mode.it.forget_value();
  CHECK_FALSE(mode.it.has_value());
  CHECK(mode.shown() == "None");
  CHECK(mode.it.attributes().empty());
  CHECK(mode.it.options() == "off,on");
  CHECK(changes(mode.take(std::string_view("on"))).starts_with("first value "));
}

TEST_CASE("entity: another spec keeps the options that came, as long as it begins with the same") {
  Played mode(select_of("off,on"));
  mode.take(std::string_view("eco"));
  EntitySpec renamed = select_of("off,on");
  renamed.name = "Mode";
  mode.it.respecify(renamed);
  CHECK(mode.it.options() == "off,on,eco");
  mode.it.respecify(select_of("a,b"));
  CHECK(mode.it.options() == "a,b");
}

TEST_CASE("entity: the texts of a spec live with the entity, not with whoever declared it") {
  Played played("power_import");
  {
    const std::string key = "own", unit = "furlong", name = "How far";
    EntitySpec spec;
    spec.key = key;
    spec.unit = unit;
    spec.name = name;
    played.it.respecify(spec);
    played.it.respecify(played.it.spec());  // also its own spec once more
  }
  CHECK(played.it.key() == "own");
  CHECK(played.it.spec().unit == "furlong");
  CHECK(played.it.spec().name == "How far");
  CHECK(played.it.level() == "it");
}

// ---- texts --------------------------------------------------------------------------------------

TEST_CASE("entity: the front of a text never ends inside a character") {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";  // 1 + 2 + 3 + 4 + 1 bytes
  const std::size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
  for (std::size_t bytes = 0; bytes < std::size(ends); ++bytes) {
    CAPTURE(bytes);
    CHECK(model::front_of(text, bytes).size() == ends[bytes]);
  }
}

TEST_CASE("entity: plain text is handed on as it is, all else is a copy that is fit to print") {
  std::string scratch;
  const std::string plain = "plain ~text~";
  CHECK(model::plain_text(plain, scratch).data() == plain.data());
  CHECK(model::plain_text("Z\xC3\xA4hler", scratch) == "Z\xC3\xA4hler");
  CHECK(model::plain_text("a\x01\xFF", scratch) == "a \xEF\xBF\xBD");
  std::string umlauts;
  for (int n = 0; n < 200; ++n) umlauts += "\xC3\xBC";
  CHECK(model::plain_text(umlauts, scratch) == umlauts.substr(0, 254));
}
