"""Home Assistant's own integration of P1 meters reads the line that gridtap serves."""
import os

from home_assistant import until
from house import SERVED
from world import Skipped

ENTRY = "/api/config/config_entries/entry"
FLOW, OPTIONS = "/api/config/config_entries/flow", "/api/config/config_entries/options/flow"
# The end of its unique id, and the topic of the same quantity of ours.
SAME = {
    "current_electricity_usage": "gridtap/house/power_import",
    "current_electricity_delivery": "gridtap/house/power_export",
    "electricity_used_tariff_1": "gridtap/house/energy_import_t1",
    "electricity_used_tariff_2": "gridtap/house/energy_import_t2",
}
POWER = "current_electricity_usage"
CHANGES = 8


def skip_without_it(world):
    why = os.environ.get("GRIDTAP_HA_WITHOUT_DSMR")
    if why:
        raise Skipped(why)
    if "ha" not in world.control.parts:
        raise Skipped("the line is served on the loopback of this machine, and Home Assistant runs elsewhere")


def finished(step):
    assert step["type"] == "create_entry", "the dialogue says %s: %s" % (step.get("step_id"), step.get("errors"))
    return step


def publish_every_telegram(world):
    """Powers and energies of the house, not one power in 10 s."""
    config = world.house.changed()
    config["devices"]["house"].update(interval="1s", slow_interval="1s")
    world.house.restart(config)
    world.await_kept("gridtap/house/status", "online", 30)


def set_up(home, where):
    """Through the integration's dialogue, as a person does; the id of its entry."""
    host, port = where.rsplit(":", 1)
    step = home.rest("POST", FLOW, {"handler": "dsmr"})
    given = {"port": "socket://" + where}
    if "type" in {field["name"] for field in step["data_schema"]}:  # earlier releases ask for host and port
        step = home.rest("POST", "%s/%s" % (FLOW, step["flow_id"]), {"type": "Network"})
        given = {"host": host, "port": int(port)}
    step = home.rest("POST", "%s/%s" % (FLOW, step["flow_id"]), {**given, "dsmr_version": "5"})
    return finished(step)["result"]["entry_id"]


def show_every_telegram(home, entry):
    """Not one in 30 s, which is where it begins."""
    step = home.rest("POST", OPTIONS, {"handler": entry})
    finished(home.rest("POST", "%s/%s" % (OPTIONS, step["flow_id"]), {"time_between_update": 0}))


def theirs(home, entry):
    """Its entities, by (number of the meter, quantity)."""
    listed = [each for each in home.ask("config/entity_registry/list") if each["config_entry_id"] == entry]
    return {tuple(each["unique_id"].split("_", 1)): each["entity_id"] for each in listed if "_" in each["unique_id"]}


def value(state, unit):
    """In W and kWh, whatever Home Assistant shows it in; None where it is not known."""
    try:
        return round(float(state) * (1000 if unit == "kW" else 1), 3)
    except ValueError:
        return None


def number_of_meter(world, topic):
    """The serial number of the device whose state is on that topic, as it stands in a telegram."""
    entity, devices = world.entity_of(topic), world.home.devices()[1]
    entry, = [each for each in world.home.entities().values() if each["entity_id"] == entity]
    return devices[entry["device_id"]]["serial_number"].encode().hex().upper()


def at_a_glance(home, pairs):
    """(theirs, ours) by quantity, all of one moment."""
    template = "{%% set ids = %s %%}{%% set ns = namespace(out=[]) %%}{%% for id in ids %%}" \
               "{%% set ns.out = ns.out + [[states(id), state_attr(id, 'unit_of_measurement')]] %%}" \
               "{%% endfor %%}{{ ns.out | to_json }}" % [entity for pair in pairs.values() for entity in pair]
    shown = iter(home.rest("POST", "/api/template", {"template": template}))
    return {name: (value(*next(shown)), value(*next(shown))) for name in pairs}


def await_meter(world, entry):
    """Until it has what SAME names, of the same meter as ours: it looks at the first telegram after 30 s."""
    wanted = {(number_of_meter(world, SAME[POWER]), name) for name in SAME}
    assert until(75, lambda: wanted <= theirs(world.home, entry).keys()), \
        "of %s it has %s" % (sorted(wanted), sorted(theirs(world.home, entry)))


def compare(world, entry):
    """The power moves, and each shows a telegram a little earlier or later than the other: after CHANGES
    changes of it both are the same at a glance, with all that stands beside it."""
    pairs = {name: (entity, world.entity_of(SAME[name]))
             for (_, name), entity in theirs(world.home, entry).items() if name in SAME}
    agreed, last = [], {}

    def enough():
        last.update(at_a_glance(world.home, pairs))
        if all(shown == own and own is not None for shown, own in last.values()):
            agreed.extend([last[POWER][1]] if agreed[-1:] != [last[POWER][1]] else [])
        return len(agreed) > CHANGES
    assert until(90, enough), "the same were %s W; last, theirs and ours: %s" % (agreed, last)
    world.note("the same powers in turn: %s W" % ", ".join("%g" % power for power in agreed))


def read_and_compare(world):
    entry = set_up(world.home, SERVED)
    try:
        await_meter(world, entry)  # loaded again before it has its entities it would make them twice
        show_every_telegram(world.home, entry)
        compare(world, entry)
        world.await_kept("gridtap/house/serve_clients", "1")
    finally:
        world.home.rest("DELETE", "%s/%s" % (ENTRY, entry))
    assert until(10, lambda: not theirs(world.home, entry)), sorted(theirs(world.home, entry))


def dsmr_integration_shows_the_same_power(world):
    skip_without_it(world)
    try:
        publish_every_telegram(world)
        world.await_kept("gridtap/house/serve_clients", "0")
        read_and_compare(world)
        world.await_kept("gridtap/house/serve_clients", "0")
        world.await_kept("gridtap/house/serve_dropped", "0")
    finally:
        world.house.restart()
