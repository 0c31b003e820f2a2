#!/usr/bin/env python3
"""The cases of the tier `ha` against one Home Assistant, in order: each goes on where the last ended.

  check.py FOLDER [CASE...]       FOLDER takes logs and state; CASEs by their name or a part of it, all without

tests/ha/run starts it. GRIDTAP_BIN is the program; GRIDTAP_HA_URL, GRIDTAP_HA_TOKEN and
GRIDTAP_HA_BROKER (HOST:PORT) say where Home Assistant and its broker are; GRIDTAP_REAL_HA is the
program real-ha, where it started them; GRIDTAP_HA_WITHOUT_DSMR why Home Assistant's own integration of P1 meters
cannot be had there. Exit status 1 where a case fails.
"""
import os
import sys
import time
import traceback
from pathlib import Path

import cases_blueprints
import cases_commands
import cases_dsmr
import cases_energy
import cases_entities
import cases_identity
import cases_restarts
from world import Skipped, World

CASES = [
    cases_commands.switches_move_and_come_back,
    cases_commands.refused_switches_show_the_truth,
    cases_commands.hour_limit_is_set_and_kept,
    cases_commands.alarm_sheds_a_relay,
    cases_entities.every_entity_is_there,
    cases_entities.a_broken_payload_is_found,
    cases_blueprints.blueprints_are_imported,
    cases_blueprints.the_hourly_limit_is_told_once,
    cases_blueprints.a_relay_keeps_the_hourly_budget,
    cases_blueprints.a_refused_relay_is_not_hammered,
    cases_blueprints.a_relay_takes_the_excess_of_the_sun,
    cases_blueprints.a_relay_runs_in_the_cheapest_hours,
    cases_blueprints.a_relay_that_is_off_rests_in_a_cheap_hour,
    cases_blueprints.plans_of_odd_days_are_right,
    cases_blueprints.what_is_offline_is_told,
    cases_blueprints.blueprints_outlive_a_restart,
    cases_blueprints.the_dashboard_names_what_exists,
    cases_restarts.all_are_unavailable_while_the_gateway_is_stopped,
    cases_restarts.every_single_restart,
    cases_energy.energy_dashboard_has_no_complaint,
    cases_dsmr.dsmr_integration_shows_the_same_power,
]
# Only where they are named: each takes minutes, or shows what is not right yet.
ON_REQUEST = [
    cases_entities.what_is_taken_out_disappears,
    cases_restarts.every_pair_in_both_orders,
    cases_identity.changed_base_and_device_ids_keep_entity_ids,
    cases_commands.alarm_gives_the_relay_back,
    cases_identity.an_upgrade_keeps_entity_ids,
]


def run(world, case):
    """Whether the case passes, its log of HA included."""
    began, name, wrong = time.monotonic(), case.__name__.replace("_", " "), None
    try:
        case(world)
    except Skipped as why:
        print("skipped: %s: %s" % (name, why), flush=True)
        return True
    except AssertionError as error:
        wrong = str(error) or traceback.format_exc(limit=-1)
    except Exception:  # a broken case is one that failed, and the others go on
        wrong = traceback.format_exc(limit=-3)
    if wrong:
        world.repair()
    complaints = world.complaints()
    if complaints:
        wrong = "%s\n    Home Assistant's log:\n    %s" % (wrong or "", "\n    ".join(complaints[:10]))
    print("%s: %s (%.0f s)%s" % ("FAILED" if wrong else "ok", name, time.monotonic() - began,
                                 "\n    " + wrong.strip() if wrong else ""), flush=True)
    for note in world.notes:
        print("  note: " + note, flush=True)
    world.notes.clear()
    return not wrong


def main():
    folder, chosen = Path(sys.argv[1]).resolve(), sys.argv[2:]
    world = World(os.environ["GRIDTAP_BIN"], folder)
    strangers = [topic for topic in world.broker.retained() if topic.startswith(("gridtap/", "annex/"))]
    if strangers:
        sys.exit("another gridtap uses this broker: " + strangers[0])
    try:
        world.start()
        world.await_announced()
        passed = [run(world, case) for case in CASES + ON_REQUEST
                  if (any(part in case.__name__ for part in chosen) if chosen else case in CASES)]
    finally:
        world.end()
    return 0 if passed and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
