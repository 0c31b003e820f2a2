#pragma once
// Standard output, or a file, that remembers why it failed. Every command writes there through it,
// and ends when its reader is gone (`gridtap watch | head`) or nothing more fits.

#include <array>
#include <ostream>
#include <streambuf>

namespace gridtap::app {

class Output final : std::streambuf {
 public:
  // Takes SIGPIPE away, so that a closed pipe is an error of the write and not the end of a
  // process that has a state to save. `fd` stays the caller's.
  explicit Output(int fd);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  std::ostream& stream() { return stream_; }
  // A write failed: no more is taken.
  bool failed() const { return error_ != 0; }
  int error() const { return error_; }  // of errno.h: of the first write that failed, or 0
  // The reader of the pipe or terminal has gone. Needs no write, and does not wait.
  bool reader_gone() const;
  // Writes what is left. Returns the status to end with: `status` where all was written, good where
  // the reader has gone, else that of an input/output error, which standard error then names.
  int ended(int status);

 private:
  int overflow(int c) override;
  int sync() override;
  bool write_out();

  int fd_;
  int error_ = 0;  // errno of the first write that failed
  std::array<char, 64 * 1024> buffer_;
  std::ostream stream_{this};
};

}  // namespace gridtap::app
