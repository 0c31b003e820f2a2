#pragma once
// Doors without an outside: a line that the test scripts, a store and a log in memory. The clock of
// the tests is io/manual_clock.

#include <map>
#include <string>
#include <vector>

#include "core/ports.hpp"

namespace gridtap {

// Remembers how often it was opened, with which settings, and what was written; the test answers an
// open() by accept() or refuse(), and pushes bytes.
class ScriptLine final : public Line {
 public:
  void open(SerialSettings serial, LineEvents& events) override {
    ++opened;
    settings.push_back(serial);
    events_ = &events;
  }
  void write(ByteView bytes) override { written += as_text(bytes); }
  void close() override { ++closed; }

  void accept() { events_->on_open(); }
  void refuse(Error why = {Fault::io, "no such device: is the adapter plugged in?"}) {
    events_->on_closed(why);
  }
  void push(ByteView bytes) { events_->on_bytes(bytes); }
  void hang_up() { events_->on_closed({Fault::io, "hang-up"}); }

  int opened = 0, closed = 0;
  std::vector<SerialSettings> settings;
  std::string written;

 private:
  LineEvents* events_ = nullptr;
};

class MemoryStore final : public Store {
 public:
  std::string get(std::string_view key) const override {
    const auto found = texts.find(key);
    return found == texts.end() ? std::string{} : found->second;
  }
  void put(std::string_view key, std::string text, bool) override {
    texts[std::string(key)] = std::move(text);
  }
  std::map<std::string, std::string, std::less<>> texts;
};

// Lines as `level device: text`.
class MemoryLog final : public Log {
 public:
  void write(Level level, std::string_view device, std::string_view text) override {
    static constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
    lines.push_back(std::string(names[static_cast<std::size_t>(level)]) + ' ' +
                    std::string(device) + ": " + std::string(text));
  }
  std::vector<std::string> lines;
};

}  // namespace gridtap
