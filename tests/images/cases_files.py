#!/usr/bin/env python3
"""The files of docker/ agree with one another, with the program's version, and with what the
Supervisor of Home Assistant takes for an app. Needs no image; run as a program it needs no argument.
"""
import os
import re
import struct
import sys

import yaml

APP = "docker/app"
# What Supervisor's store looks for in a repository, at any depth: config.* with one of these ends, not
# below a hidden folder or rootfs (supervisor/store/data.py). What it cannot take for an app it passes over.
SUFFIXES = (".yaml", ".yml", ".json")
NEEDED = {"name", "version", "slug", "description", "arch"}


def read(repository, path):
    with open(os.path.join(repository, path)) as file:
        return file.read()


def load(repository, path):
    return yaml.safe_load(read(repository, path))


def candidates(repository):
    for folder, below, names in os.walk(repository):
        below[:] = [each for each in below if not each.startswith(".") and each not in ("rootfs", "build")]
        for name in names:
            if name.startswith("config.") and name.endswith(SUFFIXES):
                yield os.path.relpath(os.path.join(folder, name), repository)


def one_app(repository):
    """Home Assistant finds one app in this repository, and no other file that looks like one"""
    repository_file = load(repository, "repository.yaml")
    assert repository_file["name"] and repository_file["url"].startswith("https://"), repository_file
    found = sorted(candidates(repository))
    # The example is an old promise; the Supervisor logs one line that it is no app.
    assert found == ["config.example.yaml", APP + "/config.yaml"], found
    assert not NEEDED <= set(load(repository, "config.example.yaml"))
    assert NEEDED <= set(load(repository, APP + "/config.yaml"))


def one_version(repository):
    """the app has the version of the program, and its log of changes begins with it"""
    version = re.search(r"project\(gridtap VERSION ([0-9.]+)", read(repository, "CMakeLists.txt")).group(1)
    assert load(repository, APP + "/config.yaml")["version"] == version
    assert re.search(r"^## (\S+)", read(repository, APP + "/CHANGELOG.md"), re.M).group(1) == version


ELEMENT = re.compile(r"^(bool|str|port|password|list\([a-z0-9|]+\))\??$")


def schema(repository):
    """each option has a type that the Supervisor knows, and a default or a question mark"""
    config = load(repository, APP + "/config.yaml")
    for name, kind in config["schema"].items():
        if isinstance(kind, str):
            assert ELEMENT.match(kind), (name, kind)
            assert kind.endswith("?") != (name in config["options"]), name
    device = config["schema"]["devices"][0]
    assert {"id", "adapter", "line"} <= set(device)
    for kind in (each[0] if isinstance(each, list) else each for each in device.values()):
        assert ELEMENT.match(kind), kind
    assert set(config["options"]) <= set(config["schema"])


def adapters(repository):
    """the app offers the adapters that the program has"""
    kinds = load(repository, APP + "/config.yaml")["schema"]["devices"][0]["adapter"]
    offered = set(re.match(r"list\((.*)\)", kinds).group(1).split("|"))
    there = {name for name in os.listdir(os.path.join(repository, "lib/adapters")) if os.path.isdir(os.path.join(repository, "lib/adapters", name))}
    assert offered == there, (offered, there)


def translations(repository):
    """every language names and describes every option and every field of a device"""
    schema = load(repository, APP + "/config.yaml")["schema"]
    folder = os.path.join(APP, "translations")
    languages = sorted(os.listdir(os.path.join(repository, folder)))
    assert "en.yaml" in languages
    for language in languages:
        words = load(repository, os.path.join(folder, language))["configuration"]
        assert set(words) == set(schema), (language, set(words) ^ set(schema))
        fields = words["devices"]["fields"]
        assert set(fields) == set(schema["devices"][0]), (language, set(fields))
        for each in [*words.values(), *fields.values()]:
            assert each["name"] and each["description"], (language, each)


def pictures(repository):
    """icon and logo have the sizes that Home Assistant shows"""
    for name, most in (("icon.png", (128, 128)), ("logo.png", (250, 100))):
        with open(os.path.join(repository, APP, name), "rb") as file:
            head = file.read(24)
        assert head[:8] == b"\x89PNG\r\n\x1a\n", name
        width, height = struct.unpack(">II", head[16:24])
        assert (width, height) == most, (name, width, height)


def composed(repository):
    """compose.yaml and gridtap.yaml mean the same adapter, broker and files, and lock both services in"""
    services = load(repository, "docker/compose.yaml")["services"]
    config = load(repository, "docker/gridtap.yaml")
    outside, inside = re.fullmatch(r"(.*):(.*)", services["gridtap"]["devices"][0]).groups()
    assert outside == inside == config["devices"]["meter"]["line"]
    assert config["mqtt"]["host"] in services
    targets = [volume.split(":")[1] for volume in services["gridtap"]["volumes"]]
    assert config["mqtt"]["password_file"] in targets and "/etc/gridtap/config.yaml" in targets
    for name, service in services.items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"] and "no-new-privileges:true" in service["security_opt"], name
        assert "privileged" not in service and service["restart"] == "unless-stopped", name
    broker = read(repository, "docker/mosquitto.conf")
    assert "allow_anonymous false" in broker and "persistence true" in broker
    for place in re.findall(r"^(?:password_file|persistence_location) (\S+)", broker, re.M):
        assert any(place.startswith(volume.split(":")[1]) for volume in services["mosquitto"]["volumes"]), place


CASES = [one_app, one_version, schema, adapters, translations, pictures, composed]

if __name__ == "__main__":
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    for case in CASES:
        case(here)
    print("%d cases of docker/ are good" % len(CASES))
    sys.exit(0)
