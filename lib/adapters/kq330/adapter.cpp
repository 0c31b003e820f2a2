#include "adapters/kq330/adapter.hpp"

#include "adapters/kq330/node_link.hpp"
#include "adapters/kq330/nodes.hpp"
#include "adapters/kq330/sender.hpp"
#include "adapters/kq330/text_framing.hpp"
#include "core/limit_notice.hpp"

namespace gridtap::kq330 {
namespace {

// What the modem itself has; the rest are keys of its nodes, which the configuration names.
constexpr std::string_view text_key = "tx", raw_key = "tx_raw", rate_key = "byte_rate",
                           repeated_key = "frames_repeated";

using namespace std::chrono_literals;
using Mark = NodeText::Mark;

constexpr std::chrono::milliseconds online = 24h * 365 * 10;  // while the line is open
constexpr std::chrono::seconds statistics_period = 60s;
constexpr std::size_t acknowledge_bytes = 15;
constexpr std::size_t packet_overhead = 4;  // bytes of lead-in that the module adds
constexpr std::size_t longest_raw = 253;
constexpr NameRule name_rule{&is_node_key, "a letter, then letters, digits and `_`"};
constexpr NameRule node_rule{&is_node_id, "1 to 8 of A-Z, a-z, 0-9, _ and -"};

struct Settings {
  TextFraming framing;
  Guard guard;
  Sender::Air air;
  std::string node;
  std::chrono::milliseconds period{};
  bool commands_from_line = false;
  std::optional<std::string> mac_key;
};

class Kq330Adapter final : public Adapter, TextEvents, SenderEvents {
 public:
  Kq330Adapter(const Settings& settings, TextSettings text, OwnKeys keys, std::uint32_t seed)
      : framing_(settings.framing),
        node_(settings.node),
        commands_from_line_(settings.commands_from_line),
        receiver_(std::move(text), *this, std::make_unique<CheckedTextReader>()),
        nodes_(std::move(keys), settings.guard, settings.period),
        link_(settings.mac_key),
        sender_(settings.air, seed, *this),
        sequence_(static_cast<int>(seed % NodeText::sequences)) {}

  void on_start(Now, Effects& effects) override {
    nodes_.declare(effects);
    for (const std::string_view key : {text_key, raw_key}) effects(Entity{"", find_spec(key)});
    keep(effects);
  }
  void on_stop(Now, Effects&) override { link_.stop(); }
  void on_open(Now now, Effects& effects) override {
    open_ = true;
    statistics_due_ = now.mono + statistics_period;
    effects(Alive{"", online});
  }
  void on_close(Now now, Effects& effects) override {
    receiver_.close(now, effects);
    sender_.close(effects);
    open_ = false;
  }
  void on_bytes(ByteView bytes, Now now, Effects& effects) override {
    bytes_ += bytes.size();
    receiver_.bytes(bytes, now, effects);
    keep(effects);
  }
  void on_wake(Now now, Effects& effects) override {
    receiver_.wake(now, effects);
    sender_.wake(now, receiver_.busy(now.mono), effects);
    if (statistics_due_ <= now.mono) say_statistics(now, effects);
    keep(effects);
  }
  Mono next_wake() const override {
    if (!open_) return Mono::max();
    return std::min({receiver_.next_wake(), sender_.next_wake(), statistics_due_});
  }
  std::string state() const override { return link_.state(); }
  void restore(std::string_view state) override { link_.restore(state); }

  void on_command(const Command& command, Now now, Effects& effects) override;

 private:
  void keep(Effects& effects) {
    if (link_.take_unkept()) effects(Keep{});
  }
  void on_payload(std::string_view payload, const Received& received, Now now,
                  Effects& effects) override;
  void on_values(std::span<const Pattern::Group> values, const Received& received, Now,
                 Effects& effects) override;
  bool obey(const NodeText& text, bool again, Effects& effects);
  void acknowledged(const NodeText& text, Effects& effects);
  void read_fields(const NodeText& text, Effects& effects);

  Result<Outgoing> outgoing_of(const Command& command);
  Result<Outgoing> raw_of(std::string_view hex) const;
  std::string frame_of(const Outgoing& outgoing) override;
  void on_sent(const Outgoing& outgoing, Effects& effects) override;
  void on_failed(const Outgoing& outgoing, Error why, Effects& effects) override;
  void say_statistics(Now now, Effects& effects);

  TextFraming framing_;
  std::string node_;
  bool commands_from_line_;
  TextReceiver receiver_;
  Nodes nodes_;
  NodeLink link_;
  Sender sender_;
  LimitNotice too_many_acknowledgements_;
  int sequence_;
  bool open_ = false;
  std::uint64_t bytes_ = 0, repeated_ = 0;  // in this period; ever
  Mono statistics_due_ = Mono::max();
};

// ---- what comes ---------------------------------------------------------------------------------

void Kq330Adapter::on_values(std::span<const Pattern::Group> values, const Received& received, Now,
                             Effects& effects) {
  std::vector<Nodes::Named> named;
  for (const Pattern::Group& group : values) named.push_back({group.name, group.text});
  nodes_.read("", named, true, effects);
  effects(Frame{received.bytes, false, received.raw});
}

void Kq330Adapter::on_payload(std::string_view payload, const Received& received, Now now,
                              Effects& effects) {
  const auto text = link_.open(payload);
  if (!text) return effects(Dropped{text.error(), received.bytes});
  const bool again = link_.repeated(*text, now.mono);
  if (again) ++repeated_;
  bool quiet = true;
  switch (text->mark) {
    case Mark::report:
      if (!again) read_fields(*text, effects);
      quiet = again;
      break;
    case Mark::acknowledge:
      acknowledged(*text, effects);
      quiet = false;
      break;
    case Mark::command:
      quiet = !obey(*text, again, effects);
      break;
    case Mark::poll:
      break;
  }
  effects(Frame{received.bytes, quiet, received.raw});
}

void Kq330Adapter::read_fields(const NodeText& text, Effects& effects) {
  std::vector<Nodes::Named> named;
  for (const NodeText::Field& field : text.fields()) named.push_back({field.key, field.value});
  nodes_.read(text.id, named, false, effects);
}

// A command to us. Commands from the mains are ignored unless the owner allows them.
bool Kq330Adapter::obey(const NodeText& text, bool again, Effects& effects) {
  if (!commands_from_line_ || text.id != node_) return false;
  if (!again) read_fields(text, effects);
  if (text.sequence &&
      !sender_.push_first({.payload = node_ + "+,q=" + std::to_string(*text.sequence)})) {
    too_many_acknowledgements_.say(
        "commands come faster than they can be acknowledged: some are not. Let their sender wait "
        "for each acknowledgement, or raise `duty`",
        effects);
  }
  return !again;
}

// What was commanded holds once it is acknowledged; a node may say more in its acknowledgement.
void Kq330Adapter::acknowledged(const NodeText& text, Effects& effects) {
  const auto done = sender_.acknowledged(text.id, text.sequence);
  if (done && done->key != text_key && text.fields().empty()) {
    const Nodes::Named named{done->name, done->value};
    nodes_.read(text.id, {&named, 1}, false, effects);
  } else {
    read_fields(text, effects);
  }
  if (done && done->key == text_key) on_sent(*done, effects);
}

// ---- what goes ----------------------------------------------------------------------------------

void Kq330Adapter::on_command(const Command& command, Now, Effects& effects) {
  auto outgoing = outgoing_of(command);
  if (outgoing && !open_) outgoing = failed(Fault::io, "the line to the modem is not open");
  if (outgoing) {
    outgoing->channel = command.channel;
    outgoing->key = command.key;
    outgoing->text = command.text;
    if (sender_.push(*outgoing)) return;
    outgoing = failed(Fault::refused, "too many texts wait for the line");
  }
  effects(Rejected{command.channel, command.key, command.text, outgoing.error()});
}

Result<Outgoing> Kq330Adapter::outgoing_of(const Command& command) {
  if (command.key == raw_key) return raw_of(command.text);
  Outgoing outgoing{.payload = std::string(command.text)};
  if (command.key == text_key) {
    const auto text = parse_node_text(command.text);
    if (text && text->mark == Mark::command && text->sequence) {
      outgoing.id = text->id;
      outgoing.name = text->fields().empty() ? command.key : text->fields()[0].key;
      outgoing.sequence = *text->sequence;
    }
  } else {
    const OwnKey* const key = nodes_.keys().find(command.key);
    if (key == nullptr) return failed(Fault::unsupported, "takes no commands");
    const auto* const on = std::get_if<bool>(&command.value);
    outgoing.id = command.channel;
    outgoing.name = key->name;
    outgoing.value = on != nullptr ? (*on ? "1" : "0") : to_text(command.value);
    outgoing.sequence = sequence_ = (sequence_ + 1) % NodeText::sequences;
    outgoing.payload = outgoing.id + "!," + key->name + '=' + outgoing.value +
                       ",q=" + std::to_string(outgoing.sequence);
  }
  const std::size_t seal = link_.is_signed() ? NodeLink::longest_seal : 0;
  if (auto problem = framing_.problem(outgoing.payload, seal)) {
    return tl::unexpected(*std::move(problem));
  }
  return outgoing;
}

Result<Outgoing> Kq330Adapter::raw_of(std::string_view hex) const {
  const auto bytes = from_hex(hex);
  if (!bytes || bytes->empty()) return failed(Fault::bad_syntax, "expected bytes in hex: 3537");
  if (bytes->size() > longest_raw) return failed(Fault::overlong, "more than 253 bytes");
  return Outgoing{.payload = *bytes, .raw = true};
}

std::string Kq330Adapter::frame_of(const Outgoing& outgoing) {
  if (outgoing.raw) return outgoing.payload;
  return framing_.framed(link_.sealed(outgoing.payload));
}

void Kq330Adapter::on_sent(const Outgoing& outgoing, Effects& effects) {
  if (outgoing.key.empty()) return;
  effects(Reading{"", outgoing.key, "computed", std::string_view(outgoing.text)});
}

void Kq330Adapter::on_failed(const Outgoing& outgoing, Error why, Effects& effects) {
  if (outgoing.key.empty()) return;
  effects(Rejected{outgoing.channel, outgoing.key, outgoing.text, std::move(why)});
}

void Kq330Adapter::say_statistics(Now now, Effects& effects) {
  const auto seconds = static_cast<std::uint64_t>(statistics_period.count());
  const auto rate = static_cast<std::int64_t>((std::exchange(bytes_, 0) + seconds / 2) / seconds);
  effects(Reading{"", rate_key, "computed", Decimal{rate, 0}});
  effects(Reading{"", repeated_key, "computed", Decimal{static_cast<std::int64_t>(repeated_), 0}});
  statistics_due_ = now.mono + statistics_period;
}

// ---- settings -----------------------------------------------------------------------------------

TextSettings read_text(Section& section, TextFraming& framing) {
  using Mode = TextSettings::Mode;
  using Filter = TextSettings::Filter;
  const std::string outer = section.choice("mode", {"frame", "line", "regex", "kq"}, "frame");
  const std::string inner = section.choice("inner", {"frame", "line", "regex"}, "frame");
  const std::string mode = outer == "kq" ? inner : outer;
  framing.prefixed = outer == "kq";
  framing.mode = mode == "line" ? Mode::line : mode == "regex" ? Mode::regex : Mode::frame;
  framing.preamble = static_cast<std::size_t>(section.integer("preamble", 2, 0, 16));
  TextSettings text;
  text.mode = framing.mode;
  text.prefixed = framing.prefixed;
  text.without_packets =
      "bytes arrive, and no packet among them holds a message: MODE (pin 8) of the modem is not "
      "grounded, or mode: frame is wanted";
  if (text.mode != Mode::regex) {
    text.with_packets =
        "packets arrive, each with its length in front: MODE (pin 8) of the modem is grounded, so "
        "mode: kq is wanted, or MODE has to be left open";
  }
  const std::string filter = section.choice("filter", {"none", "printable", "digits"}, "printable");
  text.filter = filter == "none"     ? Filter::none
                : filter == "digits" ? Filter::digits
                                     : Filter::printable;
  text.idle = std::chrono::milliseconds{section.integer("idle_ms", 300, 50, 60'000)};
  text.max_len = static_cast<std::size_t>(section.integer("max_len", 80, 1, 512));
  text.window = static_cast<std::size_t>(section.integer("window", 256, 1, 512));
  const std::string pattern = section.text("pattern");
  if (pattern.empty()) {
    if (text.mode == Mode::regex) section.problem("pattern", "mode regex needs a `pattern`");
    if (text.mode == Mode::regex) text.mode = Mode::frame;
    return text;
  }
  const bool printable =
      std::all_of(pattern.begin(), pattern.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (text.mode == Mode::line && text.filter != Filter::none && !printable) {
    section.problem("pattern",
                    "holds characters that the filter takes out before it is matched, "
                    "such as a degree sign: set filter: none");
  }
  if (auto made = Pattern::make(pattern)) {
    text.pattern = *std::move(made);
  } else {
    section.problem("pattern", "cannot be matched in bounded time: " + made.error().detail);
    text.mode = Mode::frame;
  }
  return text;
}

Settings read_settings(Section& section) {
  Settings settings;
  settings.guard.least = section.number("min");
  settings.guard.most = section.number("max");
  settings.guard.max_step = section.number("max_step");
  settings.guard.confirm = static_cast<int>(section.integer("confirm", 1, 1, 100));
  settings.node = section.text("node", "gw");
  if (!is_node_id(settings.node)) section.problem("node", std::string(node_rule.text));
  settings.period = section.duration("period", 5min, 1s, 24h);
  settings.commands_from_line = section.flag("commands_from_line", false);
  settings.mac_key = section.key_bytes("mac_key_file");
  section.accept("auto_discover");  // read by the code that announces entities
  const std::int64_t hertz = section.integer("mains_hz", 50, 50, 60);
  if (hertz != 50 && hertz != 60) section.problem("mains_hz", "50 or 60");
  // Nine bits a byte, one at each zero crossing.
  settings.air.byte_time = std::chrono::milliseconds{9 * 1000 / (2 * hertz)};
  settings.air.duty = static_cast<int>(section.integer("duty", 30, 1, 100));
  return settings;
}

}  // namespace

std::unique_ptr<Adapter> make(Section& section, std::uint32_t seed) {
  Settings settings = read_settings(section);
  TextSettings text = read_text(section, settings.framing);
  settings.air.overhead = settings.framing.prefixed ? packet_overhead : 0;
  settings.air.acknowledge_bytes =
      acknowledge_bytes + (settings.mac_key ? NodeLink::longest_seal : 0);
  return std::make_unique<Kq330Adapter>(settings, std::move(text),
                                        OwnKeys::read(section, name_rule, node_rule), seed);
}

std::vector<std::string_view> keys() { return {text_key, raw_key, rate_key, repeated_key}; }

}  // namespace gridtap::kq330
