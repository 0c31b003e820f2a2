"""Tries the images: each case prints `SECONDS s  ok: NAME` or `FAILED: NAME` and why.

  check.py FOLDER PROGRAM NAME=ROOT:CONFIG...

FOLDER is an empty one; PROGRAM is gridtap on this machine, which plays the meter. NAME is image or
app, unpacked in ROOT, with what its creator wrote down about running it in the JSON file CONFIG.
Runs as root in a network of its own (ports 80 and 1883 of loopback), as tests/images/run starts it.
"""
import json
import os
import sys
import time
import traceback

import cases_app
import cases_files
import cases_image
from container import Image
from world import World

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def load(word):
    name, _, rest = word.partition("=")
    root, _, config = rest.rpartition(":")
    with open(config) as file:
        return name, Image(root, json.load(file))


def main(folder, program, *words):
    began, failed = time.monotonic(), 0
    images = dict(map(load, words))
    world = World(folder, REPOSITORY, program)
    cases = [(case, REPOSITORY) for case in cases_files.CASES]
    cases += [(case, world, images["image"]) for case in cases_image.CASES]
    cases += [(case, world, images["app"]) for case in cases_app.CASES]
    try:
        world.start_broker()
        for case, *given in cases:
            name = case.__doc__.strip().splitlines()[0]
            try:
                case(*given)
                print("%5d s  ok: %s" % (time.monotonic() - began, name), flush=True)
            except Exception:
                failed += 1
                print("%5d s  FAILED: %s\n%s" % (time.monotonic() - began, name, traceback.format_exc()), flush=True)
    finally:
        world.end()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
