#pragma once
// The TCP ports of this machine that the configuration takes: each can be used once.

#include "app/house_config.hpp"
#include "core/section.hpp"

namespace gridtap::app {

// Reports the devices whose `serve` has a port that another setting has, or that is the very line
// the device reads. `devices`: the section of that name.
void check_own_ports(Section devices, const HouseConfig& house);

}  // namespace gridtap::app
