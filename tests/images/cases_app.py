"""The app of docker/app for Home Assistant, beside a stand-in of the Supervisor's API."""
import json
import os
import re
import shutil
import stat
import subprocess

from container import Container
from supervisor import Supervisor

TOKEN = "0123456789abcdef-of-the-supervisor"
METER = {"id": "meter", "adapter": "p1", "line": "/dev/serial/by-id/usb-meter"}
supervisor = None


def service(world):
    return {"addon": "core_mosquitto", "host": "core-mosquitto", "port": 1883, "ssl": False, "protocol": "3.1.1",
            "username": "addons", "password": world.passwords["addons"]}


def app(world, image, options, own=None, offers=True, token=TOKEN, failure=None):
    """The app with these options, as the Supervisor starts it; options are completed from config.yaml.

    Options that are a text are the file itself."""
    global supervisor
    supervisor = supervisor or Supervisor(TOKEN)
    supervisor.service, supervisor.failure, supervisor.asked = (service(world) if offers else None), failure, []
    data, config, share = (world.path("app-" + name) for name in ("data", "config", "share"))
    for folder in (data, config, share):
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder)
    if not isinstance(options, str):
        options = json.dumps({"devices": [], "history": True, "own_file": True, "log_level": "info", **options})
    world.write("app-data/options.json", options)
    if own is not None:
        world.write("app-config/gridtap.yaml", own)
        world.write("app-config/password", world.passwords["gridtap"], mode=0o600)
    mounts = [(world.hosts, "/etc/hosts", "ro"), (data, "/data", "rw"), (config, "/config", "ro"), (share, "/share", "rw"),
              ("tmpfs", "/run", "mode=755")]
    if os.path.exists(world.path("meter")):
        mounts.append((os.path.realpath(world.path("meter")), METER["line"], "rw"))
    return Container(image, world.path("app.log"), mounts=mounts, environment={"SUPERVISOR_TOKEN": token, "TZ": "Europe/Oslo"},
                     privileges=True, writable=True)


def refused(world, image, status, *words, **how):
    """Runs an app that has to end with that status, and checks that its log has those words."""
    container = app(world, image, **how)
    code = container.wait(30)
    log = container.log()
    assert code == status, (code, log)
    for word in words:
        assert word in log, "%r is not in:\n%s" % (word, log)
    assert "/run/gridtap" not in log, "a path that nobody knows:\n" + log
    return log


def connects(world, image):
    """the broker's place and password come from the Supervisor; the meter is announced"""
    world.clear()
    name = 'Haus "Zähler" \\ 1: #2'
    container = app(world, image, {"devices": [{**METER, "name": name, "settings": ["hour_limit: 5000"]}]})
    try:
        assert world.topic("gridtap/meter/power_import", 30, live=True), container.log()
        config = json.loads(world.topic("homeassistant/device/+/config") or "{}")
        names = [json.loads(world.topic(topic, 2) or "{}").get("dev", {}).get("name") for topic in announced(world)]
        assert name in names, (names, config)
        assert world.topic("gridtap/meter/hour_limit") == "5000"
        assert supervisor.asked == ["/services/mqtt"], supervisor.asked
        assert "serial ports of this machine: " + METER["line"] in container.log(), container.log()
        check_locked_in(world, container)
        health = container.run(*image.config["Healthcheck"]["Test"][1:])
        assert health == (0, "gridtap is running\n"), health
        code, seconds = container.terminate()
        assert code == 0 and seconds < 2.5, (code, seconds)
        assert world.topic("gridtap/status") == "offline"
        assert os.path.getsize(world.path("app-data/state/state")) > 0, "no state is kept"
        assert os.path.getsize(world.path("app-data/state/history/history.db")) > 0, "no history is kept"
    finally:
        container.close()


def announced(world):
    done = subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-u", "gridtap", "-P", world.passwords["gridtap"], "-t",
                           "homeassistant/device/+/config", "-F", "%t", "--retained-only", "-W", "2"], capture_output=True, text=True)
    return done.stdout.split()


def check_locked_in(world, container):
    """The password is in one file that root alone can read, and gridtap has no capability."""
    root = "/proc/%d/root" % container.first()
    place = os.stat(root + "/run/gridtap/mqtt-password")
    assert stat.S_IMODE(place.st_mode) == 0o600, oct(place.st_mode)
    secret = world.passwords["addons"]
    with open(root + "/run/gridtap/mqtt-password") as file:
        assert file.read() == secret
    with open(root + "/run/gridtap/config.yaml") as file:
        assert secret not in file.read()
    assert secret not in container.log() and TOKEN not in container.log()
    with open("/proc/%d/cmdline" % container.first()) as file:
        words = file.read().split("\0")
        assert "gridtap" in words and "run" in words and "bash" not in words, words  # an emulator may be in front
    with open("/proc/%d/status" % container.first()) as file:
        status = file.read()
    assert re.search(r"^CapEff:\s0+$", status, re.M) and re.search(r"^CapBnd:\s0+$", status, re.M), status


def no_service(world, image):
    """without an MQTT service it says what to install"""
    refused(world, image, 1, "Service not enabled", "Install and start the app Mosquitto broker", options={"devices": [METER]}, offers=False)


def wrong_token(world, image):
    """a Supervisor that refuses is quoted"""
    refused(world, image, 1, "Unauthorized", options={"devices": [METER]}, token="wrong")


def broken_supervisor(world, image):
    """a Supervisor with trouble of its own is quoted, and no broker is to be installed because of it"""
    for failure in ((403, "403: Forbidden"), (404, {"result": "error", "message": "Not found"}), (501, "oops"),
                    (200, {"result": "ok", "data": None}), (200, []), (200, None)):
        log = refused(world, image, 1, "the Supervisor", "it says: %d" % failure[0], "restart the app",
                      options={"devices": [METER]}, failure=failure)
        assert "Mosquitto" not in log and "jq:" not in log, log
    refused(world, image, 1, "Install and start the app Mosquitto broker", options={"devices": [METER]},
            failure=(404, {"result": "error", "message": "Service does not exist"}))


def service_in_words(world, image):
    """a port may be in quotes, and only true turns TLS on: a broker without it is reached where ssl is a word"""
    container = app(world, image, {"devices": [METER]},
                    failure=(200, {"result": "ok", "data": {**service(world), "port": "1883", "ssl": "false"}}))
    try:
        assert world.topic("gridtap/meter/power_import", 30, live=True), container.log()
        assert container.terminate()[0] == 0
    finally:
        container.close()


def broken_options(world, image):
    """options that are cut off or have another shape are refused in plain words"""
    for options in ("", '{"devices": [{"id": "me', "[]"):
        log = refused(world, image, 78, "/data/options.json) are empty or cut off", "save it", options=options)
        assert "jq:" not in log and "parse error" not in log, log
    for devices, words in (({"id": "meter"}, "devices: it has to be a list"), (["meter"], "devices: it has to be a list"),
                           ([{**METER, "settings": "hour_limit: 5000"}], "devices, settings: ")):
        assert "jq:" not in refused(world, image, 78, words, options={"devices": devices})


def no_device(world, image):
    """without a device it says where to add one"""
    refused(world, image, 78, "add one in the Configuration tab", options={})


def wrong_options(world, image):
    """a wrong option is named, with what was probably meant, in our own check's words"""
    wrong = {"id": "House meter", "adapter": "p1", "line": "tcp://192.0.2.1", "settings": ["hour_limt: 5000"]}
    log = refused(world, image, 78, "devices.House meter: an id has 1 to 48 characters a-z, 0-9 and _", "did you mean `hour_limit`?",
                  "devices.House meter.line: ", "put right in the Configuration tab", options={"devices": [wrong]})
    assert "good" not in log
    refused(world, image, 78, "this key is here twice", options={"devices": [METER, METER]})


def wrong_settings(world, image):
    """a setting that is no line of the configuration is named without its value, which may be a key"""
    refused(world, image, 78, "devices, meter, settings: number 1 (hour_limit ...) is no setting", "hour_limit: 5000",
            options={"devices": [{**METER, "settings": ["hour_limit 5000"]}]})
    refused(world, image, 78, "is no setting", options={"devices": [{**METER, "settings": ["interval: 5s\nmqtt: {}"]}]})
    refused(world, image, 78, "ERROR app: entities: ",
            options={"devices": [{**METER, "settings": ["entities: {power: [}"]}]})
    for name, setting in (("Key", "Key: 00112233445566"), ("key", "key = 00112233445566"), ("", "00112233445566"),
                          ("key", 'key: "00112233445566'), ("key", "key: 00112233445566: x")):
        log = refused(world, image, 78, name, options={"devices": [{**METER, "adapter": "han", "settings": [setting]}]})
        assert "0011" not in log, log


def broker_of_the_options(world, image):
    """a broker in the options is taken without asking the Supervisor"""
    container = app(world, image, {"devices": [{**METER, "name": "", "settings": [""]}], "mqtt_host": "127.0.0.1", "mqtt_user": "gridtap",
                                   "mqtt_password": world.passwords["gridtap"]}, offers=False)
    try:
        assert world.topic("gridtap/meter/power_import", 30, live=True), container.log()
        assert supervisor.asked == [], supervisor.asked
        assert world.passwords["gridtap"] not in container.log()
        assert container.terminate()[0] == 0
    finally:
        container.close()


OWN = "base: attic\ndevices:\n  meter:\n    adapter: p1\n    line: %s\n" % METER["line"]


def own_file(world, image):
    """the user's own file goes before the options, and needs no broker in it; without history none is kept"""
    container = app(world, image, {"devices": [{**METER, "id": "unused"}]}, own=OWN)
    try:
        assert world.topic("attic/meter/power_import", 30, live=True), container.log()
        assert "the configuration is /config/gridtap.yaml" in container.log()
        assert not os.path.exists(world.path("app-data/state/history"))
        assert container.terminate()[0] == 0
    finally:
        container.close()


def copies_of_the_history(world, image):
    """the user's own file has the history copied into /share"""
    container = app(world, image, {}, own=OWN + "history: {backup: {directory: /share}}\n")
    try:
        world.until(lambda: world.copies_in("app-share"), "a copy of the history: " + container.log())
        assert world.topic("attic/gateway/history_state") == "ok", container.log()
        assert container.terminate()[0] == 0
    finally:
        container.close()


def own_file_in_other_forms(world, image):
    """a mark of the encoding, keys in quotes, and lines that end the document are as good as plain ones"""
    broker = "{host: 127.0.0.1, user: gridtap, password_file: /config/password}\n"
    for begin, end in (("\ufeffmqtt: ", ""), ("mqtt : ", "...\n"), ('"log": {level: info}\n\'mqtt\': ', "---\n# the end\n\n"),
                       ("---\nmqtt: ", "... \n")):
        container = app(world, image, {}, own=begin + broker + OWN + end, offers=False)
        try:
            assert world.topic("attic/meter/power_import", 30, live=True), container.log()
            assert supervisor.asked == [], supervisor.asked
            assert container.terminate()[0] == 0
        finally:
            container.close()
    refused(world, image, 78, "/config/gridtap.yaml: begins with {: ", "in a line of its own", options={},
            own='# mine\n{devices: {meter: {adapter: p1, line: "%s"}}}\n' % METER["line"])


def wrong_own_file(world, image):
    """a mistake in the user's own file is shown with its line there"""
    refused(world, image, 78, "/config/gridtap.yaml:4:", "did you mean `p1`?", "put right in /config/gridtap.yaml",
            options={}, own=OWN.replace("p1", "p11"))


def own_file_off(world, image):
    """own_file: false goes back to the options without removing the file"""
    refused(world, image, 78, "add one in the Configuration tab", options={"own_file": False}, own=OWN)


CASES = [connects, no_service, wrong_token, broken_supervisor, service_in_words, broken_options, no_device, wrong_options, wrong_settings,
         broker_of_the_options, own_file, copies_of_the_history, own_file_in_other_forms, wrong_own_file, own_file_off]
