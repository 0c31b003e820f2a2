#include "io/pty_line.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

#include "io/stream.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

// Bytes that wait for a reader; older ones are lost, as on a wire that nobody listens to.
constexpr std::size_t max_waiting = 4096;

tl::unexpected<Error> cannot(const std::string& what) {
  return failed(Fault::io, what + ": " + std::strerror(errno));
}

void make_raw(int terminal) {
  struct termios line{};
  if (::tcgetattr(terminal, &line) != 0) return;
  ::cfmakeraw(&line);
  ::tcsetattr(terminal, TCSANOW, &line);
}

Result<bool> make_link(const std::string& terminal, const std::string& link) {
  std::error_code error;
  const auto status = fs::symlink_status(link, error);
  if (fs::exists(status) && !fs::is_symlink(status)) {
    return failed(Fault::io, link + " is there already and no link: choose another name");
  }
  fs::remove(link, error);
  fs::create_symlink(terminal, link, error);
  if (error) return failed(Fault::io, "cannot make the link " + link + ": " + error.message());
  return true;
}

}  // namespace

struct PtyLine::State {
  using Descriptor = asio::posix::stream_descriptor;

  State(asio::io_context& context, int master, int slave_end, std::string name)
      : slave(slave_end),
        terminal(std::move(name)),
        stream(
            context,
            [this](ByteView bytes) {
              if (events != nullptr) events->on_bytes(bytes);
            },
            [this](const Error& why) {
              if (events != nullptr) events->on_closed(why);
            }) {
    stream.start(Descriptor(context, master));
  }
  ~State() {
    ::close(slave);
    std::error_code error;
    if (!link.empty() && fs::read_symlink(link, error) == terminal) fs::remove(link, error);
  }

  int slave;  // held open: a reader that leaves hangs nothing up and takes no settings with it
  std::string terminal, link;
  Stream<Descriptor> stream;
  LineEvents* events = nullptr;
};

Result<std::unique_ptr<PtyLine>> PtyLine::make(Loop& loop, const std::string& link) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return cannot("no pseudo-terminal");
  char name[64];
  const bool usable = ::grantpt(master) == 0 && ::unlockpt(master) == 0 &&
                      ::ptsname_r(master, name, sizeof name) == 0;
  const int slave = usable ? ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
  if (slave < 0) {
    ::close(master);
    return cannot("no pseudo-terminal");
  }
  make_raw(slave);
  auto state = std::make_shared<State>(loop.context(), master, slave, name);
  if (const auto linked = make_link(name, link); !linked) return tl::unexpected(linked.error());
  state->link = link;
  return std::unique_ptr<PtyLine>(new PtyLine(loop, std::move(state)));
}

PtyLine::PtyLine(Loop& loop, std::shared_ptr<State> state)
    : loop_(loop), state_(std::move(state)) {}

PtyLine::~PtyLine() { close(); }

const std::string& PtyLine::terminal() const { return state_->terminal; }

void PtyLine::open(SerialSettings, LineEvents& events) {
  state_->events = &events;
  loop_.post([state = state_] {
    if (state->events != nullptr) state->events->on_open();
  });
}

void PtyLine::write(ByteView bytes) {
  if (state_->stream.pending() > max_waiting) state_->stream.drop_pending();
  static_cast<void>(state_->stream.write(bytes));
}

void PtyLine::close() { state_->events = nullptr; }

}  // namespace gridtap::io
