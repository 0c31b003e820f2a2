// What was kept: energy in and out, means with their range, by day, month, year or any days. It is
// loaded when it is first looked at.

import { drawBars, drawMeans } from "./bars.js";
import { digits, el, mark, t, timeText, write } from "./parts.js";

// ---- days as texts, 2026-11-30, which no clock change moves ---------------------------------------

const plain = (day) => new Date(`${day}T00:00:00Z`);
const text = (date) => date.toISOString().slice(0, 10);
function moved(day, { days = 0, months = 0 }) {
  const date = plain(day);
  date.setUTCMonth(date.getUTCMonth() + months);
  date.setUTCDate(date.getUTCDate() + days);
  return text(date);
}
const firstOf = { day: (day) => day, month: (day) => `${day.slice(0, 7)}-01`,
                  year: (day) => `${day.slice(0, 4)}-01-01` };
const lengths = { day: { days: 1 }, month: { months: 1 }, year: { months: 12 } };
const steps = { day: "quarter", month: "day", year: "month" };
const back = (length) => Object.fromEntries(Object.entries(length).map(([unit, n]) => [unit, -n]));

// Any days: in steps that give some dozens of bars.
function stepOf(from, to) {
  const days = (plain(to) - plain(from)) / 86400000;
  return days <= 2 ? "quarter" : days <= 7 ? "hour" : days <= 100 ? "day" : "month";
}

// ---- series -----------------------------------------------------------------------------------

const roles = { import: "energy_import", solar: "energy_produced", export: "energy_export" };
const keyOf = (series) => series.slice(series.indexOf("/") + 1);
const deviceOf = (series) => series.slice(0, series.indexOf("/"));
const sum = (values) => {
  const there = values.filter((value) => value !== null);
  return there.length ? there.reduce((a, b) => a + b, 0) : null;
};
// Texts of the table of words; the page's test looks for them in this form.
const names = { import: () => t("import"), export: () => t("export"), solar: () => t("solar") };

// ---- the view -----------------------------------------------------------------------------------

export class History {
  #live; #at; #zone;
  #kind = "day"; #day = ""; #from = ""; #to = "";
  #series = null; #answer = null; #past = null; #turn = 0; #drawnAs = "";

  // `places`: the elements of the view by id.
  constructor(live, places, zone) {
    this.#live = live;
    this.#at = places;
    this.#zone = zone;
    this.#build();
  }

  #today() {
    const parts = new Intl.DateTimeFormat("en-CA", { timeZone: this.#zone(), dateStyle: "short" });
    return parts.format(new Date(this.#live.now())).slice(0, 10);
  }

  // What there is to be seen may be another after a restart or an hour.
  async open() {
    this.#day ||= this.#today();
    const answer = await this.#live.history("");
    if (answer?.series) this.#series = answer.series;
    this.#fill();
    await this.load();
  }

  #build() {
    const { kinds, earlier, later, when, until, lastyear, means } = this.#at;
    const choose = (kind) => el("button", { type: "button", "data-kind": kind,
      onclick: () => this.#choose(kind) });
    kinds.replaceChildren(...["day", "month", "year", "range"].map(choose));
    earlier.addEventListener("click", () => this.#move(-1));
    later.addEventListener("click", () => this.#move(1));
    for (const field of [when, until]) field.addEventListener("change", () => this.#typed());
    for (const field of [lastyear, means]) field.addEventListener("change", () => this.load());
    addEventListener("keydown", (event) => this.#key(event));
    this.#swipe();
    for (const place of [this.#at.energy, this.#at.levels]) {
      place.addEventListener("pointermove", ({ clientX }) => this.#point(place, clientX));
      place.addEventListener("pointerleave", () => this.#point(place, null));
    }
  }

  #key({ key, target, altKey, ctrlKey, metaKey }) {
    if (this.#at.past.hidden || altKey || ctrlKey || metaKey) return;
    if (["INPUT", "SELECT"].includes(target.tagName)) return;
    if (key === "ArrowLeft") this.#move(-1);
    if (key === "ArrowRight") this.#move(1);
  }

  #swipe() {
    let begun = null;
    const { past } = this.#at;
    past.addEventListener("touchstart", ({ touches }) => {
      begun = touches.length === 1 ? [touches[0].clientX, touches[0].clientY] : null;
    }, { passive: true });
    past.addEventListener("touchend", ({ changedTouches: [touch] }) => {
      if (!begun) return;
      const [x, y] = [touch.clientX - begun[0], touch.clientY - begun[1]];
      if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) this.#move(x > 0 ? -1 : 1);
      begun = null;
    }, { passive: true });
  }

  #choose(kind) {
    if (kind === "range" && this.#kind !== "range") {
      [this.#from, this.#to] = [this.#span.from, moved(this.#span.to, { days: -1 })];
    }
    this.#kind = kind;
    this.load();
  }

  #typed() {
    const { when, until } = this.#at;
    if (!when.value) return;
    if (this.#kind === "range") {
      [this.#from, this.#to] = [when.value, until.value || when.value].sort();
    } else {
      this.#day = when.value;
    }
    this.load();
  }

  #move(by) {
    const length = lengths[this.#kind];
    if (length) {
      this.#day = moved(firstOf[this.#kind](this.#day), by < 0 ? back(length) : length);
    } else {
      const days = Math.round((plain(this.#to) - plain(this.#from)) / 86400000 + 1) * by;
      [this.#from, this.#to] = [this.#from, this.#to].map((day) => moved(day, { days }));
    }
    this.load();
  }

  // From the first day to the day after the last one.
  get #span() {
    if (this.#kind === "range") {
      const to = moved(this.#to, { days: 1 });
      return { from: this.#from, to, step: stepOf(this.#from, to) };
    }
    const from = firstOf[this.#kind](this.#day);
    return { from, to: moved(from, lengths[this.#kind]), step: steps[this.#kind] };
  }

  #name(series) {
    const device = this.#live.devices.get(deviceOf(series));
    const entity = device?.by.get(keyOf(series));
    return `${device?.name ?? deviceOf(series)} · ${entity?.name || keyOf(series)}`;
  }

  #fill() {
    const { means } = this.#at, chosen = means.value;
    const its = (this.#series ?? []).filter(({ kind }) => kind === "measurement")
      .map(({ series }) => series);
    means.replaceChildren(...its.map((value) => el("option", { value }, this.#name(value))));
    const usual = ["power_net", "power_import", "power"].map((key) =>
      its.find((series) => keyOf(series) === key)).find(Boolean);
    means.value = its.includes(chosen) ? chosen : usual ?? its[0] ?? "";
  }

  // Of the first meter that counts what the house takes, and of every roof.
  #energies() {
    const there = (this.#series ?? []).filter(({ unit }) => unit === "kWh").map(({ series }) => series);
    const meter = there.find((series) => keyOf(series) === roles.import);
    const of = (role) => there.filter((series) => keyOf(series) === roles[role]);
    const mine = (role) => of(role).filter((series) => !meter || deviceOf(series) === deviceOf(meter));
    return { import: mine("import").slice(0, 1), solar: of("solar").slice(0, 3),
             export: mine("export").slice(0, 1) };
  }

  #query({ from, to, step }, series) {
    return new URLSearchParams({ series: series.join(), from, to, step }).toString();
  }

  async load() {
    const turn = ++this.#turn, span = this.#span, { means, lastyear, csv } = this.#at;
    const energies = Object.values(this.#energies()).flat();
    const wanted = [...energies, means.value].filter(Boolean);
    this.#drawHead(span);
    csv.hidden = !wanted.length;
    mark(csv, "href", `api/history.csv?${this.#query(span, wanted)}`);
    const ask = (its, series) => series.length ? this.#live.history(this.#query(its, series)) : null;
    const before = { ...span, from: moved(span.from, { months: -12 }), to: moved(span.to, { months: -12 }) };
    mark(this.#at.past, "aria-busy", true);
    const [answer, past] = await Promise.all([ask(span, wanted),
      lastyear.checked ? ask(before, energies.slice(0, 1)) : null]);
    if (turn !== this.#turn) return;
    mark(this.#at.past, "aria-busy", false);
    [this.#answer, this.#past] = [answer, past];
    this.draw(true);
  }

  #drawHead({ from, to }) {
    const { kinds, when, until, title } = this.#at, last = moved(to, { days: -1 });
    for (const button of kinds.children) {
      const { kind } = button.dataset, words = { day: t("by_day"), month: t("by_month"),
        year: t("by_year"), range: t("range") };
      write(button, words[kind]);
      mark(button, "aria-pressed", kind === this.#kind);
    }
    [when.value, until.value] = [this.#kind === "range" ? from : this.#day, last];
    until.hidden = this.#kind !== "range";
    const styles = { day: { dateStyle: "full" }, month: { month: "long", year: "numeric" },
                     year: { year: "numeric" } };
    const style = { ...styles[this.#kind] ?? { dateStyle: "medium" }, timeZone: "UTC" };
    const ends = this.#kind === "range" && from !== last ? [from, last] : [from];
    write(title, ends.map((day) => timeText(plain(day), style)).join(" – "));
  }

  // The parts of the answer that fit a list of series; several roofs are one.
  #rows(answer) {
    const rows = [];
    for (const [role, wanted] of Object.entries(this.#energies())) {
      const its = (answer?.series ?? []).filter(({ series }) => wanted.includes(series));
      if (!its.length) continue;
      const values = its[0].value.map((_, index) => sum(its.map(({ value }) => value[index])));
      rows.push({ role, unit: its[0].unit, values, parts: its });
    }
    return rows;
  }

  #gaps(covered) {
    const { time = [], end: last } = this.#answer ?? {}, now = this.#live.now() / 1000;
    return time.map((from, index) => {
      const end = time[index + 1] ?? last, running = end > now ? 960 : 0;
      const whole = Math.min(end, now) - running - from;
      return whole > 0 && covered[index] < whole * 0.95;
    });
  }

  #labels(time) {
    const { step } = this.#span;
    const style = { quarter: { hour: "2-digit" }, hour: { weekday: "short", hour: "2-digit" },
      day: { day: "numeric", month: time.length > 31 ? "numeric" : undefined },
      month: { month: "short" } }[step];
    return time.map((from, index) => step === "quarter" && index % 8 ? ""
      : timeText(from * 1000, style));
  }

  // `anew`: something else was asked for; else only where the window has another size.
  draw(anew = false) {
    const { past, energy, levels, nothing, legends } = this.#at;
    const as = [past.clientWidth, document.documentElement.lang].join();
    if (past.hidden || !past.clientWidth || (!anew && as === this.#drawnAs)) return;
    this.#drawnAs = as;
    if (!anew) this.#drawHead(this.#span);
    const time = this.#answer?.time ?? [], labels = this.#labels(time), rows = this.#rows(this.#answer);
    const level = this.#answer?.series?.find(({ series }) => series === this.#at.means.value);
    const some = (values) => values.some((value) => value !== null);
    const hasEnergy = rows.some(({ values }) => some(values)), hasLevel = level && some(level.value);
    nothing.hidden = hasEnergy || hasLevel;
    write(nothing, t(this.#answer ? "nothing_kept" : "no_answer"));
    this.#at["energy-part"].hidden = !hasEnergy;
    this.#at["level-part"].hidden = !this.#at.means.options.length || (!hasLevel && !hasEnergy);
    this.#at.swapped.hidden = true;
    if (hasEnergy) {
      const covered = time.map((_, index) =>
        Math.min(...rows.flatMap(({ parts }) => parts.map((one) => one.covered[index] ?? 0))));
      const before = this.#at.lastyear.checked ? this.#rows(this.#past) : [];
      const swaps = [...new Set(rows.flatMap(({ parts }) => parts.flatMap((one) => one.swaps ?? [])))];
      energy.frame = drawBars(energy, rows, labels,
        { gaps: this.#gaps(covered), past: before, swaps });
      this.#at.swapped.hidden = !swaps.length;
      this.#drawLegend(legends, rows, before);
    }
    levels.replaceChildren();
    if (hasLevel) levels.frame = drawMeans(levels, level, labels, this.#gaps(level.covered));
    for (const place of [energy, levels]) this.#point(place, null);
  }

  #drawLegend(place, rows, before) {
    const key = ({ role, unit, values }, extra = "") => el("li", { class: role + (extra && " before") }, el("span", {},
      `${names[role]()}${extra} `), el("b", {}, digits(sum(values) ?? 0, 2, unit)));
    place.replaceChildren(...rows.map((row) => key(row)),
      ...before.map((row) => key(row, ` · ${t("last_year")}`)));
  }

  // What is known of the place below the pointer, as a line; without one of the whole.
  #point(place, clientX) {
    const { time = [], series = [] } = this.#answer ?? {}, { frame: its } = place;
    const line = place.nextElementSibling;
    const isLevel = place === this.#at.levels;
    if (clientX === null || !its) {
      write(line, isLevel ? this.#rangeText() : "");
      return;
    }
    const x = clientX - place.getBoundingClientRect().left;
    const index = time.findIndex((_, n) => x >= its.x(n) && x < its.x(n + 1));
    if (index < 0) return;
    const when = timeText(time[index] * 1000, this.#span.step === "month"
      ? { month: "long", year: "numeric" } : this.#span.step === "day" ? { dateStyle: "medium" }
        : { dateStyle: "medium", timeStyle: "short" });
    const level = series.find((one) => one.series === this.#at.means.value);
    const values = isLevel ? [this.#meanText(level, [index])]
      : this.#rows(this.#answer).map(({ role, unit, values: all }) =>
        `${names[role]()} ${all[index] === null ? "–" : digits(all[index], 2, unit)}`);
    write(line, [when, ...values].join(" · "));
  }

  #meanText(level, indexes) {
    const of = (column) => indexes.map((index) => column[index]).filter((one) => one !== null);
    const means = of(level?.value ?? []);
    if (!means.length) return "–";
    const places = Math.max(...means) < 100 ? 1 : 0, mean = sum(means) / means.length;
    const range = [Math.min(...of(level.low)), Math.max(...of(level.high))];
    const its = `${t("average")} ${digits(mean, places, level.unit)}`;
    return range.every(isFinite)
      ? `${its} (${digits(range[0], places)} … ${digits(range[1], places, level.unit)})` : its;
  }

  #rangeText() {
    const level = this.#answer?.series?.find(({ series }) => series === this.#at.means.value);
    return level ? this.#meanText(level, level.value.map((_, index) => index)) : "";
  }
}
