// The last 15 minutes as a moving chart. It is served behind uPlot, in one file with it, and uses
// the `uPlot` of there.

import { number } from "./live.js";
import { digits, el, mark, t, timeText, watts, write } from "./parts.js";

const most = 180;   // means that are shown: 15 minutes
const least = 120;  // seconds, where less is known

// The means that the gateway has kept, carried on by what is heard; times in unix seconds.
class Ring {
  series = [];  // {device, key, values}
  step = 5;
  #end = 0;

  take({ step, end, series }) {
    const longest = Math.max(0, ...series.map(({ values }) => values.length));
    const padded = (values) => Array(longest - values.length).fill(null).concat(values);
    this.series = series.map((one) => ({ ...one, values: padded(one.values), sum: 0, count: 0 }));
    this.step = step;
    this.#end = end ?? 0;
  }

  // What is known at `now`; `valueOf(series)` is a number or null.
  tick(now, valueOf) {
    if (!this.series.length) return;
    this.#end = this.#end === 0 ? now : Math.max(this.#end, now - most * this.step);
    for (const one of this.series) {
      const value = valueOf(one);
      if (value !== null) [one.sum, one.count] = [one.sum + value, one.count + 1];
      one.last = value;
    }
    for (; now >= this.#end + this.step; this.#end += this.step) this.#close();
  }

  #close() {
    for (const one of this.series) {
      one.values.push(one.count ? one.sum / one.count : null);
      if (one.values.length > most) one.values.shift();
      [one.sum, one.count] = [0, 0];
    }
  }

  // Columns as the chart takes them; the last row is now.
  columns(now) {
    const length = this.series[0]?.values.length ?? 0;
    const times = Array.from({ length }, (_, at) => this.#end - (length - 1 - at) * this.step);
    return [[...times, Math.max(now, this.#end + 0.1)],
            ...this.series.map(({ values, last }) => [...values, last ?? null])];
  }
}

// Of each device the power that says most; of one with a battery inside, that too.
const mains = ["power_net", "power", "power_import", "battery_power"];
function telling(series, devices) {
  const keysOf = (device) => series.filter((one) => one.device === device).map(({ key }) => key);
  const main = (device) => mains.find((key) => keysOf(device).includes(key));
  return series.filter(({ device, key }) =>
    devices.has(device) && (key === main(device) || key === "battery_power"));
}

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(`--${name}`).trim();

// Solar, battery and grid as in the flow above; whatever comes besides has colours of its own.
function coloursOf(series, devices) {
  const free = Array.from({ length: 8 }, (_, index) => `chart-${index}`), taken = new Set();
  return series.map(({ device, key }, index) => {
    const by = devices.get(device)?.by;
    const role = key === "battery_power" || by?.has("battery_level") && !by.has("energy_produced")
      ? "battery" : by?.has("energy_produced") ? "solar" : "grid";
    const chosen = taken.has(role) ? free.shift() ?? `chart-${index % 8}` : role;
    taken.add(role);
    return chosen;
  });
}

// Of the axis: with as many decimals as its steps need.
function scaleTexts(values) {
  const largest = Math.max(...values.map(Math.abs));
  if (largest < 1000) return values.map((value) => digits(value, 0, "W"));
  const decimals = values.some((value) => value % 1000 !== 0) ? 1 : 0;
  return values.map((value) => digits(value / 1000, decimals, "kW"));
}

const idOf = ({ device, key }) => `${device}/${key}`;

// `places`: the elements `chart` (hidden while there is nothing), `plot` and `legend`.
export class Chart {
  #live; #places; #memory; #unseen;
  #ring = new Ring();
  #plot = null;
  #colours = [];
  #drawnAs = "";

  constructor(live, places, memory) {
    this.#live = live;
    this.#places = places;
    this.#memory = memory;
    this.#unseen = new Set(JSON.parse(memory.get("unseen") ?? "[]"));
  }

  async load() {
    const body = await this.#live.recent();
    if (body) this.#ring.take({ ...body, series: telling(body.series, this.#live.devices) });
    this.draw();
  }

  draw() {
    const { chart, plot } = this.#places, { series } = this.#ring;
    chart.hidden = !series.length;
    if (chart.hidden || !plot.clientWidth) return;
    const now = this.#live.now() / 1000;
    this.#ring.tick(now, ({ device, key }) => number(this.#live.devices.get(device), key));
    const as = [series.map((one) => this.#name(one)), plot.clientWidth, colour("muted")].join();
    if (as !== this.#drawnAs) this.#build(this.#ring.columns(now));
    else this.#plot.setData(this.#ring.columns(now));
    this.#drawnAs = as;
    this.#writeLegend();
  }

  #name({ device, key }) {
    const name = this.#live.devices.get(device)?.name ?? device;
    return key === "battery_power" ? `${name} · ${t("battery")}` : name;
  }

  #options() {
    const width = this.#places.plot.clientWidth, em = parseFloat(style.fontSize);
    const axis = { stroke: colour("muted"), ticks: { show: false }, gap: em / 2,
      font: `${em * 0.75}px system-ui, sans-serif`, grid: { stroke: colour("line"), width: 1 } };
    const time = (value) => timeText(value * 1000, { timeStyle: "short" });
    const lines = this.#ring.series.map((one, index) => ({
      stroke: colour(this.#colours[index]), width: 2, points: { show: false },
      show: !this.#unseen.has(idOf(one)) }));
    return {
      width, height: em * (width < 500 ? 11 : 17), padding: [em / 2, em, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false } },
      scales: {
        x: { range: (_, low, high) => [Math.min(low, high - least), high] },
        y: { range: (_, low, high) =>
          [Math.min(0, low ?? 0) * 1.05, Math.max(100, high ?? 0) * 1.05] },
      },
      axes: [{ ...axis, space: em * 5, size: em * 2, incrs: [60, 120, 300],
               values: (_, values) => values.map(time) },
             { ...axis, size: em * 3.75, values: (_, values) => scaleTexts(values) }],
      series: [{}, ...lines], hooks: { setCursor: [() => this.#writeLegend()] },
    };
  }

  #build(columns) {
    const { plot, legend } = this.#places, { series } = this.#ring;
    this.#colours = coloursOf(series, this.#live.devices);
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(), columns, plot);
    legend.replaceChildren(...series.map((one, index) => this.#key(one, index)));
    mark(plot, "aria-label", `${t("chart")}: ${series.map((one) => this.#name(one)).join(", ")}`);
  }

  // The name of a line, its value, and whether it is shown.
  #key(one, index) {
    const shown = () => !this.#unseen.has(idOf(one));
    const turn = () => {
      this.#unseen[shown() ? "add" : "delete"](idOf(one));
      this.#memory.set("unseen", JSON.stringify([...this.#unseen]));
      this.#plot.setSeries(index + 1, { show: shown() });
      mark(button, "aria-pressed", shown());
    };
    const button = el("button", { type: "button", class: `key ${this.#colours[index]}`,
      "aria-pressed": String(shown()), onclick: turn },
      el("i"), el("span", {}, this.#name(one)), el("b"));
    return button;
  }

  // The values where the pointer is, else those of now.
  #writeLegend() {
    if (!this.#plot) return;
    const { data, cursor } = this.#plot, row = cursor.idx ?? data[0].length - 1;
    [...this.#places.legend.children].forEach((button, index) =>
      write(button.lastChild, watts(data[index + 1][row])));
  }
}
