"""Each blueprint of ha-blueprints/ is imported, makes an automation, and acts when it should and only then."""
import contextlib
import http.server
import itertools
import json
import re
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from broker import Ear
from cases_commands import HEATER, set_limit
from home_assistant import Refused, until
from plan import planned

FOLDER = Path(__file__).resolve().parent.parent.parent / "ha-blueprints"
BLUEPRINTS = sorted(FOLDER.glob("*.yaml"))
PUMP, ALARM = "gridtap/gateway/relay_pump", "gridtap/hytte/hour_limit_exceeded"
AVAILABLE, LIMIT = "gridtap/hytte/hour_available_power", "gridtap/hytte/hour_limit"
NO_TIME, NUMBERS = {"seconds": 0}, itertools.count(1)


@contextlib.contextmanager
def served(folder):
    """The address of a web server with the files of `folder`, for Home Assistant on the same network."""
    class Files(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_):
            """The test tells what is wrong."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield "http://127.0.0.1:%d/" % server.server_port
        server.shutdown()


def save(world, path, text):
    world.home.ask("blueprint/save", domain="automation", path="gridtap/" + path.name, yaml=text, allow_override=True)


def blueprints_are_imported(world):
    """By their address, where Home Assistant can reach one of ours, and they are what they say."""
    assert len(BLUEPRINTS) == 5, BLUEPRINTS
    with served(FOLDER) as address:
        for path in BLUEPRINTS:
            text = path.read_text()
            if world.control.parts:
                imported = world.home.ask("blueprint/import", url=address + path.name)
                assert not imported["validation_errors"], imported["validation_errors"]
                text = imported["raw_data"]
            save(world, path, text)
    listed = world.home.ask("blueprint/list", domain="automation")
    for path in BLUEPRINTS:
        told = listed["gridtap/" + path.name]
        assert "error" not in told, "%s: %s" % (path.name, told)
        about = told["metadata"]
        assert about["name"].endswith("(gridtap)"), about
        assert about["source_url"].endswith("/ha-blueprints/" + path.name), about
        assert about["homeassistant"]["min_version"] == "2024.12.0", about


@contextlib.contextmanager
def automation(world, blueprint, **inputs):
    """An automation made of that blueprint, for as long as the block lasts; its entity id.

    Each is a new one: Home Assistant remembers when one of the same id has run last."""
    name = "gridtap_%s_%d" % (blueprint, next(NUMBERS))
    where = "/api/config/automation/config/" + name
    body = {"alias": name,
            "use_blueprint": {"path": "gridtap/%s.yaml" % blueprint, "input": inputs}}
    if blueprint + ".yaml" not in [path.name for path in BLUEPRINTS]:
        raise AssertionError("no blueprint " + blueprint)
    if "gridtap/%s.yaml" % blueprint not in world.home.ask("blueprint/list", domain="automation"):
        save(world, FOLDER / (blueprint + ".yaml"), (FOLDER / (blueprint + ".yaml")).read_text())
    world.home.rest("POST", where, body)
    entity = "automation." + name
    try:
        world.await_state(entity, "on", 10)
        yield entity
    finally:
        with contextlib.suppress(Refused, OSError):
            world.home.rest("DELETE", where)


def show(world, entity, state, **attributes):
    """A state of an entity that is nobody's: a price, a helper, the meter of another maker.

    Of one of ours: until it is published the next time. Its attributes stay where none are given."""
    attributes = attributes or world.home.state(entity)["attributes"]
    world.home.rest("POST", "/api/states/" + entity, {"state": str(state), "attributes": attributes})


def publish_it(topic):
    """An action for `tell`: the message on the broker."""
    return [{"action": "mqtt.publish", "data": {"topic": topic, "payload": "{{ title }} | {{ message }}"}}]


def stays(world, entity, state, seconds):
    """Looks for that long: a state that should not change does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now = world.home.state(entity)["state"]
        assert now == state, "%s is %s, not %s" % (entity, now, state)
        time.sleep(0.1)


def off(world, topic):
    entity = world.entity_of(topic)
    world.home.call("switch.turn_off", entity)
    world.await_state(entity, "off", 10)
    return entity


def notifications(world):
    return [each["message"] for each in world.home.ask("persistent_notification/get")]


def the_hourly_limit_is_told_once(world):
    """With what was used, what is projected and the limit; a second alarm in the same hour is not."""
    alarm, began = world.entity_of(ALARM), notifications(world)
    set_limit(world, LIMIT, 90000)
    world.await_state(alarm, "off", 60)
    with automation(world, "hourly_limit_notification", alarm=alarm):
        time.sleep(1)
        assert notifications(world) == began, "told without an alarm: %s" % notifications(world)
        set_limit(world, LIMIT, 100)
        world.await_kept(ALARM, "ON", 150)
        hour = int(time.time()) // 3600
        told = until(20, lambda: [text for text in notifications(world) if text not in began])
        assert told, "nothing is told of the alarm"
        words = told[0].split()
        assert told[0].startswith("Small meter ") and told[0].endswith("Limit: 100 Wh."), told
        used, projected = (int(words[words.index(word) + 1 + more]) for word, more in (("far:", 0), ("hour:", 0)))
        assert 0 <= used <= projected and projected > 100, told
        assert abs(used - int(world.kept("gridtap/hytte/hour_energy"))) <= 50, told
        for state in ("off", "on", "unavailable", "on"):  # as if it came again
            show(world, alarm, state)
        time.sleep(2)
        again = [text for text in notifications(world) if text not in began]
        assert again == told or int(time.time()) // 3600 > hour, again
    set_limit(world, LIMIT, 50000)


def a_relay_keeps_the_hourly_budget(world):
    """On while it is wanted and there is room, off when the hour would pass its limit, and on again."""
    relay = off(world, PUMP)
    set_limit(world, LIMIT, 90000)
    show(world, "binary_sensor.relay_is_wanted", "off")
    with automation(world, "hourly_budget_relay", relay=relay, available=world.entity_of(AVAILABLE), on_above=5000,
                    wanted="binary_sensor.relay_is_wanted", min_on=NO_TIME, min_off={"seconds": 4}):
        stays(world, relay, "off", 2)
        show(world, "binary_sensor.relay_is_wanted", "on")
        world.await_state(relay, "on", 20)
        set_limit(world, LIMIT, 100)
        world.await_state(relay, "off", 30)
        since = time.monotonic()
        show(world, world.entity_of(AVAILABLE), 20000)  # room again at once: it rests first
        stays(world, relay, "off", 3)
        set_limit(world, LIMIT, 90000)
        world.await_state(relay, "on", 75)
        assert time.monotonic() - since >= 3.5, "on again after %.1f s" % (time.monotonic() - since)
        show(world, world.entity_of(AVAILABLE), "unavailable")
        stays(world, relay, "on", 2)
    off(world, PUMP)
    set_limit(world, LIMIT, 50000)


def a_refused_relay_is_not_hammered(world):
    """gridtap refuses for its own reasons: one command, and the next after a minute at the soonest."""
    relay = world.entity_of(HEATER)
    if world.home.state(relay)["attributes"]["free_at"] is None:
        world.home.call("switch.turn_on", relay)
        world.await_state(relay, "on", 10)
    off(world, HEATER)
    show(world, "sensor.net_power", -5000)
    with Ear(world.broker, HEATER + "/rejected") as ear, \
            automation(world, "solar_excess_relay", relay=relay, net="sensor.net_power", on_after=NO_TIME,
                       min_off=NO_TIME, retry=NO_TIME):
        began = time.monotonic()
        for watts in range(-5200, -5180):
            show(world, "sensor.net_power", watts)
            time.sleep(0.2)
        refused = ear.payloads(HEATER + "/rejected")
        assert len(refused) == 1 and json.loads(refused[0])["reason"].startswith("min_off: "), refused
        assert world.home.state(relay)["state"] == "off"
        until(75, lambda: show(world, "sensor.net_power", -5000 - int(time.monotonic() - began))
              or len(ear.payloads(HEATER + "/rejected")) > 1, 0.2)
        assert len(ear.payloads(HEATER + "/rejected")) == 2, "not tried again"
        assert time.monotonic() - began > 55, "tried again too soon"


def a_relay_takes_the_excess_of_the_sun(world):
    relay = off(world, PUMP)
    for entity, state in (("sensor.net_power", 200), ("sensor.battery_level", 95)):
        show(world, entity, state)
    with automation(world, "solar_excess_relay", relay=relay, net="sensor.net_power", battery="sensor.battery_level",
                    export_above=2000, on_after={"seconds": 2}, import_above=300, off_after={"seconds": 2},
                    min_on={"seconds": 3}, min_off=NO_TIME):
        show(world, "sensor.net_power", -2500)
        time.sleep(1)
        show(world, "sensor.net_power", -1500)  # a cloud: not long enough
        stays(world, relay, "off", 2)
        show(world, "sensor.battery_level", 60)
        show(world, "sensor.net_power", -2500)
        stays(world, relay, "off", 3)  # the battery first
        show(world, "sensor.battery_level", 95)
        world.await_state(relay, "on", 10)
        since = time.monotonic()
        show(world, "sensor.net_power", 100)  # the relay's own load; not too much
        stays(world, relay, "on", 3)
        show(world, "sensor.net_power", 400)
        world.await_state(relay, "off", 10)
        assert time.monotonic() - since >= 3
        show(world, "sensor.net_power", -2500)
        world.await_state(relay, "on", 10)
        time.sleep(3)
        show(world, "sensor.net_power", "unavailable")
        world.await_state(relay, "off", 10)
        stays(world, relay, "off", 3)


def prices(form, zone, cheap):
    """Attributes of a price sensor in one of the forms, for today and tomorrow.

    Low now and in the periods beside it, or low but then."""
    midnight = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    after = {name: (midnight + timedelta(days=day)) for day, name in enumerate(("today", "tomorrow", "then"))}
    days = {"today": (after["today"], after["tomorrow"]), "tomorrow": (after["tomorrow"], after["then"])}
    step, now, found = 900 if form == "raw_" else 3600, time.time(), {}
    for name, (begin, end) in days.items():
        starts = range(int(begin.timestamp()), int(end.timestamp()), step)
        values = [0.1 if (start - step <= now < start + step) == cheap else 0.9 for start in starts]
        times = [datetime.fromtimestamp(start, zone).isoformat() for start in starts]
        if form == "raw_":
            found["raw_" + name] = [{"start": at, "value": value} for at, value in zip(times, values)]
        elif form == "prices_":
            found["prices_" + name] = [{"time": at.replace("T", " "), "price": value}
                                       for at, value in zip(times, values)]
        else:
            found[name] = values
    return found


def a_relay_runs_in_the_cheapest_hours(world):
    """Of every form of price sensor, and what was chosen where there is no price."""
    relay, zone = off(world, PUMP), ZoneInfo(world.home.rest("GET", "/api/config")["time_zone"])
    # A window that began some time ago, so that "no price for ten minutes" is true at any time of day.
    begin = (datetime.now(zone) - timedelta(hours=1)).strftime("%H:%M:00")
    window = {"relay": relay, "price": "sensor.price", "hours": 2, "begin": begin, "end": begin}
    show(world, "sensor.price", 0.9, **prices("raw_", zone, cheap=False))
    with automation(world, "cheapest_hours_relay", **window, no_price="on", min_off=NO_TIME):
        for form in ("raw_", "prices_", ""):
            show(world, "sensor.price", 0.9, **prices(form, zone, cheap=False))
            world.await_state(relay, "off", 10)
            stays(world, relay, "off", 1)
            show(world, "sensor.price", 0.1, **prices(form, zone, cheap=True))
            world.await_state(relay, "on", 10)
        show(world, "sensor.price", 0.9, **prices("", zone, cheap=False))
        world.await_state(relay, "off", 10)
        show(world, "sensor.price", "unavailable", none=None)
        stays(world, relay, "off", 3)  # the prices that were known are still right
        show(world, "sensor.price", 0.9, none=None)
        world.await_state(relay, "on", 10)
    off(world, PUMP)
    with automation(world, "cheapest_hours_relay", **window, no_price="leave"):
        stays(world, relay, "off", 2)
    show(world, "sensor.price", "unavailable", none=None)
    with automation(world, "cheapest_hours_relay", **window, no_price="on", min_off=NO_TIME):
        stays(world, relay, "off", 3)  # as while Home Assistant starts: ten minutes are not over


def a_relay_that_is_off_rests_in_a_cheap_hour(world):
    """What something else has turned off is not turned on again at once."""
    relay, zone = off(world, PUMP), ZoneInfo(world.home.rest("GET", "/api/config")["time_zone"])
    show(world, "sensor.price", 0.1, **prices("raw_", zone, cheap=True))
    with automation(world, "cheapest_hours_relay", relay=relay, price="sensor.price", hours=2, min_off={"seconds": 4}):
        world.await_state(relay, "on", 75)
        off(world, PUMP)
        stays(world, relay, "off", 3)
        world.await_state(relay, "on", 75)
    off(world, PUMP)


def plans_of_odd_days_are_right(world):
    """The day of 23 hours, of 25 hours in quarters, and a night: planned by Home Assistant's own templates."""
    zone = ZoneInfo(world.home.rest("GET", "/api/config")["time_zone"])
    if zone.key != "Europe/Amsterdam":
        world.note("not in Europe/Amsterdam: days of 23 and 25 hours were not planned")
        return
    day = [5.0] * 23
    day[2], day[22] = 1.0, 2.0  # 03:00 and 23:00 of the clock
    show(world, "sensor.price", 5, today=day)
    plan = planned(world.home, FOLDER, "2026-03-29 12:00", hours=2)
    assert plan["end"] - plan["begin"] == 23 * 3600 and plan["is_whole"], plan
    at = sorted(datetime.fromtimestamp(start, zone).strftime("%H:%M") for start in plan["cheap"])
    assert at == ["03:00", "23:00"], at

    first = int(datetime(2026, 10, 25, tzinfo=zone).timestamp())
    starts = range(first, first + 25 * 3600, 900)
    show(world, "sensor.price", 5, raw_today=[
        {"start": datetime.fromtimestamp(start, zone).isoformat(), "value": 1 if start - first in (9900, 13500) else 5}
        for start in starts])
    plan = planned(world.home, FOLDER, "2026-10-25 12:00", hours=0.5)
    assert plan["end"] - plan["begin"] == 25 * 3600 and plan["is_whole"], plan
    at = [datetime.fromtimestamp(start, zone).isoformat() for start in sorted(plan["cheap"])]
    assert at == ["2026-10-25T02:45:00+02:00", "2026-10-25T02:45:00+01:00"], at

    show(world, "sensor.price", 5, today=[0.0] * 20 + [5.0] * 4, tomorrow=[4.0, 3.0, 2.0] + [5.0] * 5 + [0.0] * 16)
    night = {"begin": "22:00:00", "end": "06:00:00", "hours": 3}
    plan = planned(world.home, FOLDER, "2026-11-10 23:30", **night)
    assert plan["is_whole"] and len(plan["known"]) == 8, plan
    at = sorted(datetime.fromtimestamp(start, zone).strftime("%d %H:%M") for start in plan["cheap"])
    assert at == ["11 00:00", "11 01:00", "11 02:00"], at
    plan = planned(world.home, FOLDER, "2026-11-10 05:00", **night)
    assert not plan["is_whole"] and len(plan["known"]) == 6, plan
    assert datetime.fromtimestamp(plan["begin"], zone).strftime("%d %H:%M") == "09 22:00", plan


def what_is_offline_is_told(world):
    """A device with its line status, the gateway, and each when it is back; a short outage is not."""
    device, others = "gridtap/flat/connected", ("gridtap/house/connected", "gridtap/hytte/connected")
    watched = [world.entity_of(topic) for topic in (device, *others)]
    with Ear(world.broker, "told") as ear, \
            automation(world, "offline_notification", connected=watched, wait={"seconds": 6}, tell=publish_it("told")):
        world.house.silence("flat")
        world.await_state(watched[0], "off", 60)
        world.house.replay("flat")
        world.await_state(watched[0], "on", 30)
        assert not ear.payloads("told"), "a short outage is told: %s" % ear.payloads("told")
        world.house.silence("flat")
        told = until(60, lambda: ear.payloads("told"))
        assert len(told) == 1 and told[0].startswith("Flat meter: offline | Flat meter: offline, line status "), told
        world.house.replay("flat")
        told = until(60, lambda: ear.payloads("told")[1:])
        assert told == ["Flat meter: back | Flat meter: back."], told
        world.house.stop()
        told = until(30, lambda: ear.payloads("told")[2:])
        assert told == ["gridtap: offline | The gateway or the broker is away: nothing is known of its devices."], told
        world.house.start()
        told = until(60, lambda: ear.payloads("told")[3:])
        assert told == ["gridtap: back | The gateway is back."], told
        for entity in watched:
            world.await_state(entity, "on", 60)
        assert len(ear.payloads("told")) == 4, ear.payloads("told")


def restart_home_assistant(world):
    world.control.stop("ha")
    world.control.begin("ha")
    world.control.await_started()


def blueprints_outlive_a_restart(world):
    """The alarm of this hour is not told again; what is off still is, and is told back; the sun is not believed."""
    if "ha" not in world.control.parts:
        world.note("this Home Assistant is not restarted")
        return
    alarm, device, relay = world.entity_of(ALARM), world.entity_of("gridtap/flat/connected"), off(world, PUMP)
    show(world, "sensor.net_power", -5000)
    set_limit(world, LIMIT, 100)
    world.await_kept(ALARM, "ON", 150)
    world.await_state(alarm, "on", 5)
    with contextlib.ExitStack() as stack:
        ear = stack.enter_context(Ear(world.broker, "told/#"))

        def told():  # the gateway, too, may be told where Home Assistant takes long to find the broker
            return [text for text in ear.payloads("told/offline") if text.startswith("Flat meter")]
        for blueprint, inputs in {
                "hourly_limit_notification": {"alarm": alarm, "tell": publish_it("told/hour")},
                "offline_notification": {"connected": [device], "wait": {"seconds": 3},
                                         "tell": publish_it("told/offline")},
                "solar_excess_relay": {"relay": relay, "net": "sensor.net_power", "on_after": NO_TIME,
                                       "min_off": NO_TIME, "off_after": {"seconds": 2}, "min_on": NO_TIME}}.items():
            stack.enter_context(automation(world, blueprint, **inputs))
        world.house.silence("flat")
        for state in ("off", "on"):  # as if the alarm began now
            show(world, alarm, state)
        show(world, "sensor.net_power", -5001)
        world.await_state(relay, "on", 10)
        assert until(30, told), "nothing is told before the restart"
        assert until(20, lambda: len(ear.payloads("told/hour")) == 1), ear.payloads("told/hour")
        hour = int(time.time()) // 3600
        restart_home_assistant(world)
        world.await_state(alarm, "on", 30)
        # The other maker's meter is gone: without a value the relay goes off.
        world.await_state(relay, "off", 75)
        assert until(30, lambda: len(told()) == 2), ear.payloads("told/offline")
        world.house.replay("flat")
        back = until(60, lambda: told()[2:])
        assert back == ["Flat meter: back | Flat meter: back."], back
        again = ear.payloads("told/hour")
        assert len(again) == 1 or int(time.time()) // 3600 > hour, again
    set_limit(world, LIMIT, 50000)


def the_dashboard_names_what_exists(world):
    """Each entity in it is one of ours, with the names of this house in place of the example's; taken as it is."""
    text = (FOLDER / "dashboard" / "dashboard.yaml").read_text()
    named = set(re.findall(r"entity: ((?:sensor|binary_sensor|switch|number)\.\w+)", text))
    assert len(named) > 35, len(named)
    ours = {entry["entity_id"] for entry in world.home.entities().values()}
    here = {".meter_": (".house_meter_", ".norwegian_meter_", ".belgian_meter_"), ".inverter_": (".roof_",),
            ".gridtap_hot_water": (".gridtap_garden_pump",)}
    for entity in sorted(named):
        names = [entity.replace(example, mine) for example, found in here.items() if example in entity
                 for mine in found]
        # What the hours make is announced when the first one has ended.
        late = re.search("month_max|tariff_step|last_hour|import_live", entity)
        assert ours & set(names or [entity]) or late, entity + " does not exist"
    config = yaml.safe_load(text)
    url = "gridtap-house"
    world.home.ask("lovelace/dashboards/create", url_path=url, title="House", mode="storage", show_in_sidebar=True,
                   require_admin=False)
    world.home.ask("lovelace/config/save", url_path=url, config=config)
    assert world.home.ask("lovelace/config", url_path=url) == config
