#include "adapters/sunspec/simulated_map.hpp"

namespace gridtap::sunspec {
namespace {

std::uint16_t negative(int number) { return static_cast<std::uint16_t>(number); }

}  // namespace

SimulatedMap house_map() {
  SimulatedMap map;
  map.add_common("Simulated inverter", "SIM-1001");
  map.add(103, 50);
  for (const int factor : {6, 13, 17, 28, 30}) map.put(map.at(103, factor), negative(-2));
  for (const int factor : {15, 19, 21, 26, 32}) map.put(map.at(103, factor), 0);
  map.put(map.at(103, 23), negative(-3));
  map.put(map.at(103, 37), negative(-1));
  map.add(120, 26);
  map.put(map.at(120, "DERTyp"), 4);
  map.put(map.at(120, "WRtg"), static_cast<int>(peak_watts));
  map.put(map.at(120, 4), 0);
  map.add(121, 30);
  map.put(map.at(121, "WMax"), static_cast<int>(peak_watts));
  map.put(map.at(121, 22), 0);
  map.add(122, 44);
  map.put(map.at(122, "PVConn"), 7);
  map.put(map.at(122, "ECPConn"), 1);
  map.add(123, 24);
  map.put(map.at(123, "WMaxLimPct"), 10'000);
  map.put(map.at(123, "WMaxLimPct_RvrtTms"), 0);
  map.put(map.at(123, "WMaxLim_Ena"), 0);
  map.put(map.at(123, 23), negative(-2));
  map.add(124, 24);
  map.put(map.at(124, "WChaMax"), 5000);
  map.put(map.at(124, 18), 0);
  map.put(map.at(124, "StorCtl_Mod"), 0);
  map.put(map.at(124, "MinRsvPct"), 500);
  map.put(map.at(124, "OutWRte"), 10'000);
  map.put(map.at(124, "InWRte"), 10'000);
  map.put(map.at(124, "InOutWRte_RvrtTms"), 0);
  map.put(map.at(124, "ChaGriSet"), 0);
  for (const int factor : {21, 25}) map.put(map.at(124, factor), negative(-2));
  map.add(160, 48);
  for (const int factor : {2, 3}) map.put(map.at(160, factor), negative(-2));
  for (const int factor : {4, 5}) map.put(map.at(160, factor), 0);
  map.put(map.at(160, "N"), 2);
  map.add(802, 62);
  for (const int factor : {52, 53, 54, 63}) map.put(map.at(802, factor), 0);
  for (const int factor : {56, 57, 58, 59, 61, 62}) map.put(map.at(802, factor), negative(-1));
  map.put(map.at(802, 60), negative(-3));
  map.put(map.at(802, "WHRtg"), static_cast<int>(battery_wh));
  map.put(map.at(802, "SoH"), 990);
  map.put(map.at(802, "NCyc"), 120, 2);
  map.put(map.at(802, "LocRemCtl"), 1);
  map.put(map.at(802, "State"), 3);
  map.put(map.at(802, "Evt1"), 0, 2);
  map.put(map.at(802, "Evt2"), 0, 2);
  map.add_common("Simulated meter", "SIM-2002");
  map.add(203, 105);
  for (const int factor : {6, 15, 17}) map.put(map.at(203, factor), negative(-2));
  for (const int factor : {22, 54}) map.put(map.at(203, factor), 0);
  map.put(map.at(203, "Evt"), 0, 2);
  map.end();
  return map;
}

SimulatedMap der_map() {
  SimulatedMap map;
  map.add_common("Simulated resource", "SIM-7001");
  map.add(701, 153);
  for (const int factor : {113, 114, 115}) map.put(map.at(701, factor), negative(-2));
  for (const int factor : {116, 118, 119, 120, 121}) map.put(map.at(701, factor), 0);
  map.put(map.at(701, 117), negative(-3));
  map.put(map.at(701, 122), negative(-1));
  map.put(map.at(701, "ACType"), 2);
  map.put(map.at(701, "St"), 1);
  map.put(map.at(701, "ConnSt"), 1);
  map.put(map.at(701, "Alrm"), 0, 2);
  map.text(map.at(701, "MnAlrmInfo"), 32, "");
  map.add(702, 50);
  map.put(map.at(702, "WMaxRtg"), static_cast<int>(peak_watts));
  map.put(map.at(702, "WMax"), static_cast<int>(peak_watts));
  map.put(map.at(702, 45), 0);
  map.add(704, 65);
  map.put(map.at(704, "WMaxLimPctEna"), 0);
  map.put(map.at(704, "WMaxLimPct"), 10'000);
  map.put(map.at(704, "WMaxLimPctRvrtTms"), 0, 2);
  map.put(map.at(704, "WMaxLimPctRvrtRem"), 0, 2);
  map.put(map.at(704, "WSetEna"), 0);
  map.put(map.at(704, "WSetMod"), 1);
  map.put(map.at(704, "WSet"), 0, 2);
  map.put(map.at(704, "WSetRvrtTms"), 0, 2);
  map.put(map.at(704, 54), negative(-2));
  map.put(map.at(704, 55), 0);
  map.add(713, 7);
  map.put(map.at(713, "WHRtg"), static_cast<int>(battery_wh));
  map.put(map.at(713, "Sta"), 0);
  map.put(map.at(713, 7), 0);
  map.put(map.at(713, 8), negative(-1));
  map.add(714, 18 + 2 * 25);
  for (const int factor : {15, 16}) map.put(map.at(714, factor), negative(-2));
  for (const int factor : {17, 18}) map.put(map.at(714, factor), 0);
  map.put(map.at(714, "PrtAlrms"), 0, 2);
  map.put(map.at(714, "NPrt"), 2);
  map.end();
  return map;
}

}  // namespace gridtap::sunspec
