"""The Energy dashboard and the statistics of the recorder take our entities without a complaint."""
import time

from announced import entities

STATISTICS_EVERY = 300  # seconds: before their first run HA says that there are none


def source(kind, **more):
    return {"type": kind, **more}


def dashboard(ids, version):
    """What a person chooses in the Energy dashboard's settings: grid, solar, battery, gas, water."""
    grid = {"cost_adjustment_day": 0.0}
    costs = {"entity_energy_price": None, "number_energy_price": None}
    if version >= (2026, 3):
        grid.update(stat_energy_from=ids["gridtap/house/energy_import"], stat_cost=None, **costs,
                    stat_energy_to=ids["gridtap/house/energy_export"], stat_compensation=None,
                    entity_energy_price_export=None, number_energy_price_export=None)
    else:
        grid.update(flow_from=[{"stat_energy_from": ids["gridtap/house/energy_import_" + tariff], "stat_cost": None, **costs}
                               for tariff in ("t1", "t2")],
                    flow_to=[{"stat_energy_to": ids["gridtap/house/energy_export"], "stat_compensation": None, **costs}])
    return [source("grid", **grid),
            source("solar", stat_energy_from=ids["gridtap/roof/energy_produced"], config_entry_solar_forecast=None),
            source("battery", stat_energy_from=ids["gridtap/battery/energy_discharged"],
                   stat_energy_to=ids["gridtap/battery/energy_charged"]),
            source("gas", stat_energy_from=ids["gridtap/house_gas/gas"], stat_cost=None, **costs),
            source("water", stat_energy_from=ids["gridtap/neighbour_water/water"], stat_cost=None, **costs)]


def complaints(home):
    """(type, entity) of what energy/validate says."""
    result = home.ask("energy/validate")
    issues = [issue for group in result["energy_sources"] + result["device_consumption"] for issue in group]
    found = set()
    for issue in issues:
        listed = issue["affected_entities"] if "affected_entities" in issue else [[issue["identifier"], None]]
        found |= {(issue["type"], entity[0]) for entity in listed}
    return found


def energy_dashboard_has_no_complaint(world):
    registered = world.home.entities()
    ids = {entity.config["stat_t"]: registered[name]["entity_id"]
           for name, entity in entities(world.announced()).items() if "stat_t" in entity.config}
    version = tuple(int(part) for part in world.home.rest("GET", "/api/config")["version"].split(".")[:2])
    world.home.ask("energy/save_prefs", energy_sources=dashboard(ids, version), device_consumption=[])
    said = complaints(world.home)
    if time.time() - world.began < STATISTICS_EVERY + 60:
        said = {(kind, entity) for kind, entity in said if kind != "statistics_not_defined"}
    assert not said, sorted(said)
    ours = {entry["entity_id"] for entry in registered.values()}
    statistics = {id: issues for id, issues in world.home.ask("recorder/validate_statistics").items() if id in ours}
    assert not statistics, statistics
    listed = {each["statistic_id"] for each in world.home.ask("recorder/list_statistic_ids")} & ours
    world.note("%d of our entities have statistics" % len(listed))
