#include "io/serial_port.hpp"

#include <fcntl.h>
#include <libserial/SerialPort.h>
#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "io/permission.hpp"
#include "io/port_holder.hpp"

namespace gridtap::io {
namespace {

using LibSerial::BaudRate;

struct Baud {
  std::uint32_t number;
  BaudRate rate;
};
constexpr std::array<Baud, 13> bauds = {{
    {300, BaudRate::BAUD_300},
    {600, BaudRate::BAUD_600},
    {1200, BaudRate::BAUD_1200},
    {2400, BaudRate::BAUD_2400},
    {4800, BaudRate::BAUD_4800},
    {9600, BaudRate::BAUD_9600},
    {19200, BaudRate::BAUD_19200},
    {38400, BaudRate::BAUD_38400},
    {57600, BaudRate::BAUD_57600},
    {115200, BaudRate::BAUD_115200},
    {230400, BaudRate::BAUD_230400},
    {460800, BaudRate::BAUD_460800},
    {921600, BaudRate::BAUD_921600},
}};

std::optional<BaudRate> rate_of(std::uint32_t number) {
  for (const Baud& baud : bauds) {
    if (baud.number == number) return baud.rate;
  }
  return {};
}

std::string busy(const std::string& path) {
  const std::string holder = port_holder(path);
  return "busy: " + (holder.empty() ? "another program" : holder) + " has " + path +
         ": stop it, or give it another port";
}

tl::unexpected<Error> why_not_open(const std::string& path, int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return tl::unexpected(permission_denied(path, error, {"dialout", ""}));
    case EBUSY:
      return failed(Fault::io, busy(path), Cause::busy);
    case ENOENT:
    case ENODEV:
    case ENXIO:
    case EIO:
      return failed(Fault::io, "no such device: " + path + ": is the adapter plugged in?");
    default:
      return failed(Fault::io, path + ": " + std::strerror(error));
  }
}

// LibSerial calls every failure "Bad file descriptor": look first, with our own open.
Result<bool> probe(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return why_not_open(path, errno);
  const bool terminal = ::isatty(fd) != 0;
  const bool locked = terminal && ::flock(fd, LOCK_EX | LOCK_NB) != 0;
  ::close(fd);
  if (!terminal) return failed(Fault::io, "not a terminal: " + path + " is not a serial device");
  if (locked) return failed(Fault::io, busy(path), Cause::busy);
  return true;
}

// LibSerial's destructor restores the old settings of its line, and aborts the process when the
// line has hung up. So its descriptor is made to be a spare terminal, and it restores that one.
void bury(std::unique_ptr<LibSerial::SerialPort> port) {
  if (!port->IsOpen()) return;
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  const bool usable = master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0;
  char name[64];
  const int spare = usable && ::ptsname_r(master, name, sizeof name) == 0
                        ? ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
                        : -1;
  if (spare >= 0 && ::dup2(spare, port->GetFileDescriptor()) >= 0) {
    port.reset();
  } else {
    ::close(port->GetFileDescriptor());
    static_cast<void>(port.release());
  }
  if (spare >= 0) ::close(spare);
  if (master >= 0) ::close(master);
}

void set_line(LibSerial::SerialPort& port, SerialSettings settings, BaudRate rate) {
  using namespace LibSerial;
  port.SetBaudRate(rate);
  port.SetCharacterSize(settings.bits == 7 ? CharacterSize::CHAR_SIZE_7
                                           : CharacterSize::CHAR_SIZE_8);
  port.SetParity(settings.parity == 'E'   ? Parity::PARITY_EVEN
                 : settings.parity == 'O' ? Parity::PARITY_ODD
                                          : Parity::PARITY_NONE);
  port.SetStopBits(settings.stop == 2 ? StopBits::STOP_BITS_2 : StopBits::STOP_BITS_1);
  port.SetFlowControl(FlowControl::FLOW_CONTROL_NONE);
}

// The line as LibSerial set it, on a descriptor of our own.
Result<int> open_by_libserial(const std::string& path, SerialSettings settings, BaudRate rate) {
  auto port = std::make_unique<LibSerial::SerialPort>();
  int fd = -1;
  std::string why;
  try {  // LibSerial reports by exception
    port->Open(path);
    set_line(*port, settings, rate);
    fd = ::fcntl(port->GetFileDescriptor(), F_DUPFD_CLOEXEC, 0);
  } catch (const std::exception& error) {
    why = error.what();
  }
  bury(std::move(port));
  if (fd < 0) return failed(Fault::io, path + ": cannot set the line: " + why);
  return fd;
}

// LibSerial lets bytes with parity errors vanish; here whatever came arrives, and checksums decide.
void make_raw(int fd) {
  struct termios line{};
  if (::tcgetattr(fd, &line) != 0) return;
  line.c_iflag = 0;
  line.c_oflag = 0;
  line.c_lflag = 0;
  line.c_cflag |= CLOCAL | CREAD;
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  ::tcsetattr(fd, TCSANOW, &line);
}

// A pseudo-terminal has no control lines and refuses; nothing hangs on it.
void raise_controls(int fd, ControlLines controls) {
  const std::array<std::pair<int, bool>, 2> lines = {
      {{TIOCM_RTS, controls.rts}, {TIOCM_DTR, controls.dtr}}};
  for (const auto& [bit, up] : lines) {
    const int bits = bit;
    ::ioctl(fd, up ? TIOCMBIS : TIOCMBIC, &bits);
  }
}

bool is_pseudo_terminal(int fd) {
  char name[64];
  return ::ttyname_r(fd, name, sizeof name) == 0 && std::strncmp(name, "/dev/pts/", 9) == 0;
}

}  // namespace

Result<int> open_serial_port(const std::string& path, SerialSettings settings,
                             ControlLines controls) {
  const auto rate = rate_of(settings.baud);
  if (!rate) return failed(Fault::config, "no baud rate " + std::to_string(settings.baud));
  if (const auto probed = probe(path); !probed) return tl::unexpected(probed.error());
  auto fd = open_by_libserial(path, settings, *rate);
  if (!fd) return fd;
  // The far end of a pseudo-terminal is opened by its path again and again: not for us alone.
  if (is_pseudo_terminal(*fd)) ::ioctl(*fd, TIOCNXCL);
  if (::flock(*fd, LOCK_EX | LOCK_NB) != 0) {  // another program opened it since the probe
    ::close(*fd);
    return failed(Fault::io, busy(path), Cause::busy);
  }
  make_raw(*fd);
  raise_controls(*fd, controls);
  ::tcflush(*fd, TCIFLUSH);
  return fd;
}

void release_serial_port(int descriptor) {
  ::tcflush(descriptor, TCOFLUSH);  // else close() waits until a slow line has sent it all
  ::ioctl(descriptor, TIOCNXCL);  // else an ordinary user finds the device busy, even after our end
  ::flock(descriptor, LOCK_UN);
}

std::uint64_t serial_port_errors(int descriptor) {
  struct serial_icounter_struct counters{};
  if (::ioctl(descriptor, TIOCGICOUNT, &counters) != 0) return 0;
  return static_cast<std::uint64_t>(counters.frame) + static_cast<std::uint64_t>(counters.parity) +
         static_cast<std::uint64_t>(counters.overrun) +
         static_cast<std::uint64_t>(counters.buf_overrun);
}

}  // namespace gridtap::io
