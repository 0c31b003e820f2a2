#!/usr/bin/env python3
"""Serves lib/web/page with a house that is made up, for work on the page without a build.

  fake_server.py [--port 8470] [--password WORD] [--hold] [--kind all|simple] [--read-only]

--hold: events are held back, as an ingress may do. GET streams: how many are open. Prints its address;
Ctrl-C ends it.
"""
import argparse
import http.server
import json
import re
import sys
import threading
import time
from pathlib import Path

import fake_history
from fake_house import House, utc

PAGE = Path(__file__).resolve().parents[2] / "lib" / "web" / "page"
TYPES = {"html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
         "svg": "image/svg+xml", "png": "image/png", "json": "application/manifest+json"}
HEADERS = {"Content-Security-Policy": "default-src 'self'; frame-ancestors 'self'", "X-Content-Type-Options": "nosniff",
           "Referrer-Policy": "no-referrer"}


def served():
    """path -> the files it is joined from, as lib/web/page/embed.cmake has it"""
    listed = re.search(r"set\(SERVED([^)]*)\)", (PAGE / "embed.cmake").read_text(encoding="utf-8"))[1]
    return {row.split("|")[0]: row.split("|")[1:] for row in listed.split()}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    options, house, streams = None, None, 0

    def log_message(self, *_):
        pass

    def give(self, status, body=b"", type_="application/json", **fields):
        body = json.dumps(body).encode() if not isinstance(body, bytes) else body
        self.send_response(status)
        for name, value in {**HEADERS, "Content-Type": type_, "Content-Length": str(len(body)), **fields}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def let_in(self):
        if not self.options.password or "gridtap=in" in self.headers.get("Cookie", ""):
            return True
        self.give(401, {"reason": "log in first", "language": "auto"})
        return False

    def do_GET(self):
        path = self.path.split("?")[0].lstrip("/") or "index.html"
        if path in served():
            return self.give(200, b"".join((PAGE / part).read_bytes() for part in served()[path]), TYPES[path.split(".")[-1]], **{"Cache-Control": "no-cache"})
        if path == "health":
            return self.give(200, b"ok", "text/plain")
        if path == "streams":
            return self.give(200, Handler.streams)
        answers = {"api/state": self.state, "api/recent": self.recent, "api/events": self.events, "api/history": self.history}
        if path not in answers:
            return self.give(404, {"reason": "there is no such address"})
        return self.let_in() and answers[path]()

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        if self.path == "/api/login":
            if asked.get("password") != self.options.password:
                return self.give(401, {"reason": "wrong password"})
            return self.give(204, b"", **{"Set-Cookie": "gridtap=in; HttpOnly; SameSite=Strict; Path=/"})
        if self.path == "/api/logout":
            return self.give(204, b"", **{"Set-Cookie": "gridtap=; Max-Age=0; Path=/"})
        if not self.let_in():
            return None
        if self.options.read_only:
            return self.give(403, {"reason": "commands are off"})
        time.sleep(0.2)
        return self.give(*self.house.command(asked["device"], asked["key"], asked["value"]))

    def state(self):
        with self.house.lock:
            self.give(200, {"version": "0.2.0", "now": utc(), "time_zone": "Europe/Oslo", "language": "auto",
                            "commands": not self.options.read_only, "history": True, "devices": self.house.devices})

    def recent(self):
        with self.house.lock:
            self.give(200, {"step": 5, "end": int(time.time()), "series": [
                {"device": device, "key": key, "unit": "W", "values": values} for (device, key), values in self.house.recent.items()]})

    def history(self):
        self.give(200, fake_history.answer(self.path.partition("?")[2]))

    def events(self):
        Handler.streams += 1
        try:
            self.stream()
        finally:
            Handler.streams -= 1

    def stream(self):
        self.send_response(200)
        for name, value in {**HEADERS, "Content-Type": "text/event-stream", "Cache-Control": "no-store", "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True
        if self.options.hold:
            time.sleep(3600)
        with self.house.lock:
            self.event(None, None)
            for one in self.house.devices:
                self.event("device", one)
            self.event("ready", {})
            seen = len(self.house.log)
        while True:
            with self.house.lock:
                self.house.lock.wait(15)
                changes, seen = self.house.log[seen:], len(self.house.log)
                merged = {"t": utc()}
                for change in changes:
                    for kind, values in change.items():
                        merged.setdefault(kind, {}).update(values)
            self.event("change", merged)

    def event(self, name, what):
        text = "event: %s\ndata: %s\n\n" % (name, json.dumps(what)) if name else ": gridtap\nretry: 3000\n\n"
        self.wfile.write(text.encode())
        self.wfile.flush()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--port", type=int, default=8470)
    parser.add_argument("--password", default="")
    parser.add_argument("--kind", choices=("all", "simple"), default="all")
    parser.add_argument("--hold", action="store_true")
    parser.add_argument("--read-only", action="store_true")
    Handler.options = parser.parse_args()
    Handler.house = House(Handler.options.kind)
    threading.Thread(target=Handler.house.live, daemon=True).start()
    server = Server(("127.0.0.1", Handler.options.port), Handler)
    print("listening on http://127.0.0.1:%d/" % server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
