#pragma once
// The file system below SQLite, as a test wants it: each call that changes something is shown to
// the test first, which may let it wait, make it fail, or take it down. For all files that are
// opened while it is there.

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <new>
#include <string>
#include <utility>

namespace gridtap {

struct DiskCall {
  enum class Kind : std::uint8_t { create, write, truncate, synchronise, remove };
  Kind kind = Kind::write;
  std::string path = {};
  std::int64_t offset = 0;  // of a truncation: the size
  std::string bytes = {};
};

class PlayedVfs {
 public:
  // 0: goes on; else one of SQLite's codes, with which the call fails.
  using Before = std::function<int(const DiskCall&)>;

  explicit PlayedVfs(Before before) : before_(std::move(before)) {
    below_ = sqlite3_vfs_find(nullptr);
    vfs_ = *below_;
    vfs_.zName = "played";
    vfs_.pNext = nullptr;
    vfs_.pAppData = this;
    vfs_.szOsFile = static_cast<int>(sizeof(File)) + below_->szOsFile;
    vfs_.xOpen = open;
    vfs_.xDelete = remove;
    REQUIRE(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
  }
  ~PlayedVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(below_, 1);
  }
  PlayedVfs(const PlayedVfs&) = delete;
  PlayedVfs& operator=(const PlayedVfs&) = delete;

 private:
  // Its beginning is what SQLite sees, behind it lies the file of the real one.
  struct File {
    sqlite3_file base;
    PlayedVfs* vfs;
    const char* path;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    const sqlite3_io_methods& to() { return *real()->pMethods; }
    int ask(DiskCall::Kind kind, std::int64_t offset = 0, std::string bytes = {}) {
      return vfs->before_({kind, path ? path : "", offset, std::move(bytes)});
    }
  };
  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  static PlayedVfs& of(sqlite3_vfs* vfs) { return *static_cast<PlayedVfs*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
    File& it = *new (file) File{{nullptr}, &of(vfs), path};
    int there = 0;
    of(vfs).below_->xAccess(of(vfs).below_, path, SQLITE_ACCESS_EXISTS, &there);
    if ((flags & SQLITE_OPEN_CREATE) != 0 && there == 0) {
      if (const int refused = it.ask(DiskCall::Kind::create)) return refused;
    }
    it.real()->pMethods = nullptr;
    const int code = of(vfs).below_->xOpen(of(vfs).below_, path, it.real(), flags, out);
    if (code == SQLITE_OK) it.base.pMethods = &methods;
    return code;
  }
  static int remove(sqlite3_vfs* vfs, const char* path, int synchronise) {
    const int refused = of(vfs).before_({DiskCall::Kind::remove, path, synchronise, {}});
    return refused ? refused : of(vfs).below_->xDelete(of(vfs).below_, path, synchronise);
  }
  static int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const int refused =
        of(file).ask(DiskCall::Kind::write, offset,
                     std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size)));
    return refused ? refused : of(file).to().xWrite(of(file).real(), bytes, size, offset);
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const int refused = of(file).ask(DiskCall::Kind::truncate, size);
    return refused ? refused : of(file).to().xTruncate(of(file).real(), size);
  }
  static int synchronise(sqlite3_file* file, int) {  // slow, and the power does not really fail
    return of(file).ask(DiskCall::Kind::synchronise);
  }

  // The rest is as it is below.
  template <auto member, class... Args>
  static int pass(sqlite3_file* file, Args... args) {
    return (of(file).to().*member)(of(file).real(), args...);
  }
  static void barrier(sqlite3_file* file) { of(file).to().xShmBarrier(of(file).real()); }
  static const sqlite3_io_methods methods;

  Before before_;
  sqlite3_vfs* below_ = nullptr;
  sqlite3_vfs vfs_ = {};
};

using SqliteMethods = sqlite3_io_methods;
inline const sqlite3_io_methods PlayedVfs::methods = {
    2,
    pass<&SqliteMethods::xClose>,
    pass<&SqliteMethods::xRead, void*, int, sqlite3_int64>,
    write,
    truncate,
    synchronise,
    pass<&SqliteMethods::xFileSize, sqlite3_int64*>,
    pass<&SqliteMethods::xLock, int>,
    pass<&SqliteMethods::xUnlock, int>,
    pass<&SqliteMethods::xCheckReservedLock, int*>,
    pass<&SqliteMethods::xFileControl, int, void*>,
    pass<&SqliteMethods::xSectorSize>,
    pass<&SqliteMethods::xDeviceCharacteristics>,
    pass<&SqliteMethods::xShmMap, int, int, int, void volatile**>,
    pass<&SqliteMethods::xShmLock, int, int, int>,
    barrier,
    pass<&SqliteMethods::xShmUnmap, int>,
    nullptr,
    nullptr,
};

}  // namespace gridtap
