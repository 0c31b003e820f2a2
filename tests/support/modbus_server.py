#!/usr/bin/env python3
"""A Modbus TCP server that serves registers from a JSON image, and misbehaves on demand.

  modbus_server.py IMAGE MOOD LOG

IMAGE has `registers`: decimal address -> word. MOOD is a file with one word, read at each request:
  good | silent | delay SECONDS | split | exception CODE | transaction | drop | single
(`single`: a second client is turned away.) LOG gets a line a request: seconds, address, count.
Prints "listening on 127.0.0.1:PORT". Ends with SIGTERM.
"""
import json
import socket
import struct
import sys
import threading
import time

image_file, mood_file, log_file = sys.argv[1:4]
registers = {int(k): v for k, v in json.load(open(image_file))["registers"].items()}
log = open(log_file, "w", buffering=1)
clients = 0


def mood():
    try:
        return open(mood_file).read().split() or ["good"]
    except OSError:
        return ["good"]


def answer(frame):
    transaction, _, _, unit, function = struct.unpack(">HHHBB", frame[:8])
    address, count = struct.unpack(">HH", frame[8:12])
    log.write("%.3f %d %d\n" % (time.time(), address, count))
    words = mood()
    if words[0] == "exception":
        body = struct.pack(">BBB", unit, function | 0x80, int(words[1]))
    elif function in (3, 4):
        values = [registers.get(address + n) for n in range(count)]
        if None in values:
            body = struct.pack(">BBB", unit, function | 0x80, 2)
        else:
            body = struct.pack(">BBB%dH" % count, unit, function, 2 * count, *values)
    elif function == 6:
        registers[address] = count
        body = frame[6:12]
    elif function == 16:
        for n in range(count):
            registers[address + n] = struct.unpack(">H", frame[13 + 2 * n:15 + 2 * n])[0]
        body = frame[6:12]
    else:
        body = struct.pack(">BBB", unit, function | 0x80, 1)
    if words[0] == "transaction":
        transaction = (transaction + 7) & 0xFFFF
    return struct.pack(">HHH", transaction, 0, len(body)) + body


def take(connection, size):
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise OSError
        data += piece
    return data


def serve(connection):
    global clients
    clients += 1
    try:
        if mood()[0] == "single" and clients > 1:
            return
        while True:
            head = take(connection, 6)
            frame = head + take(connection, struct.unpack(">H", head[4:])[0])
            words, reply = mood(), answer(frame)
            if words[0] == "silent":
                continue
            if words[0] == "drop":
                return
            if words[0] == "delay":
                time.sleep(float(words[1]))
            if words[0] == "split":
                for n in range(len(reply)):
                    connection.sendall(reply[n:n + 1])
                    time.sleep(0.002)
            else:
                connection.sendall(reply)
    except OSError:
        pass
    finally:
        clients -= 1
        connection.close()


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 0))
listener.listen()
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    peer, _ = listener.accept()
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=serve, args=(peer,), daemon=True).start()
