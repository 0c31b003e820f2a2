"""The image of docker/Dockerfile, run as docker/compose.yaml runs it."""
import os
import re
import subprocess

import yaml

from container import Container

LIFE = 8470  # the user gridtap of the image
COPIES = "/mnt/usb/gridtap"  # of the history, out here


def compose(world):
    with open(world.repository + "/docker/compose.yaml") as file:
        return yaml.safe_load(file)["services"]["gridtap"]


def volume_of_copies(world):
    """It is there with a # in front."""
    with open(world.repository + "/docker/compose.yaml") as file:
        return re.search(r"^ *# - (%s:\S+)" % COPIES, file.read(), re.M).group(1)


def as_compose(world, image, terminal):
    """The mounts, groups and environment of docker/compose.yaml, with our meter for its adapter, and
    with what it has for the history and its copies."""
    service = compose(world)
    device = re.fullmatch(r"(.*):(.*)", service["devices"][0]).group(2)
    password = world.write("mqtt-password", world.passwords["gridtap"] + "\n", LIFE, 0o400)
    state, copies = (world.folder_of(name, LIFE, 0o750) for name in ("state", "copies"))
    with open(world.repository + "/docker/gridtap.yaml") as file:
        config = world.write("compose.config", file.read().replace("#history: {}", "history:   ").replace("  #backup:", "  backup:"))
    sources = {"./gridtap.yaml": config, "./secrets/mqtt-password": password, "gridtap": state, COPIES: copies}
    mounts = [(world.hosts, "/etc/hosts", "ro"), (terminal, device, "rw")]
    for volume in [*service["volumes"], volume_of_copies(world)]:
        source, target, *mode = volume.split(":")
        mounts.append((sources[source], target, mode[0] if mode else "rw"))
    target, _, options = service["tmpfs"][0].partition(":")
    mounts.append(("tmpfs", target, options))
    return {"mounts": mounts, "groups": service["group_add"], "environment": service["environment"]}


def its_creation(world, image):
    """the image has an ordinary user, a health check, a volume and gridtap as its first process"""
    config = image.config
    assert config["User"] == "gridtap" and image.numbers("gridtap")[0] == str(LIFE)
    assert list(config["Volumes"]) == ["/var/lib/gridtap"] and config["StopSignal"] == "SIGTERM"
    assert image.command() == ["gridtap", "run", "--config", "/etc/gridtap/config.yaml"], image.command()
    assert config["Healthcheck"]["Test"][:3] == ["CMD", "gridtap", "health"], config["Healthcheck"]
    state = os.stat(image.root + "/var/lib/gridtap")
    assert (state.st_uid, state.st_gid, state.st_mode & 0o777) == (LIFE, LIFE, 0o750), state


def nothing_of_the_build(world, image):
    """the image holds no compiler, no source and no package file"""
    for name in ("usr/bin/g++", "usr/bin/cmake", "src", "package"):
        left = image.root + "/" + name
        assert not os.path.exists(left) or not (os.path.isfile(left) or os.listdir(left)), left
    found = subprocess.run(["find", image.root, "-xdev", "-name", "*.deb"], capture_output=True, text=True).stdout
    assert not found, found


def tools(world, image):
    """--version and decode work in it"""
    once = Container(image, world.path("version.log"), ["gridtap", "--version"])
    assert once.wait(20) == 0 and once.log().startswith("gridtap "), once.log()
    telegram = world.repository + "/tests/data/p1/iskra-am550-dsmr5.txt"
    once = Container(image, world.path("decode.log"), ["gridtap", "decode", "p1", "/telegram"], [(telegram, "/telegram", "ro")])
    assert once.wait(20) == 0 and '"key":"power_import"' in once.log(), once.log()


def as_shipped(world, image):
    """without a configuration of one's own it says what is missing"""
    container = Container(image, world.path("shipped.log"), mounts=[(world.hosts, "/etc/hosts", "ro")])
    assert container.wait(20) == 78, container.log()
    assert container.log().startswith("/etc/gridtap/config.yaml:") and "no devices: add one below `devices:`" in container.log(), container.log()


def lives_as_composed(world, image):
    """as compose.yaml runs it, it reads the meter, logs in, announces, and ends in order at SIGTERM"""
    terminal = world.start_meter(20)
    for life in ("first", "second"):
        container = Container(image, world.path(life + ".log"), **as_compose(world, image, terminal))
        try:
            assert world.topic("gridtap/meter/power_import", 30, live=True), container.log()
            assert world.topic("gridtap/status") == "online"
            assert world.topic("homeassistant/device/+/config"), "nothing is announced"
            assert world.topic("gridtap/gateway/history_state") == "ok", container.log()
            world.until(lambda: world.copies_in("copies"), "a copy of the history")
            assert container.run(*image.config["Healthcheck"]["Test"][1:]) == (0, "gridtap is running\n")
            with open("/proc/%d/status" % container.first()) as file:
                status = file.read()
            assert re.search(r"^Uid:\s%d\s%d\s" % (LIFE, LIFE), status, re.M), status
            code, seconds = container.terminate()
            assert code == 0 and seconds < 2.5, (code, seconds, container.log())
            assert world.topic("gridtap/status") == "offline"
            assert world.passwords["gridtap"] not in container.log()
            assert os.path.getsize(world.path("state/state")) > 0, "no state is kept"
            assert os.path.getsize(world.path("state/history/history.db")) > 0, "no history is kept"
        finally:
            container.close()


def unhealthy(world, image):
    """health fails in a container whose gateway does not run"""
    state = world.path("state")
    once = Container(image, world.path("unhealthy.log"), image.config["Healthcheck"]["Test"][1:], [(state, "/var/lib/gridtap", "rw")])
    assert once.wait(20) == 1 and "does not run" in once.log(), once.log()


CASES = [its_creation, nothing_of_the_build, tools, as_shipped, lives_as_composed, unhealthy]
