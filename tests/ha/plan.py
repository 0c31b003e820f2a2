"""The plan of ha-blueprints/cheapest_hours_relay.yaml at any time: its own template, with another "now"."""
import re
import textwrap


def planned(home, folder, now, hours, begin="00:00:00", end="00:00:00", price="sensor.price"):
    """What Home Assistant makes of that template at the local time `now` ("2026-03-29 12:00")."""
    text = (folder / "cheapest_hours_relay.yaml").read_text()
    template = textwrap.dedent(re.search(r"plan: >-\n(.*?)\n  - repeat:", text, re.DOTALL)[1])
    clock = '(strptime("%s", "%%Y-%%m-%%d %%H:%%M") | as_local)'
    day = re.sub(r"today_at\(([^)]*)\)",
                 lambda found: '(strptime("%s " ~ (%s)[:5], "%%Y-%%m-%%d %%H:%%M") | as_local)' % (now[:10], found[1]), template)
    fixed = day.replace("now()", clock % now)
    assert fixed != template and "today_at" not in fixed, "the template reads the clock in another way"
    inputs = "".join("{%% set %s = %r %%}" % pair for pair in
                     {"price": price, "hours": hours, "from": begin, "to": end}.items())
    return home.rest("POST", "/api/template", {"template": inputs + re.sub(r"\}\}\s*$", "| to_json }}", fixed)})
