"""Home Assistant, broker and gateway are restarted in every order, and every state is right again."""
import itertools
import signal
import time

from announced import entities
from cases_entities import enable_all
from home_assistant import until

GATEWAY = "gateway"
NOTHING = ("unknown", "unavailable")


def known(world):
    """Names of the entities that show a value."""
    states, registered = world.home.states(), world.home.entities()
    return {name for name, entry in registered.items()
            if states.get(entry["entity_id"], {"state": "unknown"})["state"] not in NOTHING}


def stop(world, part, how=signal.SIGTERM):
    if part == GATEWAY:
        world.house.stop(how)
    else:
        world.control.stop(part)


def start(world, part):
    if part == GATEWAY:
        world.house.start()
    else:
        world.control.begin(part)


def is_not_published(line):
    """A value that only an earlier run of the gateway knew is gone where the broker forgot it: totals
    that stand still, and registers that a meter sends once an hour. HA may show it still."""
    return line.endswith("'unknown' published")


def check_all_back(world, what, names, values):
    """Every entity of before is announced, shows what is published, and those with a value have one."""
    back = until(90, lambda: names <= entities(world.announced()).keys(), 0.5)
    assert back, "%s: not announced: %s" % (what, sorted(names - entities(world.announced()).keys())[:5])
    try:
        world.settle(60, forgiven=is_not_published)
    except AssertionError as error:
        raise AssertionError("%s: %s" % (what, error)) from error
    until(45, lambda: not values - known(world), 0.5)  # a node on the power line sends every 30 s
    announced, kept = entities(world.announced()), world.broker.retained()
    lost = values - known(world)
    silent = {name for name in lost if announced[name].config.get("stat_t") not in kept}
    assert not lost - silent, "%s: without a value: %s" % (what, sorted(name[1] for name in lost - silent))
    if silent:
        world.note("%s: %d values are not published again until the device sends them: %s" %
                   (what, len(silent), ", ".join(sorted(announced[name].config["stat_t"] for name in silent)[:6])))


def in_order(world, parts, how=signal.SIGTERM):
    """Stops those parts, the last first, and starts them in order."""
    names, values, began = entities(world.announced()).keys(), known(world), time.monotonic()
    for part in reversed(parts):
        stop(world, part, how)
    for part in parts:
        start(world, part)
        if part != parts[-1]:
            time.sleep(3)  # time to look for what is not there yet
    world.control.await_started()
    started, what = time.monotonic(), ", then ".join(parts)
    check_all_back(world, what, names, values)
    world.note("%s: %.0f s until all are started, %.0f s more until all is right" %
               (what, started - began, time.monotonic() - started))


def all_are_unavailable_while_the_gateway_is_stopped(world):
    shown = {entity.config["def_ent_id"] for entity in entities(world.announced()).values()
             if entity.enabled and entity.availability[0]["t"] == "gridtap/status"}
    names, values = entities(world.announced()).keys(), known(world)
    world.house.stop()

    def alive():
        return sorted(id for id, state in world.home.states().items() if id in shown and state["state"] != "unavailable")
    until(10, lambda: not alive())
    assert not alive(), "%d are not unavailable: %s" % (len(alive()), alive()[:5])
    assert len(shown) > 500, "only %d entities" % len(shown)
    world.house.start()
    check_all_back(world, GATEWAY, names, values)


def every_single_restart(world):
    """With every entity enabled from here on: HA loads them at its start."""
    if "ha" in world.control.parts:
        enable_all(world)
    for part in world.control.parts:
        in_order(world, [part])
    in_order(world, [GATEWAY], signal.SIGKILL)


def every_pair_in_both_orders(world):
    for parts in itertools.permutations([*world.control.parts, GATEWAY], 2):
        in_order(world, list(parts))
