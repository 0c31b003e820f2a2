#include "core/part.hpp"

namespace gridtap {

std::string to_text(const SerialSettings& settings) {
  return std::to_string(settings.baud) + ' ' + std::to_string(settings.bits) + settings.parity +
         std::to_string(settings.stop);
}

}  // namespace gridtap
