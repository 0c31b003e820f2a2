#include "io/file_store.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "io/manual_clock.hpp"
#include "io/system_clock.hpp"
#include "support/fakes.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using namespace std::chrono_literals;

namespace {

struct Shelf {
  Scratch scratch;
  io::Loop loop;
  io::ManualClock clock;
  MemoryLog log;
  std::string state = scratch / "state-dir";

  std::unique_ptr<io::FileStore> open() {
    auto store = io::FileStore::open(state, loop, clock, log);
    REQUIRE(store);
    return std::move(*store);
  }
  // Time passes, and what is written then is on the disk.
  void pass(const io::FileStore& store, std::chrono::milliseconds time) {
    clock.advance(time);
    settle(store);
  }
  void settle(const io::FileStore& store) {
    while (store.writing()) turn();
  }
  void turn() {
    loop.post([this] { loop.stop(); });
    loop.run();
  }
  std::string text(const std::string& name) const {
    std::ifstream file(state + "/" + name);
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(state + "/" + name) << content;
  }
};

}  // namespace

TEST_CASE("store: what was put is there after a restart, line ends and all") {
  Shelf shelf;
  const std::string odd = "gas=1\nwater=2\\n\r\n=\\";
  {
    const auto store = shelf.open();
    CHECK(store->get("meter.adapter") == "");
    store->put("meter.adapter", odd, false);
    store->put("meter.line", "115200 8N1", true);
    store->flush();
  }
  const auto store = shelf.open();
  CHECK(store->get("meter.adapter") == odd);
  CHECK(store->get("meter.line") == "115200 8N1");
  CHECK(shelf.log.lines.empty());
}

TEST_CASE("store: urgent texts are written within seconds, others within half an hour") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", false);
  shelf.pass(*store, 29min);
  CHECK(shelf.text("state") == "");
  shelf.pass(*store, 1min);
  CHECK(shelf.text("state").find("[a]\n-1\n") != std::string::npos);
  store->put("b", "2", true);
  shelf.pass(*store, 5s);
  CHECK(shelf.text("state").find("[b]\n-2\n") != std::string::npos);
}

TEST_CASE("store: nothing is written while nothing changes") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", true);
  store->flush();
  std::filesystem::remove(shelf.state + "/state");
  for (int day = 0; day < 10; ++day) {
    store->put("a", "1", false);
    shelf.pass(*store, 24h);
  }
  CHECK(shelf.text("state") == "");
}

TEST_CASE("store: a text put empty is forgotten") {
  Shelf shelf;
  {
    const auto store = shelf.open();
    store->put("a", "1", false);
    store->put("a", "", false);
    store->flush();
  }
  CHECK(shelf.open()->get("a") == "");
}

TEST_CASE("store: a torn or damaged file is set aside, and the generation before it taken") {
  Shelf shelf;
  {
    const auto store = shelf.open();
    store->put("a", "1", false);
    store->flush();
    store->put("a", "2", false);
    store->flush();
  }
  const std::string whole = shelf.text("state");
  std::string damaged = whole;
  SUBCASE("torn") { damaged.resize(whole.size() - 1); }
  SUBCASE("one byte flipped") { damaged[whole.size() - 2] ^= 1; }
  SUBCASE("empty") { damaged.clear(); }
  SUBCASE("of a later version") {
    damaged = "gridtap-state 9" + whole.substr(std::string("gridtap-state 2").size());
  }
  SUBCASE("much too large") { damaged.assign(2 * io::max_state_file, 'x'); }
  shelf.write("state", damaged);
  const auto store = shelf.open();
  CHECK(store->get("a") == "1");
  REQUIRE(shelf.log.lines.size() == 1);
  CHECK(shelf.log.lines[0].find("set aside") != std::string::npos);
  CHECK(std::filesystem::exists(shelf.state + "/state.broken-1"));
}

TEST_CASE("store: a file of the version before is read once, and at once written in this form") {
  Shelf shelf;
  std::filesystem::create_directory(shelf.state);
  const std::string before = "gridtap-state 1 4CA018E071DDA219\nmeter.line=115200 8N1\n";
  shelf.write("state", before);
  {
    const auto store = shelf.open();
    CHECK(store->get("meter.line") == "115200 8N1");
    shelf.pass(*store, io::FileStore::soon_delay);
  }
  CHECK(shelf.text("state").starts_with("gridtap-state 2 "));
  CHECK(shelf.text("state").ends_with("\n[meter.line]\n-115200 8N1\n"));
  CHECK(shelf.text("state.old") == before);  // for who goes back to the version before
  CHECK(shelf.open()->get("meter.line") == "115200 8N1");
  CHECK(shelf.log.lines.empty());
}

TEST_CASE(
    "store: every byte of the file cut or flipped gives the old or the new state, never a mix") {
  Shelf shelf;
  {
    const auto store = shelf.open();
    store->put("key", "value", false);
    store->flush();
  }
  const std::string whole = shelf.text("state");
  std::filesystem::remove(shelf.state + "/state.old");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    std::string cut = whole.substr(0, n), flipped = whole;
    flipped[n] = static_cast<char>(flipped[n] ^ 4);
    for (const std::string& damaged : {cut, flipped}) {
      shelf.write("state", damaged);
      CHECK(shelf.open()->get("key") == "");
    }
  }
}

TEST_CASE("store: a second gridtap gets an error that the directory is in use") {
  Shelf shelf;
  const auto store = shelf.open();
  const auto second = io::FileStore::open(shelf.state, shelf.loop, shelf.clock, shelf.log);
  REQUIRE_FALSE(second);
  CHECK(second.error().detail.find("another gridtap") != std::string::npos);
}

TEST_CASE("store: a directory that cannot be written is one warning, and memory serves on") {
  Shelf shelf;
  std::ofstream(shelf.state) << "a file where a directory should be";
  const auto store = shelf.open();
  store->put("a", "1", true);
  shelf.pass(*store, 24h);
  CHECK(store->get("a") == "1");
  REQUIRE(shelf.log.lines.size() == 1);
  CHECK(shelf.log.lines[0].find("must be allowed to write there") != std::string::npos);
}

TEST_CASE("store: the state file is readable by its owner alone") {
  Shelf shelf;
  const auto store = shelf.open();
  store->put("a", "1", false);
  store->flush();
  struct stat status{};
  REQUIRE(::stat((shelf.state + "/state").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}
