#pragma once
// What the state file needs of a file system, one call each, so that a test can cut the power
// between any two of them. Each returns 0, or the error number of errno.h.

#include <cstddef>
#include <string>
#include <string_view>

namespace gridtap::io {

struct Disk {
  virtual ~Disk() = default;

  // A new file for writing, for its owner alone; an error where one of this name is there.
  virtual int create(const std::string& path, int& file) = 0;
  // `written`: how many of the first bytes were taken, at least one.
  virtual int write(int file, std::string_view bytes, std::size_t& written) = 0;
  virtual int synchronise(int file) = 0;  // what was written is on the disk when it returns
  virtual void close(int file) = 0;
  virtual int remove(const std::string& path) = 0;
  virtual int rename(const std::string& from, const std::string& to) = 0;
  // The names of its files are on the disk when it returns.
  virtual int synchronise_directory(const std::string& path) = 0;
};

// The one of the machine.
struct RealDisk final : Disk {
  int create(const std::string& path, int& file) override;
  int write(int file, std::string_view bytes, std::size_t& written) override;
  int synchronise(int file) override;
  void close(int file) override;
  int remove(const std::string& path) override;
  int rename(const std::string& from, const std::string& to) override;
  int synchronise_directory(const std::string& path) override;
  int synchronise_file(const std::string& path);  // one that others wrote
};

}  // namespace gridtap::io
