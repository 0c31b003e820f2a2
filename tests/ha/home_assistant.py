"""Home Assistant as a person's browser sees it: its REST and WebSocket API, standard library only."""
import base64
import json
import os
import socket
import struct
import time
import urllib.error
import urllib.request
from urllib.parse import urlparse


class Socket:
    """A logged-in WebSocket: text frames only. Raises OSError where it breaks, Refused where HA says no."""

    def __init__(self, url, token):
        where = urlparse(url)
        self.socket = socket.create_connection((where.hostname, where.port or 80), timeout=60)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(("GET /api/websocket HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                             "Sec-WebSocket-Version: 13\r\n\r\n" % (where.netloc, key)).encode())
        self.buffer, self.number = b"", 0
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError("no WebSocket: " + head.decode(errors="replace"))
        self.receive()
        self.send({"type": "auth", "access_token": token})
        if self.receive()["type"] != "auth_ok":
            raise OSError("Home Assistant does not take the token")

    def fill(self):
        data = self.socket.recv(65536)
        if not data:
            raise OSError("Home Assistant closed the connection")
        self.buffer += data

    def take(self, count):
        while len(self.buffer) < count:
            self.fill()
        out, self.buffer = self.buffer[:count], self.buffer[count:]
        return out

    def send_frame(self, opcode, data):
        mask, size = os.urandom(4), len(data)
        if size < 126:
            head = bytes([0x80 | opcode, 0x80 | size])
        elif size < 65536:
            head = bytes([0x80 | opcode, 0xFE]) + struct.pack(">H", size)
        else:
            head = bytes([0x80 | opcode, 0xFF]) + struct.pack(">Q", size)
        self.socket.sendall(head + mask + bytes(byte ^ mask[n % 4] for n, byte in enumerate(data)))

    def send(self, command):
        self.send_frame(1, json.dumps(command).encode())

    def frame(self):
        first, size = self.take(2)
        size &= 0x7F
        if size > 125:
            size = struct.unpack(">H", self.take(2))[0] if size == 126 else struct.unpack(">Q", self.take(8))[0]
        return first, self.take(size)

    def receive(self):
        data = b""
        while True:
            first, payload = self.frame()
            if first & 0x0F == 9:
                self.send_frame(10, payload)
            elif first & 0x0F == 8:
                raise OSError("Home Assistant closed the WebSocket")
            else:
                data += payload
                if first & 0x80:
                    return json.loads(data)

    def ask(self, kind, **more):
        self.number += 1
        self.send({"id": self.number, "type": kind, **more})
        while True:
            answer = self.receive()
            if answer.get("id") == self.number and answer["type"] == "result":
                if not answer["success"]:
                    raise Refused("%s: %s" % (kind, answer["error"]["message"]))
                return answer["result"]


class Refused(Exception):
    """Home Assistant's own "no", in its words."""


class HomeAssistant:
    def __init__(self, url, token):
        self.url, self.token, self.open = url.rstrip("/"), token, None

    def rest(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Refused("%s %s: %s %s" % (method, path, error.code, error.read()[:200])) from error

    def ask(self, kind, **more):
        """One WebSocket command; a connection that HA's restart has closed is opened again."""
        if self.open is not None:
            try:
                return self.open.ask(kind, **more)
            except OSError:
                self.open = None
        self.open = Socket(self.url, self.token)
        return self.open.ask(kind, **more)

    def call(self, service, entity, **data):
        self.rest("POST", "/api/services/" + service.replace(".", "/"), {"entity_id": entity, **data})

    def states(self):
        """Every entity's state, by entity id."""
        return {state["entity_id"]: state for state in self.rest("GET", "/api/states")}

    def state(self, entity):
        try:
            return self.rest("GET", "/api/states/" + entity)
        except Refused:
            return {"state": None, "attributes": {}}

    def entities(self):
        """The registry's entries of MQTT, by (platform, unique id)."""
        listed = [entry for entry in self.ask("config/entity_registry/list") if entry["platform"] == "mqtt"]
        return {(entry["entity_id"].split(".")[0], entry["unique_id"]): entry for entry in listed}

    def details(self, entity_ids):
        """What the list leaves out: device class, state class."""
        return self.ask("config/entity_registry/get_entries", entity_ids=sorted(entity_ids)) if entity_ids else {}

    def devices(self):
        """Devices of MQTT by their identifier, and all of them by HA's own id."""
        by_id = {device["id"]: device for device in self.ask("config/device_registry/list")}
        ours = {name[1]: device for device in by_id.values() for name in device["identifiers"] if name[0] == "mqtt"}
        return ours, by_id

    def is_up(self):
        try:
            return self.rest("GET", "/api/config")["state"] == "RUNNING"
        except (OSError, Refused):
            return False


def until(seconds, found, pause=0.25):
    """What `found()` returns as soon as it is true, or what it returned last."""
    end = time.monotonic() + seconds
    while True:
        value = found()
        if value or time.monotonic() > end:
            return value
        time.sleep(pause)
