"""What the gateway announced on the broker, what Home Assistant should make of it, and what it made.

Announced is the discovery configuration on the broker: one message a device, in the short forms of
its keys. `differences` compares every entity, device and state; it returns one line a difference.
"""
import json
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

# What availability makes of a state that has to be known: a relay without a line is None, and where
# nothing is held back there is nothing to accept. The words that are as good as none:
MISSING = {"{{ 'offline' if value == 'None' else 'online' }}": ("None",),
           "{{ 'offline' if value in ['None', 'none'] else 'online' }}": ("None", "none")}
# A payload that people read as another word: {{ 'ok' if value == 'none' else value }}.
OTHER_WORD = re.compile(r"\{\{ '(\w+)' if value == '(\w+)' else value \}\}")
# Key of the configuration -> attribute of the state that shows it.
SHOWN = {"unit_of_meas": "unit_of_measurement", "dev_cla": "device_class", "stat_cla": "state_class", "ic": "icon",
         "ops": "options", "min": "min", "max": "max", "step": "step", "mode": "mode"}
DEVICE = {"name": "name", "mf": "manufacturer", "mdl": "model", "sn": "serial_number", "sw": "sw_version",
          "hw": "hw_version", "cu": "configuration_url"}


@dataclass
class Entity:
    topic: str        # of the configuration
    key: str          # of the component
    config: dict      # of the component
    device: dict
    availability: list

    @property
    def name(self):
        return (self.config["p"], self.config["uniq_id"])

    @property
    def enabled(self):
        return self.config.get("en", True)

    def available(self, kept):
        return all(self.is_online(entry, kept.get(entry["t"])) for entry in self.availability)

    @staticmethod
    def is_online(entry, payload):
        if "val_tpl" not in entry:
            return payload == "online"
        assert entry["val_tpl"] in MISSING, "a template that this test does not know: " + entry["val_tpl"]
        return payload is not None and payload not in MISSING[entry["val_tpl"]]

    def state(self, kept):
        """What Home Assistant should show; None where the configuration names no state."""
        if not self.available(kept):
            return "unavailable"
        if "stat_t" not in self.config:
            return None
        payload = self.worded(kept.get(self.config["stat_t"], "None"))
        if payload == "None" or len(payload) > 255:
            return "unknown"
        if self.config["p"] == "select" and payload == "none":  # whatever its options are
            return "unknown"
        return {"ON": "on", "OFF": "off"}[payload] if self.config["p"] in ("switch", "binary_sensor") else payload

    def worded(self, payload):
        if "val_tpl" not in self.config:
            return payload
        word, instead_of = OTHER_WORD.fullmatch(self.config["val_tpl"]).groups()
        return word if payload == instead_of else payload

    def attributes(self, kept):
        payload = kept.get(self.config.get("json_attr_t", ""))
        return json.loads(payload) if payload and self.available(kept) else {}


def configs(kept, prefix="homeassistant"):
    """The discovery configurations of every gridtap among what the broker keeps, by topic."""
    found = {topic: json.loads(text) for topic, text in kept.items()
             if topic.startswith(prefix + "/device/") and topic.endswith("/config")}
    return {topic: config for topic, config in found.items() if config["o"]["name"] == "gridtap"}


def entities(announced):
    """Every entity in those configurations, by (platform, unique id)."""
    listed = [Entity(topic, key, component, config["dev"], component.get("avty", config["avty"]))
              for topic, config in announced.items() for key, component in config["cmps"].items()
              if len(component) > 1]  # a lone platform removes one
    found = {entity.name: entity for entity in listed}
    assert len(found) == len(listed), "two entities have one unique id"
    return found


def same(shown, wanted):
    """Whether a state shows a payload: numbers by value, times by the moment, else the text."""
    if shown == wanted:
        return True
    for read in (Decimal, datetime.fromisoformat):
        try:
            return read(shown) == read(wanted)
        except (InvalidOperation, ValueError, TypeError):
            pass
    return False


def friendly_name(entity):
    name = entity.config.get("name")
    return entity.device["name"] + (" " + name if name else "")


def shown_differences(entity, state):
    """What an enabled entity's attributes say against the configuration."""
    wanted = {attribute: entity.config.get(key) for key, attribute in SHOWN.items()}
    if entity.config["p"] == "number":
        wanted["mode"] = wanted["mode"] or "auto"
    wanted["friendly_name"] = friendly_name(entity)
    for attribute, value in wanted.items():
        is_read = value is not None or attribute not in ("min", "max", "step", "mode", "options")
        shown = state["attributes"].get(attribute)
        if is_read and shown != value:
            yield attribute, "%r is shown, %r announced" % (shown, value)


def state_differences(entity, state, kept):
    wanted = entity.state(kept)
    if wanted is not None and not same(state["state"], wanted):
        yield "state", "%r is shown, %r published" % (state["state"], wanted)
    if wanted is None and state["state"] == "unavailable":
        yield "state", "unavailable, though the gateway is not"
    if state["state"] == "unavailable":
        return
    for key, value in entity.attributes(kept).items():
        if state["attributes"].get(key) != value:
            yield "attribute " + key, "%r is shown, %r published" % (state["attributes"].get(key), value)


def registry_differences(entity, entry, details):
    wanted = {"entity_id": entity.config["def_ent_id"], "entity_category": entity.config.get("ent_cat"),
              "disabled_by": None if entity.enabled else "integration", "original_name": entity.config.get("name")}
    for key, value in wanted.items():
        if entry[key] != value:
            yield key, "%r is registered, %r announced" % (entry[key], value)
    classes = {"original_device_class": entity.config.get("dev_cla"),
               "state_class": entity.config.get("stat_cla")}
    shown = {"original_device_class": details["original_device_class"],
             "state_class": (details["capabilities"] or {}).get("state_class")}
    for key, value in classes.items():
        if shown[key] != value:
            yield key, "%r is registered, %r announced" % (shown[key], value)


def device_differences(device, shown, by_id):
    """What HA's registry says against a configuration's `dev`."""
    if shown is None:
        yield "device", "does not exist"
        return
    for key, registered in DEVICE.items():
        if shown[registered] != device.get(key):
            yield registered, "%r is registered, %r announced" % (shown[registered], device.get(key))
    via = by_id.get(shown["via_device_id"], {"identifiers": []})
    names = [name[1] for name in via["identifiers"] if name[0] == "mqtt"]
    if names != ([device["via_device"]] if "via_device" in device else []):
        yield "via_device", "%r is registered, %r announced" % (names, device.get("via_device"))


def identifier(device):
    return device["ids"] if isinstance(device["ids"], str) else device["ids"][0]


class Comparison:
    """One look at Home Assistant, against `announced` and what the broker keeps.

    `ids`: entity ids that differ from the announced ones on purpose, by (platform, unique id)."""

    def __init__(self, home, announced, kept, ids=None):
        self.home, self.kept, self.ids = home, kept, ids or {}
        self.wanted, self.announced, self.found = entities(announced), announced, {}

    def note(self, where, differences):
        for aspect, words in differences:
            self.found[(where, aspect)] = "%s: %s: %s" % (where, aspect, words)

    def run(self):
        """The differences, by (what, aspect)."""
        registered, states = self.home.entities(), self.home.states()
        details = self.home.details([entry["entity_id"] for entry in registered.values()])
        for name, entity in self.wanted.items():
            entry = registered.get(name)
            if entry is None:
                self.note(".".join(name), [("entity", "is announced and does not exist")])
            else:
                self.compare(name, entity, entry, details[entry["entity_id"]], states)
        for name in registered.keys() - self.wanted.keys():
            self.note(registered[name]["entity_id"], [("entity", "exists and is not announced")])
        self.compare_devices(registered)
        return self.found

    def compare(self, name, entity, entry, details, states):
        where = entry["entity_id"]
        wrong = dict(registry_differences(entity, entry, details))
        if self.ids.get(name) == where:
            wrong.pop("entity_id", None)
        self.note(where, wrong.items())
        if entry["disabled_by"]:
            if where in states:
                self.note(where, [("state", "is shown, though it is disabled")])
        elif where not in states:
            self.note(where, [("state", "none is shown")])
        else:
            self.note(where, shown_differences(entity, states[where]))
            self.note(where, state_differences(entity, states[where], self.kept))

    def compare_devices(self, registered):
        ours, by_id = self.home.devices()
        for config in self.announced.values():
            name = identifier(config["dev"])
            self.note(name, device_differences(config["dev"], ours.get(name), by_id))
        for name, entity in self.wanted.items():
            shown = ours.get(identifier(entity.device))
            if name in registered and shown and registered[name]["device_id"] != shown["id"]:
                self.note(registered[name]["entity_id"], [("device", "is another one than announced")])
        for name in ours.keys() - {identifier(config["dev"]) for config in self.announced.values()}:
            self.note(name, [("device", "exists and is not announced")])
