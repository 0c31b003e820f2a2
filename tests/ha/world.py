"""What a case works with: the house, the broker, Home Assistant, and how each is stopped and started."""
import json
import os
import re
import subprocess
import time

from announced import Comparison, configs, entities
from broker import Broker
from home_assistant import HomeAssistant, Refused, until
from house import ANNEX, ANNEX_RELAYS, DEVICES, RELAYS, House, remembered_hour

# Lines of HA's log about us or about MQTT, which has no other user here; less what says only that the
# broker is away while a case keeps it away, or that the machine is slow.
OURS = re.compile(r"gridtap|mqtt|entity_registry|device_registry|recorder|homeassistant\.(components\.)?"
                  r"(sensor|switch|number|button|binary_sensor|text|select)\b", re.IGNORECASE)
EXPECTED = re.compile(r"Failed to connect to MQTT server|Disconnected from MQTT server|Error returned from MQTT server"
                      r"|failed to receive on socket"
                      r"|is taking (over|longer)|did not shut ?down cleanly|could not validate that the sqlite3 database")


class Skipped(Exception):
    """A case that this machine cannot do, and why."""


class RealHa:
    """A Home Assistant and a broker of ../shared/tools/real-ha: both can be stopped and started."""

    def __init__(self, program):
        self.program, self.parts = program, ("ha", "broker")
        self.down, self.starting = set(), []

    def tell(self, verb):
        done = subprocess.run([self.program, verb], capture_output=True, text=True)
        self.check(verb, done.returncode, done.stdout + done.stderr)
        return done.stdout

    @staticmethod
    def check(verb, status, said):
        if status != 0:
            raise RuntimeError("real-ha %s: %s" % (verb, said[-500:]))

    def stop(self, part):
        self.down.add(part)
        self.tell("stop-" + part)

    def begin(self, part):
        """Starts it; a Home Assistant is ready only when it has found its broker, so this does not wait for that."""
        self.down.discard(part)
        self.starting.append((part, subprocess.Popen([self.program, "start-" + part], stdout=subprocess.PIPE,
                                                     stderr=subprocess.STDOUT, text=True)))

    def await_started(self):
        for part, process in self.starting:
            said = process.communicate()[0]
            self.check("start-" + part, process.returncode, said)
        self.starting.clear()

    def repair(self):
        """Starts what a failed case has left stopped."""
        self.starting.clear()
        for part in sorted(self.down):
            self.begin(part)
        self.await_started()

    def log(self, _):
        return self.tell("log").splitlines()


class GivenHa:
    """A Home Assistant that runs elsewhere: it can be restarted by itself, its broker not."""

    def __init__(self):
        self.parts = ()

    def repair(self):
        """Nothing of it was stopped."""

    def await_started(self):
        """Nothing of it was started."""

    def log(self, home):
        return ["%s %s %s" % (entry["level"], entry["name"], " ".join(entry["message"]))
                for entry in home.ask("system_log/list") if entry["level"] != "INFO"]


class World:
    def __init__(self, program, folder):
        host, port = os.environ["GRIDTAP_HA_BROKER"].rsplit(":", 1)
        address = (host, int(port), os.environ.get("GRIDTAP_HA_USER"), os.environ.get("GRIDTAP_HA_PASSWORD"))
        self.broker = Broker(address)
        self.home = HomeAssistant(os.environ["GRIDTAP_HA_URL"], os.environ["GRIDTAP_HA_TOKEN"])
        real = os.environ.get("GRIDTAP_REAL_HA")
        self.control = RealHa(real) if real else GivenHa()
        self.house = House(program, folder / "house", address, DEVICES, RELAYS)
        self.annex = House(program, folder / "annex", address, ANNEX, ANNEX_RELAYS, "annex")
        self.began, self.program, self.folder = time.time(), program, folder
        self.notes, self.logged, self.ids, self.enabled = [], set(), {}, set()

    def start(self):
        """Both gateways; they remember the running hour from its begin, so that it is whole."""
        for house, meter in ((self.house, "hytte"), (self.annex, "fjord")):
            house.state.mkdir()
            (house.state / "state").write_text(remembered_hour(meter))
            house.start()

    def end(self):
        self.house.end()
        self.annex.end()

    def repair(self):
        """After a case that failed: everything runs."""
        self.control.repair()
        self.house.replay_silent()
        if self.house.gateway is None:
            self.house.start()

    def note(self, text):
        """Something that a reader of the result should know; no failure."""
        self.notes.append(text)

    def excuse(self, pattern, why):
        """Lines of HA's log that cannot be helped are noted, and are no complaints."""
        lines = [line for line in self.complaints_now() if re.search(pattern, line)]
        if lines:
            self.note("%s: %d of %s" % (why, len(lines), lines[0]))
        self.logged.update(lines)

    def complaints(self):
        """Lines of HA's log that are about us and were not returned before."""
        new = self.complaints_now()
        self.logged.update(new)
        return new

    def complaints_now(self):
        lines = [line for line in self.control.log(self.home) if OURS.search(line) and not EXPECTED.search(line)]
        return [line for line in lines if line not in self.logged]

    def announced(self):
        """Our configurations on the broker, with what a case has enabled in HA enabled."""
        found = configs(self.broker.retained("homeassistant/#"))
        for config in found.values():
            for component in config["cmps"].values():
                if (component["p"], component.get("uniq_id")) in self.enabled:
                    component.pop("en", None)
        return found

    def kept(self, topic):
        return self.broker.retained(topic).get(topic)

    def await_kept(self, topic, wanted, seconds=10.0):
        got = until(seconds, lambda: self.kept(topic) == wanted, 0.05)
        assert got, "%s is %r, not %r, after %g s" % (topic, self.kept(topic), wanted, seconds)

    def await_state(self, entity, wanted, seconds=10.0):
        got = until(seconds, lambda: self.home.state(entity)["state"] == wanted, 0.05)
        assert got, "%s is %r, not %r, after %g s" % (entity, self.home.state(entity)["state"], wanted, seconds)

    def entity_of(self, topic):
        """The entity id of the announced entity whose state is on that topic."""
        registered = self.home.entities()
        for name, entity in entities(self.announced()).items():
            if entity.config.get("stat_t") == topic:
                return registered[name]["entity_id"]
        raise AssertionError("nothing announces " + topic)

    def differences(self, announced=None):
        kept = self.broker.retained()
        return Comparison(self.home, announced or self.announced(), kept, self.ids).run()

    def settle(self, seconds=45.0, announced=None, forgiven=None):
        """Waits until HA shows what is announced; raises AssertionError with what it shows else.

        Values move while they are compared: only what differs in every look counts, and not what is
        forgiven, by the line that tells it."""
        end, rest = time.monotonic() + seconds, None
        while rest is None or rest:
            try:
                found = self.differences(announced)
            except (OSError, Refused) as error:
                found = {("Home Assistant", "answer"): "no answer: %s" % error}
            found = {key: line for key, line in found.items() if forgiven is None or not forgiven(line)}
            rest = found if rest is None else {key: found[key] for key in rest if key in found}
            if rest and time.monotonic() > end:
                raise AssertionError("%d differences:\n    %s" % (len(rest), "\n    ".join(sorted(rest.values())[:20])))
            if rest:
                time.sleep(0.5)

    def await_announced(self, seconds=95.0):
        """Waits until every device of the house is announced and nothing more comes for 6 s."""
        wanted, last, since = {"gridtap/" + name for name in self.house.config["devices"]}, None, time.monotonic()
        wanted.add("annex/fjord")
        end = since + seconds
        while time.monotonic() < end:
            found = self.announced()
            heard = set(re.findall(r'"(\w+/\w+)/status', json.dumps(found)))
            if found != last:
                last, since = found, time.monotonic()
            elif wanted <= heard and time.monotonic() - since > 6:
                return found
            time.sleep(0.5)
        raise AssertionError("not announced: %s" % (sorted(wanted - heard) or "it still changes"))
