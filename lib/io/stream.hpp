#pragma once
// Reading and writing of one open descriptor or socket on the loop, shared by all lines. Reads what
// is there, then rests before it waits again: a telegram that trickles in costs eight wake-ups
// instead of thirty, and one that came at once is not delayed. Only lib/io includes this.

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <asio.hpp>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace gridtap::io {

inline constexpr std::chrono::milliseconds read_rest{15};
inline constexpr std::size_t read_buffer_bytes = 4096;
inline constexpr std::size_t max_pending_bytes = 64 * 1024;

// `Handle` is asio::posix::stream_descriptor or asio::ip::tcp::socket.
template <class Handle>
class Stream {
 public:
  using OnBytes = std::function<void(ByteView)>;
  using OnLost = std::function<void(const Error&)>;

  // `rest`: 0 to read again at once.
  Stream(asio::io_context& context, OnBytes on_bytes, OnLost on_lost,
         std::chrono::milliseconds rest = read_rest)
      : handle_(context),
        rest_(context),
        rest_time_(rest),
        on_bytes_(std::move(on_bytes)),
        on_lost_(std::move(on_lost)) {}
  ~Stream() { close(); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // REQUIRES: the handle is open and belongs to the same context.
  void start(Handle handle) {
    handle_ = std::move(handle);
    std::error_code ignored;
    handle_.non_blocking(true, ignored);
    wait();
  }

  bool is_open() const { return handle_.is_open(); }
  Handle& handle() { return handle_; }

  // Sends at once what fits, the rest as there is room. False: the other end reads nothing, the
  // bytes are not sent.
  bool write(ByteView bytes) {
    if (!handle_.is_open()) return false;
    if (pending_.size() + bytes.size() > max_pending_bytes) return false;
    pending_.insert(pending_.end(), bytes.begin(), bytes.end());
    if (!writing_) flush();
    return true;
  }

  // Throws away what has not gone out yet.
  void drop_pending() { pending_.clear(); }
  std::size_t pending() const { return pending_.size(); }

  // No callback comes after this.
  void close() {
    *era_ = false;
    era_ = std::make_shared<bool>(true);
    writing_ = false;
    pending_.clear();
    rest_.cancel();
    std::error_code ignored;
    if (handle_.is_open()) handle_.close(ignored);
  }

 private:
  void wait() {
    handle_.async_wait(Handle::wait_read, [this, era = era_](std::error_code error) {
      if (*era) read(error, era);
    });
  }

  void read(std::error_code error, const std::shared_ptr<bool>& era) {
    if (error) return lost(error);
    std::array<std::uint8_t, read_buffer_bytes> buffer;
    const std::size_t size = handle_.read_some(asio::buffer(buffer), error);
    if (error == asio::error::would_block || error == asio::error::try_again) return wait();
    if (error || size == 0) return lost(error);
    on_bytes_({buffer.data(), size});
    if (!*era) return;
    if (rest_time_ == std::chrono::milliseconds(0)) return wait();
    rest_.expires_after(rest_time_);
    rest_.async_wait([this, era](std::error_code cancelled) {
      if (*era && !cancelled) wait();
    });
  }

  void flush() {
    std::error_code error;
    while (!pending_.empty()) {
      const std::size_t size = handle_.write_some(asio::buffer(pending_), error);
      pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(size));
      if (error) break;
    }
    if (!error) return;
    writing_ = true;
    const bool full = error == asio::error::would_block || error == asio::error::try_again;
    // A broken line is reported from the loop, never from inside write().
    auto go_on = [this, era = era_, full, error](std::error_code failed) {
      if (!*era) return;
      writing_ = false;
      if (!full || failed) return lost(full ? failed : error);
      flush();
    };
    if (full) {
      handle_.async_wait(Handle::wait_write, go_on);
    } else {
      asio::post(handle_.get_executor(), [go_on] { go_on({}); });
    }
  }

  void lost(std::error_code error) {
    close();
    const bool hang_up = !error || error == asio::error::eof ||
                         error == std::error_code(EIO, asio::error::get_system_category());
    on_lost_({Fault::io, hang_up ? "hang-up" : "hang-up: " + error.message()});
  }

  Handle handle_;
  asio::steady_timer rest_;
  std::chrono::milliseconds rest_time_;
  OnBytes on_bytes_;
  OnLost on_lost_;
  std::vector<std::uint8_t> pending_;
  bool writing_ = false;
  std::shared_ptr<bool> era_ = std::make_shared<bool>(true);
};

}  // namespace gridtap::io
