#include "io/pty_line.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "io/listener.hpp"
#include "io/stream.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

// Bytes that wait for a reader; older ones are lost, as on a wire without a listener.
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

// A simulator that was killed leaves its link behind.
bool may_replace(const std::string& link) {
  std::error_code error;
  const auto status = fs::symlink_status(link, error);
  if (!fs::is_symlink(status)) return !fs::exists(status);
  const fs::path target = fs::read_symlink(link, error);
  return target.parent_path() == "/dev/pts" || !fs::exists(link, error);
}

Result<bool> make_link(const std::string& terminal, const std::string& link) {
  std::error_code error;
  if (!may_replace(link)) {
    return failed(Fault::io,
                  link + " already exists and is not a simulator's link: choose another name");
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
            context, [this](ByteView bytes) { told.bytes(bytes); },
            [this](const Error& why) { told.closed(why); }) {
    stream.start(Descriptor(context, master));
  }
  ~State() { ::close(slave); }
  // Unless another simulator has taken the name over.
  void take_link_away() const {
    std::error_code error;
    if (fs::read_symlink(link, error) == terminal) fs::remove(link, error);
  }

  int slave;  // held open: a reader that leaves hangs nothing up and takes no settings with it
  std::string terminal, link;
  Stream<Descriptor> stream;
  Listener told;
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

// The line may end inside a callback of its own state: that goes when the callback is over.
PtyLine::~PtyLine() {
  close();
  state_->take_link_away();
  state_->stream.close();
  loop_.post([ended = std::move(state_)] {});
}

const std::string& PtyLine::terminal() const { return state_->terminal; }

void PtyLine::open(SerialSettings, LineEvents& events) { state_->told.open(loop_, events); }

void PtyLine::write(ByteView bytes) {
  if (state_->stream.pending() > max_waiting) state_->stream.drop_pending();
  static_cast<void>(state_->stream.write(bytes));
}

void PtyLine::close() { state_->told.close(); }

}  // namespace gridtap::io
