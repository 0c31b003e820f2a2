"""What was kept of the made-up house, for any days of the last two years: api/history of lib/web/site.hpp."""
import datetime
import math
import random
import time
import urllib.parse
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Oslo")
SERIES = [("house/energy_import", "kWh", "total"), ("house/energy_export", "kWh", "total"), ("roof/energy_produced", "kWh", "total"),
          ("house/power_net", "W", "measurement"), ("roof/power", "W", "measurement"), ("battery/battery_level", "%", "measurement")]
QUARTER = 900
SWAPPED = int(datetime.datetime(2026, 10, 14, 10, tzinfo=ZONE).timestamp())


def house(quarter):
    """(use, sun) in watts, in that quarter-hour; none where nothing was measured."""
    when = datetime.datetime.fromtimestamp(quarter, ZONE)
    chance = random.Random(quarter)
    hour = when.hour + when.minute / 60
    season = math.cos((when.timetuple().tm_yday - 20) / 365 * 2 * math.pi)
    use = 420 + 900 * max(0, season) + 900 * math.exp(-(hour - 7.5) ** 2) + 1600 * math.exp(-((hour - 18.5) / 2) ** 2) + chance.uniform(-150, 250)
    cloud = random.Random(quarter // 86400).uniform(0.2, 1)
    sun = max(0, math.sin((hour - 6) / 12 * math.pi)) * (3000 - 2300 * season) * cloud if 6 < hour < 18 else 0
    return max(80, use), sun


def outage(quarter):
    return random.Random(quarter // 86400).random() < 0.03 and 9 <= quarter // 3600 % 24 < 14


def slot(series, quarter):
    """(value, low, high, covered) of a quarter-hour."""
    use, sun = house(quarter)
    net, covered = use - sun, 0 if outage(quarter) else QUARTER
    means = {"house/power_net": net, "roof/power": sun, "battery/battery_level": 55 + 30 * math.sin(quarter / 20000)}
    if series in means:
        value = means[series]
        return (value, value * 0.7 - 30, value * 1.2 + 80, covered) if covered else None
    watts = {"house/energy_import": max(0, net), "house/energy_export": max(0, -net), "roof/energy_produced": sun}[series]
    return watts / 4000, 0, 0, covered


def next_period(when, step):
    if step in ("quarter", "hour"):
        length = QUARTER if step == "quarter" else 3600
        return datetime.datetime.fromtimestamp(when.timestamp() + length, ZONE)
    if step == "day":
        return datetime.datetime.combine(when.date() + datetime.timedelta(days=1), datetime.time(), ZONE)
    month = when.month % 12 + 1 if step == "month" else 1
    return datetime.datetime(when.year + (step == "year" or month == 1), month, 1, tzinfo=ZONE)


def put_together(series, kind, begin, end):
    stride = 1 if end - begin <= 86400 else 8  # a month takes its time in Python
    slots = [one for quarter in range(begin, end, QUARTER * stride) if (one := slot(series, quarter))]
    if not slots:
        return None, None, None, 0
    covered = stride * sum(one[3] for one in slots)
    if kind == "total":
        return round(stride * sum(one[0] for one in slots), 3), slots[0][1], slots[-1][2], covered
    return (round(stride * sum(one[0] * one[3] for one in slots) / covered, 1), round(min(one[1] for one in slots), 1),
            round(max(one[2] for one in slots), 1), covered)


def registers(values, times, ends):
    """(low, high, swaps) of a register that goes on, and of a new one from SWAPPED on."""
    register, low, high = 5000.0, [], []
    swaps = [at for at, (begin, end) in enumerate(zip(times, ends)) if begin <= SWAPPED < end]
    for value, begin, end in zip(values, times, ends):
        low.append(None if value is None else round(register, 3))
        register = 0.5 if begin <= SWAPPED < end else register + (value or 0)
        high.append(None if value is None else round(register, 3))
    return low, high, swaps


def answer(query):
    asked = {name: values[0] for name, values in urllib.parse.parse_qs(query).items()}
    rows = [{"series": series, "unit": unit, "kind": kind} for series, unit, kind in SERIES]
    if not asked:
        return {"series": rows}
    begin, end = (datetime.datetime.combine(datetime.date.fromisoformat(asked[key]), datetime.time(), ZONE) for key in ("from", "to"))
    now, times, ends = time.time(), [], []
    while begin < end:
        after = next_period(begin, asked["step"])
        times.append(int(begin.timestamp()))
        ends.append(int(min(after.timestamp(), now - now % QUARTER)))
        begin = after
    out = []
    for row in rows:
        if row["series"] not in asked["series"].split(","):
            continue
        columns = list(zip(*[put_together(row["series"], row["kind"], *span) for span in zip(times, ends)]))
        if row["kind"] == "total":
            *columns[1:3], row["swaps"] = registers(columns[0], times, ends)
        out.append({**row, **dict(zip(("value", "low", "high", "covered"), columns))})
    return {"step": asked["step"], "end": int(end.timestamp()), "time": times, "series": out}
