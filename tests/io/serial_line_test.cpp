// A serial port: its settings as the driver sees them, who holds it, and how it is lost.
#include "io/serial_line.hpp"

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>

#include "io/serial_port.hpp"
#include "support/street.hpp"

using namespace gridtap;
using namespace gridtap::io;

namespace {

// Opens the terminal so, and returns the settings of its line.
termios settings_of(SerialSettings settings) {
  Street street;
  const Terminal terminal;
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  line.open(settings, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  return terminal.settings();
}

std::string refusal(Street& street, const std::string& path, SerialSettings settings = usual) {
  Heard reader;
  SerialLine line(street.loop, path, {});
  line.open(settings, reader);
  REQUIRE(street.until([&] { return reader.opened + reader.closed == 1; }));
  return reader.opened > 0 ? "open" : reader.last.detail;
}

}  // namespace

// ---- settings -----------------------------------------------------------------------------------

TEST_CASE("serial line: each speed that meters use is set, in both directions") {
  struct Case {
    std::uint32_t baud;
    ::speed_t speed;
  };
  for (const auto& [baud, speed] :
       {Case{300, B300}, Case{1200, B1200}, Case{2400, B2400}, Case{4800, B4800}, Case{9600, B9600},
        Case{19'200, B19200}, Case{38'400, B38400}, Case{57'600, B57600}, Case{115'200, B115200},
        Case{230'400, B230400}, Case{460'800, B460800}, Case{921'600, B921600}}) {
    CAPTURE(baud);
    const termios line = settings_of({baud, 8, 'N', 1});
    CHECK(::cfgetispeed(&line) == speed);
    CHECK(::cfgetospeed(&line) == speed);
  }
}

TEST_CASE("serial line: two stop bits are set, and one") {
  CHECK((settings_of({9600, 8, 'N', 2}).c_cflag & CSTOPB) != 0);
  CHECK((settings_of({9600, 8, 'N', 1}).c_cflag & CSTOPB) == 0);
}

// A pseudo-terminal has eight bits and no parity bit whatever it is told, but keeps odd and even.
TEST_CASE("serial line: seven bits with parity are no error where the driver does its own") {
  CHECK((settings_of({9600, 7, 'O', 1}).c_cflag & PARODD) != 0);
  CHECK((settings_of({9600, 7, 'E', 1}).c_cflag & PARODD) == 0);
}

TEST_CASE("serial line: nothing is translated, echoed, waited for or taken as a signal") {
  const termios line = settings_of(usual);
  CHECK(line.c_iflag == 0);
  CHECK(line.c_oflag == 0);
  CHECK(line.c_lflag == 0);
  CHECK((line.c_cflag & CRTSCTS) == 0);
  CHECK((line.c_cflag & CLOCAL) != 0);
}

TEST_CASE("serial line: opened anew with other settings it has these") {
  Street street;
  const Terminal terminal;
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  for (const auto& [baud, speed] : {std::pair{9600U, B9600}, std::pair{115'200U, B115200}}) {
    line.open({baud, 8, 'N', 1}, reader);
    const int opened = reader.opened;
    REQUIRE(street.until([&] { return reader.opened == opened + 1; }));
    const termios now = terminal.settings();
    CHECK(::cfgetospeed(&now) == speed);
  }
  CHECK(reader.closed == 0);
}

TEST_CASE("serial line: a speed that no port has is refused, and the port left alone") {
  Street street;
  const Terminal terminal;
  const termios before = terminal.settings();
  CHECK(refusal(street, terminal.path(), {12'345, 8, 'N', 1}) == "no baud rate 12345");
  const termios after = terminal.settings();
  CHECK(::cfgetospeed(&after) == ::cfgetospeed(&before));
}

TEST_CASE("serial line: what waited in the port before it was opened is not read") {
  Street street;
  const Terminal terminal;
  const int holder = ::open(terminal.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(holder >= 0);
  termios raw{};
  ::cfmakeraw(&raw);
  REQUIRE(::tcsetattr(holder, TCSANOW, &raw) == 0);
  terminal.send("old");
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  terminal.send("new");
  REQUIRE(street.until([&] { return reader.bytes.ends_with("new"); }));
  CHECK(reader.bytes == "new");
  ::close(holder);
}

// ---- permission, and other holders --------------------------------------------------------------

TEST_CASE("serial line: a port without rights names the group to join") {
  Street street;
  const Terminal terminal;
  REQUIRE(::chmod(terminal.path().c_str(), 0) == 0);  // its owner may be who runs this
  const AsNobody nobody;
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened + reader.closed == 1; }));
  CHECK(reader.last.cause == Cause::permission);
  CHECK(reader.last.detail.starts_with("permission denied on " + terminal.path()));
  const bool remedy = reader.last.detail.find("usermod -aG") != std::string::npos ||
                      reader.last.detail.find("give it to group") != std::string::npos;
  CHECK(remedy);
}

TEST_CASE("serial line: a port that another program holds is busy, and the program is named") {
  Street street;
  const Terminal terminal;
  {
    const OtherProgram other([&] {
      const int fd = ::open(terminal.path().c_str(), O_RDWR | O_NOCTTY);
      return fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0;
    });
    REQUIRE(other.began);
    const std::string why = refusal(street, terminal.path());
    CHECK(why.starts_with("busy: "));
    CHECK(why.find("(pid " + other.pid() + ") has " + terminal.path()) != std::string::npos);
  }
  CHECK(refusal(street, terminal.path()) == "open");
}

TEST_CASE("serial line: after close() another program may have the port at once") {
  Street street;
  const Terminal terminal;
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  const auto take = [&] {
    const int fd = ::open(terminal.path().c_str(), O_RDWR | O_NOCTTY);
    return fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0;
  };
  CHECK_FALSE(OtherProgram(take).began);
  line.close();
  CHECK(OtherProgram(take).began);
}

TEST_CASE("serial line: what is no terminal is refused, whatever it is") {
  Street street;
  std::filesystem::create_directory(street.scratch / "directory");
  std::filesystem::create_symlink(street.scratch / "nowhere", street.scratch / "dangling");
  REQUIRE(::mkfifo((street.scratch / "fifo").c_str(), 0600) == 0);
  CHECK(refusal(street, street.scratch / "fifo").starts_with("not a terminal: "));
  CHECK(refusal(street, street.scratch / "dangling").starts_with("no such device: "));
  CHECK(refusal(street, street.scratch / "directory") != "open");
}

// ---- lost ---------------------------------------------------------------------------------------

TEST_CASE("serial line: an adapter that is pulled out hangs up once, and can be plugged in again") {
  Street street;
  const std::string link = street.scratch / "tty";
  Heard reader;
  SerialLine line(street.loop, link, {});
  for (int round = 1; round <= 3; ++round) {
    Terminal terminal;
    std::filesystem::remove(link);
    std::filesystem::create_symlink(terminal.path(), link);
    line.open(usual, reader);
    REQUIRE(street.until([&] { return reader.opened == round; }));
    terminal.send("telegram");
    REQUIRE(street.until([&] { return reader.bytes == "telegram"; }));
    reader.bytes.clear();
    terminal.hang_up();
    REQUIRE(street.until([&] { return reader.closed == round; }));
    CHECK(reader.last.detail.starts_with("hang-up"));
    line.write(as_bytes("nobody hears this"));
    CHECK_FALSE(street.until([&] { return reader.closed > round; }, 50ms));
  }
}

TEST_CASE("serial line: what arrives right before the hang-up is not lost") {
  Street street;
  Terminal terminal;
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  terminal.send("the last words");
  REQUIRE(street.until([&] { return !reader.bytes.empty(); }));
  terminal.hang_up();
  REQUIRE(street.until([&] { return reader.closed == 1; }));
  CHECK(reader.bytes == "the last words");
}

TEST_CASE("serial line: a port that takes no bytes is lost instead of losing them") {
  Street street;
  const Terminal terminal;  // nobody reads at its far end
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  const std::string block(4096, 'x');
  for (int n = 0; n < 64; ++n) line.write(as_bytes(block));
  CHECK(reader.closed == 0);  // never from inside write()
  REQUIRE(street.until([&] { return reader.closed == 1; }));
  CHECK(reader.last.detail.find(terminal.path() + " accepts no more bytes") != std::string::npos);
  CHECK_FALSE(street.until([&] { return reader.closed > 1; }, 50ms));
  line.open(usual, reader);
  CHECK(street.until([&] { return reader.opened == 2; }));
}

TEST_CASE("serial line: closed while the loss is on its way, nothing is heard of it") {
  Street street;
  const Terminal terminal;
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  const std::string block(4096, 'x');
  for (int n = 0; n < 64; ++n) line.write(as_bytes(block));
  line.close();
  CHECK_FALSE(street.until([&] { return reader.closed > 0; }, 50ms));
}

TEST_CASE("serial line: a line may be closed, or opened anew, by who hears it") {
  struct Closer final : LineEvents {
    void on_open() override { ++opened; }
    void on_bytes(ByteView) override {
      ++heard;
      line->close();
    }
    void on_closed(const Error&) override {
      if (++closed == 1) line->open(usual, *this);
    }
    Line* line = nullptr;
    int opened = 0, heard = 0, closed = 0;
  };
  Street street;
  const Terminal terminal;
  SerialLine line(street.loop, terminal.path(), {});
  Closer closer;
  closer.line = &line;
  line.open(usual, closer);
  REQUIRE(street.until([&] { return closer.opened == 1; }));
  terminal.send("x");
  REQUIRE(street.until([&] { return closer.heard == 1; }));
  terminal.send("y");
  CHECK_FALSE(street.until([&] { return closer.heard > 1; }, 50ms));
  SerialLine missing(street.loop, street.scratch / "missing", {});
  Closer again;
  again.line = &missing;
  missing.open(usual, again);
  REQUIRE(street.until([&] { return again.closed == 2; }));
}

// ---- errors -------------------------------------------------------------------------------------

TEST_CASE("serial line: a port that counts no errors has none, open or closed") {
  Street street;
  const Terminal terminal;
  Heard reader;
  SerialLine line(street.loop, terminal.path(), {});
  CHECK(line.errors() == 0);
  line.open(usual, reader);
  REQUIRE(street.until([&] { return reader.opened == 1; }));
  CHECK(line.errors() == 0);
  CHECK(serial_port_errors(-1) == 0);
}
