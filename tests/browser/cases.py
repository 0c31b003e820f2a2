"""What a person does with the page, and what must be seen. Each case gets a Tour and raises Failed."""
import urllib.parse

from houses import PASSWORD, MadeUp
from webdriver import Browser, Failed

HOUR = "#hours .control"
# Elements that can be used but have no name for a screen reader.
NAMELESS = """return [...document.querySelectorAll('button, input, select, a, summary')]
  .filter((one) => one.checkVisibility() && !one.closest('[aria-hidden=true]') && !(
    one.innerText.trim() || one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') ||
    one.labels?.length)).map((one) => one.outerHTML)"""
# Texts that stand out too little: [ratio, text].
FAINT = """
const part = (c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
const back = (one) => { for (; one; one = one.parentElement) {
  const c = numbers(getComputedStyle(one).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
return [...document.querySelectorAll('main *, header *, .banner')].filter((one) => one.checkVisibility() &&
    !one.closest('.sr, svg, [aria-disabled=true], :disabled, [aria-pressed=false]') &&
    [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => { const [a, b] = [light(numbers(getComputedStyle(one).color)), light(back(one))].sort((x, y) => y - x);
    return [(a + 0.05) / (b + 0.05), one.textContent.trim().slice(0, 40)]; }).filter(([ratio]) => ratio < 4.5)"""
PHONE = """return ['#headline', '#today, #hours', '#hours svg', '#switches .control:nth-child(2)'].map((selector) => {
  const box = document.querySelector(selector)?.getBoundingClientRect(); return [selector, box && box.bottom]; })"""


HIDE = """Object.defineProperty(document, 'hidden', {value: arguments[0], configurable: true});
  document.dispatchEvent(new Event('visibilitychange'))"""
FLOW = """const { flowOf } = await import(new URL('live.js', location).href);
  const devices = new Map(Object.entries(arguments[0]).map(([id, { offline, via, ...values }]) => [id, {
    id, via, status: offline ? 'offline' : 'online',
    by: new Map(Object.entries(values).map(([key, value]) => [key, { key, value }])) }]));
  const flow = flowOf(devices, 'chosen');
  return Object.fromEntries(arguments[1].map((name) => [name, flow[name]?.id ?? flow[name] ?? null]));"""
SUN = {"power": "2000", "energy_produced": "1"}
FLOWS = [  # (what, devices, what must come out)
    ("nothing", {}, {"meter": None, "grid": None, "used": None, "solar": None, "battery": None}),
    ("a meter", {"a": {"power_net": "244"}}, {"grid": 244, "used": 244, "hasSolar": False, "hasBattery": False}),
    ("a meter of two directions", {"a": {"power_import": "0", "power_export": "900"}}, {"grid": -900, "used": 0}),
    ("a sunny roof", {"a": {"power_net": "-500"}, "r": SUN}, {"grid": -500, "solar": 2000, "used": 1500, "hasSolar": True}),
    ("a battery beside it that charges", {"a": {"power_net": "0"}, "r": SUN, "b": {"power": "700", "battery_level": "50"}},
     {"solar": 2000, "battery": 700, "used": 1300, "level": 50}),
    ("a battery in the inverter that gives", {"a": {"power_net": "100"}, "r": {**SUN, "battery_power": "-300", "battery_level": "9"}},
     {"solar": 1700, "battery": -300, "used": 2100, "level": 9}),
    ("a battery that gives by another way", {"a": {"power_net": "280"}, "r": {**SUN, "power": "600", "battery_power": "-900"}},
     {"solar": 600, "battery": -900, "used": 1780}),
    ("an inverter at night", {"a": {"power_net": "20"}, "r": {**SUN, "power": "880", "battery_power": "-900"}},
     {"solar": 0, "battery": -900, "used": 900}),
    ("a battery that inverter and meter both see", {"r": {**SUN, "battery_power": "-300"}, "b": {"power": "-290", "battery_level": "9"}},
     {"battery": -300, "level": 9}),
    ("a roof that is offline", {"a": {"power_net": "100"}, "r": {**SUN, "offline": True}}, {"solar": None, "used": 100, "hasSolar": True}),
    ("a value that is not known", {"a": {"power_net": "None"}}, {"grid": None, "used": None}),
    ("a meter that was chosen", {"a": {"power_net": "1"}, "chosen": {"power_net": "2"}}, {"meter": "chosen", "grid": 2}),
    ("a day of a meter behind the inverter", {"r": {**SUN, "today_import": "1"}, "r_1": {"power_net": "5", "via": "r"}}, {"meter": "r_1", "totals": "r"}),
    ("a day of a meter", {"a": {"power_net": "1", "today_import": "2"}}, {"totals": "a"}),
    ("a meter behind the inverter", {"a": {"power_net": "1"}, "r": SUN, "r_1": {"power_net": "-9", "via": "r"}}, {"meter": "r_1", "used": 1991}),
]


class Tour:
    def __init__(self, house, note):
        self.house, self.note = house, note
        self.page = Browser()
        self.away = False

    def knob(self, name):
        """Marks the switch of that name, and gives a selector for it."""
        found = self.page.run("""for (const one of document.querySelectorAll('#switches .control')) {
          if (one.querySelector('.what span').textContent !== arguments[0]) continue;
          one.dataset.test = arguments[0]; return true; }""", name)
        if not found:
            raise Failed("no switch %s" % name)
        return "[data-test=%s] .switch" % name

    def is_on(self, name):
        return self.page.attribute(self.knob(name), "aria-checked") == "true"

    def turn(self, name, on):
        if self.is_on(name) != on:
            self.page.click(self.knob(name))
        self.page.wait("%s is %s" % (name, "on" if on else "off"), lambda: self.is_on(name) == on)

    def live(self):
        self.page.wait("the page is live", lambda: self.page.attribute("body", "data-link") == "live", 20)


def a_password_is_asked_for(tour):
    page = tour.page
    page.open(tour.house.url)
    page.wait("the login", lambda: page.shown("#login"))
    want("the house is hidden", not page.shown("#house"))
    want("a password manager knows the field", page.attribute("#password", "autocomplete") == "current-password")
    page.type("#password", "wrong")
    page.click("#login button")
    page.wait("that it is wrong", lambda: page.text("#login-reason"))
    page.type("#password", PASSWORD)
    page.click("#login button")
    page.wait("the house", lambda: page.shown("#house"))
    tour.live()


def a_value_changes_without_a_reload(tour):
    page = tour.page
    page.run("window.here = true")
    before = page.wait("a power", lambda: page.shown("#flow") and page.text("#headline").strip("–"), 30)
    page.wait("another power", lambda: page.text("#headline") != before, 30)
    want("it was not loaded again", page.run("return window.here"))


def the_chart_is_drawn_and_moves(tour):
    page = tour.page
    page.wait("the chart", lambda: page.shown("#plot canvas"))
    page.wait("a value beside it", lambda: page.text("#legend .key b").strip("–"))
    want("it says what it is", ":" in (page.attribute("#plot", "aria-label") or ""))


def a_relay_is_switched(tour):
    for on in (False, True):
        tour.turn(tour.house.relay, on)
        if tour.house.level() is not None:
            tour.page.wait("the level of the line", lambda on=on: tour.house.level() == ("ON" if on else "OFF"))


def an_interlock_refuses_with_its_reason(tour):
    page, rival = tour.page, tour.house.rival
    page.click(tour.knob(rival))
    reason = page.wait("the reason", lambda: page.text("[data-test=%s] .reason" % rival))
    want("the reason says interlock: " + reason, "interlock" in reason)
    want("the switch has not moved", not tour.is_on(rival))


def a_switch_is_turned_by_the_keyboard(tour):
    page, name = tour.page, tour.house.relay
    was = tour.is_on(name)
    page.run("document.querySelector(arguments[0]).focus()", tour.knob(name))
    page.keys(" ")
    page.wait("the switch has turned", lambda: tour.is_on(name) != was)
    tour.turn(name, True)


def a_number_is_set(tour):
    page = tour.page
    page.click("#hours summary")
    page.wait("the limit of the hour", lambda: page.shown(HOUR + " input"))
    page.type(HOUR + " input", "4321")
    page.wait("a button to set it", lambda: page.shown(HOUR + " button"))
    page.click(HOUR + " button")
    page.wait("it is read back", lambda: not page.shown(HOUR + " button"))
    want("the field shows it", page.run("return document.querySelector(arguments[0]).value", HOUR + " input") == "4321")


def a_number_out_of_range_is_not_sent(tour):
    page = tour.page
    page.type(HOUR + " input", "5")
    page.click(HOUR + " button")
    want("the browser says so", page.run("return !document.querySelector(arguments[0]).checkValidity()", HOUR + " input"))
    page.keys("\ue00c")


def every_control_has_a_name_and_texts_stand_out(tour):
    for hash_ in ("#", "#health"):
        tour.page.run("location.hash = arguments[0]", hash_)
        for scheme in ("light", "dark"):
            tour.page.media(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            tour.page.wait("the page is drawn", lambda: tour.page.run("return document.readyState") == "complete")
            want("names", not tour.page.run(NAMELESS), tour.page.run(NAMELESS))
            want("contrast in " + scheme + hash_, not tour.page.run(FAINT), tour.page.run(FAINT))
    tour.page.run("location.hash = ''")
    tour.page.media(prefers_color_scheme="light")


def nothing_is_wider_than_a_phone(tour):
    for width, height in ((320, 568), (390, 844)):
        tour.page.resize(width, height)
        for hash_ in ("#", "#health"):
            tour.page.run("location.hash = arguments[0]", hash_)
            wide = tour.page.wait("the page is drawn", lambda: tour.page.run("return document.documentElement.scrollWidth"))
            want("%d wide at %d" % (wide, width), wide <= width)
    tour.page.run("location.hash = ''; for (const one of document.querySelectorAll('details')) one.open = false")
    tour.page.resize(320, 568)
    below = [row for row in tour.page.run(PHONE) if not row[1] or row[1] > 568]
    tour.page.resize(1280, 900)
    want("the first view of a small phone has it all", not below, below)


def health_shows_lines_and_version(tour):
    page = tour.page
    page.click("#to-health")
    page.wait("the health of the lines", lambda: page.text("#well"))
    want("the version", page.text("#version"))
    want("a diagnostic of each line", page.text("#checks dl"))
    page.click("#to-house")
    page.wait("the house", lambda: page.shown("#house"))


def a_lost_connection_is_said_and_comes_back(tour):
    page = tour.page
    tour.away = True
    tour.house.stop()
    page.wait("the banner", lambda: page.text("#banner"), 3)
    tour.house.start()
    page.wait("the banner is gone", lambda: not page.text("#banner"), 20)
    tour.live()
    tour.page.listen()
    tour.away = False


def a_session_ends(tour):
    page = tour.page
    page.wait("a button to log out", lambda: page.shown("#logout"))
    page.click("#logout")
    page.wait("the login", lambda: page.shown("#login"))
    page.open(tour.house.url)
    page.wait("the login after a reload", lambda: page.shown("#login"))


def markup_in_a_name_stays_text(tour):
    names = tour.page.run("return [...document.querySelectorAll('h3')].map((one) => one.textContent)")
    want("a name with <b> in it", any("<b>meter</b>" in name for name in names), names)
    want("no element of it", not tour.page.run("return document.querySelectorAll('h3 b').length"))


def the_history_is_walked_by_day_month_and_year(tour):
    house, page = MadeUp(), tour.page
    house.start()
    try:
        page.open(house.url + "#history")
        page.wait("energy as bars", lambda: page.shown("#energy rect.import"))
        page.wait("a mean with its range", lambda: page.shown("#levels .mean") and page.shown("#levels .band"))
        today = page.text("#title")
        page.run("document.activeElement.blur(); document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true}))")
        page.wait("the day before by one key", lambda: page.text("#title") != today and rested(page))
        want("quarter-hours", bars(page) > 24, bars(page))
        for kind, most in (("month", 31), ("year", 12)):
            page.click("[data-kind=%s]" % kind)
            page.wait("the " + kind, lambda most=most: rested(page) and 0 < bars(page) <= most)
        want("the download names the year by months", page.attribute("#csv", "href").endswith("step=month"), page.attribute("#csv", "href"))
        page.click("#lastyear")
        page.wait("the year before beside it", lambda: rested(page) and page.shown("#energy rect.before"))
        page.click("#lastyear")
        look_at_october(page)
        for scheme in ("light", "dark"):
            page.media(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            want("contrast in " + scheme, not page.run(FAINT), page.run(FAINT))
        want("names", not page.run(NAMELESS), page.run(NAMELESS))
        page.resize(320, 568)
        want("it is as wide as a phone", page.run("return document.documentElement.scrollWidth") <= 320)
        page.resize(1280, 900)
    finally:
        page.media(prefers_color_scheme="light")
        house.end()


def a_year_that_was_kept_is_shown(tour):
    """Of the house itself; the one that is made up needs no login here."""
    page = tour.page
    page.run("location.hash = '#history'")
    page.wait("today", lambda: page.shown("#past") and rested(page))
    page.click("[data-kind=year]")
    page.wait("a year by months", lambda: rested(page) and 1 < bars(page) <= 12)
    want("what the roof made", page.shown("#energy rect.solar"))
    page.click("#earlier")
    page.wait("the year before", lambda: rested(page) and page.text("#title"))
    page.click("#later")
    page.click("[data-kind=day]")
    page.click("#earlier")
    page.wait("yesterday by quarter-hours", lambda: rested(page) and bars(page) > 40)
    want("a mean of the power", page.shown("#levels .mean"))
    table = page.later("return (await fetch(document.querySelector('#csv').href)).text()")
    want("a table of it", table.startswith("time,") and table.count("\n") > 90, table[:200])
    page.run("location.hash = ''")
    page.wait("the house", lambda: page.shown("#house"))


def look_at_october(page):
    """Of the made-up house: another meter, and days that were not measured whole."""
    page.click("[data-kind=month]")
    page.run("""const field = document.querySelector('#when'); field.value = '2026-10-05';
      field.dispatchEvent(new Event('change'))""")
    page.wait("October", lambda: "October 2026" in page.text("#title") and rested(page))
    want("another meter is marked", page.shown("#energy .swap") and page.shown("#swapped"))
    page.run("""const box = document.querySelector('#energy').getBoundingClientRect();
      document.querySelector('#energy').dispatchEvent(new PointerEvent('pointermove', {clientX: box.x + box.width / 2}))""")
    want("the day under the pointer is told", "kWh" in page.text("#energy + p"), page.text("#energy + p"))


def rested(page):
    return page.attribute("#past", "aria-busy") == "false"


def bars(page):
    return page.run("return document.querySelectorAll('#energy rect.import').length")


def what_flows_adds_up(tour):
    for title, devices, expected_ in FLOWS:
        found = tour.page.later(FLOW, devices, list(expected_))
        want("the flow of %s" % title, found == expected_, found)


def a_hidden_page_closes_its_stream(tour):
    house, page = MadeUp(), tour.page
    house.start()
    try:
        page.open(house.url)
        tour.live()
        want("one stream", house.streams() == 1, house.streams())
        page.run(HIDE, True)
        page.wait("no stream", lambda: house.streams() == 0)
        page.run(HIDE, False)
        page.wait("one again", lambda: house.streams() == 1)
    finally:
        house.end()


def events_that_are_held_back_are_asked_for(tour):
    """As behind an ingress that packs streams; only the house that is made up can play that."""
    house = MadeUp("--hold")
    house.start()
    try:
        tour.page.open(house.url)
        tour.page.wait("it asks", lambda: tour.page.attribute("body", "data-link") == "asking", 15)
        before = tour.page.text("#headline")
        tour.page.wait("another power", lambda: tour.page.text("#headline") != before, 15)
        want("no banner", not tour.page.text("#banner"))
    finally:
        house.end()


def the_console_is_clean_and_no_other_host_was_asked(tour):
    tour.page.listen()
    hosts = {urllib.parse.urlsplit(url).hostname for url in tour.page.requests if url.startswith(("http", "ws"))}
    want("only the house was asked", hosts == {"127.0.0.1"}, hosts)
    wrong = [row["message"] for row in tour.page.console if row["level"] == "SEVERE" and not expected(row)]
    want("the console", not wrong, wrong)


# What a browser writes by itself of an answer: refused logins and commands, and a house that is away.
EXPECTED = ("status of 401", "status of 409", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_INCOMPLETE_CHUNKED_ENCODING",
            "ERR_EMPTY_RESPONSE")


def expected(row):
    return row["source"] == "network" and any(word in row["message"] for word in EXPECTED)


def want(what, holds, found=""):
    if not holds:
        raise Failed("%s%s" % (what, ": %s" % (found,) if found else ""))


CASES = [a_password_is_asked_for, a_value_changes_without_a_reload, the_chart_is_drawn_and_moves, a_relay_is_switched,
         an_interlock_refuses_with_its_reason, a_switch_is_turned_by_the_keyboard, a_number_is_set,
         a_number_out_of_range_is_not_sent, every_control_has_a_name_and_texts_stand_out, nothing_is_wider_than_a_phone,
         health_shows_lines_and_version, markup_in_a_name_stays_text, what_flows_adds_up, a_year_that_was_kept_is_shown, a_lost_connection_is_said_and_comes_back, a_session_ends,
         the_history_is_walked_by_day_month_and_year, a_hidden_page_closes_its_stream, events_that_are_held_back_are_asked_for, the_console_is_clean_and_no_other_host_was_asked]
