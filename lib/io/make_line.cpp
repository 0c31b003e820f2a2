#include "io/make_line.hpp"

#include "io/serial_line.hpp"
#include "io/tcp_line.hpp"

namespace gridtap::io {

std::unique_ptr<Line> make_line(Loop& loop, const LineAddress& address, ControlLines controls,
                                TcpPatience patience) {
  if (address.kind == LineAddress::Kind::tcp) {
    return std::make_unique<TcpLine>(loop, address.host, address.port, patience);
  }
  return std::make_unique<SerialLine>(loop, address.path, controls);
}

}  // namespace gridtap::io
