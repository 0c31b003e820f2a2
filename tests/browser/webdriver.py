"""A browser by WebDriver, with nothing but the standard library: chromedriver, and what it says of the
console and of the requests."""
import base64
import json
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--no-first-run", "--no-default-browser-check",
         "--disable-features=OptimizationHints,MediaRouter,Translate", "--hide-scrollbars"]


class Failed(Exception):
    """A test did not see what it waited for."""


class Browser:
    """One browser with a profile of its own. `size`: of the window's inside."""

    def __init__(self, size=(1280, 900), language="en-GB"):
        self.profile = tempfile.mkdtemp(prefix="gridtap-browser-")
        self.driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.base = "http://127.0.0.1:%d" % self.port()
        options = {"args": [*FLAGS, "--user-data-dir=" + self.profile, "--lang=" + language],
                   "prefs": {"intl.accept_languages": language}}
        asked = {"browserName": "chrome", "goog:chromeOptions": options,
                 "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        session = self.call("POST", "/session", {"capabilities": {"alwaysMatch": asked}})
        self.base += "/session/" + session["sessionId"]
        self.console, self.requests = [], []
        self.resize(*size)

    def port(self):
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found[1])
        raise Failed("chromedriver did not start")

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.base + path, method=method, headers={"Content-Type": "application/json"},
                                         data=None if body is None else json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Failed(json.load(error)["value"]["message"].split("\n")[0]) from None

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.profile, ignore_errors=True)

    def cdp(self, command, **what):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": what})

    def resize(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)

    def media(self, **features):
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": name.replace("_", "-"), "value": value} for name, value in features.items()])

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def later(self, script, *arguments):
        """As run; the script gives a promise."""
        return self.run("const given = arguments; return (async () => {" + script.replace("arguments", "given") + "})()", *arguments)

    def find(self, selector):
        return self.call("POST", "/element", {"using": "css selector", "value": selector})

    def of(self, selector, what):
        return "/element/%s/%s" % (self.find(selector)[ELEMENT], what)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def attribute(self, selector, name):
        return self.run("return document.querySelector(arguments[0])?.getAttribute(arguments[1])", selector, name)

    def shown(self, selector):
        return self.run("return Boolean(document.querySelector(arguments[0])?.checkVisibility())", selector)

    def click(self, selector):
        self.run("document.querySelector(arguments[0])?.scrollIntoView({block: 'center'})", selector)
        self.call("POST", self.of(selector, "click"), {})

    def type(self, selector, text):
        """In the place of what is there, as a person would who has selected it."""
        self.run("document.querySelector(arguments[0]).select()", selector)
        self.call("POST", self.of(selector, "value"), {"text": text})

    def keys(self, text):
        actions = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def wait(self, what, holds, seconds=15):
        """Until `holds` gives something true, which is returned."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = holds()
            if found:
                return found
            time.sleep(0.1)
        raise Failed("not within %d s: %s" % (seconds, what))

    def picture(self, path):
        height = self.run("return document.documentElement.scrollHeight")
        width = self.run("return innerWidth")
        shot = self.cdp("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        path.write_bytes(base64.b64decode(shot["data"]))

    def listen(self):
        """Takes what console and network have said since the last call; `console` and `requests` keep it all."""
        self.console += self.call("POST", "/se/log", {"type": "browser"})
        for row in self.call("POST", "/se/log", {"type": "performance"}):
            said = json.loads(row["message"])["message"]
            if said["method"] == "Network.requestWillBeSent":
                self.requests.append(said["params"]["request"]["url"])
