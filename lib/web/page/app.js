// The page: what is shown where. Everything that is drawn is a part with `update`, which is called
// whenever something has changed.

import { Chart } from "./chart.js";
import { Live, above, flowOf, known, number, offline, usable } from "./live.js";
import {
  control, digits, el, gauge, listed, mark, setZone, spanText, speak, t, takesCommands,
  timeText, valueText, wattHours, watts, write,
} from "./parts.js";

// What this browser keeps; a private window may refuse to.
const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* it is asked again */ } },
};
const nodes = [...document.querySelectorAll("[id]")];
const at = Object.fromEntries(nodes.map((node) => [node.id, node]));
const live = new Live(), chart = new Chart(live, at, memory);
let past = null;  // the view of the history, once it was looked at
const all = () => [...live.devices.values()];

// ---- parts that come and go -------------------------------------------------------------------

const shape = ({ name, entities }) => JSON.stringify([name, entities.map((entity) =>
  [entity.key, entity.name, entity.unit, entity.platform, entity.category, entity.enabled,
   entity.options, entity.min, entity.max, entity.step])]);

// Keeps a part for each device in `place`, built anew only when the device has another shape:
// focus, and what is being typed, stay. `build` gives {node, update}, or nothing.
function keeper(place, build) {
  let parts = new Map();
  return () => {
    const next = new Map();
    for (const device of all()) {
      const old = parts.get(device.id), its = shape(device);
      next.set(device.id, old?.its === its ? old : { ...build(device), its });
    }
    parts = next;
    const nodes = [...parts.values()].filter(({ node }) => node).map(({ node }) => node);
    const same = nodes.length === place.childNodes.length &&
      nodes.every((node, index) => node === place.childNodes[index]);
    if (!same) place.replaceChildren(...nodes);
    for (const [id, part] of parts) part.update?.(live.devices.get(id));
    return nodes.length;
  };
}

const opened = new Set();
function fold(id, title, ...content) {
  const node = el("details", { open: opened.has(id) }, el("summary", {}, title), ...content);
  node.addEventListener("toggle", () => opened[node.open ? "add" : "delete"](id));
  return node;
}

// ---- a card a device ----------------------------------------------------------------------------

const elsewhere = /^(hour_|month_max_|tariff_step$)/;  // what the page shows at its top
const plain = ({ category, enabled }) => !category && enabled !== false;
const leading = ["power_net", "power", "power_import", "battery_level", "temperature", "value"];

function leader(entities) {
  const found = leading.map((key) => entities.find((entity) => entity.key === key)).find(Boolean);
  return found ?? entities.find((entity) => !entity.name) ?? entities[0];
}

// Name, state and age; for an offline device why, and what to do.
function heading(device) {
  const state = el("span", { class: "state" }), why = el("p", { class: "why" });
  const node = el("header", {}, el("h3", {}, device.name), state);
  return { nodes: [node, why], update(now) {
    const seconds = (live.now() - Date.parse(now.heard)) / 1000;
    const age = now.heard ? t("ago", spanText(seconds)) : t("never");
    write(state, offline(now) ? t("offline") : now.heard ? age : t("online"));
    mark(state, "data-state", now.status);
    const texts = ["cause", "last_error"].map((key) => now.by.get(key)).filter((entity) =>
      known(entity) && !["none", "ok", ""].includes(entity.value)).map(valueText);
    write(why, offline(now) ? [...texts, age].join(" · ") : "");
  } };
}

function card(device) {
  const fit = device.entities.filter(({ key, category, platform }) => category !== "diagnostic" &&
    !elsewhere.test(key) && !(device.id === "gateway" && platform === "switch"));
  if (!fit.length) return {};
  const values = fit.filter(plain), lead = leader(values.filter((one) => !takesCommands(one)));
  const figure = lead ? el("p", { class: "figure" }, el("span"), el("small", {}, lead.name)) : null;
  const head = heading(device);
  const parts = [listed(live, device, values.filter((entity) => entity !== lead))];
  const node = el("article", { class: "panel card" }, ...head.nodes, figure, ...parts[0][0]);
  const further = { settings: ({ category, enabled }) => category && enabled !== false,
    more: ({ enabled }) => enabled === false };
  for (const [title, wanted] of Object.entries(further)) {
    const its = fit.filter(wanted);
    if (!its.length) continue;
    parts.push(listed(live, device, its));
    node.append(fold(`${device.id}/${title}`, t(title), ...parts.at(-1)[0]));
  }
  return { node, update(now) {
    head.update(now);
    node.classList.toggle("off", offline(now));
    if (figure) {
      const its = now.by.get(lead.key) ?? lead;
      write(figure.firstChild, valueText(its));
      figure.hidden = its.value === undefined;
    }
    for (const [, update] of parts) update(now);
  } };
}

function check(device) {
  const its = device.entities.filter(({ category }) => category === "diagnostic");
  if (!its.length) return {};
  const head = heading(device), [nodes, update] = listed(live, device, its, true);
  const about = [device.manufacturer, device.model, device.serial, device.firmware].filter(Boolean);
  const node = el("article", { class: "panel card" }, ...head.nodes,
    about.length ? el("p", { class: "note" }, about.join(" · ")) : null, ...nodes);
  return { node, update(now) {
    head.update(now);
    update(now);
  } };
}

// ---- power now ----------------------------------------------------------------------------------

// Today's energy at the grid, and how full the battery is.
function today(totals, level) {
  const shown = ["today_import", "today_export"].filter((key) => totals?.by.has(key))
    .map((key) => [t(key), valueText({ ...totals.by.get(key), decimals: 2 })]);
  if (level !== null) shown.push([t("battery"), digits(level, 0, "%")]);
  const names = shown.map(([name]) => name).join();
  if (at.today.dataset.names !== names) {
    at.today.dataset.names = names;
    at.today.replaceChildren(...shown.map(([name]) =>
      el("div", {}, el("dt", {}, name), el("dd"))));
  }
  shown.forEach(([, text], index) => write(at.today.children[index].lastChild, text));
}

// Bars are as long as what flows. A row stays while nothing flows, so that nothing jumps.
function side(list, bar, flows) {
  if (list.children.length !== flows.length) {
    list.replaceChildren(...flows.map(([kind]) => el("li", { class: kind }, el("span"), el("b"))));
    bar.replaceChildren(...flows.map(([kind]) => el("span", { class: kind })));
  }
  flows.forEach(([kind, name, power], index) => {
    const [label, value] = list.children[index].children;
    write(label, name);
    write(value, watts(power));
    list.children[index].classList.toggle("none", !power);
    bar.children[index].style.flexGrow = Math.max(0, power ?? 0);
    bar.children[index].hidden = !power;
  });
}

const below = (power) => (power === null ? null : Math.max(0, -power));

function drawFlow() {
  const flow = flowOf(live.devices, memory.get("meter")), { grid, solar, battery, level } = flow;
  at.flow.hidden = !flow.meter && !flow.hasSolar && !flow.hasBattery;
  at.choose.hidden = flow.meters.length < 2;
  const ids = flow.meters.map(({ id, name }) => [id, name]);
  if (at.meter.dataset.ids !== String(ids)) {
    at.meter.dataset.ids = String(ids);
    at.meter.replaceChildren(...ids.map(([value, name]) => el("option", { value }, name)));
  }
  at.meter.value = flow.meter?.id;
  const simple = !flow.hasSolar && !flow.hasBattery, byGrid = simple || flow.used === null;
  write(at.headline, watts(byGrid && grid !== null ? Math.abs(grid) : flow.used));
  write(at["headline-what"], t(byGrid ? (grid < 0 ? "export" : "import") : "used"));
  at.bars.hidden = at.sides.hidden = simple;
  const kinds = [flow.hasSolar, flow.hasBattery, Boolean(flow.meter)];
  side(at.ins, at["ins-bar"], [["solar", t("solar"), solar],
    ["battery", t("battery"), below(battery)],
    ["grid", t("grid"), above(grid)]].filter((_, index) => kinds[index]));
  side(at.outs, at["outs-bar"], [["used", t("house"), flow.used],
    ["battery", t("battery"), above(battery)],
    ["export", t("grid"), below(grid)]].filter((_, index) => index === 0 || kinds[index]));
  today(flow.totals, level);
}

// ---- hour, switches, peaks --------------------------------------------------------------------

// Named by its device where others have such a panel, too.
function panel(device, title, key, ...content) {
  const several = all().filter((one) => one.by.has(key)).length > 1;
  const text = several ? `${title}: ${device.name}` : title;
  return el("section", { class: "panel" }, el("h2", {}, text), ...content);
}

function hour(device) {
  if (!device.by.has("hour_energy") && !device.by.has("hour_limit")) return {};
  const dial = gauge(t("hour")), projected = el("dd"), free = el("dd"), freeName = el("dt");
  const limit = device.by.get("hour_limit");
  const its = limit ? control(live, device, limit, limit.name) : null;
  const figures = el("dl", { class: "values" },
    el("div", {}, el("dt", {}, t("projected")), projected),
    el("div", { class: "free" }, freeName, free));
  const node = panel(device, t("hour"), limit ? "hour_limit" : "hour_energy",
    el("div", { class: "hour" }, dial.node, figures),
    its ? fold(`${device.id}/hour`, t("settings"), its.node) : null);
  return { node, update(now) {
    const left = number(now, "hour_available_power"), expected = number(now, "hour_projected");
    dial.show(number(now, "hour_energy"), expected, number(now, "hour_limit"));
    write(projected, wattHours(expected));
    write(freeName, t(left < 0 ? "too_much" : "free"));
    // No more can be switched off than what runs.
    const most = left < 0 ? number(now, "power_import") ?? -left : left;
    write(free, watts(left === null ? null : Math.min(Math.abs(left), most)));
    node.classList.toggle("over", now.by.get("hour_limit_exceeded")?.value === "ON");
    its?.update(now);
  } };
}

// Why it is as it is, where that is no command.
function whyText({ attributes = {} }) {
  const why = attributes.why === "command" ? "" : (attributes.why ?? "").replaceAll("_", " ");
  const free = attributes.free_at ? timeText(attributes.free_at, { timeStyle: "short" }) : "";
  return [why, free && `→ ${free}`].filter(Boolean).join(" ");
}

function relays(device) {
  const its = device.entities.filter(({ platform }) => platform === "switch");
  if (device.id !== "gateway" || !its.length) return {};
  const parts = its.map((entity) => [entity.key, control(live, device, entity, entity.name)]);
  return { node: el("div", {}, ...parts.map(([, part]) => part.node)), update(now) {
    for (const [key, part] of parts) {
      part.update(now);
      write(part.state, whyText(now.by.get(key)));
    }
  } };
}

function dayText({ attributes = {} }) {
  if (!attributes.start) return attributes.date ?? "";
  return timeText(attributes.start, { weekday: "short", day: "numeric", month: "short",
    hour: "2-digit", minute: "2-digit" });
}

function peak(device) {
  if (!device.by.has("month_max_average")) return {};
  const list = el("dl", { class: "values" }), left = el("p", { class: "note" });
  const keys = ["month_max_1", "month_max_2", "month_max_3", "month_max_average", "tariff_step"];
  const names = { month_max_average: t("average"), tariff_step: t("step") };
  let drawn = "";
  return { node: panel(device, t("peaks"), "month_max_average", list, left), update(now) {
    const rows = keys.map((key) => now.by.get(key)).filter(known)
      .map((entity) => [names[entity.key] ?? dayText(entity), valueText(entity)]);
    if (drawn !== (drawn = String(rows))) {
      list.replaceChildren(...rows.map(([name, text]) =>
        el("div", {}, el("dt", {}, name), el("dd", {}, text))));
    }
    const watt = now.by.get("tariff_step")?.attributes?.left_w;
    write(left, watt === undefined || watt === null ? "" : t("step_left", watts(watt)));
  } };
}

// ---- the page ---------------------------------------------------------------------------------

const drawCards = keeper(at.cards, card), drawHours = keeper(at.hours, hour);
const drawRelays = keeper(at.switches, relays), drawPeaks = keeper(at.peaks, peak);
const drawChecks = keeper(at.checks, check);
let needsLogin = false, soon = 0;

function drawAlarms() {
  const texts = all().flatMap((device) => device.entities
    .filter((one) => one.class === "problem" && one.value === "ON" && usable(device, one))
    .map(({ key, name }) => key === "hour_limit_exceeded" ? t("exceeded", device.name)
      : `${device.name}: ${name}.`));
  write(at.alarms, texts.join(" "));
}

function drawHealth() {
  const away = all().filter(offline).length;
  write(at.well, away ? t("not_well", away, all().length) : t("all_well"));
  at.well.classList.toggle("bad", away > 0);
  write(at.version, t("version", live.house.version ?? ""));
  drawChecks();
}

function drawHouse() {
  drawFlow();
  drawHours();
  at.relays.hidden = !drawRelays();
  drawPeaks();
  at["devices-title"].hidden = !drawCards();
  at.empty.hidden = !at["devices-title"].hidden;
  at["read-only"].hidden = live.house.commands !== false;
  chart.draw();
}

function draw() {
  soon = 0;
  const onHealth = location.hash === "#health";
  const onPast = location.hash === "#history" && Boolean(live.house.history);
  at.login.hidden = !needsLogin;
  at.link.hidden = at.views.hidden = needsLogin;
  at.house.hidden = needsLogin || onHealth || onPast || !live.devices.size;
  at.past.hidden = needsLogin || !onPast;
  at["to-past"].hidden = !live.house.history;
  at.health.hidden = needsLogin || !onHealth;
  at.logout.hidden = needsLogin || !memory.get("login");
  for (const [node, here] of [[at["to-house"], !onHealth && !onPast],
    [at["to-past"], onPast], [at["to-health"], onHealth]]) {
    if (here) mark(node, "aria-current", "page");
    else node.removeAttribute("aria-current");
  }
  drawLink();
  drawAlarms();
  if (!at.house.hidden) drawHouse();
  if (!at.health.hidden) drawHealth();
  if (!at.past.hidden) drawPast();
}

// Its scripts are loaded by who looks at it.
async function drawPast() {
  if (past) return past.draw?.();
  past = import("./history.js");
  const { History } = await past;
  past = new History(live, at, () => live.house.time_zone || undefined);
  return past.open();
}

function drawLink() {
  write(at.link, t(live.link));
  mark(document.body, "data-link", live.link);
  write(at.banner, live.link === "lost" ? t("lost_since", timeText(live.lostSince)) : "");
}

live.addEventListener("link", () => {
  drawLink();
  if (live.link === "live" || live.link === "asking") chart.load();
});
live.addEventListener("change", () => {
  soon ||= requestAnimationFrame(draw);
});
live.addEventListener("state", () => {
  needsLogin = false;
  setZone(live.house.time_zone);
  speak(live.house.language);
  draw();
});
live.addEventListener("login", () => {
  needsLogin = true;
  speak(live.house.language);
  draw();
  at.password.focus();
});

at.login.addEventListener("submit", async (event) => {
  event.preventDefault();
  write(at["login-reason"], "");
  const { status, wait } = await live.login(at.password.value);
  if (status !== 204) {
    const why = { 401: "wrong", 429: "wait" }[status] ?? "no_answer";
    write(at["login-reason"], t(why, wait));
    return;
  }
  at.password.value = "";
  memory.set("login", "yes");
});
at.logout.addEventListener("click", () => {
  memory.set("login", "");
  live.logout();
});
at.meter.addEventListener("change", () => {
  memory.set("meter", at.meter.value);
  draw();
});
at.skip.addEventListener("click", (event) => {
  event.preventDefault();
  at.main.focus();
});

addEventListener("hashchange", () => {
  draw();
  if (!at.house.hidden) chart.load();
  if (!at.past.hidden) past?.open?.();
});
addEventListener("resize", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
document.addEventListener("visibilitychange", () => (document.hidden ? live.close() : live.open()));
addEventListener("pageshow", ({ persisted }) => { if (persisted) live.open(); });
setInterval(() => { if (!document.hidden) draw(); }, 1000);
speak("auto");
live.open();
