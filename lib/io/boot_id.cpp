#include "io/boot_id.hpp"

#include "io/read_file.hpp"

namespace gridtap::io {

std::string boot_id() {
  auto id = read_file("/proc/sys/kernel/random/boot_id");
  if (!id) return {};
  while (id->ends_with('\n')) id->pop_back();
  return *id;
}

}  // namespace gridtap::io
