#include "io/permission.hpp"

#include <grp.h>
#include <sys/stat.h>

#include <cerrno>

namespace gridtap::io {
namespace {

// The group that the device really belongs to.
std::string remedy_of(const std::string& path, const DeviceGroup& usual) {
  struct stat status{};
  const bool known = ::stat(path.c_str(), &status) == 0;
  if (known && status.st_gid == 0) {
    return "it belongs to root alone: let udev give it to group " + usual.name +
           (usual.udev_rule.empty() ? "" : " (" + usual.udev_rule + ")");
  }
  const struct group* group = known ? ::getgrgid(status.st_gid) : nullptr;
  const std::string name = group != nullptr ? group->gr_name : usual.name;
  return "add the user to group " + name + " (sudo usermod -aG " + name +
         " USER, then log in again)";
}

}  // namespace

Error permission_denied(const std::string& path, int error, const DeviceGroup& usual) {
  const std::string remedy = error == EPERM
                                 ? "this container or service may not use devices: allow it "
                                   "(docker run --device, DeviceAllow=)"
                                 : remedy_of(path, usual);
  return {Fault::io, "permission denied on " + path + ": " + remedy, Cause::permission};
}

}  // namespace gridtap::io
