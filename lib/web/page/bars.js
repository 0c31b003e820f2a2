// Bars of energy and means with their range, as SVG: what the history is drawn with.

import { digits, svg } from "./parts.js";

// Round borders of an axis, at most `most` steps.
function ticks(low, high, most = 4) {
  const rough = (high - low) / most || 1, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const out = [];
  for (let at = Math.floor(low / step); at <= Math.ceil(high / step); at += 1) out.push(at * step);
  return out;
}

const decimalsOf = (values) => Math.max(0, -Math.floor(Math.log10(values[1] - values[0]) + 1e-9));

// A frame with its axes: {node, x, y, width, height}; `count` places side by side.
function frame(place, count, low, high, unit, labels) {
  const width = place.clientWidth, height = width < 500 ? 200 : 260, left = 52, bottom = 24, top = 10;
  const borders = ticks(low, high), [least, most] = [borders[0], borders.at(-1)];
  const x = (index) => left + (width - left - 4) * index / count;
  const y = (value) => top + (height - top - bottom) * (most - value) / (most - least || 1);
  const node = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "past",
    "aria-hidden": true });
  const places = Math.min(3, decimalsOf(borders));
  for (const value of borders) {
    node.append(svg("path", { d: `M${left} ${y(value)}H${width - 4}`, class: value ? "rule" : "zero" }),
      svg("text", { x: left - 6, y: y(value) + 4, class: "side" }, digits(value, places)));
  }
  node.append(svg("text", { x: 2, y: height - 7 }, unit));
  const every = Math.ceil(labels.filter(Boolean).length * 44 / (width - left)) || 1;
  let shown = 0;
  labels.forEach((label, index) => {
    if (label && shown++ % every === 0) {
      node.append(svg("text", { x: x(index + 0.5), y: height - 7, class: "below" }, label));
    }
  });
  return { node, x, y, top, floor: height - bottom, least, most };
}

const hatch = () => svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse",
  patternTransform: "rotate(45)" }, svg("path", { d: "M0 0V6", class: "hatch" }));

// What is not covered by measuring is hatched, whatever is known of it all the same.
function drawGaps({ node, x, top, floor }, gaps) {
  node.append(svg("defs", {}, hatch()));
  gaps.forEach((gap, index) => {
    if (!gap) return;
    node.append(svg("rect", { x: x(index), y: top, width: x(index + 1) - x(index), height: floor - top,
      fill: "url(#hatch)" }));
  });
}

// Where another meter took the place of the old one.
function drawSwaps({ node, x, top, floor }, swaps) {
  for (const index of swaps) {
    node.append(svg("path", { d: `M${x(index)} ${top}V${floor}`, class: "swap" }),
      svg("text", { x: x(index), y: top + 2, class: "below" }, "⇄"));
  }
}

// Bars beside each other above the line, what goes out below it; `past`: of the year before.
export function drawBars(place, rows, labels, { gaps, past, swaps }) {
  const up = rows.filter(({ role }) => role !== "export");
  const shown = [...rows, ...past].flatMap(({ role, values }) =>
    values.map((value) => (role === "export" ? -1 : 1) * (value ?? 0)));
  const its = frame(place, labels.length, Math.min(0, ...shown), Math.max(0.001, ...shown),
    rows[0]?.unit ?? "", labels);
  drawGaps(its, gaps);
  const bar = (row, index, from, width, kind) => {
    const value = row.values[index] * (row.role === "export" ? -1 : 1);
    const [a, b] = [its.y(Math.max(0, value)), its.y(Math.min(0, value))];
    if (value) its.node.append(svg("rect", { x: from, y: a, width, height: b - a, class: kind }));
  };
  for (let index = 0; index < labels.length; index += 1) {
    const from = its.x(index), room = (its.x(index + 1) - from) * 0.86;
    up.forEach((row, n) =>
      bar(row, index, from + room * n / up.length, room / up.length, row.role));
    rows.filter(({ role }) => role === "export")
      .forEach((row) => bar(row, index, from, room, row.role));
    past.forEach((row) => bar(row, index, from, room / up.length, `${row.role} before`));
  }
  drawSwaps(its, swaps);
  place.replaceChildren(its.node);
  return its;
}

// The mean as steps, with a band from the smallest to the greatest.
export function drawMeans(place, { unit, value, low, high }, labels, gaps) {
  const shown = [...value, ...low, ...high].filter((one) => one !== null);
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const base = least >= 0 && least < most / 2 ? 0 : least;
  const its = frame(place, labels.length, base, most === base ? base + 1 : most, unit, labels);
  drawGaps(its, gaps);
  let line = "";
  value.forEach((mean, index) => {
    const [from, to] = [its.x(index), its.x(index + 1)];
    if (mean === null) return;
    if (low[index] !== null && high[index] !== null) {
      const top = its.y(high[index]);
      its.node.append(svg("rect", { x: from, y: top, width: to - from,
        height: Math.max(1, its.y(low[index]) - top), class: "band" }));
    }
    line += `${index && value[index - 1] !== null ? "L" : "M"}${from} ${its.y(mean)}H${to}`;
  });
  its.node.append(svg("path", { d: line, class: "mean" }));
  place.replaceChildren(its.node);
  return its;
}
