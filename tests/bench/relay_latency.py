#!/usr/bin/env python3
"""How long a command takes from its publisher to the line of a relay, whose level a file shows.

  relay_latency.py PORT TOPIC FILE COUNT     prints p50, p99 and the slowest, in milliseconds
"""
import os
import random
import socket
import sys
import time


def text(word):
    return len(word).to_bytes(2, "big") + word.encode()


def packet(kind, body):
    assert len(body) < 128
    return bytes([kind, len(body)]) + body


def main(port, topic, file, count):
    link = socket.create_connection(("127.0.0.1", port))
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    link.sendall(packet(0x10, text("MQTT") + bytes([4, 2, 0, 0]) + text("relay-latency")))
    assert link.recv(4)[3] == 0, "the broker refuses the connection"
    level = os.open(file, os.O_RDONLY)
    times = []
    for n in range(count):
        word = "OFF" if n % 2 else "ON"
        time.sleep(random.uniform(0.02, 0.06))  # not in step with the telegrams
        began = time.perf_counter()
        link.sendall(packet(0x30, text(topic) + word.encode()))
        while os.pread(level, 3, 0).decode().strip() != word:
            if time.perf_counter() > began + 5:
                sys.exit("the line does not follow")
            time.sleep(0.00005)
        times.append(1000 * (time.perf_counter() - began))
    link.sendall(packet(0xE0, b""))
    times.sort()
    print("p50 %.2f ms, p99 %.2f ms, slowest %.2f ms" % (times[count // 2], times[count * 99 // 100], times[-1]))


main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
