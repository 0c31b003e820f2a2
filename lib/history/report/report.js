// Puts the report together.

const main = document.getElementById("main");
const house = data.base ? groups[0] : null;
const watts = (wh) => amount(wh / 1000, "kW");
const kwh = (wh) => amount(wh / 1000, "kWh");

document.documentElement.lang = language;
document.getElementById("title").textContent = data.title || t("page");
document.getElementById("range").textContent = data.days
  ? `${rangeText(data.first, data.first + data.days - 1)} · ${data.zone}` : "";
if (!data.title) document.title = t("page");

// What a row looks like: a counter by itself has its own colour.
const kindOf = (group, { id }) => group === house ? id : "counter";
const legend = (names) => el("p", { class: "legend" },
  ...names.map(([id, text]) => el("span", {}, el("i", { class: id }), text)));

// ---- figures at the top ----------------------------------------------------------------------

function tile(name, value, ...notes) {
  return el("div", { class: "tile" }, el("h3", {}, name), el("p", { class: "value" }, value),
    ...notes.filter(Boolean).map((note) => el("p", { class: "note" }, note)));
}

function tiles() {
  const sumOf = (id) => house.rows.find((row) => row.id === id)?.sum;
  const [bought, own, sold] = ["bought", "own", "sold"].map(sumOf);
  const used = bought + (own ?? 0), made = (own ?? 0) + (sold ?? 0);
  const known = Math.max(1, data.end - data.begin) / 24;
  const aDay = t("a_day", kwh(used / known));
  const out = [];
  if (own === undefined) out.push(tile(t("bought"), kwh(bought), t("a_day", kwh(bought / known))));
  else out.push(tile(t("used"), kwh(used), aDay), tile(t("bought"), kwh(bought), t("of_used", percent(bought / used || 0))),
    tile(t("own"), kwh(own), t("of_used", percent(own / used || 0)), t("of_made", percent(own / made || 0))));
  if (sold) out.push(tile(t("sold"), kwh(sold), own === undefined ? "" : t("of_made", percent(sold / made || 0))));
  if (data.base.all !== undefined) {
    const share = data.base.all * (data.end - data.begin) / used;
    out.push(tile(t("base"), `${number(data.base.all)}\u00a0W`, share > 0 && share < 1 ? t("base_share", percent(share)) : ""));
  }
  if (data.highest.length) {
    const [day, minutes, value] = data.highest[0];
    out.push(tile(t("highest_hour"), kwh(value),
      `${dayText(data.first + day, { dateStyle: "medium" })}, ${clockText(minutes)}`));
  }
  const few = out.length > 4 ? 3 : out.length;
  return el("div", { class: "tiles", style: `--all: ${out.length}; --few: ${few}` }, ...out);
}

// ---- bars by month, day, hour ----------------------------------------------------------------

class Energy {
  constructor(group) {
    this.group = group;
    this.steps = ["months", "days", "hours"].slice(months.length > 1 ? 0 : data.days > 1 ? 1 : 2);
    this.step = this.steps[0];
    this.month = months.length - 1;
    this.day = data.days - 1;
    this.where = el("strong", { "aria-live": "polite" });
    this.read = el("p", { class: "read" });
    this.place = drawing((width) => this.draw(width), { tabindex: "0" });
    this.place.addEventListener("keydown", (event) => {
      const move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (move && this.step !== "months") { event.preventDefault(); this.move(move); }
    });
    this.choices = this.steps.map((step) => {
      const button = el("button", { type: "button" }, t(step));
      button.addEventListener("click", () => this.show(step));
      return button;
    });
    this.back = el("button", { type: "button", "aria-label": t("earlier") }, "‹");
    this.forth = el("button", { type: "button", "aria-label": t("later") }, "›");
    this.back.addEventListener("click", () => this.move(-1));
    this.forth.addEventListener("click", () => this.move(1));
    this.show(this.step);
  }

  panel() {
    const { group } = this;
    return section(group === house ? t("electricity") : group.name, "",
      el("div", { class: "bar-tools" }, el("span", { class: "choices" }, ...(this.steps.length > 1 ? this.choices : [])),
        el("span", { class: "moves" }, this.back, this.where, this.forth)),
      this.read, this.place);
  }

  // The bars of now: which step of the rows, from where, how many.
  window() {
    if (this.step === "months") return { first: 0, count: months.length };
    if (this.step === "days") return months[this.month];
    return { first: days[this.day].first, count: days[this.day].clock.length };
  }

  move(by) {
    const at = this.step === "days" ? "month" : "day";
    const count = this.step === "days" ? months.length : data.days;
    this[at] = Math.min(count - 1, Math.max(0, this[at] + by));
    this.show(this.step);
  }

  show(step) {
    this.step = step;
    this.choices.forEach((button, n) => button.setAttribute("aria-pressed", this.steps[n] === step));
    const [at, count] = step === "days" ? [this.month, months.length] : [this.day, data.days];
    this.back.hidden = this.forth.hidden = step === "months" || count < 2;
    this.back.disabled = at === 0;
    this.forth.disabled = at === count - 1;
    this.where.textContent = step === "days" ? monthText(months[this.month].number)
      : step === "hours" ? dayText(days[this.day].number, { dateStyle: "full" }) : "";
    this.tell(-1);
    const drawn = drawings.find(({ place }) => place === this.place);
    if (drawn.width) { const { width } = drawn; drawn.width = 0; redraw(drawn, width); }
  }

  // A zoom goes to the first day of a month that was chosen.
  choose(n) {
    if (this.step === "months") {
      this.month = n;
      this.day = Math.min(months[n].first, data.days - 1);
      this.show("days");
    } else {
      this.day = this.window().first + n;
      this.show("hours");
    }
  }

  nameOf(n) {
    const { first } = this.window();
    if (this.step === "months") return monthText(months[n].number);
    if (this.step === "days") return dayText(days[first + n].number, { weekday: "short", day: "numeric", month: "long" });
    const clock = days[this.day].clock[n];
    return `${clockText(clock)}–${clockText((clock + 60) % 1440)}`;
  }

  // What is shown of a bar, or of all of them.
  tell(n) {
    const { group, step } = this, { first, count } = this.window();
    const from = n < 0 ? first : first + n, to = n < 0 ? first + count : from + 1;
    const parts = group.rows.map((row) => {
      const known = row[step].slice(from, to).filter((value) => value !== null);
      if (!known.length || !row.sum && row.id !== "bought") return null;
      const sum = known.reduce((total, value) => total + value, 0) * group.scale;
      const name = group === house ? `${t(row.id)} ` : "";
      return el("span", {}, el("i", { class: kindOf(group, row) }), name, el("b", {}, amount(sum, group.unit)));
    }).filter(Boolean);
    const share = group.known[step].get(from);
    const note = n < 0 ? "" : !parts.length ? t("unknown") : share === undefined ? "" : t("known", percent(share / 100));
    this.read.replaceChildren(el("b", {}, n < 0 ? t("total") : this.nameOf(n)), ...parts, note);
  }

  draw(width) {
    const { group, step } = this, { first, count } = this.window();
    const value = (row, at) => (row[step][at] ?? 0) * group.scale;
    const inView = (at) => step === "months" ? months[at].count > 0
      : step === "days" ? days[at].first + days[at].clock.length > data.begin && days[at].first < data.end
        : at >= data.begin && at < data.end;
    const swaps = swapsOf(group), isOfMonth = ({ first: from, count: most }, day) => day >= from && day < from + most;
    const swapped = (at) => swaps.some(({ day, minutes }) => step === "months" ? isOfMonth(months[at], day)
      : step === "days" ? day === at
        : day === this.day && days[day].clock[at - first] === Math.floor(minutes / 60) * 60);
    const textOf = (n) => step === "months" ? monthText(months[n].number, { month: "short", ...(months.length > 12 ? { year: "2-digit" } : {}) })
      : step === "days" ? dayText(days[first + n].number, { day: "numeric" })
        : number(Math.floor(days[this.day].clock[n] / 60));
    const bars = Array.from({ length: count }, (_, n) => {
      const at = first + n;
      const parts = (isBelow) => group.rows.filter(({ id }) => (id === "sold") === isBelow)
        .map((row) => [kindOf(group, row), value(row, at)]).filter(([, each]) => each > 0);
      return { text: textOf(n), above: parts(false), below: parts(true), swap: swapped(at),
        known: inView(at) ? group.known[step].get(at) ?? 100 : 100 };
    });
    return barChart(width, { bars, unit: group.unit, title: `${this.where.textContent} ${group.unit}`,
      space: step === "months" ? 44 : 24, shown: (n) => this.tell(n),
      chosen: step === this.steps[this.steps.length - 1] ? null : (n) => this.choose(n) });
  }
}

// ---- heat map --------------------------------------------------------------------------------

// A map a year, so that a day stays wide enough to be seen.
function yearSpans() {
  if (data.days <= 400) return [{ first: 0, count: data.days }];
  const spans = new Map();
  for (const month of months) {
    const year = Math.floor(month.number / 12);
    const span = spans.get(year) ?? { first: month.first, count: 0, name: String(1970 + year) };
    span.count += month.count;
    spans.set(year, span);
  }
  return [...spans.values()];
}

function heat(group) {
  const values = Array.from({ length: data.end }, (_, hour) => usedOf(group, "hours", hour));
  const high = highOf(values), read = el("p", { class: "read" });
  const tell = (at) => read.replaceChildren(...(at === null ? [t("heat_what")]
    : [el("b", {}, `${dayText(days[at.day].number, { dateStyle: "medium" })}, ${clockText(at.minutes)}`),
      values[at.hour] === null || values[at.hour] === undefined ? t("unknown") : amount(values[at.hour], group.unit)]));
  tell(null);
  const maps = yearSpans().flatMap((span) => [span.name ? el("h3", {}, span.name) : null,
    drawing((width) => heatMap(width, { span, values, high, known: group.known.hours,
      title: t("heat"), shown: tell }))]);
  const scale = el("p", { class: "scale" }, el("span", {}, amount(0, group.unit)),
    ...Array.from({ length: levels }, (_, level) => el("i", { class: `heat-${level}` })),
    el("span", {}, amount(high, group.unit)));
  return section(group === house ? t("heat") : `${group.name} · ${t("heat")}`, "", read, ...maps, scale);
}

// ---- what a house draws ----------------------------------------------------------------------

function typical() {
  const lines = ["workdays", "weekends"].map((id) =>
    ({ id, values: data.typical[id].map((wh) => wh === null ? null : wh / 1000) }));
  const read = el("p", { class: "read" });
  const tell = (share) => {
    const hour = Math.min(23, Math.floor((share ?? 0) * 24));
    read.replaceChildren(...(share === null ? [t("typical_what")] : [
      el("b", {}, `${clockText(hour * 60)}–${clockText((hour + 1) * 60 % 1440)}`),
      ...lines.filter(({ values }) => values[hour] !== null)
        .map(({ id, values }) => el("span", {}, el("i", { class: id }), amount(values[hour], "kW")))]));
  };
  tell(null);
  const across = [0, 6, 12, 18, 24].map((hour) => [hour / 24, hourText(hour)]);
  return section(t("typical"), "", read, drawing((width) => lineChart(width,
    { lines, unit: "kW", title: t("typical"), across, steps: true, shown: tell }), { "data-half": "1" }),
  legend(lines.map(({ id }) => [id, t(id)])));
}

function duration() {
  const lines = data.duration.map(({ id, curve }) => ({ id, values: curve.map((wh) => wh / 1000) }));
  if (!lines.length) return null;
  const { hours } = data.duration[0], read = el("p", { class: "read" });
  const tell = (share) => read.replaceChildren(...(share === null ? [t("duration_what")]
    : lines.map(({ id, values }) => el("span", {}, el("i", { class: id }),
      t("of_hours", number(Math.max(1, Math.round(share * hours))), number(hours),
        amount(values[Math.round(share * (values.length - 1))], "kW"))))));
  tell(null);
  const across = [0, 0.25, 0.5, 0.75, 1].map((share) => [share, percent(share)]);
  return section(t("duration"), "", read, drawing((width) => lineChart(width,
    { lines, unit: "kW", title: t("duration"), across, filled: true, shown: tell }), { "data-half": "1" }),
  legend(lines.map(({ id }) => [id, t(id)])));
}

function baseLoad() {
  if (data.base.all === undefined) return null;
  const bars = months.map((month, n) => ({ below: [], known: 100,
    text: monthText(month.number, { month: "short" }),
    above: data.base.months[n] === null ? [] : [["base", data.base.months[n]]] }));
  const read = el("p", { class: "read" });
  const tell = (n) => read.replaceChildren(el("b", {}, n < 0 ? t("base") : monthText(months[n].number)),
    n < 0 ? `${number(data.base.all)}\u00a0W` : data.base.months[n] === null ? t("unknown") : `${number(data.base.months[n])}\u00a0W`);
  tell(-1);
  return section(t("base"), t("base_what", number(data.base.nights)), ...(months.length > 1 ? [read,
    drawing((width) => barChart(width, { bars, unit: "W", title: t("base"), space: 44, shown: tell }), { "data-half": "1" })]
    : [el("p", { class: "value" }, `${number(data.base.all)}\u00a0W`)]));
}

function highestHours() {
  if (!data.highest.length) return null;
  const most = data.highest[0][2];
  const rows = data.highest.map(([day, minutes, value]) => el("tr", {},
    el("td", {}, dayText(data.first + day, { weekday: "short", day: "numeric", month: "short", year: "numeric" })),
    el("td", {}, `${clockText(minutes)}–${clockText((minutes + 60) % 1440)}`),
    el("td", { class: "number" }, number(value / 1000, 2)),
    el("td", { class: "meter" }, el("i", { class: "bought", style: `width:${(value / most * 100).toFixed(1)}%` }))));
  const head = el("tr", {}, el("th", {}, t("date")), el("th", {}, t("hour")),
    el("th", { class: "number" }, "kWh"), el("th", { class: "meter" }));
  return section(t("highest"), t("from_grid_note"), el("table", { class: "hours" }, el("thead", {}, head), el("tbody", {}, ...rows)));
}

// ---- peaks of the months ---------------------------------------------------------------------

function peaks() {
  const { days: most, minutes, has_steps: hasSteps, months: rows } = data.peaks;
  if (!rows.length) return null;
  const highest = Math.max(...rows.map(({ mean }) => mean ?? 0), 1);
  const daysIn = (month) => new Date(Date.UTC(1970 + Math.floor(month / 12), month % 12 + 1, 0)).getUTCDate();
  const isCut = (month) => months.find((each) => each.number === month)?.count < daysIn(month);
  const dayOf = ([day, clock, watt]) => el("li", {}, el("b", {}, watts(watt)),
    ` ${dayText(day, { day: "numeric", month: "numeric" })}, ${clockText(clock)}`);
  const line = (row) => el("tr", {},
    el("td", {}, monthText(row.month), isCut(row.month) ? el("small", {}, t("cut")) : null),
    el("td", { class: "number" }, el("b", {}, watts(row.mean ?? 0))),
    el("td", { class: "meter" }, el("i", { class: "bought", style: `width:${((row.mean ?? 0) / highest * 100).toFixed(1)}%` })),
    hasSteps ? el("td", {}, row.step ? el("span", { class: "step" }, row.step) : "") : null,
    el("td", { class: "peak-days" }, el("ul", {}, ...row.peaks.map(dayOf))));
  const head = el("tr", {}, el("th", {}, t("month")), el("th", { class: "number" }, t("mean")), el("th", { class: "meter" }),
    hasSteps ? el("th", {}, t("step")) : null, el("th", { class: "peak-days" }, t("peak_days")));
  return section(t("peaks"), t(minutes === 15 ? "peaks_what_quarter" : "peaks_what", number(most)),
    el("table", { class: "peaks" }, el("thead", {}, head), el("tbody", {}, ...rows.map(line))));
}

function swaps() {
  if (!data.swaps.length) return null;
  return section(t("swaps"), t("swap_note"), el("ul", { class: "swaps" },
    ...data.swaps.map(([name, , day, minutes]) => el("li", {},
      `${dayText(data.first + day)}, ${clockText(minutes)} · ${name}`))));
}

// ---- all of it -------------------------------------------------------------------------------

const pair = (...panels) => el("div", { class: "pair" }, ...panels.filter(Boolean));
const panels = house ? [tiles(), new Energy(house).panel(), heat(house), pair(typical(), duration()),
  pair(highestHours(), baseLoad()), peaks()] : [];
for (const group of groups) if (group !== house) panels.push(new Energy(group).panel(), heat(group));
panels.push(swaps());
main.append(...panels.filter(Boolean));
const hasHatched = groups.some(({ known }) => known.hours.size > 0);
document.getElementById("foot").append(el("p", {}, [hasHatched ? t("hatched") : "", t("zone", data.zone),
  t("made", `${dayText(data.made[0])}, ${clockText(data.made[1])}`, data.version)].filter(Boolean).join(" ")));
