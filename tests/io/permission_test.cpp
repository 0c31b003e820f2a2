// Why an ordinary user may not use a device, and what lets her in.
#include "io/permission.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>

#include <doctest/doctest.h>

#include "support/scratch.hpp"

using namespace gridtap;
using namespace gridtap::io;

TEST_CASE("permission: a device of root alone needs a rule of udev, which is given where known") {
  // /dev/null belongs to root and its group on every system.
  CHECK(permission_denied("/dev/null", EACCES, {"dialout", ""}).detail ==
        "permission denied on /dev/null: it belongs to root alone: let udev give it to group "
        "dialout");
  CHECK(permission_denied("/dev/null", EACCES, {"gpio", "GROUP=\"gpio\""})
            .detail.ends_with("let udev give it to group gpio (GROUP=\"gpio\")"));
}

TEST_CASE("permission: the group that a device has is named, the usual one where it has none") {
  const Scratch scratch;
  const std::string path = scratch / "device";
  std::ofstream(path).put('x');
  CHECK(permission_denied(scratch / "gone", EACCES, {"gpio", ""})
            .detail.ends_with("add the user to group gpio (sudo usermod -aG gpio USER, then log "
                              "in again)"));
  if (::geteuid() != 0) return;  // only root gives files to other groups
  REQUIRE(::chown(path.c_str(), 0, 20) == 0);
  CHECK(
      permission_denied(path, EACCES, {"gpio", ""}).detail.find("add the user to group dialout ") !=
      std::string::npos);
}

TEST_CASE("permission: what a container forbids is not cured by a group") {
  const Error error = permission_denied("/dev/gpiochip0", EPERM, {"gpio", ""});
  CHECK(error.detail ==
        "permission denied on /dev/gpiochip0: this container or service may not use devices: "
        "allow it (docker run --device, DeviceAllow=)");
  CHECK(error.cause == Cause::permission);
  CHECK(error.fault == Fault::io);
}
