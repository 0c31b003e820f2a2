"""The houses under test: every device that `gridtap simulate` plays, simulated relays, and the real
program between them and the broker.

The configuration is a dictionary that cases change; it is written as JSON, which is YAML.
"""
import copy
import json
import re
import signal
import subprocess
import time

KEY, DENMARK = "000102030405060708090A0B0C0D0E0F", "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF"
AUSTRIA = "00112233445566778899AABBCCDDEEFF"
SERVED = "127.0.0.1:2001"  # where other programs read the line of the house
# id, adapter, meter, line, name, further settings. KEY files are written when the house is built.
# A KG-F has the serial number of its address, and 5 more: no two addresses are the same.
DEVICES = [
    ("house", "p1", "dsmr5", "pty", "House meter", {"hour_limit": 50000, "peaks": {"days": 3}, "serve": SERVED}),
    ("flat", "p1", "dsmr5_1ph", "pty", "Flat meter", {}),
    ("shop", "p1", "dsmr42", "tcp", "Shop meter", {}),
    ("farm", "p1", "dsmr30", "pty", "Farm meter", {}),
    ("cottage", "p1", "dsmr22", "pty", "Old meter", {"time_zone": "Europe/Amsterdam"}),
    ("neighbour", "p1", "belgium", "pty", "Belgian meter", {}),
    ("villa", "p1", "luxembourg", "tcp", "Encrypted meter", {"key_file": KEY}),
    ("alm", "p1", "austria", "tcp", "Austrian meter", {"key_file": KEY, "authentication_key_file": AUSTRIA}),
    ("cabin", "p1", "sweden", "tcp", "Swedish meter", {}),
    ("baltic", "p1", "lithuania", "pty", "Lithuanian meter", {"utc_offset": "2h"}),
    ("puszta", "p1", "hungary", "pty", "Hungarian meter", {}),
    ("hytte", "han", "kaifa_1ph", "pty", "Small meter", {"hour_limit": 50000}),
    ("fjell", "han", "aidon", "tcp", "Mountain meter", {}),
    ("lake", "han", "kamstrup", "pty", "Lake meter", {}),
    ("manor", "han", "kamstrup_dk", "tcp", "Danish meter", {"key_file": KEY, "authentication_key_file": DENMARK}),
    ("battery", "kgf", "battery", "pty", "Battery", {"writes": True}),
    ("boat", "kgf", "display", "pty", "Boat battery", {"address": 4}),
    ("bank", "kgf", "pair", "pty", "Battery bank", {"address": [2, 3], "writes": True}),
    ("van", "kgf", "khf", "pty", "Van battery", {"address": 5}),
    ("mains", "kq330", "node", "pty", "Power line",
     {"keys": {"t": "temperature", "h": "humidity"}, "entities": {"relay": {"set": "switch", "node": "g1"}}}),
    ("roof", "sunspec", "house", "tcp", "Roof", {"writes": True}),
    ("barn", "sunspec", "der", "tcp", "Barn", {"writes": True}),
]
RELAYS = {
    "pump": {"name": "Garden pump"},
    "heater": {"name": "Heater", "min_off": "10min", "interlock": "climate"},
    "cooler": {"name": "Cooler", "interlock": "climate"},
}
# The annex has a gateway of its own: its alarm holds for 5 minutes, through which nobody restarts it.
ANNEX = [("fjord", "han", "kaifa", "pty", "Norwegian meter", {"hour_limit": 50000, "peaks": {"days": 3}})]
ANNEX_RELAYS = {"boiler": {"name": "Hot water", "max_on": "4h", "shed_by": "fjord"}}


def fnv(bits, text):
    """FNV-1a, the checksum of the state file: over all of it in 64 bits, over a record in 32."""
    value, prime = (0x811C9DC5, 0x01000193) if bits == 32 else (0xCBF29CE484222325, 0x100000001B3)
    for byte in text.encode():
        value = (value ^ byte) * prime % (1 << bits)
    return "%0*X" % (bits // 4, value)


def remembered_hour(meter):
    """A state file that knows the running hour of that meter from its begin: 1200 Wh up to now."""
    now = int(time.time() * 1000)
    into = now % 3600000
    rows = "hours.time %d 3600000\nhours.piece %d 4320000000000 %d %d\n" % (now, now - into, into, into)
    lines = "".join(" %s\n" % row for row in rows.splitlines())
    body = "[%s.hours]\n record 2 %s\n%s" % (meter, fnv(32, rows), lines)
    return "gridtap-state 2 %s\n%s" % (fnv(64, body), body)


class House:
    """Plays devices and runs `program` between them and the broker at `address`."""

    def __init__(self, program, folder, address, devices, relays, base="gridtap"):
        self.program, self.folder, self.address = program, folder, address
        self.processes, self.gateway = {}, None
        folder.mkdir(parents=True, exist_ok=True)
        self.state = folder / "state"
        host, port, user, password = address
        copies = folder / "copies"
        copies.mkdir(exist_ok=True)
        self.config = {"base": base, "state_dir": str(self.state), "time_zone": "Europe/Oslo",
                       "history": {"backup": {"directory": str(copies)}},
                       "mqtt": {"host": host, "port": port}, "devices": {}, "relays": {}}
        if user:
            self.config["mqtt"].update(user=user, password_file=self.secret("password", password or ""))
        for line, (name, settings) in enumerate(relays.items(), 1):
            self.config["relays"][name] = {"chip": "simulated", "line": line, **settings}
        for device in devices:
            self.add(*device)

    def secret(self, name, text):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return str(path)

    def add(self, name, adapter, meter, line, title, settings):
        device = {"adapter": adapter, "line": self.play(name, adapter, meter, line, settings), "name": title}
        for key, value in settings.items():
            if key.endswith("key_file"):
                value = self.secret("%s.%s" % (name, key), value)
            device[key] = value
        self.config["devices"][name] = device

    def play(self, name, adapter, meter, line, settings):
        """Plays a device, at the first of its addresses; returns the line at which gridtap finds it."""
        log, end = self.folder / (name + ".log"), self.folder / name
        where = ["--listen", "0"] if line == "tcp" else ["--pty", str(end)]
        command = [self.program, "simulate", adapter, "--set", "meter=" + meter, *where]
        if "address" in settings:
            command += ["--set", "address=%d" % (settings["address"] if meter != "pair" else settings["address"][0])]
        with log.open("w") as out:
            self.processes[name] = subprocess.Popen(command, stdout=out, stderr=out)
        for _ in range(100):
            said = log.read_text()
            if line == "tcp" and (port := re.search(r"^listening on (\S+)", said, re.MULTILINE)):
                return "tcp://" + port[1]
            if line != "tcp" and "/dev/pts/" in said:
                return str(end)
            time.sleep(0.1)
        raise RuntimeError("%s is not played: %s" % (name, log.read_text()))

    def silence(self, name):
        """The device is gone: as if its cable were out. `replay` brings it back."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(10)

    def replay_silent(self):
        for name in self.config["devices"].keys() - self.processes.keys():
            self.replay(name)

    def replay(self, name):
        """Plays again a device of DEVICES on a terminal that was silenced."""
        (_, adapter, meter, line, _, settings), = [device for device in DEVICES if device[0] == name]
        assert line == "pty", "a socket would have another port"
        self.play(name, adapter, meter, line, settings)

    def write_config(self, config=None):
        path = self.folder / "config.yaml"
        path.write_text(json.dumps(self.config if config is None else config, indent=1))
        return str(path)

    def changed(self):
        """A copy of the configuration, for a case to change."""
        return copy.deepcopy(self.config)

    def start(self, config=None):
        path = self.write_config(config)
        checked = subprocess.run([self.program, "check", "--config", path], capture_output=True, text=True)
        if checked.returncode != 0:
            raise RuntimeError("gridtap check: " + checked.stdout + checked.stderr)
        with (self.folder / "gridtap.log").open("a") as out:
            self.gateway = subprocess.Popen([self.program, "run", "--config", path], stdout=out, stderr=out)

    def stop(self, how=signal.SIGTERM):
        """Ends the gateway; its status."""
        self.gateway.send_signal(how)
        status = self.gateway.wait(10)
        self.gateway = None
        return status

    def restart(self, config=None, how=signal.SIGTERM):
        self.stop(how)
        self.start(config)

    def end(self):
        if self.gateway is not None:
            self.stop()
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(10)
