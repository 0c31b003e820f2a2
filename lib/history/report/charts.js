// The drawings. Each is made anew for the width that it has; colours come from the style alone, so
// they follow the system and paper without a new drawing.

const narrow = (width) => width < 520;

// Round numbers within.
function ticksOf(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough * 0.999);
  const from = Math.ceil(low / step - 1e-9), to = Math.floor(high / step + 1e-9);
  const decimals = [0, 1, 2, 3, 4].find((most) => Math.abs(step * 10 ** most % 1) < 1e-9) ?? 5;
  return Array.from({ length: to - from + 1 }, (_, n) => [(from + n) * step, decimals]);
}

// The grid with its numbers at the left; returns how a value becomes a height.
function valueAxis(out, box, lowest, highest, unit) {
  const room = (highest - lowest) * 0.04, low = lowest < 0 ? lowest - room : 0, high = highest + room;
  const y = (value) => box.top + box.height * (high - value) / (high - low);
  for (const [tick, decimals] of ticksOf(low, high, box.height < 200 ? 4 : 5)) {
    out.push(svg("line", { x1: box.left, x2: box.left + box.width, y1: y(tick), y2: y(tick),
      class: tick === 0 ? "zero" : "grid" }));
    out.push(label(box.left - 6, y(tick) + 4, number(tick, decimals), { "text-anchor": "end" }));
  }
  out.push(label(box.left - 6, box.top - 10, unit, { "text-anchor": "end" }));
  return y;
}

// As many of the texts as have room.
function textAxis(out, box, at, texts, space) {
  const every = Math.max(1, Math.ceil(texts.length * space / box.width));
  texts.forEach((text, n) => {
    if (n % every === 0) {
      out.push(label(at(n), box.top + box.height + 18, text, { "text-anchor": "middle" }));
    }
  });
}

const picture = (width, height, title, children) => svg("svg",
  { viewBox: `0 0 ${width} ${height}`, width: "100%", role: "img", "aria-label": title }, ...children);

// ---- bars ------------------------------------------------------------------------------------

// `bars`: {text, above: [[id, value]], below, known, swap, none}, known in percent.
function barChart(width, { bars, unit, title, space, shown, chosen }) {
  const box = { left: 52, top: 24, width: width - 56, height: narrow(width) ? 190 : 260 };
  const sum = (parts) => parts.reduce((total, [, value]) => total + value, 0);
  const highest = Math.max(...bars.map(({ above }) => sum(above)), 0);
  const lowest = Math.min(...bars.map(({ below }) => -sum(below)), 0);
  const out = [], y = valueAxis(out, box, lowest, highest || 1, unit);
  const each = box.width / bars.length, wide = Math.min(each * 0.78, 56);
  const middle = (n) => box.left + each * (n + 0.5);
  const bottom = box.top + box.height;
  bars.forEach((bar, n) => {
    const x = middle(n) - wide / 2;
    const rect = (high, low, kind) => svg("rect", { x, width: wide, y: high,
      height: Math.max(0, low - high), class: kind, rx: Math.min(2, wide / 4) });
    const parts = [];
    let top = 0;
    for (const [id, value] of bar.above) {
      if (value > 0) parts.push(rect(y(top + value), y(top), `bar ${id}`));
      top += value;
    }
    for (const [id, value] of bar.below) if (value > 0) parts.push(rect(y(0), y(-value), `bar ${id}`));
    if (bar.known < 100) {
      const isUnknown = !top && !bar.below.length;
      parts.push(isUnknown ? rect(box.top, y(0), "hatched") : rect(y(top), y(-sum(bar.below)), "hatched-bar"));
    }
    if (bar.swap) {
      parts.push(svg("path", { class: "swap", d: `M${middle(n)} ${box.top}V${bottom}` }),
        svg("circle", { class: "swap-dot", cx: middle(n), cy: box.top, r: 4 }));
    }
    const whole = svg("rect", { x: middle(n) - each / 2, width: each, y: box.top, height: box.height,
      class: "reach" });
    const group = svg("g", { class: chosen ? "choice" : "" }, ...parts, whole);
    group.addEventListener("pointerenter", () => shown(n));
    group.addEventListener("pointerleave", () => shown(-1));
    if (chosen) group.addEventListener("click", () => chosen(n));
    out.push(group);
  });
  textAxis(out, box, middle, bars.map(({ text }) => text), space);
  return [picture(width, bottom + 26, title, out)];
}

// ---- heat map --------------------------------------------------------------------------------

const levels = 9;

// The value that few hours exceed: above it all have the last colour.
function highOf(values) {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  return known[Math.floor((known.length - 1) * 0.99)] || known[known.length - 1] || 1;
}

// `span`: first day and how many. On a phone days run downwards.
function heatMap(width, { span, values, known, high, title, shown }) {
  const down = narrow(width), left = down ? 44 : 52, top = down ? 24 : 6;
  const across = down ? 24 : span.count, along = down ? span.count : 24;
  const cell = { width: Math.min((width - left - 4) / across, 30),
    height: down ? Math.max(2.2, Math.min(12, 700 / along)) : 9 };
  const size = { width: cell.width * across, height: cell.height * along };
  const paths = Array.from({ length: levels }, () => ""), out = [];
  let unknown = "";
  const place = (day, from, to) => down
    ? [left + from * cell.width, top + day * cell.height, (to - from) * cell.width, cell.height]
    : [left + day * cell.width, top + from * cell.height, cell.width, (to - from) * cell.height];
  for (let n = 0; n < span.count; ++n) {
    const { first, clock } = days[span.first + n];
    clock.forEach((minutes, at) => {
      const hour = first + at;
      if (hour < data.begin || hour >= data.end) return;
      // The hour that comes twice shares one place.
      const twice = clock[at + 1] === minutes ? 0 : clock[at - 1] === minutes ? 1 : -1;
      const from = minutes / 60 + (twice === 1 ? 0.5 : 0);
      const [x, y, w, h] = place(n, from, Math.min(24, from + (twice < 0 ? 1 : 0.5)));
      const d = `M${x.toFixed(2)} ${y.toFixed(2)}h${w.toFixed(2)}v${h.toFixed(2)}h${(-w).toFixed(2)}z`;
      const value = values[hour];
      if (value !== null) paths[Math.min(levels - 1, Math.floor(value / high * levels))] += d;
      if (known.has(hour)) unknown += d;
    });
  }
  paths.forEach((d, level) => d && out.push(svg("path", { d, class: `heat-${level}` })));
  if (unknown) out.push(svg("path", { d: unknown, class: "hatched" }));
  const hourLabel = (hour) => down
    ? label(left + hour * cell.width, top - 8, hourText(hour),
      { "text-anchor": hour === 0 ? "start" : hour === 24 ? "end" : "middle" })
    : label(left - 6, top + hour * cell.height + 9, hourText(hour), { "text-anchor": "end" });
  [0, 6, 12, 18, ...(down ? [24] : [])].forEach((hour) => out.push(hourLabel(hour)));
  for (const month of months) {
    const first = Math.max(month.first, span.first) - span.first;
    const last = Math.min(month.first + month.count, span.first + span.count) - span.first;
    const room = (last - first) * (down ? cell.height : cell.width);
    if (last <= first || room < (down ? 12 : 24)) continue;
    const text = monthText(month.number, { month: "short" });
    out.push(down ? label(left - 6, top + first * cell.height + 10, text, { "text-anchor": "end" })
      : label(left + (first + last) / 2 * cell.width, top + size.height + 18, text, { "text-anchor": "middle" }));
  }
  const whole = picture(width, top + size.height + (down ? 4 : 26), title, out);
  const at = (event) => {
    const seen = whole.getBoundingClientRect(), scale = width / seen.width;
    const x = (event.clientX - seen.left) * scale - left, y = (event.clientY - seen.top) * scale - top;
    if (x < 0 || y < 0 || x >= size.width || y >= size.height) return shown(null);
    const [day, hour] = down ? [y / cell.height, x / cell.width] : [x / cell.width, y / cell.height];
    const { first, clock } = days[span.first + Math.floor(day)];
    const found = clock.findIndex((minutes) => minutes === Math.floor(hour) * 60);
    shown(found < 0 ? null : { day: span.first + Math.floor(day), hour: first + found, minutes: clock[found] });
  };
  whole.addEventListener("pointermove", at);
  whole.addEventListener("pointerdown", at);
  whole.addEventListener("pointerleave", () => shown(null));
  return [whole];
}

// ---- lines -----------------------------------------------------------------------------------

// `lines`: {id, values}; values share the width evenly, null is a gap. `across`: texts below.
function lineChart(width, { lines, unit, title, across, filled, steps, mark, shown }) {
  const box = { left: 52, top: 24, width: width - 64, height: narrow(width) ? 170 : 220 };
  const highest = Math.max(...lines.flatMap(({ values }) => values), mark ?? 0, 0);
  const out = [], y = valueAxis(out, box, 0, highest || 1, unit);
  for (const { id, values } of lines) {
    const each = box.width / (steps ? values.length : Math.max(1, values.length - 1));
    let line = "", isOpen = false;
    values.forEach((value, n) => {
      if (value === null) { isOpen = false; return; }
      const x = (box.left + n * each).toFixed(1), high = y(value).toFixed(1);
      line += `${isOpen ? "L" : "M"}${x} ${high}`;
      if (steps) line += `h${each.toFixed(1)}`;
      isOpen = true;
    });
    if (filled) {
      out.push(svg("path", { class: `area ${id}`,
        d: `${line}V${y(0)}H${box.left}Z` }));
    }
    out.push(svg("path", { class: `line ${id}`, d: line }));
  }
  if (mark) out.push(svg("path", { class: "mark", d: `M${box.left} ${y(mark)}h${box.width}` }));
  across.forEach(([share, text]) => out.push(label(box.left + share * box.width,
    box.top + box.height + 18, text, { "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle" })));
  const needle = svg("path", { class: "needle", d: "" });
  const whole = picture(width, box.top + box.height + 26, title, [...out, needle]);
  const at = (event) => {
    const seen = whole.getBoundingClientRect();
    const share = ((event.clientX - seen.left) * width / seen.width - box.left) / box.width;
    const isIn = share >= 0 && share <= 1;
    needle.setAttribute("d", isIn ? `M${box.left + share * box.width} ${box.top}v${box.height}` : "");
    shown(isIn ? share : null);
  };
  whole.addEventListener("pointermove", at);
  whole.addEventListener("pointerdown", at);
  whole.addEventListener("pointerleave", () => { needle.setAttribute("d", ""); shown(null); });
  return [whole];
}
