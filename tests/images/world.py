"""What the images are tried with: a broker with passwords, a meter on a terminal, files in a folder."""
import os
import subprocess
import time

HOSTS = "127.0.0.1 localhost supervisor core-mosquitto mosquitto\n"


class World:
    def __init__(self, folder, repository, program):
        self.folder, self.repository, self.program = folder, repository, program
        self.passwords = {"gridtap": "of compose'\"$ \\x", "addons": "of the service: #1"}
        self.children = []
        self.hosts = self.write("hosts", HOSTS)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, owner=None, mode=0o644):
        path = self.path(name)
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, mode)
        if owner is not None:
            os.chown(path, owner, owner)
        return path

    def folder_of(self, name, owner, mode):
        """A folder of that user; one that is there already stays."""
        path = self.path(name)
        if not os.path.exists(path):
            os.mkdir(path, mode)
            os.chown(path, owner, owner)
        return path

    def copies_in(self, name):
        """The whole copies of the history in that folder."""
        return [each for each in os.listdir(self.path(name))
                if each.startswith("gridtap-") and os.path.getsize(self.path("%s/%s/history.db" % (name, each))) > 0]

    def start(self, *command):
        child = subprocess.Popen(command, stdout=open(self.path("children.log"), "ab"), stderr=subprocess.STDOUT)
        self.children.append(child)
        return child

    def end(self):
        for child in self.children:
            child.kill()
            child.wait()

    def start_broker(self):
        """Mosquitto with docker/mosquitto.conf, whose paths are those of its image."""
        passwords = self.path("passwords")
        for name, word in self.passwords.items():
            subprocess.run(["mosquitto_passwd", "-b", *([] if os.path.exists(passwords) else ["-c"]), passwords, name, word],
                           check=True, capture_output=True)
        os.chmod(passwords, 0o600)
        os.mkdir(self.path("data"))
        with open(self.repository + "/docker/mosquitto.conf") as file:
            config = file.read()
        config = config.replace("/mosquitto/config/passwords", passwords).replace("/mosquitto/data", self.path("data"))
        self.start("mosquitto", "-c", self.write("mosquitto.conf", config + "user root\n"))
        self.until(lambda: self.topic("$SYS/broker/version", 2), "the broker")

    def start_meter(self, group):
        """A P1 meter on a terminal that the group may open; returns the terminal."""
        link = self.path("meter")
        self.start(self.program, "simulate", "p1", "--set", "meter=dsmr5", "--pty", link)
        self.until(lambda: os.path.exists(link), "the meter")
        terminal = os.path.realpath(link)
        os.chown(terminal, 0, group)
        os.chmod(terminal, 0o660)
        return terminal

    def topic(self, name, seconds=20, live=False):
        """The next message of a topic, as text; None when there is none."""
        done = subprocess.run(
            ["mosquitto_sub", "-h", "127.0.0.1", "-u", "gridtap", "-P", self.passwords["gridtap"], "-t", name, "-C", "1",
             "-W", str(seconds), *(["-R"] if live else [])], capture_output=True, text=True)
        return done.stdout.rstrip("\n") if done.returncode == 0 else None

    def clear(self):
        """Takes the retained messages of the last gateway away."""
        subprocess.run(["mosquitto_sub", "-h", "127.0.0.1", "-u", "gridtap", "-P", self.passwords["gridtap"], "-t", "gridtap/#",
                        "-t", "homeassistant/#", "--remove-retained", "--retained-only", "-W", "1"], capture_output=True)

    @staticmethod
    def until(condition, what, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("no sign of " + what)
            time.sleep(0.1)
