"""What the browser looks at: the program with simulated devices, or a house that is made up."""
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from webdriver import Failed

HERE = Path(__file__).resolve().parent
PASSWORD = "correct horse"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class House:
    """Can be stopped and started again at the same address."""

    def __init__(self):
        self.port, self.process = free_port(), None
        self.url = "http://127.0.0.1:%d/" % self.port
        self.work = tempfile.TemporaryDirectory(prefix="gridtap-web-")
        self.log = Path(self.work.name) / "log"

    def start(self):
        with self.log.open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        for _ in range(200):
            try:
                urllib.request.urlopen(self.url + "health", timeout=2).close()
                return
            except OSError:
                time.sleep(0.1)
        raise Failed("it does not listen: " + self.log.read_text(encoding="utf-8")[-500:])

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
        self.process = None

    def end(self):
        self.stop()
        self.work.cleanup()


class MadeUp(House):
    name, relay, rival = "a house that is made up", "Heating", "Cooling"

    def __init__(self, *options):
        super().__init__()
        self.options = options

    def command(self):
        return [sys.executable, str(HERE / "fake_server.py"), "--port", str(self.port), *self.options]

    def level(self):
        return None

    def streams(self):
        with urllib.request.urlopen(self.url + "streams", timeout=5) as answer:
            return int(answer.read())


class Served(House):
    """One that others have started, and will end."""

    def __init__(self, url):
        super().__init__()
        self.url = url

    def start(self):
        pass


class Gridtap(House):
    """A meter that is simulated, and two relays of one interlock group whose levels are files."""

    name, relay, rival = "gridtap", "Heating", "Cooling"

    def __init__(self, program):
        super().__init__()
        self.program, self.meter = program, None
        self.config = self.write("config.yaml", CONFIG.format(work=self.work.name, port=self.port))
        os.chmod(self.write("password", PASSWORD + "\n"), 0o600)

    def write(self, name, text):
        path = Path(self.work.name) / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def refusal(self):
        """Why the program cannot serve a page: an older one knows no `web:`."""
        said = subprocess.run([self.program, "check", "--config", self.config], capture_output=True, text=True, check=False)
        return (said.stdout + said.stderr).strip() if said.returncode else ""

    def command(self):
        return [self.program, "run", "--config", self.config]

    def keep_a_year(self):
        """What app/demo makes up, up to this hour."""
        os.makedirs(self.work.name + "/state", exist_ok=True)
        year = subprocess.run(["awk", "-v", "now=%d" % time.time(), "-f", str(HERE.parents[1] / "app" / "demo_year.awk")],
                              capture_output=True, text=True, check=True).stdout
        subprocess.run([self.program, "import", "--config", self.config, self.write("year.csv", year)], capture_output=True, check=True)

    def start(self):
        if not self.meter:
            self.keep_a_year()
            self.meter = subprocess.Popen([self.program, "simulate", "p1", "--set", "meter=dsmr5", "--pty", self.work.name + "/line"],
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        super().start()

    def end(self):
        if self.meter:
            self.meter.terminate()
            self.meter.wait()
        super().end()

    def level(self):
        """Of the simulated chip's line."""
        return Path(self.work.name, "heating").read_text(encoding="utf-8").strip()


CONFIG = """
state_dir: {work}/state
time_zone: Europe/Oslo
history: {{}}
web: {{listen: "127.0.0.1:{port}", password_file: {work}/password}}
devices:
  house: {{adapter: p1, line: {work}/line, name: "House <b>meter</b>", hour_limit: 5000, interval: 0s}}
relays:
  heating: {{chip: simulated, line: {work}/heating, name: Heating, interlock: climate}}
  cooling: {{chip: simulated, line: {work}/cooling, name: Cooling, interlock: climate}}
"""


def chosen(program):
    """(house, note): the program where it can serve the page, else the house that is made up."""
    if program and os.access(program, os.X_OK):
        house = Gridtap(program)
        why = house.refusal()
        if not why:
            return house, ""
        house.end()
        return MadeUp("--password", PASSWORD), why.split("\n")[0]
    return MadeUp("--password", PASSWORD), "there is no program %s" % program
