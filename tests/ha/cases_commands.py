"""What a person does in Home Assistant arrives, and what is refused shows the truth."""
import json
import signal
import time

from announced import entities
from broker import Ear
from home_assistant import until

HEATER, COOLER, BOILER = "gridtap/gateway/relay_heater", "gridtap/gateway/relay_cooler", "annex/gateway/relay_boiler"
LIMIT, ANNEX_LIMIT, ALARM = "gridtap/house/hour_limit", "annex/fjord/hour_limit", "annex/fjord/hour_limit_exceeded"


def turn(world, topic, entity, wanted):
    """Turns a switch in HA, and sees it on our topic and back in HA."""
    world.home.call("switch.turn_" + wanted.lower(), entity)
    world.await_kept(topic, wanted, 20)
    world.await_state(entity, wanted.lower(), 5)


def switches_move_and_come_back(world):
    """Every switch in HA: each relay, and the switches of the devices."""
    turned = 0
    for name, entity in sorted(entities(world.announced()).items()):
        if name[0] != "switch" or not entity.enabled or not entity.available(world.broker.retained()):
            continue
        topic, id = entity.config["stat_t"], world.home.entities()[name]["entity_id"]
        before = world.kept(topic)
        assert before in ("ON", "OFF"), "%s is %r" % (topic, before)
        turn(world, topic, id, "OFF" if before == "ON" else "ON")
        turn(world, topic, id, before)
        turned += 1
    assert turned >= 7, "only %d switches" % turned


def check_last_refusal(world, topic, reason):
    wanted = "/".join(topic.split("/")[:2]) + "/last_refusal"
    if not any(entity.config.get("stat_t") == wanted for entity in entities(world.announced()).values()):
        world.note("%s is not announced: that HA shows the reason was not checked" % wanted)
        return
    entity = world.entity_of(wanted)
    world.await_state(entity, reason, 5)
    attributes = world.home.state(entity)["attributes"]
    assert attributes.get("entity") == topic.split("/")[2], attributes
    assert attributes.get("command") == "ON" and attributes.get("at"), attributes


def refuse(world, topic, begin):
    """An ON in HA that is refused: the reason is published, the switch stays off."""
    entity = world.entity_of(topic)
    with Ear(world.broker, topic + "/rejected") as ear:
        world.home.call("switch.turn_on", entity)
        said = ear.await_payload(topic + "/rejected", 5)
    assert said, topic + ": nothing on rejected"
    refusal = json.loads(said)
    assert refusal["command"] == "ON" and refusal["reason"].startswith(begin), said
    end = time.monotonic() + 2
    while time.monotonic() < end:
        state = world.home.state(entity)["state"]
        assert state == "off", "%s shows %s though it was refused" % (entity, state)
        time.sleep(0.1)
    assert world.kept(topic) == "OFF", world.kept(topic)
    check_last_refusal(world, topic, refusal["reason"])


def refused_switches_show_the_truth(world):
    """The heater was just off, for which it rests 10 minutes, and the cooler with it."""
    refuse(world, HEATER, "min_off: ")
    refuse(world, COOLER, "interlock: ")


def set_limit(world, topic, value):
    entity = world.entity_of(topic)
    ready = until(30, lambda: world.home.state(entity)["state"] not in ("unavailable", None))
    assert ready, entity + " is unavailable, and takes no value"
    world.home.call("number.set_value", entity, value=value)
    world.await_kept(topic, str(value))
    world.await_state(entity, str(value), 5)


def hour_limit_is_set_and_kept(world):
    """Set in HA's number box; there again after SIGKILL, not only because the broker kept it.

    The state file is written within 3 s: an SD card has to last."""
    set_limit(world, LIMIT, 61000)
    state = world.house.state / "state"
    assert until(5, lambda: " limit_wh 61000 50000\n" in state.read_text()), state.read_text()
    world.house.stop(signal.SIGKILL)
    with Ear(world.broker, LIMIT) as ear:
        assert until(5, lambda: ear.payloads(LIMIT)) == ["61000"], ear.payloads(LIMIT)  # the broker's
        world.house.start()
        again = until(30, lambda: ear.payloads(LIMIT)[1:])
    assert again and set(again) == {"61000"}, again
    world.await_state(world.entity_of(LIMIT), "61000", 15)
    set_limit(world, LIMIT, 50000)


def alarm_sheds_a_relay(world):
    """The limit falls below what the hour has used: the alarm is on, the boiler off."""
    entity, alarm = world.entity_of(BOILER), world.entity_of(ALARM)
    world.await_state(alarm, "off", 60)
    turn(world, BOILER, entity, "ON")
    set_limit(world, ANNEX_LIMIT, 100)
    world.await_kept(ALARM, "ON", 400)  # in the first minutes of an hour little is used yet
    world.await_state(alarm, "on", 5)
    world.await_state(entity, "off", 10)
    why = json.loads(world.kept(BOILER + "/attributes"))["why"]
    assert why == "shed" and world.home.state(entity)["attributes"]["why"] == "shed", why
    refuse(world, BOILER, "shed")
    set_limit(world, ANNEX_LIMIT, 90000)


def alarm_gives_the_relay_back(world):
    """The limit is far above the hour since the last case, but an alarm holds for 5 minutes."""
    entity, alarm = world.entity_of(BOILER), world.entity_of(ALARM)
    world.await_kept(ALARM, "OFF", 320)
    world.await_state(alarm, "off", 5)
    world.await_state(entity, "on", 10)
    world.await_kept(BOILER, "ON", 1)
    turn(world, BOILER, entity, "OFF")
