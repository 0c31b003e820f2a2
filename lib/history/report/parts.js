// What the report is made of: its figures, words, numbers, dates, elements. What stands in the data
// becomes text nodes only.

const data = JSON.parse(document.getElementById("data").textContent);

// ---- words, numbers, dates -------------------------------------------------------------------

const base = (tag) => tag.toLowerCase().split("-")[0].replace(/^(no|nn)$/, "nb");
const wanted = data.language === "auto" ? navigator.languages : [data.language];
const column = Math.max(0, wanted.map((tag) => languages.indexOf(base(tag))).find((at) => at >= 0) ?? 0);
const language = languages[column];
// With the region of the browser, where it speaks the language: how numbers and dates are written.
const locale = navigator.languages.find((tag) => base(tag) === language) ?? language;

const t = (key, ...filling) =>
  texts[key][column].replace(/\{(\d)\}/g, (_, index) => filling[index]);

const formats = new Map();
function number(value, least = 0, most = least) {
  const key = `${least} ${most}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(locale,
      { minimumFractionDigits: least, maximumFractionDigits: most }));
  }
  return formats.get(key).format(value);
}
const percent = (share) =>
  new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }).format(share);

// With as many decimals as are worth reading.
function amount(value, unit) {
  const size = Math.abs(value), decimals = size >= 100 || size === 0 ? 0 : size >= 10 ? 1 : 2;
  return `${number(value, decimals)}\u00a0${unit}`;
}

// Days since 1970, minutes of a day, months since 1970: all are local already.
const msOfDay = 86400000;
const dateFormats = new Map();
function written(time, options) {
  const key = JSON.stringify(options);
  if (!dateFormats.has(key)) {
    dateFormats.set(key, new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }));
  }
  return dateFormats.get(key);
}
const dayText = (day, options = { dateStyle: "long" }) => written(0, options).format(day * msOfDay);
const clockText = (minutes) => written(0, { timeStyle: "short" }).format(minutes * 60000);
// As an axis has it: short, where the clock has twelve hours.
const hasTwelve = written(0, { hour: "numeric" }).resolvedOptions().hour12;
const hourText = (hour) => hasTwelve ? written(0, { hour: "numeric" }).format(hour % 24 * 3600000)
  : clockText(hour % 24 * 60);
const monthText = (month, options = { month: "long", year: "numeric" }) =>
  written(0, options).format(new Date(Date.UTC(1970 + Math.floor(month / 12), month % 12)));
const rangeText = (first, last) =>
  written(0, { dateStyle: "long" }).formatRange(first * msOfDay, last * msOfDay);

// ---- the calendar ----------------------------------------------------------------------------

const usual = Array.from({ length: 24 }, (_, hour) => hour * 60);
const clocks = new Map(data.clock);
// Of each day its first hour, and what the clock shows at each of them.
const days = [];
for (let day = 0, first = 0; day < data.days; ++day) {
  const clock = clocks.get(day) ?? usual;
  days.push({ number: data.first + day, first, clock });
  first += clock.length;
}
const months = data.months.map(([month, first, count]) => ({ number: month, first, count }));

const unpatched = (runs) => {
  const shares = new Map();
  for (const [first, count, share] of runs) {
    for (let at = first; at < first + count; ++at) shares.set(at, share);
  }
  return shares;
};
const groups = data.groups.map((group) => ({ ...group, scale: 10 ** group.exponent,
  known: Object.fromEntries(Object.entries(group.patchy).map(([step, runs]) =>
    [step, unpatched(runs)])) }));
// What is drawn above zero, put together: what was used.
const aboveOf = (group) => group.rows.filter(({ id }) => id !== "sold");
const usedOf = (group, step, at) => {
  const known = aboveOf(group).map((row) => row[step][at]).filter((value) => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) * group.scale : null;
};
// As {day, minutes}.
const swapsOf = (group) => data.swaps.filter(([, at]) => groups[at] === group)
  .map(([, , day, minutes]) => ({ day, minutes }));

// ---- elements --------------------------------------------------------------------------------

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
const el = (name, attributes = {}, ...children) =>
  fill(document.createElement(name), attributes, children);
const svg = (name, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
const label = (x, y, text, attributes = {}) => svg("text", { x, y, ...attributes }, text);

function section(title, what, ...children) {
  return el("section", { class: "panel" }, el("h2", {}, title),
    what ? el("p", { class: "note" }, what) : null, ...children);
}

// Draws again where the width changes, and as wide as paper where it is printed.
const paper = 720, drawings = [];
function drawing(draw, attributes = {}) {
  const place = el("div", { class: "drawing", ...attributes });
  const at = { place, draw, width: 0 };
  drawings.push(at);
  new ResizeObserver(() => requestAnimationFrame(() => redraw(at, place.clientWidth))).observe(place);
  return place;
}
function redraw(at, width) {
  if (!width || at.width === width) return;
  at.width = width;
  at.place.replaceChildren(...at.draw(width));
}
addEventListener("beforeprint", () => drawings.forEach((at) =>
  redraw(at, Math.round(paper * (at.place.dataset.half ? 0.47 : 1)))));
addEventListener("afterprint", () => drawings.forEach((at) => redraw(at, at.place.clientWidth)));
