#include "core/part.hpp"

#include <utility>

namespace gridtap {

std::string to_text(const SerialSettings& settings) {
  return std::to_string(settings.baud) + ' ' + std::to_string(settings.bits) + settings.parity +
         std::to_string(settings.stop);
}

Ends one_end(std::unique_ptr<Adapter> device) {
  Ends ends;
  ends.push_back(std::move(device));
  return ends;
}

}  // namespace gridtap
