"""A house for looking at the page: devices of every kind, in the JSON of lib/web/site.hpp, which live."""
import datetime
import math
import random
import threading
import time

DIAGNOSTIC, CONFIG = "diagnostic", "config"


def utc(seconds=None):
    when = datetime.datetime.fromtimestamp(seconds or time.time(), datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def entity(key, value, unit="", name=None, platform="sensor", **more):
    out = {"key": key, "name": name if name is not None else key.replace("_", " ").capitalize(), "platform": platform}
    if unit:
        out["unit"] = unit
    out.update(more)
    if value is not None:
        out.update(value=value, at=utc())
    return out


def health(cause="none", error=None, **faults):
    return [
        entity("connected", "ON" if cause == "none" else "OFF", platform="binary_sensor", category=DIAGNOSTIC, health=True, **{"class": "connectivity"}),
        entity("cause", cause, name="Line status", category=DIAGNOSTIC, health=True, **{"class": "enum"}),
        entity("frames_ok", "4711", category=DIAGNOSTIC, health=True, enabled=False, statistics="total_increasing"),
        entity("frames_bad", str(sum(faults.values())), category=DIAGNOSTIC, health=True, enabled=False, statistics="total_increasing", attributes=faults),
        entity("last_error", error or "None", category=DIAGNOSTIC, health=True, enabled=False),
        entity("line_setting", "115200 8N1", category=DIAGNOSTIC, health=True, enabled=False),
    ]


def device(id, name, entities, status="online", **more):
    return {"id": id, "name": name, "status": status, **({"heard": utc()} if status == "online" else {}), **more, "entities": entities}


def relay(name, title, value="OFF", why="command"):
    return entity("relay_" + name, value, name=title, platform="switch", attributes={"why": why, "since": utc(), "free_at": None})


def gateway():
    return device("gateway", "Gridtap", [
        relay("boiler", "Hot water", "ON"), relay("heating", "Heating", "ON"), relay("cooling", "Cooling"),
        entity("version", "0.2.0", category=DIAGNOSTIC, health=True),
        entity("last_refusal", "None", category=DIAGNOSTIC, health=True),
        entity("announce_again", None, platform="button", category=DIAGNOSTIC, health=True),
        entity("uptime", utc(time.time() - 86400 * 3), category=DIAGNOSTIC, enabled=False, health=True, **{"class": "timestamp"}),
    ])


def house_meter():
    peaks = [("6120", "2026-11-12", "2026-11-12T18:00:00+01:00"), ("5480", "2026-11-03", "2026-11-03T17:00:00+01:00"), ("5101", "2026-11-21", "2026-11-21T08:00:00+01:00")]
    watt = {"statistics": "measurement", "class": "power"}
    return device("house", "House meter", [
        entity("power_import", "0", "W", **watt), entity("power_export", "0", "W", **watt), entity("power_net", "0", "W", name="Net power", **watt),
        *(entity("voltage_l%d" % n, "23%d.%d" % (n, n), "V", statistics="measurement", name="Voltage L%d" % n) for n in (1, 2, 3)),
        *(entity("current_l%d" % n, "%d.2" % n, "A", statistics="measurement", name="Current L%d" % n) for n in (1, 2, 3)),
        entity("energy_import", "12784.325", "kWh", statistics="total_increasing"), entity("energy_export", "3391.002", "kWh", statistics="total_increasing"),
        entity("today_import", "8.412", "kWh", statistics="total_increasing"), entity("today_export", "3.106", "kWh", statistics="total_increasing"),
        entity("tariff_name", "normal", name="Tariff", **{"class": "enum"}),
        entity("energy_import_t1", "6021.110", "kWh", statistics="total_increasing", name="Energy import T1"),
        entity("tariff", "2", name="Tariff number", enabled=False), entity("power_combined", "1244", "W", enabled=False, **watt),
        entity("hour_energy", "1210", "Wh"), entity("hour_projected", "3840", "Wh"), entity("hour_available_power", "2310", "W"),
        entity("hour_limit", "5000", "Wh", platform="number", category=CONFIG, min="100", max="99999", step="1"),
        entity("hour_limit_exceeded", "OFF", platform="binary_sensor", **{"class": "problem"}),
        entity("last_hour_energy", "2875", "Wh", attributes={"estimated": False}),
        *(entity("month_max_%d" % (n + 1), watts, "W", attributes={"date": day, "start": start}) for n, (watts, day, start) in enumerate(peaks)),
        entity("month_max_average", "5567", "W", attributes={"month": "2026-11", "days": 3}),
        entity("tariff_step", "5-10 kW", attributes={"number": 3, "from_kw": 5, "to_kw": 10, "left_w": 4433}),
        *health(bad_checksum=3, truncated=1),
        entity("accept_readings", None, platform="button", category=DIAGNOSTIC, health=True, needs="held"),
    ], manufacturer="Kaifa", model="MA304H4", serial="E0099000123")


def battery():
    volt = {"statistics": "measurement"}
    return device("battery", "Battery", [
        entity("voltage", "53.21", "V", **volt), entity("current", "4.10", "A", **volt), entity("power", "218", "W", **volt),
        entity("battery_level", "63.4", "%", **volt), entity("charging", "ON", platform="binary_sensor", **{"class": "battery_charging"}),
        entity("time_left", "187", "min", **volt), entity("temperature", "21", "°C", **volt),
        entity("output_on", "ON", name="Output", platform="switch"),
        entity("battery_level_set", "63", "%", name="Set battery level", platform="number", category=CONFIG, min="0", max="100", step="1"),
        entity("battery_full", None, name="Set to full", platform="button", category=CONFIG),
        entity("clear_totals", None, platform="button", category=CONFIG, enabled=False),
        entity("over_voltage", "58.4", "V", platform="number", category=CONFIG, enabled=False, min="0", max="120", step="0.1"),
        *health(),
    ], model="KG140F")


def inverter():
    watt = {"statistics": "measurement"}
    return device("roof", "Roof", [
        entity("power", "2140", "W", **watt), entity("dc_power", "2201", "W", name="DC power", **watt), entity("energy_produced", "18211.4", "kWh", **watt),
        entity("state", "mppt", **{"class": "enum"}), entity("problem", "OFF", platform="binary_sensor", **{"class": "problem"}),
        entity("temperature_cabinet", "38.5", "°C", name="Cabinet temperature", **watt),
        entity("storage_control_mode", "none", platform="select", category=CONFIG, options=["none", "charge", "discharge", "charge_discharge"]),
        entity("power_limit", "100", "%", platform="number", category=CONFIG, min="0", max="100", step="0.1"), *health(),
    ], manufacturer="Fronius", model="Symo 8.2-3-M", serial="29301000987651234", firmware="0.3.30.2")


def others():
    return [
        device("house_gas", "Gas meter", [entity("gas", "4512.118", "m³", name="", statistics="total_increasing"),
               entity("reading_time", "2026-11-29T18:00:00+01:00", category=DIAGNOSTIC, **{"class": "timestamp"})], via="house"),
        device("mains", "Power line", [entity("tx", None, platform="text", category=CONFIG), *health()]),
        device("mains_g1", "Greenhouse", [entity("temperature", "17.3", "°C", statistics="measurement"), entity("humidity", "71", "%", statistics="measurement"),
               entity("relay", "OFF", platform="switch")], via="mains"),
        device("cabin", "Cabin <b>meter</b>", [entity("power_import", "310", "W", statistics="measurement"), entity("energy_import", "902.113", "kWh", statistics="total_increasing"),
               *health("inverted", "the signal is inverted: set rts, or turn the two wires of the cable", bad_checksum=12, noise=4098)], status="offline"),
    ]


class House:
    """Values that move once a second; `changed` tells what has since a number that one remembers."""

    def __init__(self, kind="all"):
        self.lock = threading.Condition()
        self.devices = [gateway(), house_meter(), inverter(), battery(), *others()]
        if kind == "simple":
            self.devices = [gateway(), house_meter()]
        self.log, self.second = [], 0
        self.recent = {key: [] for key in (("house", "power_net"), ("roof", "power"), ("battery", "power"), ("cabin", "power_import")) if self.find(*key)}
        began = time.time()
        for past in range(900, 0, -5):
            self.step(began - past)
            self.remember()

    def find(self, device_id, key):
        for one in self.devices:
            if one["id"] == device_id:
                return next((its for its in one["entities"] if its["key"] == key), None)
        return None

    def put(self, device_id, key, value, attributes=None):
        its = self.find(device_id, key)
        if its is None or (its.get("value") == value and attributes is None):
            return
        its.update(value=value, at=utc())
        change = {"values": {"%s/%s" % (device_id, key): value}}
        if attributes is not None:
            its["attributes"] = attributes
            change["attributes"] = {"%s/%s" % (device_id, key): attributes}
        self.log.append(change)

    def step(self, now):
        sun = max(0, 2200 + 900 * math.sin(now / 140) + random.randint(-60, 60))
        use = 1500 + 700 * math.sin(now / 61) + (1800 if int(now / 130) % 3 == 0 else 0) + random.randint(-40, 40)
        charge = max(-1500, min(1500, (sun - use) * 0.6))
        net = use + charge - (sun if self.find("roof", "power") else 0)
        for key, value in (("power_net", net), ("power_import", max(0, net)), ("power_export", max(0, -net))):
            self.put("house", key, str(int(value)))
        self.put("roof", "power", str(int(sun)))
        self.put("battery", "power", str(int(charge)))
        self.put("battery", "charging", "ON" if charge > 50 else "OFF")
        self.second += 1
        self.put("house", "energy_import", "%.3f" % (12784.325 + self.second * 0.001))

    def remember(self):
        for (device_id, key), values in self.recent.items():
            its = self.find(device_id, key)
            values.append(int(its["value"]) if device_id != "cabin" else None)
            del values[:-180]

    def live(self):
        while True:
            time.sleep(1)
            with self.lock:
                self.step(time.time())
                for one in self.devices:
                    if one["status"] == "online":
                        one["heard"] = utc()
                self.log.append({"heard": {one["id"]: one["heard"] for one in self.devices if "heard" in one}})
                if self.second % 5 == 0:
                    self.remember()
                self.lock.notify_all()

    def command(self, device_id, key, value):
        """(status, answer), as lib/web/site.hpp has them."""
        with self.lock:
            its = self.find(device_id, key)
            if its is None:
                return 404, {"reason": "no such entity"}
            if key == "relay_cooling" and value == "ON" and self.find("gateway", "relay_heating")["value"] == "ON":
                return 409, {"reason": "interlock: relay_heating is on"}
            if its["platform"] == "button":
                return 200, {"value": "PRESS"}
            if its["platform"] == "number" and not float(its["min"]) <= float(value) <= float(its["max"]):
                return 409, {"reason": "out of range: %s to %s" % (its["min"], its["max"])}
            self.put(device_id, key, value)
            self.lock.notify_all()
            return 200, {"value": value}
