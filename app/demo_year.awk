# A year of quarter-hours up to the hour of `now` (unix time), as `gridtap import` takes it: what a house
# with a roof may have used and made. For app/demo --history.
function noise(spread) { return (rand() - 0.5) * 2 * spread }
function bump(hour, at, width) { return exp(-((hour - at) / width) ^ 2) }
BEGIN {
  pi = atan2(0, -1); srand(2026)
  print "time,house/energy_import[kWh],house/energy_export[kWh],roof/energy_produced[kWh],house/power_net[W],roof/power[W],house_gas/gas[m³]"
  for (t = now - now % 900 - 365 * 86400; t < now - now % 3600; t += 900) {
    hour = (t % 86400) / 3600 + 1; day = t / 86400 % 365
    winter = (1 + cos((day - 20) / 365 * 2 * pi)) / 2
    if (int(t / 86400) != last) { last = int(t / 86400); cloud = 0.25 + 0.75 * rand(); away = rand() < 0.04 }
    use = 260 + 500 * winter + noise(60)
    if (!away) use += 700 * bump(hour, 7.5, 1) + 1500 * bump(hour, 18.5, 1.8) + (rand() < 0.06 ? 1800 * rand() : 0)
    light = sin((hour - 4 - 2.5 * winter) / (16 - 5 * winter) * pi)
    sun = light > 0 ? light * (4600 - 3300 * winter) * cloud + noise(30) : 0
    if (sun < 0) sun = 0
    net = use - sun
    gas = (0.02 + 0.28 * winter * winter) * (0.6 + bump(hour, 7, 2) + bump(hour, 19, 3)) / 2
    printf "%s,%.3f,%.3f,%.3f,%.0f,%.0f,%.3f\n", strftime("%Y-%m-%dT%H:%M:%SZ", t, 1),
      (net > 0 ? net / 4000 : 0), (net < 0 ? -net / 4000 : 0), sun / 4000, net, sun, gas
  }
}
