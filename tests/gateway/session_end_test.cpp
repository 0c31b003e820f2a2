// How a session ends, what its parts keep meanwhile, and in which order.
#include <doctest/doctest.h>

#include "gateway/session.hpp"
#include "io/manual_clock.hpp"
#include "support/fakes.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

using Diary = std::string;

// Counts the letters that it hears; `k` asks to keep the count, `K` twice in one call.
struct CountingAdapter final : Adapter {
  explicit CountingAdapter(Diary& its_diary) : diary(its_diary) {}
  void on_start(Now, Effects& effects) override {
    if (keeps_at_start) effects(Keep{});
  }
  void on_bytes(ByteView bytes, Now, Effects& effects) override {
    for (const char letter : as_text(bytes)) {
      if (letter == 'a') effects(Alive{"", 30s});
      if (letter == 'z') effects(Release{5s});
      if (letter == 'k' || letter == 'K') effects(Keep{});
      if (letter == 'K') effects(Keep{});
      begun = letter == 'b';
      ++count;
    }
  }
  void on_stop(Now, Effects& effects) override {
    diary += "adapter-stop ";
    stopped = true;
    effects(Send{as_bytes("bye")});
    if (reconnects_at_stop) effects(Reconnect{{Fault::timeout, "too late"}});
  }
  void on_close(Now, Effects& effects) override {
    if (begun) effects(Dropped{{Fault::truncated, "cut off"}, 1});
    diary += "judged ";
  }
  std::string state() const override {
    ++states;
    return std::to_string(count) + (stopped ? " exactly" : "");
  }
  Diary& diary;
  int count = 0;
  mutable int states = 0;
  bool stopped = false, begun = false, keeps_at_start = false, reconnects_at_stop = false;
};

// Has a last reading, which the rule behind it hears.
struct LastWordRule final : Rule {
  LastWordRule(std::string its_name, Diary& its_diary) : own_name(its_name), diary(its_diary) {}
  std::string_view name() const override { return own_name; }
  void on_effect(std::string_view, const Effect& effect, Now, Effects&) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      (((diary += own_name) += '<') += reading->source) += ' ';
    }
  }
  void on_line(const LineState& line, Now, Effects&) override {
    if (!line.open) diary += own_name + (line.why == nullptr ? "-closed " : "-lost ");
  }
  void on_stop(Now, Effects& effects) override {
    diary += own_name + "-stop ";
    effects(Reading{"", "power_net", own_name, Decimal{1, 0}});
  }
  std::string state() const override { return "of " + own_name; }
  std::string own_name;
  Diary& diary;
};

struct DiarySink final : Sink {
  explicit DiarySink(Diary& its_diary) : diary(its_diary) {}
  void on_effect(std::string_view, const Effect& effect, Now) override {
    if (const auto* reading = std::get_if<Reading>(&effect)) {
      (diary += std::string(reading->source)) += ' ';
    }
    const auto* alive = std::get_if<Alive>(&effect);
    if (alive != nullptr && alive->lease == 0ms) diary += "offline ";
  }
  Diary& diary;
};

struct SoonStore final : Store {
  std::string get(std::string_view key) const override { return memory.get(key); }
  void put(std::string_view key, std::string text, bool soon) override {
    if (soon) soon_puts += std::string(key) + '=' + text + ' ';
    memory.put(key, std::move(text), soon);
  }
  MemoryStore memory;
  std::string soon_puts;
};

struct World {
  World() {
    auto made = std::make_unique<CountingAdapter>(diary);
    adapter = made.get();
    std::vector<std::unique_ptr<Rule>> rules;
    for (const char* name : {"first", "second"}) {
      rules.push_back(std::make_unique<LastWordRule>(name, diary));
    }
    SessionOptions options;
    options.id = "meter";
    session =
        std::make_unique<Session>(options, clock, &line, std::move(made), std::move(rules), sink);
    session->restore(store);
  }
  void start() {
    session->start();
    line.accept();
  }
  void push(std::string_view letters) { line.push(as_bytes(letters)); }

  io::ManualClock clock;
  ScriptLine line;
  SoonStore store;
  Diary diary;
  DiarySink sink{diary};
  CountingAdapter* adapter = nullptr;
  std::unique_ptr<Session> session;
};

}  // namespace

TEST_CASE("session: parts end first, each with a last word; then leases, then the line") {
  World w;
  w.start();
  w.push("a");
  w.session->stop();
  CHECK(w.diary == "adapter-stop first-stop first second<first second-stop second judged ");
  CHECK(w.line.written == "bye");
  CHECK(w.line.closed == 0);
  w.session->save(w.store);
  CHECK(w.store.get("meter.adapter") == "1 exactly");
  CHECK(w.store.get("meter.second") == "of second");
  w.diary.clear();
  w.session->go_offline();
  CHECK(w.diary == "offline first-closed second-closed ");
  CHECK(w.line.closed == 0);
  w.session->close();
  CHECK(w.diary == "offline first-closed second-closed ");
  CHECK(w.line.closed == 1);
}

TEST_CASE("session: close alone does all of the end, and what is called twice happens once") {
  World w;
  w.start();
  w.push("a");
  w.session->close();
  w.session->stop();
  w.session->close();
  CHECK(w.diary ==
        "adapter-stop first-stop first second<first second-stop second judged offline "
        "first-closed second-closed ");
}

TEST_CASE("session: a part that ends opens nothing any more") {
  World w;
  w.adapter->reconnects_at_stop = true;
  w.start();
  w.session->close();
  CHECK(w.diary.find("lost") == w.diary.npos);
  w.clock.advance(1h);
  CHECK(w.line.opened == 1);
}

TEST_CASE("session: parts end on a line that never opened, too") {
  World w;
  w.session->start();
  w.session->close();
  CHECK(w.diary == "adapter-stop first-stop first second<first second-stop second ");
  CHECK(w.line.written == "");
}

TEST_CASE("session: a device whose line is released goes offline at the end") {
  World w;
  w.start();
  w.push("az");
  w.session->close();
  CHECK(w.diary.find("offline ") != w.diary.npos);
}

TEST_CASE("session: what a part wants to keep is put at once, once a call, as it is at its end") {
  World w;
  w.start();
  w.push("aK");
  CHECK(w.store.soon_puts == "meter.adapter=2 ");
  CHECK(w.adapter->states == 1);
  w.push("kaa");
  CHECK(w.store.soon_puts == "meter.adapter=2 meter.adapter=5 ");
  w.push("a");
  CHECK(w.adapter->states == 2);
}

TEST_CASE("session: what is kept at the start is put before the line opens") {
  World w;
  w.adapter->keeps_at_start = true;
  w.session->start();
  CHECK(w.store.soon_puts == "meter.adapter=0 ");
}

TEST_CASE("session: without a store, as in decode, there is nothing to keep it in") {
  io::ManualClock clock;
  ScriptLine line;
  Diary diary;
  DiarySink sink(diary);
  Session session({}, clock, &line, std::make_unique<CountingAdapter>(diary), {}, sink);
  session.start();
  line.accept();
  line.push(as_bytes("k"));
  session.close();
  CHECK(diary == "adapter-stop judged ");
}
