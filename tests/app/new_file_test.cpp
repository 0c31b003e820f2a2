// Files that commands write with -o.
#include "app/new_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/command_line.hpp"
#include "support/scratch.hpp"

using namespace gridtap;
using app::NewFile;

namespace fs = std::filesystem;

namespace {

// For its life no file gets larger than 100 kB: as a disk that is full there.
class SmallFiles {
 public:
  SmallFiles() : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &was_) == 0);
    const ::rlimit small{100'000, was_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  }
  ~SmallFiles() {
    static_cast<void>(::setrlimit(RLIMIT_FSIZE, &was_));
    std::signal(SIGXFSZ, handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  void (*handler_)(int);
  ::rlimit was_{};
};

std::string write(const std::string& path, const std::string& text) {
  NewFile file(path);
  file.stream() << text;
  return file.keep();
}

}  // namespace

TEST_CASE("new file: it takes the place of the one before when it is whole") {
  const Scratch scratch;
  const std::string path = scratch / "out.csv";
  std::ofstream(path) << "before";
  {
    NewFile left(path);
    left.stream() << "half";
  }
  CHECK(content(path) == "before");
  CHECK(write(path, "after") == "");
  CHECK(content(path) == "after");
  CHECK_FALSE(fs::exists(path + ".new"));
}

TEST_CASE("new file: a link is followed, and stays") {
  const Scratch scratch;
  std::ofstream(scratch / "real.csv") << "before";
  fs::create_symlink(scratch / "real.csv", scratch / "link.csv");
  CHECK(write(scratch / "link.csv", "after") == "");
  CHECK(content(scratch / "real.csv") == "after");
  CHECK(fs::is_symlink(scratch / "link.csv"));
}

TEST_CASE("new file: a link in the place of what is being written leads nowhere") {
  const Scratch scratch;
  std::ofstream(scratch / "victim") << "mine";
  fs::create_symlink(scratch / "victim", scratch / "out.csv.new");
  CHECK(write(scratch / "out.csv", "table") == "");
  CHECK(content(scratch / "victim") == "mine");
  CHECK(content(scratch / "out.csv") == "table");
}

TEST_CASE("new file: what is no file is written into, and stays what it is") {
  const Scratch scratch;
  const std::string pipe = scratch / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  REQUIRE(reader >= 0);
  CHECK(write(pipe, "table") == "");
  std::string got(16, '\0');
  const ::ssize_t size = ::read(reader, got.data(), got.size());
  CHECK(got.substr(0, size < 0 ? 0 : static_cast<std::size_t>(size)) == "table");
  ::close(reader);
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("new file: where it cannot be is said") {
  const Scratch scratch;
  CHECK(write("/nowhere/out.csv", "x") ==
        "cannot write /nowhere/out.csv: No such file or directory");
  CHECK(write(scratch / ".", "x").ends_with(": Is a directory"));
}

TEST_CASE("new file: a disk that is full is said as such, however late it shows") {
  for (const int size : {1, 50'000, 1'000'000}) {
    CHECK(write("/dev/full", std::string(static_cast<std::size_t>(size), 'x')) ==
          "cannot write /dev/full: No space left on device");
  }
}

TEST_CASE("new file: of what does not fit nothing is left, and what was there before is there") {
  const Scratch scratch;
  const std::string path = scratch / "out.csv";
  std::ofstream(path) << "before";
  {
    const SmallFiles limit;
    CHECK(write(path, std::string(300'000, 'x')) == "cannot write " + path + ": File too large");
  }
  CHECK(content(path) == "before");
  CHECK_FALSE(fs::exists(path + ".new"));
}
