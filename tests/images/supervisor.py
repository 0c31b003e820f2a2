"""A stand-in of the Supervisor's API, as far as an app asks it for the broker: GET /services/mqtt.

Answers as the Supervisor does: with the service where there is one, 400 and "Service not enabled"
where no app offers one, 401 without the token.
"""
import http.server
import json
import threading


class Supervisor:
    def __init__(self, token):
        self.token = token
        self.service = None     # what the Mosquitto app would have announced; None: there is no such app
        self.failure = None     # (status, body) to answer whatever is asked for; the body None is an empty one
        self.asked = []         # the paths asked for
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                stand_in.asked.append(self.path)
                self.answer(*stand_in.reply(self.path, self.headers.get("Authorization")))

            def answer(self, status, body):
                data = b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 80), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reply(self, path, authorization):
        if self.failure is not None:
            return self.failure
        if authorization != "Bearer " + self.token:
            return 401, {"result": "error", "message": "Unauthorized"}
        if path != "/services/mqtt":
            return 404, {"result": "error", "message": "Not found"}
        if self.service is None:
            return 400, {"result": "error", "message": "Service not enabled"}
        return 200, {"result": "ok", "data": self.service}
