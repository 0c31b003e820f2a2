#include "serve/answers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/ids.hpp"
#include "core/json_text.hpp"
#include "core/letter_case.hpp"
#include "serve/pages.hpp"

namespace gridtap::serve {
namespace {

using model::Device;
using model::Entity;
using Words = std::vector<std::string_view>;

struct Asked {
  Words words;  // in lower case
  const model::Model& model;
  const About& about;
  Mono now;
};

std::string error(std::string_view what) { return "error: " + std::string(what) + '\n'; }

// A word of the question, safe to send back.
std::string in_quotes(std::string_view word) {
  std::string shown = "'";
  std::size_t characters = 0;
  while (!word.empty() && characters++ < max_word_shown) {
    const bool control = static_cast<unsigned char>(word[0]) < 0x20 || word[0] == 0x7F;
    std::size_t size = 1;
    while (size < std::min<std::size_t>(word.size(), 4) &&
           valid_utf8(word.substr(0, size)) < size) {
      ++size;
    }
    const bool valid = valid_utf8(word.substr(0, size)) == size;
    const std::string plain = valid ? printable(word.substr(0, size)) : "?";
    shown += control || plain == " " ? "?" : plain;
    word.remove_prefix(valid ? size : 1);
  }
  return shown + '\'';
}

Words words_of(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  Words words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(spaces);
    if (begin == text.npos) return words;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(spaces), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::optional<std::size_t> page_of(std::string_view word) {
  std::uint16_t page = 0;
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), page);
  if (failed != std::errc{} || end != word.data() + word.size() || page == 0) return {};
  return page;
}

std::string no_device(std::string_view handle) {
  return error("no device " + in_quotes(handle) + ", try devices");
}

// ---- values -------------------------------------------------------------------------------------

// "244 W": as on MQTT, with the unit of a number.
std::string value_text(const Entity& entity) {
  std::string text = to_text(entity.value());
  const std::string_view unit = entity.spec().unit;
  if (!unit.empty() && std::holds_alternative<Decimal>(entity.value())) {
    (text += ' ') += unit;
  }
  return text;
}

bool is_told(const Device& device, const Entity& entity) {
  return entity.has_value() && (device.online() || device.speaks_offline(entity));
}

// The device whose line it comes by, which has the counters of it.
const Device& owner_of_line(const Device& device) {
  return device.parent == nullptr ? device : *device.parent;
}

std::string value_of(const Device& device, std::string_view key) {
  const Entity* const entity = device.find(key);
  return entity == nullptr || !entity->has_value() ? "None" : to_text(entity->value());
}

std::string offline(const Device& device) {
  return error(in_quotes(device.handle) + " is offline, cause " +
               value_of(owner_of_line(device), "cause") + ": its values are old");
}

std::string get_list(const Device& device, std::size_t page) {
  Pages pages("get " + device.handle, page);
  device.each([&](const Entity& entity) {
    if (is_told(device, entity)) pages.add(std::string(entity.level()) + ' ' + value_text(entity));
  });
  if (!pages.empty()) return pages.text();
  return device.online() ? error(in_quotes(device.handle) + " has no values yet") : offline(device);
}

std::string get_one(const Device& device, std::string_view level) {
  const Entity* const entity = device.find_level(level);
  if (entity == nullptr) {
    return error(in_quotes(device.handle) + " has no " + in_quotes(level) + ", try get " +
                 device.handle);
  }
  if (!entity->has_value()) return error(in_quotes(level) + " has no value");
  if (!is_told(device, *entity)) return offline(device);
  return printable(value_text(*entity)) + '\n';
}

// ---- one function a command ---------------------------------------------------------------------

std::string get(const Asked& asked) {
  std::string_view handle = asked.words[1];
  std::optional<std::string_view> level;
  if (const std::size_t slash = handle.find('/'); slash != handle.npos) {
    level = handle.substr(slash + 1);
    handle = handle.substr(0, slash);
  }
  const Device* const device = asked.model.find_handle(handle);
  if (device == nullptr) return no_device(handle);
  if (level) return get_one(*device, *level);
  if (asked.words.size() == 2) return get_list(*device, 1);
  const auto page = page_of(asked.words[2]);
  return page ? get_list(*device, *page) : get_one(*device, asked.words[2]);
}

std::string version(const Asked& asked) {
  const auto up = std::chrono::duration_cast<std::chrono::seconds>(asked.now - asked.about.started);
  return "gridtap " + asked.about.version + " up " + std::to_string(up.count()) + " s\n";
}

std::size_t wanted_page(const Asked& asked) {
  return asked.words.size() < 2 ? 1 : page_of(asked.words[1]).value_or(0);
}

std::string devices(const Asked& asked) {
  const std::size_t page = wanted_page(asked);
  if (page == 0) return error(in_quotes(asked.words[1]) + " is no page, try devices 2");
  Pages pages("devices", page);
  for (const auto& device : asked.model.all()) {
    const auto adapter = asked.about.adapters.find(device->id);
    std::string line = device->handle + (device->online() ? " online" : " offline");
    line += ' ' + (adapter == asked.about.adapters.end() ? "-" : adapter->second);
    for (const std::string* word : {&device->manufacturer, &device->model}) {
      if (!word->empty()) line += ' ' + *word;
    }
    pages.add(line);
  }
  return pages.text();
}

// "0.8": since the newest value that came by the line.
std::optional<std::string> age_of(const Device& device, Mono now) {
  Mono newest{};
  device.each([&](const Entity& entity) {
    if (entity.has_value() && !entity.by_rule()) newest = std::max(newest, entity.at());
  });
  if (newest == Mono{}) return {};
  const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - newest);
  return to_text(rounded(Decimal{std::max<std::int64_t>(age.count(), 0), -3}, 1));
}

std::string status(const Asked& asked) {
  const Device* const device = asked.model.find_handle(asked.words[1]);
  if (device == nullptr) return no_device(asked.words[1]);
  std::string text = device->online() ? "online" : "offline";
  if (device->is_gateway()) return text + '\n';
  const Device& line = owner_of_line(*device);
  const auto age = age_of(*device, asked.now);
  text += " frames " + value_of(line, "frames_ok") + " bad " + value_of(line, "frames_bad");
  text += " last " + (age ? *age + " s" : "None") + " cause " + value_of(line, "cause");
  return printable(text) + '\n';
}

std::string hour(const Asked& asked) {
  struct Figure {
    std::string_view word, key;
  };
  constexpr Figure figures[] = {{"energy", "hour_energy"},
                                {"projected", "hour_projected"},
                                {"limit", "hour_limit"},
                                {"available", "hour_available_power"},
                                {"exceeded", "hour_limit_exceeded"}};
  const Device* const device = asked.model.find_handle(asked.words[1]);
  if (device == nullptr) return no_device(asked.words[1]);
  if (device->find("hour_limit") == nullptr) {
    return error(in_quotes(device->handle) + " has no hour_limit in the configuration");
  }
  if (!device->online()) return offline(*device);
  std::string text;
  for (const auto& [word, key] : figures) {
    const Entity* const entity = device->find(key);
    const bool known = entity != nullptr && entity->has_value();
    text += (text.empty() ? "" : " ") + std::string(word) + ' ';
    text += known ? value_text(*entity) : "None";
  }
  return text + '\n';
}

std::string prices(const Asked&) { return "no prices are known\n"; }

std::string relays(const Asked& asked) {
  constexpr std::string_view prefix = "relay_";
  const std::size_t page = wanted_page(asked);
  if (page == 0) return error(in_quotes(asked.words[1]) + " is no page, try relays 2");
  Pages pages("relays", page);
  if (const Device* const gateway = asked.model.find_handle(gateway_device)) {
    gateway->each([&](const Entity& entity) {
      const std::string_view level = entity.level();
      if (entity.spec().platform != Platform::toggle || !level.starts_with(prefix)) return;
      pages.add(std::string(level.substr(prefix.size())) + ' ' + to_text(entity.value()));
    });
  }
  return pages.empty() ? "no relays are configured\n" : pages.text();
}

std::string help(const Asked&);

struct Question {
  std::string_view word, form, meaning;
  std::size_t least, most;  // words, the first included
  std::string (*answer)(const Asked&);
};

constexpr Question questions[] = {
    {"help", "help", "this list", 1, 1, &help},
    {"version", "version", "the version, and for how long it has been running", 1, 1, &version},
    {"devices", "devices [PAGE]", "a line for each device", 1, 2, &devices},
    {"get", "get DEVICE [PAGE]", "its values; get DEVICE ENTITY: one of them", 2, 3, &get},
    {"status", "status DEVICE", "whether it is online, its frames, and the cause of a silence", 2,
     2, &status},
    {"hour", "hour DEVICE", "the running hour against its limit", 2, 2, &hour},
    {"prices", "prices", "what a kWh costs", 1, 1, &prices},
    {"relays", "relays [PAGE]", "a line for each relay", 1, 2, &relays},
};

std::string help(const Asked&) {
  std::string text;
  for (const Question& question : questions) {
    ((text += question.form) += " - ") += question.meaning;
    text += '\n';
  }
  return text;
}

// A unit of the configuration may be longer than a datagram.
std::string fitting(std::string text) {
  if (text.size() <= max_answer) return text;
  return std::string(model::front_of(text, max_answer - 1)) + '\n';
}

}  // namespace

std::string answer(std::string_view question, const model::Model& model, const About& about,
                   Mono now) {
  if (question.size() > max_question) {
    return error("too long, at most " + std::to_string(max_question) + " bytes");
  }
  const std::string text = lower(question);
  const Asked asked{words_of(text), model, about, now};
  if (asked.words.empty()) return error("no command, try help");
  const auto found = std::find_if(std::begin(questions), std::end(questions),
                                  [&](const auto& each) { return each.word == asked.words[0]; });
  if (found == std::end(questions)) {
    return error("unknown command " + in_quotes(asked.words[0]) + ", try help");
  }
  if (asked.words.size() < found->least || asked.words.size() > found->most) {
    return error("ask: " + std::string(found->form));
  }
  return fitting(found->answer(asked));
}

}  // namespace gridtap::serve
