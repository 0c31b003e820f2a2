"""Everything that is announced is in Home Assistant, and nothing else of ours."""
import json

from announced import entities
from home_assistant import until

def every_entity_is_there(world):
    """State, unit, classes, category, names, icon, attributes, device; enabled or not; and no other."""
    announced = world.await_announced()
    count = len(entities(announced))
    assert count > 900, "only %d entities: not every device is played" % count
    world.settle()
    world.note("%d entities of %d devices" % (count, len(announced)))


def enable_all(world):
    """A person enables every entity that is not by default. HA loads them at its next start."""
    for name, entry in world.home.entities().items():
        if entry["disabled_by"]:
            world.home.ask("config/entity_registry/update", entity_id=entry["entity_id"], disabled_by=None)
            world.enabled.add(name)
    assert len(world.enabled) > 100, "only %d are disabled" % len(world.enabled)


def broken(config):
    """That configuration with four faults in it, and what should be found: (component, aspect)."""
    copy = json.loads(json.dumps(config))
    parts = copy["cmps"]
    parts["power_import"]["unit_of_meas"] = "kW"
    parts["energy_import"]["stat_cla"] = "total"
    parts["power_net"]["stat_t"] = "gridtap/nobody/power_net"
    parts["voltage_l2"] = {"p": "sensor"}
    return copy, {("power_import", "unit_of_measurement"), ("energy_import", "state_class"),
                  ("power_net", "state"), ("voltage_l2", "entity")}


def a_broken_payload_is_found(world):
    """The comparison itself: wrong unit, wrong class, wrong topic and a removed entity, sent over ours.

    The gateway's button `announce_again`, pressed in HA, puts it right."""
    before = world.announced()
    (topic, config), = [(topic, config) for topic, config in before.items() if config["dev"]["name"] == "House meter"]
    faulty, wanted = broken(config)
    names = {component["def_ent_id"]: key for key, component in config["cmps"].items()}
    names[".".join(("sensor", config["cmps"]["voltage_l2"]["uniq_id"]))] = "voltage_l2"
    world.broker.publish(topic, json.dumps(faulty), retain=True)
    # A power changes every 10 s at the latest.
    found = until(30, lambda: wanted <= {(names.get(where), aspect) for where, aspect in world.differences(before)})
    told = world.differences(before)
    assert found, "not found: %s" % (wanted - {(names.get(where), aspect) for where, aspect in told})
    for (where, aspect), line in sorted(told.items()):
        if (names.get(where), aspect) in wanted:
            world.note("found: " + line)
    world.home.call("button.press", "button.gridtap_announce_again")
    assert until(20, lambda: topic in world.announced() and world.announced()[topic] == config), "not announced again"
    world.settle()


def what_is_taken_out_disappears(world):
    """A device with its gas meter, a relay, an alarm and the right to write leave the configuration."""
    before, config = entities(world.announced()), world.house.changed()
    del config["devices"]["flat"], config["devices"]["house"]["hour_limit"], config["relays"]["pump"]
    config["devices"]["battery"]["writes"] = False
    world.house.restart(config)
    gone = ("gridtap/flat/", "gridtap/flat_gas/", "gridtap/house/hour_limit", "gridtap/gateway/relay_pump")
    assert until(60, lambda: not [topic for topic in world.broker.retained() if topic.startswith(gone)]), \
        [topic for topic in world.broker.retained() if topic.startswith(gone)]
    world.settle()
    after = entities(world.announced())
    left = {entity.config["stat_t"] for name, entity in before.items() if name not in after and "stat_t" in entity.config}
    assert all([topic for topic in left if topic.startswith(start)] for start in gone), left
    assert not [entity for entity in after.values() if entity.config.get("cmd_t", "").startswith("gridtap/battery/")]
    world.house.restart()
    assert until(30, lambda: before.keys() <= entities(world.announced()).keys()), "not all announced again"
    assert until(30, lambda: before.keys() <= world.home.entities().keys()), "not all registered again"
    # Newer releases remember what a person has enabled, older ones disable it again.
    known = world.home.entities()
    world.enabled = {name for name in world.enabled if known[name]["disabled_by"] is None}
    world.settle()
