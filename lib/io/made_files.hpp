#pragma once
// What root makes in a directory of another user, as `sudo gridtap import` does: it gets the owner
// of the directory. Else the daemon, which runs as that user, could not use it later.

#include <sys/types.h>

#include <string>

namespace gridtap::io {

// As open(2) with O_CREAT and O_EXCL: the descriptor, or -1 and errno.
int make_file(const std::string& path, int flags, ::mode_t mode);
// Where the system says no, whatever is done there shows it.
void make_directory(const std::string& path);
// Before a library opens a file that it would make: makes it, empty, where the library would give
// it to root. Who may read the directory may read the file.
void make_file_for_owner(const std::string& path);

}  // namespace gridtap::io
