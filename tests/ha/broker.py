"""A small MQTT 3.1.1 client, standard library only: what this tier says and sees on the broker.

Topics and payloads are text. Everything is sent with QoS 0; `publish` returns when the broker has
read it. Raises OSError where the broker is gone.
"""
import os
import socket
import struct
import threading
import time

CONNECT, PUBLISH, SUBSCRIBE, PING, DISCONNECT = 0x10, 0x30, 0x82, 0xC0, 0xE0
ANSWERS = {CONNECT: 0x20, SUBSCRIBE: 0x90, PING: 0xD0}


def text(value):
    data = value.encode()
    return struct.pack(">H", len(data)) + data


class Connection:
    def __init__(self, address, seconds=10.0):
        host, port, user, password = address
        self.socket = socket.create_connection((host, port), timeout=seconds)
        self.buffer = b""
        flags = 2 | (0x80 if user else 0) | (0x40 if password else 0)
        login = b"".join(text(part) for part in (user, password) if part)
        name = "gridtap-ha-%s" % os.urandom(6).hex()
        self.send(CONNECT, text("MQTT") + bytes([4, flags]) + struct.pack(">H", 60) + text(name) + login)
        answer = self.await_answer(CONNECT)
        if answer[1] != 0:
            raise OSError("the broker refuses the connection: code %d" % answer[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        try:
            self.send(DISCONNECT, b"")
        except OSError:
            pass
        self.socket.close()

    def send(self, kind, body):
        size, head = len(body), bytearray([kind])
        while True:
            head.append(size % 128 | (0x80 if size > 127 else 0))
            size //= 128
            if size == 0:
                break
        self.socket.sendall(bytes(head) + body)

    def take(self, count):
        while len(self.buffer) < count:
            data = self.socket.recv(65536)
            if not data:
                raise OSError("the broker closed the connection")
            self.buffer += data
        out, self.buffer = self.buffer[:count], self.buffer[count:]
        return out

    def receive(self):
        """(kind with flags, body) of the next packet; raises TimeoutError where none comes.

        Inside a packet the wait is the socket's as well: on loopback a whole one follows its head."""
        kind, size, shift = self.take(1)[0], 0, 0
        while True:
            digit = self.take(1)[0]
            size |= (digit & 127) << shift
            shift += 7
            if digit < 128:
                return kind, self.take(size)

    def await_answer(self, kind):
        while True:
            got, body = self.receive()
            if got & 0xF0 == ANSWERS[kind] & 0xF0:
                return body

    def subscribe(self, pattern):
        self.send(SUBSCRIBE, b"\0\1" + text(pattern) + b"\0")

    def publish(self, topic, payload, retain=False):
        self.send(PUBLISH | (1 if retain else 0), text(topic) + payload.encode())

    def message(self):
        """(topic, payload, retained) of the next message; raises TimeoutError where none comes."""
        while True:
            kind, body = self.receive()
            if kind & 0xF0 == PUBLISH:
                size = struct.unpack(">H", body[:2])[0]
                return body[2:2 + size].decode(), body[2 + size:].decode(), bool(kind & 1)


class Broker:
    """The broker of the house, by (host, port, user, password)."""

    def __init__(self, address):
        self.address = address

    def retained(self, pattern="#"):
        """What it keeps, by topic. The broker answers PING after all of it."""
        kept = {}
        with Connection(self.address) as connection:
            connection.subscribe(pattern)
            connection.await_answer(SUBSCRIBE)
            connection.send(PING, b"")
            while True:
                kind, body = connection.receive()
                if kind & 0xF0 == 0xD0:
                    return kept
                if kind & 0xF1 == PUBLISH | 1:
                    size = struct.unpack(">H", body[:2])[0]
                    kept[body[2:2 + size].decode()] = body[2 + size:].decode()

    def publish(self, topic, payload, retain=False):
        with Connection(self.address) as connection:
            connection.publish(topic, payload, retain)
            connection.send(PING, b"")
            connection.await_answer(PING)


class Ear:
    """Hears what is published under a pattern from now on: `with Ear(broker, "x/#") as ear`."""

    def __init__(self, broker, pattern):
        self.connection = Connection(broker.address)
        self.connection.subscribe(pattern)
        self.connection.await_answer(SUBSCRIBE)
        self.connection.socket.settimeout(None)
        self.heard, self.news = [], threading.Condition()
        threading.Thread(target=self.listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def listen(self):
        try:
            while True:
                message = self.connection.message()
                with self.news:
                    self.heard.append(message)
                    self.news.notify_all()
        except (OSError, ValueError):
            return

    def payloads(self, topic):
        with self.news:
            return [payload for name, payload, _ in self.heard if name == topic]

    def await_payload(self, topic, seconds):
        """The first payload of that topic; None where none came."""
        end = time.monotonic() + seconds
        with self.news:
            while True:
                found = [payload for name, payload, _ in self.heard if name == topic]
                if found or not self.news.wait(max(0.0, end - time.monotonic())):
                    return found[0] if found else None
