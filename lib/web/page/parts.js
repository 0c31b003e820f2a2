// What the page is made of: words, numbers, elements, controls. What a wire says becomes text nodes
// only, whatever it holds.

import { known, usable } from "./live.js";

// ---- words -----------------------------------------------------------------------------------

const languages = ["en", "nb", "nl", "de", "sv", "da"];
const texts = {
  skip: ["To the content", "Til innholdet", "Naar de inhoud", "Zum Inhalt", "Till innehållet", "Til indholdet"],
  house: ["House", "Huset", "Huis", "Haus", "Huset", "Huset"],
  health: ["Health", "Tilstand", "Toestand", "Zustand", "Tillstånd", "Tilstand"],
  history: ["History", "Historikk", "Historie", "Verlauf", "Historik", "Historik"],
  by_day: ["Day", "Dag", "Dag", "Tag", "Dag", "Dag"],
  by_month: ["Month", "Måned", "Maand", "Monat", "Månad", "Måned"],
  by_year: ["Year", "År", "Jaar", "Jahr", "År", "År"],
  range: ["Days", "Dager", "Dagen", "Tage", "Dagar", "Dage"],
  earlier: ["Earlier", "Tidligere", "Eerder", "Früher", "Tidigare", "Tidligere"],
  later: ["Later", "Senere", "Later", "Später", "Senare", "Senere"],
  from_day: ["First day", "Første dag", "Eerste dag", "Erster Tag", "Första dagen", "Første dag"],
  to_day: ["Last day", "Siste dag", "Laatste dag", "Letzter Tag", "Sista dagen", "Sidste dag"],
  beside: ["Last year beside", "Fjoråret ved siden", "Vorig jaar ernaast", "Vorjahr daneben", "Förra året bredvid", "Sidste år ved siden af"],
  last_year: ["last year", "i fjor", "vorig jaar", "Vorjahr", "förra året", "sidste år"],
  means: ["Mean and range", "Snitt og område", "Gemiddelde en bereik", "Mittel und Bereich", "Medel och omfång", "Gennemsnit og område"],
  nothing_kept: ["Nothing was kept for this time.", "Ingenting er lagret for denne tiden.", "Voor deze tijd is niets bewaard.", "Für diese Zeit ist nichts aufgezeichnet.", "Inget finns sparat för denna tid.", "Intet er gemt for denne tid."],
  hatched: ["Hatched: not measured the whole time.", "Skravert: ikke målt hele tiden.", "Gearceerd: niet de hele tijd gemeten.", "Schraffiert: nicht durchgehend gemessen.", "Streckat: inte mätt hela tiden.", "Skraveret: ikke målt hele tiden."],
  swapped: ["⇄ Another meter.", "⇄ Ny måler.", "⇄ Andere meter.", "⇄ Anderer Zähler.", "⇄ Ny mätare.", "⇄ Ny måler."],
  logout: ["Log out", "Logg ut", "Uitloggen", "Abmelden", "Logga ut", "Log ud"],
  login: ["Log in", "Logg inn", "Inloggen", "Anmelden", "Logga in", "Log ind"],
  password: ["Password", "Passord", "Wachtwoord", "Passwort", "Lösenord", "Adgangskode"],
  wrong: ["This password is wrong.", "Feil passord.", "Dit wachtwoord is onjuist.", "Das Passwort ist falsch.", "Fel lösenord.", "Forkert adgangskode."],
  wait: ["Too many tries. Try again in {0} s.", "For mange forsøk. Prøv igjen om {0} s.", "Te veel pogingen. Probeer het over {0} s opnieuw.", "Zu viele Versuche. In {0} s noch einmal.", "För många försök. Försök igen om {0} s.", "For mange forsøg. Prøv igen om {0} s."],
  opening: ["Connecting", "Kobler til", "Verbinden", "Verbinde", "Ansluter", "Forbinder"],
  live: ["Live", "Direkte", "Live", "Live", "Live", "Live"],
  asking: ["Every 5 s", "Hvert 5. s", "Elke 5 s", "Alle 5 s", "Var 5:e s", "Hvert 5. s"],
  lost: ["Not connected", "Ikke tilkoblet", "Niet verbonden", "Nicht verbunden", "Inte ansluten", "Ikke forbundet"],
  lost_since: ["Not connected since {0}, values are old.", "Ikke tilkoblet siden {0}, verdiene er gamle.", "Niet verbonden sinds {0}, waarden zijn oud.", "Nicht verbunden seit {0}, die Werte sind alt.", "Inte ansluten sedan {0}, värdena är gamla.", "Ikke forbundet siden {0}, værdierne er gamle."],
  power_now: ["Power now", "Effekt nå", "Vermogen nu", "Leistung jetzt", "Effekt nu", "Effekt nu"],
  used: ["House uses", "Huset bruker", "Verbruik", "Verbrauch", "Huset använder", "Huset bruger"],
  import: ["From the grid", "Fra nettet", "Van het net", "Aus dem Netz", "Från nätet", "Fra nettet"],
  export: ["Into the grid", "Til nettet", "Naar het net", "Ins Netz", "Till nätet", "Til nettet"],
  solar: ["Solar", "Sol", "Zon", "Sonne", "Sol", "Sol"],
  battery: ["Battery", "Batteri", "Accu", "Akku", "Batteri", "Batteri"],
  from: ["From", "Fra", "Van", "Woher", "Från", "Fra"],
  to: ["To", "Til", "Naar", "Wohin", "Till", "Til"],
  grid: ["Grid", "Nett", "Net", "Netz", "Nät", "Net"],
  today_import: ["In today", "Inn i dag", "Vandaag in", "Bezug heute", "In i dag", "Ind i dag"],
  today_export: ["Out today", "Ut i dag", "Vandaag uit", "Einspeisung heute", "Ut i dag", "Ud i dag"],
  meter: ["Grid meter", "Måler", "Netmeter", "Netzzähler", "Elmätare", "Elmåler"],
  hour: ["This hour", "Denne timen", "Dit uur", "Diese Stunde", "Den här timmen", "Denne time"],
  so_far: ["so far", "hittil", "tot nu toe", "bisher", "hittills", "hidtil"],
  projected: ["Expected", "Forventet", "Verwacht", "Erwartet", "Väntat", "Forventet"],
  free: ["Still free", "Fortsatt ledig", "Nog vrij", "Noch frei", "Ännu ledigt", "Stadig ledig"],
  too_much: ["Switch off", "Slå av", "Uitschakelen", "Abschalten", "Stäng av", "Sluk"],
  of_limit: ["of {0}", "av {0}", "van {0}", "von {0}", "av {0}", "af {0}"],
  exceeded: ["{0}: the limit of the hour is or will be passed.", "{0}: timegrensen er eller blir passert.", "{0}: de uurlimiet is of wordt overschreden.", "{0}: Die Grenze der Stunde ist oder wird überschritten.", "{0}: timgränsen är eller blir passerad.", "{0}: timegrænsen er eller bliver passeret."],
  switches: ["Switches", "Brytere", "Schakelaars", "Schalter", "Brytare", "Kontakter"],
  chart: ["Last 15 minutes", "Siste 15 minutter", "Laatste 15 minuten", "Letzte 15 Minuten", "Senaste 15 minuterna", "Seneste 15 minutter"],
  peaks: ["Highest hours of the month", "Månedens høyeste timer", "Hoogste uren van de maand", "Höchste Stunden des Monats", "Månadens högsta timmar", "Månedens højeste timer"],
  average: ["Mean", "Snitt", "Gemiddelde", "Mittel", "Medel", "Gennemsnit"],
  step: ["Step", "Trinn", "Trede", "Stufe", "Steg", "Trin"],
  step_left: ["{0} left to the next step", "{0} igjen til neste trinn", "nog {0} tot de volgende trede", "noch {0} bis zur nächsten Stufe", "{0} kvar till nästa steg", "{0} tilbage til næste trin"],
  devices: ["Devices", "Enheter", "Apparaten", "Geräte", "Enheter", "Enheder"],
  more: ["More", "Mer", "Meer", "Mehr", "Mer", "Mere"],
  settings: ["Settings", "Innstillinger", "Instellingen", "Einstellungen", "Inställningar", "Indstillinger"],
  online: ["Online", "På nett", "Online", "Online", "Online", "Online"],
  offline: ["Offline", "Frakoblet", "Offline", "Offline", "Frånkopplad", "Offline"],
  never: ["nothing heard yet", "ikke hørt noe ennå", "nog niets gehoord", "noch nichts gehört", "inget hört ännu", "intet hørt endnu"],
  ago: ["{0} ago", "for {0} siden", "{0} geleden", "vor {0}", "för {0} sedan", "for {0} siden"],
  unknown: ["unknown", "ukjent", "onbekend", "unbekannt", "okänt", "ukendt"],
  on: ["On", "På", "Aan", "Ein", "På", "Til"],
  off: ["Off", "Av", "Uit", "Aus", "Av", "Fra"],
  yes: ["Yes", "Ja", "Ja", "Ja", "Ja", "Ja"],
  no: ["No", "Nei", "Nee", "Nein", "Nej", "Nej"],
  set: ["Set", "Sett", "Instellen", "Setzen", "Ställ in", "Sæt"],
  send: ["Send", "Send", "Verzenden", "Senden", "Skicka", "Send"],
  press: ["Press", "Trykk", "Druk", "Drücken", "Tryck", "Tryk"],
  sure: ["Really?", "Sikker?", "Zeker?", "Wirklich?", "Säker?", "Sikker?"],
  no_answer: ["No answer.", "Ikke noe svar.", "Geen antwoord.", "Keine Antwort.", "Inget svar.", "Intet svar."],
  read_only: ["This page only shows: commands are off.", "Siden viser bare: kommandoer er av.", "Deze pagina toont alleen: opdrachten staan uit.", "Diese Seite zeigt nur: Befehle sind aus.", "Sidan visar bara: kommandon är av.", "Siden viser kun: kommandoer er slået fra."],
  empty: ["No device is heard yet.", "Ingen enhet er hørt ennå.", "Nog geen apparaat gehoord.", "Noch kein Gerät gehört.", "Ingen enhet har hörts ännu.", "Ingen enhed er hørt endnu."],
  all_well: ["All lines are well.", "Alle linjer er i orden.", "Alle lijnen zijn in orde.", "Alle Leitungen sind in Ordnung.", "Alla linjer är i ordning.", "Alle linjer er i orden."],
  not_well: ["{0} of {1} devices are offline.", "{0} av {1} enheter er frakoblet.", "{0} van {1} apparaten zijn offline.", "{0} von {1} Geräten sind offline.", "{0} av {1} enheter är frånkopplade.", "{0} af {1} enheder er offline."],
  version: ["Version {0}", "Versjon {0}", "Versie {0}", "Version {0}", "Version {0}", "Version {0}"],
};

let column = 0;

// `auto`, or nothing: the first of the browser's languages that there is.
export function speak(language) {
  const wanted = !language || language === "auto" ? navigator.languages : [language];
  const found = wanted.map((tag) => tag.slice(0, 2).replace(/no|nn/, "nb"))
    .map((tag) => languages.indexOf(tag)).find((index) => index >= 0);
  column = found ?? 0;
  document.documentElement.lang = languages[column];
  for (const node of document.querySelectorAll("[data-t]")) write(node, t(node.dataset.t));
  for (const node of document.querySelectorAll("[data-a]")) mark(node, "aria-label", t(node.dataset.a));
}

export const t = (key, ...filling) =>
  texts[key][column].replace(/\{(\d)\}/g, (_, index) => filling[index]);

// ---- numbers and times, by the browser's locale -------------------------------------------------

// Formatters are dear to make, and each is used every second.
const formatters = new Map();
function formatter(Kind, options) {
  const id = Kind.name + JSON.stringify(options);
  if (!formatters.has(id)) formatters.set(id, new Kind(undefined, options));
  return formatters.get(id);
}

export function digits(value, decimals, unit = "") {
  const text = formatter(Intl.NumberFormat,
    { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value);
  return unit ? `${text}\u00a0${unit}` : text;
}

// 244 W, 1.24 kW
export function watts(value) {
  if (value === null || value === undefined) return "–";
  return Math.abs(value) < 1000 ? digits(value, 0, "W") : digits(value / 1000, 2, "kW");
}

// 812 Wh, 3.18 kWh
export const wattHours = (value) => (value === null ? "–" : `${watts(value)}h`);

let zone;
export const setZone = (name) => { zone = name || undefined; };

export const dayAndTime = { dateStyle: "medium", timeStyle: "short" };
export function timeText(when, style = { timeStyle: "medium" }) {
  const date = new Date(when);
  if (isNaN(date)) return String(when);
  return formatter(Intl.DateTimeFormat, { timeZone: zone, ...style }).format(date);
}

const spans = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
export function spanText(seconds) {
  const [unit, size] = spans.find(([, size]) => seconds >= size) ?? spans[3];
  return formatter(Intl.NumberFormat, { style: "unit", unit, unitDisplay: "narrow" })
    .format(Math.floor(Math.max(0, seconds) / size));
}

const words = (text) => text.replaceAll("_", " ");
const saidAsYes = ["problem", "connectivity", "battery_charging", "running", "update"];

// The value of an entity as people read it.
export function valueText(entity) {
  const { value, platform, unit } = entity;
  if (value === undefined) return "–";
  if (value === "None") return t("unknown");
  if (platform === "binary_sensor" || platform === "switch") {
    const yes = saidAsYes.includes(entity.class);
    return t(value === "ON" ? (yes ? "yes" : "on") : (yes ? "no" : "off"));
  }
  if (entity.class === "timestamp") return timeText(value, dayAndTime);
  if (/^-?\d+(\.\d+)?$/.test(value) && (unit || entity.statistics)) {
    const sent = (value.split(".")[1] ?? "").length;
    return digits(value, Math.min(sent, entity.decimals ?? sent), unit);
  }
  if (entity.key === "cause" && value === "none") return "OK";
  return entity.class === "enum" || platform === "select" ? words(value) : value;
}

// ---- elements --------------------------------------------------------------------------------

// el("p", {class: "x", onclick: f, "aria-label": "y"}, child, "text", ...)
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Only where it is another one: a screen reader would read it again.
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function mark(node, name, value) {
  if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

// ---- controls --------------------------------------------------------------------------------

let count = 0;
const reasonStays = 30000, sureStays = 5000;

// What a control has in common: it waits for the answer, and says why it was not obeyed.
class Command {
  #timer;
  constructor(live, device, entity) {
    Object.assign(this, { live, device, entity, busy: false });
    this.id = `c${++count}`;
    this.reason = el("p", { class: "reason", role: "alert" });
  }
  // As they are now: a device that is sent again is another object.
  get owner() { return this.live.devices.get(this.device.id) ?? this.device; }
  get current() { return this.owner.by.get(this.entity.key) ?? this.entity; }
  get closed() {
    const entity = this.current, needed = this.owner.by.get(entity.needs);
    if (entity.needs && (!known(needed) || needed.value === "none")) return true;
    if (entity.needs_value && !known(entity)) return true;
    return this.live.house.commands === false || !usable(this.owner, entity);
  }
  say(text) {
    clearTimeout(this.#timer);
    write(this.reason, text);
    if (text) this.#timer = setTimeout(() => write(this.reason, ""), reasonStays);
  }
  async give(value, node) {
    if (this.busy || this.closed) return false;
    this.busy = true;
    this.say("");
    mark(node, "aria-busy", true);
    const refused = await this.live.set(this.device, this.current, value);
    this.busy = false;
    mark(node, "aria-busy", false);
    if (refused !== null) this.say(refused || t("no_answer"));
    return refused === null;
  }
}

function switchControl(command, label) {
  const turn = () => command.give(command.current.value === "ON" ? "OFF" : "ON", knob);
  const knob = el("button", { type: "button", role: "switch", class: "switch",
    "aria-labelledby": command.id, onclick: turn }, el("span", { class: "knob" }));
  const state = el("small");
  const what = el("span", { class: "what" }, el("span", { id: command.id }, label), state);
  return { node: el("div", { class: "control" }, what, knob, command.reason), state, update() {
    mark(knob, "aria-checked", command.current.value === "ON");
    mark(knob, "aria-disabled", command.closed || !known(command.current));
  } };
}

// What Home Assistant gets disabled is asked once more.
function buttonControl(command, label) {
  const calm = () => {
    write(button, t("press"));
    button.classList.remove("sure");
  };
  const press = async () => {
    if (command.closed) return;
    if (command.current.enabled === false && !button.classList.contains("sure")) {
      button.classList.add("sure");
      write(button, t("sure"));
      setTimeout(calm, sureStays);
      return;
    }
    calm();
    await command.give("PRESS", button);
  };
  const button = el("button", { type: "button", "aria-describedby": command.id, onclick: press },
    t("press"));
  const what = el("span", { class: "what", id: command.id }, label);
  return { node: el("div", { class: "control" }, what, button, command.reason), update() {
    mark(button, "aria-disabled", command.closed);
  } };
}

function fieldOf({ platform, options = [], min, max, step = "any" }, id) {
  if (platform === "select") {
    return el("select", { id }, ...options.map((value) => el("option", { value }, words(value))));
  }
  return el("input", platform === "text" ? { id, type: "text", maxlength: 255, autocomplete: "off" }
    : { id, type: "number", inputmode: "decimal", min, max, step, required: true });
}

// Numbers, selects and texts: nothing is sent before the button is pressed, and what is being typed
// is not overwritten by what comes.
function formControl(command, label) {
  const { platform, unit } = command.entity, isText = platform === "text";
  const field = fieldOf(command.entity, command.id);
  const button = el("button", { type: "submit" }, t(isText ? "send" : "set"));
  const now = () => (isText || !known(command.current) ? "" : command.current.value);
  const changed = () => { button.hidden = !isText && field.value === now(); };
  const show = () => {
    if (field.value !== now()) field.value = now();
    changed();
  };
  const send = async (event) => {
    event.preventDefault();
    if (await command.give(field.value, button)) show();
  };
  field.addEventListener("input", changed);
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") show(); });
  const after = unit ? el("span", { class: "unit" }, unit) : null;
  const node = el("form", { class: "control", onsubmit: send },
    el("label", { class: "what", for: command.id }, label),
    el("span", { class: "field" }, field, after, button), command.reason);
  show();
  return { node, update() {
    field.disabled = command.closed;
    if (!isText && button.hidden) show();
  } };
}

// The control of an entity that takes commands: {node, update}.
export function control(live, device, entity, label) {
  const command = new Command(live, device, entity);
  if (entity.platform === "switch") return switchControl(command, label);
  if (entity.platform === "button") return buttonControl(command, label);
  return formControl(command, label);
}

export const takesCommands = ({ platform }) =>
  ["switch", "button", "number", "select", "text"].includes(platform);

// ---- lists of values ---------------------------------------------------------------------------

const phase = /_l[123]$/;

// Entities as rows; those of three phases share one.
function grouped(entities) {
  const rows = new Map();
  for (const entity of entities) {
    const base = entity.key.replace(phase, "_l"), row = rows.get(base);
    if (row && row[0].unit === entity.unit) row.push(entity);
    else rows.set(row ? entity.key : base, [entity]);
  }
  return [...rows.values()];
}

const attributesText = ({ attributes = {} }) => Object.entries(attributes)
  .filter(([, value]) => value !== null && typeof value !== "object")
  .map(([name, value]) => `${name.replaceAll("_", " ")} ${value}`).join(", ");

// One row: {node, update}. `full`: with its attributes.
function row(entities, full) {
  const [first] = entities, value = el("dd");
  const last = entities.at(-1).name.slice(-2);  // L3
  const name = entities.length > 1 ? `${first.name}–${last}` : first.name;
  const node = el("div", {}, el("dt", {}, name), value);
  return { node, update(device) {
    const now = entities.map(({ key }) => device.by.get(key)).filter(Boolean);
    node.hidden = now.every((entity) => entity.value === undefined);  // it was never heard
    const unit = now.length > 1 && now[0].unit ? `\u00a0${now[0].unit}` : "";
    const bare = unit ? { unit: "", statistics: "-" } : {};  // a number all the same
    const texts = now.map((entity) => valueText({ ...entity, ...bare }));
    const more = full ? attributesText(now[0] ?? {}) : "";
    write(value, texts.join(" · ") + unit + (more ? ` (${more})` : ""));
    node.classList.toggle("old", now.some((entity) => !usable(device, entity)));
  } };
}

// Values as a list, controls below it: [nodes, update], in the order of the device.
export function listed(live, device, entities, full = false) {
  const shown = grouped(entities.filter((entity) => !takesCommands(entity)))
    .map((group) => row(group, full));
  const controls = entities.filter(takesCommands)
    .map((entity) => control(live, device, entity, entity.name || device.name));
  const list = el("dl", { class: "values" }, ...shown.map(({ node }) => node));
  const nodes = [...(shown.length ? [list] : []), ...controls.map(({ node }) => node)];
  return [nodes, (now) => [...shown, ...controls].forEach((part) => part.update(now))];
}

// ---- the gauge of the hour ---------------------------------------------------------------------

// Energy and projection (a mark) against the limit, in Wh.
export function gauge(label) {
  const arc = "M10 60a50 50 0 0 1 100 0";
  const fill = svg("path", { d: arc, pathLength: 100, class: "fill" });
  const tick = svg("path", { d: "M2 60h15", class: "tick" });
  const text = svg("text", { x: 60, y: 47, class: "big" }), limit = svg("text", { x: 60, y: 61 });
  const node = svg("svg", { viewBox: "0 0 120 70", class: "gauge", role: "meter",
    "aria-label": label, "aria-valuemin": 0 },
    svg("path", { d: arc, class: "track" }), fill, tick, text, limit);
  return { node, show(energy, projected, most) {
    const part = (value) => Math.min(1, Math.max(0, (value ?? 0) / (most || 1)));
    mark(fill, "stroke-dasharray", `${part(energy) * 100} 200`);
    mark(tick, "transform", `rotate(${part(projected) * 180} 60 60)`);
    mark(tick, "visibility", projected === null ? "hidden" : "visible");
    mark(node, "data-level", projected > most ? "over" : projected > most * 0.9 ? "near" : "good");
    write(text, wattHours(energy));
    write(limit, t("of_limit", wattHours(most)));
    mark(node, "aria-valuenow", energy ?? 0);
    mark(node, "aria-valuemax", most ?? 0);
    mark(node, "aria-valuetext", `${text.textContent} ${limit.textContent}`);
  } };
}
