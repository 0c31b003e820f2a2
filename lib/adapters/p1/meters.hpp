#pragma once
// The meters that `simulate p1` plays, as data: how each one talks, and its telegram line by line.
// A line is a picture of the bytes on the wire, with three signs that are filled in:
//
//   "1-0:1.8.1(######.###*kWh)"    #  digits of a number, as wide as the picture
//   "0-1:24.2.1(@)(#####.###*m3)"  @  a moment: YYMMDDhhmmss and S or W
//   "0-0:96.1.1(%)"                %  a text
//
// To add a meter: write its lines in one of the meters_*.cpp files and add a row to its table.

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "adapters/p1/house_model.hpp"
#include "core/decimal.hpp"

namespace gridtap::p1 {

struct PlayedMeter;

// What a text of a telegram is made of.
struct Scene {
  const PlayedMeter& meter;
  const HouseState& house;
  std::string_view serial;
};

using NumberOf = Decimal (*)(const HouseState&);  // W, Wh, var, varh, VA, V, A, Hz, m3, s
using MomentOf = Second (*)(const HouseState&);
using TextOf = std::string (*)(const Scene&);

struct PlayedLine {
  constexpr PlayedLine(std::string_view as_sent) : picture(as_sent) {}
  constexpr PlayedLine(std::string_view as_sent, NumberOf n) : picture(as_sent), number(n) {}
  constexpr PlayedLine(std::string_view as_sent, MomentOf m) : picture(as_sent), moment(m) {}
  constexpr PlayedLine(std::string_view as_sent, MomentOf m, NumberOf n)
      : picture(as_sent), number(n), moment(m) {}
  constexpr PlayedLine(std::string_view as_sent, TextOf t) : picture(as_sent), text(t) {}

  std::string_view picture;
  NumberOf number = nullptr;
  MomentOf moment = nullptr;
  TextOf text = nullptr;
};

struct PlayedMeter {
  std::string_view name;    // the word of `--set meter=`
  std::string_view header;  // without the line end
  std::span<const PlayedLine> lines;
  std::string_view serial = {};  // the default; empty where the telegram has no serial number
  std::chrono::seconds period{10};
  HouseSettings house = {};
  bool summer_time = true;  // its clock follows summer time
  bool time_flag = true;    // and marks them with W and S
  bool empty_line = true;   // behind the header
  bool checksum = true;
  bool seven_bits = false;  // 9600 7E1, else 115200 8N1
  bool encrypted = false;
};

std::span<const PlayedMeter> dutch_meters();
std::span<const PlayedMeter> other_meters();

// nullptr if the simulator does not play it.
const PlayedMeter* find_played_meter(std::string_view name);

// All names with commas between them, the default first.
inline constexpr std::string_view simulated_meters =
    "dsmr5,dsmr5_1ph,dsmr42,dsmr30,dsmr22,belgium,luxembourg,austria,sweden,lithuania,hungary";

}  // namespace gridtap::p1
