// The relays' lines on chips that the kernel simulates, seen at the kernel's side of them: what was
// driven, who holds a line, what happens when a chip goes. Run by tests/in_vm, as root.
#include "io/gpio_pins.hpp"

#include <fcntl.h>
#include <linux/gpio.h>
#include <pwd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "gpio/kernel_chip.hpp"
#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::gpio;
using namespace gridtap::io;

namespace {

constexpr int relays = 0, twin = 1, other_twin = 2;  // of tests/in_vm

std::string why(const Result<bool>& answer) {
  REQUIRE_FALSE(answer);
  return answer.error().detail;
}

bool level(const Result<bool>& answer) {
  REQUIRE_MESSAGE(answer, answer.error().detail);
  return *answer;
}

std::unique_ptr<Pins> pins_of(std::vector<PinSettings> settings) {
  return make_gpio_pins(std::move(settings));
}

// Holds a line by the kernel's own interface, as any program may.
bool hold(const std::string& path, unsigned offset, const char* name) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  gpio_v2_line_request request{};
  request.offsets[0] = offset;
  request.num_lines = 1;
  std::strncpy(request.consumer, name, sizeof request.consumer - 1);
  request.config.flags = GPIO_V2_LINE_FLAG_INPUT;
  return ::ioctl(fd, GPIO_V2_GET_LINE_IOCTL, &request) == 0;
}

// A second device file of a chip, in a directory of its own: udev may give the first one other
// rights at any moment.
class DeviceNode {
 public:
  explicit DeviceNode(const KernelChip& chip) : path_(directory_ / chip.name()) {
    struct stat status{};
    REQUIRE(::stat(chip.path().c_str(), &status) == 0);
    REQUIRE(::mknod(path_.c_str(), S_IFCHR, status.st_rdev) == 0);
    REQUIRE(::chmod((directory_ / "").c_str(), 0755) == 0);
  }
  const std::string& path() const { return path_; }
  GpioMachine machine() const { return {open_gpio_chip, directory_ / ""}; }
  void belongs_to(gid_t group, mode_t mode) const {
    REQUIRE(::chown(path_.c_str(), 0, group) == 0);
    REQUIRE(::chmod(path_.c_str(), mode) == 0);
  }

 private:
  Scratch directory_;
  std::string path_;
};

// What set(true) answers to a user without rights.
std::string answer_to_nobody(const PinSettings& settings, const GpioMachine& machine) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const passwd* nobody = ::getpwnam("nobody");
    if (nobody == nullptr || ::setgid(nobody->pw_gid) != 0 || ::setuid(nobody->pw_uid) != 0) {
      ::_exit(1);
    }
    const auto answer = make_gpio_pins({settings}, machine)->set(0, true);
    const std::string text = answer ? "driven" : answer.error().detail;
    ::_exit(::write(ends[1], text.data(), text.size()) < 0 ? 1 : 0);
  }
  ::close(ends[1]);
  std::string text(2000, '\0');
  const ::ssize_t size = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

}  // namespace

TEST_CASE("kernel: a level that is set is the level of the line, held by us as an output") {
  const KernelChip chip(relays);
  const auto pins = pins_of({{"relays", "2"}});
  CHECK(level(pins->set(0, true)));
  CHECK(chip.value(2) == "1");
  CHECK(chip.holder(2) == "gridtap out");
  CHECK_FALSE(level(pins->set(0, false)));
  CHECK(chip.value(2) == "0");
  CHECK_FALSE(level(pins->read(0)));
}

TEST_CASE("kernel: a line is found by offset and by name, its chip by label, name and path") {
  const KernelChip chip(relays);
  for (const std::string& at : {std::string("relays"), chip.name(), chip.path()}) {
    for (const std::string line : {"1", "BOILER"}) {
      const auto pins = pins_of({{at, line}});
      CHECK(level(pins->set(0, true)));
      CHECK(chip.value(1) == "1");
      CHECK(chip.holder(1) == "gridtap out");
    }
  }
}

TEST_CASE("kernel: taking a line gives it one level only, the one wanted, in both polarities") {
  const KernelChip chip(relays);
  for (const bool active_low : {false, true}) {
    for (const bool on : {false, true}) {
      const std::string volts = on != active_low ? "1" : "0";
      chip.pull(3, volts == "1" ? "down" : "up");  // it begins with the other level
      const Trace trace;
      const auto pins = pins_of({{"relays", "3", active_low, Bias::as_is, Drive::push_pull}});
      CHECK(level(pins->set(0, on)) == on);
      CHECK(chip.value(3) == volts);
      CHECK(trace.levels(chip, 3) == volts);
      CHECK(level(pins->set(0, !on)) != on);
      CHECK(trace.levels(chip, 3) == volts + (volts == "1" ? " 0" : " 1"));
    }
  }
}

TEST_CASE("kernel: the level is read from the line: an open drain cannot lift one held down") {
  const KernelChip chip(relays);
  for (const std::string pull : {"down", "up"}) {
    chip.pull(5, pull);
    const auto pins = pins_of({{"relays", "5", false, Bias::as_is, Drive::open_drain}});
    CHECK(level(pins->set(0, true)) == (pull == "up"));
    CHECK(level(pins->read(0)) == (pull == "up"));
    CHECK_FALSE(level(pins->set(0, false)));
  }
}

TEST_CASE("kernel: an open source cannot pull down a line held up") {
  const KernelChip chip(relays);
  for (const std::string pull : {"down", "up"}) {
    chip.pull(6, pull);
    const auto pins = pins_of({{"relays", "6", false, Bias::as_is, Drive::open_source}});
    CHECK(level(pins->set(0, false)) == (pull == "up"));
    CHECK(level(pins->set(0, true)));
  }
}

TEST_CASE("kernel: the bias reaches the chip") {
  const KernelChip chip(relays);
  for (const auto& [bias, pull] :
       {std::pair{Bias::pull_up, "pull-up"}, std::pair{Bias::pull_down, "pull-down"}}) {
    const auto pins = pins_of({{"relays", "7", false, bias, Drive::push_pull}});
    CHECK(level(pins->set(0, true)));
    CHECK(chip.pull(7) == pull);
    CHECK(chip.value(7) == "1");  // a push-pull output is stronger
  }
}

TEST_CASE("kernel: a busy line is named with the program that holds it, and taken after it") {
  const KernelChip chip(relays);
  const auto pins = pins_of({{"relays", "BOILER"}});
  {
    const OtherProgram other([&] { return hold(chip.path(), 1, "boiler-script"); });
    REQUIRE(other.began);
    const auto answer = pins->set(0, true);
    CHECK(why(answer).starts_with("line BOILER of relays is busy: boiler-script holds it: "));
    CHECK(answer.error().cause == Cause::busy);
    CHECK(chip.holder(1) == "boiler-script in");
    CHECK(chip.value(1) == "0");
  }
  CHECK(level(pins->set(0, true)));
  CHECK(chip.holder(1) == "gridtap out");
}

TEST_CASE("kernel: a second gridtap does not get the line of the first") {
  const KernelChip chip(relays);
  const OtherProgram other([&] {
    static const auto held = pins_of({{"relays", "4"}});  // lives as long as the process
    return held->set(0, true).has_value();
  });
  REQUIRE(other.began);
  CHECK(why(pins_of({{"relays", "4"}})->set(0, false))
            .starts_with("line 4 of relays is busy: gridtap holds it: "));
  CHECK(chip.value(4) == "1");
}

TEST_CASE("kernel: lines are given back at our end, also at a sudden one") {
  const KernelChip chip(relays);
  auto pins = pins_of({{"relays", "0"}});
  CHECK(level(pins->set(0, true)));
  pins.reset();
  CHECK(chip.holder(0).empty());
  {
    const OtherProgram killed([] {
      static const auto held = pins_of({{"relays", "0"}});
      return held->set(0, true).has_value();
    });
    REQUIRE(killed.began);
    CHECK(chip.holder(0) == "gridtap out");
  }
  CHECK(chip.holder(0).empty());
  CHECK_FALSE(level(pins_of({{"relays", "0"}})->set(0, false)));
}

TEST_CASE("kernel: what is missing is named, with what there is") {
  const KernelChip chip(relays);
  CHECK(why(pins_of({{"pinctrl-bcm2711", "17"}})->set(0, true))
            .find("this machine has relays (" + chip.path() + "), twin (") != std::string::npos);
  CHECK(why(pins_of({{"relays", "8"}})->set(0, true)) ==
        "no line 8 on chip relays: its lines are 0 to 7");
  CHECK(why(pins_of({{"relays", "BOILR"}})->set(0, true)).find("did you mean BOILER?") !=
        std::string::npos);
  CHECK(why(pins_of({{"/dev/null", "1"}})->set(0, true)) ==
        "/dev/null is not a GPIO chip: give chip the label of one");
}

TEST_CASE("kernel: a label or a name that is there twice is refused, a path chooses") {
  const KernelChip chip(relays), one(twin), two(other_twin);
  CHECK(why(pins_of({{"twin", "0"}})->set(0, true)).starts_with("2 chips have the label twin: "));
  CHECK(why(pins_of({{"relays", "LED"}})->set(0, true)) ==
        "lines 3 and 4 of chip relays are both named LED: give the offset of one");
  const auto pins = pins_of({{two.path(), "0"}});
  CHECK(level(pins->set(0, true)));
  CHECK(two.value(0) == "1");
  CHECK(one.value(0) == "0");
}

TEST_CASE("kernel: a chip that is removed is missed by set and read, and used again when back") {
  const KernelChip chip(relays);
  const auto pins = pins_of({{"relays", "0"}, {"relays", "1"}, {"twin", "0"}});
  CHECK(level(pins->set(0, true)));
  CHECK(level(pins->set(1, true)));
  chip.plug(false);
  CHECK(why(pins->read(0)) == "line 0 of relays was lost: No such device");
  CHECK(why(pins->set(0, true)).starts_with("no chip relays: this machine has twin ("));
  CHECK(why(pins->set(1, true)).starts_with("no chip relays: this machine has twin ("));
  chip.plug(true);
  CHECK(why(pins->read(0)).starts_with("no chip relays"));
  CHECK(chip.holder(0).empty());
  CHECK(level(pins->set(0, true)));
  CHECK(chip.value(0) == "1");
  CHECK(chip.holder(0) == "gridtap out");
  CHECK_FALSE(level(pins->set(1, false)));
  CHECK(chip.value(1) == "0");
}

TEST_CASE("kernel: a chip that comes back under another number is found by its label") {
  const KernelChip chip(relays), one(twin);
  const std::string before = chip.path();
  const auto pins = pins_of({{"relays", "0"}});
  CHECK(level(pins->set(0, true)));
  chip.plug(false);
  one.plug(false);
  one.plug(true);  // takes the number that is free
  chip.plug(true);
  REQUIRE(chip.path() != before);
  CHECK(level(pins->set(0, true)));
  CHECK(chip.value(0) == "1");
  CHECK(one.value(0) == "0");
  one.plug(false);
}

TEST_CASE("kernel: an ordinary user is told which group lets him in") {
  const KernelChip chip(relays);
  const DeviceNode node(chip);
  node.belongs_to(20, 0660);
  CHECK(
      answer_to_nobody({node.path(), "0"}, node.machine())
          .starts_with("permission denied on " + node.path() + ": add the user to group dialout "));
  node.belongs_to(0, 0660);
  CHECK(answer_to_nobody({"relays", "0"}, node.machine())
            .find("let udev give it to group gpio (/etc/udev/rules.d/60-gpio.rules: ") !=
        std::string::npos);
  node.belongs_to(0, 0666);
  CHECK(answer_to_nobody({"relays", "0"}, node.machine()) == "driven");
}

TEST_CASE("kernel: a look at the lines changes none of them") {
  const KernelChip chip(relays);
  chip.pull(2, "up");
  const OtherProgram other([&] { return hold(chip.path(), 1, "boiler-script"); });
  REQUIRE(other.began);
  const Trace trace;
  const auto states = gpio_line_states(
      {{"relays", "PUMP"}, {"relays", "1"}, {"relays", "9"}, {"relays", "2"}, {"gone", "0"}});
  using Use = GpioLineState::Use;
  REQUIRE(states.size() == 5);
  CHECK(states[0].use == Use::free);
  CHECK(states[0].text == "line 0 (PUMP) of relays, " + chip.path() + ": free");
  CHECK(states[1].use == Use::used);
  CHECK(states[1].text == "line 1 (BOILER) of relays, " + chip.path() + ": used by boiler-script");
  CHECK(states[2].use == Use::missing);
  CHECK(states[3].text == "line 2 of relays, " + chip.path() + ": free");
  CHECK(states[4].text.starts_with("no chip gone: "));
  CHECK(chip.holder(2).empty());
  CHECK(chip.value(2) == "1");
  CHECK(trace.levels(chip, 2).empty());
}
