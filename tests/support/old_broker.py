#!/usr/bin/env python3
"""A broker that knows MQTT 3.1.1 only: refuses MQTT 5 as such a broker does, and passes everything else on to PORT.

  old_broker.py PORT

Prints "listening on 127.0.0.1:PORT". Ends with SIGTERM.
"""
import socket
import sys
import threading

behind = int(sys.argv[1])


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for end in (source, target):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client):
    first = client.recv(65536)
    at = first.find(b"\0\4MQTT")
    if at < 0 or first[at + 6] != 4:
        client.sendall(b"\x20\x02\x00\x01")  # CONNACK: unacceptable protocol version
        client.close()
        return
    broker = socket.create_connection(("127.0.0.1", behind))
    broker.sendall(first)
    threading.Thread(target=pump, args=(broker, client), daemon=True).start()
    pump(client, broker)


listener = socket.create_server(("127.0.0.1", 0))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
