#pragma once
// The log: one line each, `LEVEL device: text`, to standard error; under systemd with journald's
// level prefix instead of a time. Text is made printable here, whoever wrote it.

#include <memory>

#include "core/ports.hpp"

namespace gridtap::io {

std::unique_ptr<Log> make_log(Level least);

}  // namespace gridtap::io
