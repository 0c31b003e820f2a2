// What the gateway says, kept up to date, and the commands to it. Nothing here draws.

const askAfter = 5000;    // no event for so long after a stream was opened: ask instead
const askEvery = 5000;
const quietAfter = 8000;  // a stream without an event for so long is looked after
const answerWithin = 3000;
const lostAfter = 1000;   // a stream that is back sooner was never away, as far as people can see
const openAgain = 3000;
const commandWithin = 8000;
const historyWithin = 20000;  // a card takes its time

async function fetchJson(path, { within = answerWithin, ...options } = {}) {
  const signal = AbortSignal.timeout(within);
  const reply = await fetch(path, { cache: "no-store", signal, ...options });
  const body = reply.status === 204 ? {} : await reply.json().catch(() => ({}));
  return { status: reply.status, ok: reply.ok, body, wait: reply.headers.get("retry-after") };
}

const postJson = (path, what, within) => fetchJson(path, {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(what),
  within,
});

// Events: `login` (a password is needed), `state` (devices or what they have), `change` (values;
// detail: the ids), `link` (how we hear of changes).
export class Live extends EventTarget {
  devices = new Map();  // id -> device; its entities by key in `by`
  house = {};           // version, time_zone, language, commands
  link = "opening";     // opening, live, asking, lost
  lostSince = null;
  skew = 0;             // the gateway's clock minus ours, ms
  #source = null;
  #heard = 0;
  #arriving = null;
  #timers = {};
  #looking = false;
  #turn = 0;  // what was begun in an earlier one ends without effect

  now() { return Date.now() + this.skew; }

  // Asks for everything and then follows. May be called again at any time.
  async open() {
    this.close();
    const turn = this.#turn;
    this.#timers.watch = setInterval(() => this.#watch(), 1000);
    if (await this.#ask() && turn === this.#turn) this.#follow();
  }

  close() {
    this.#turn += 1;
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#timers = {};
    this.#source?.close();
    this.#source = null;
    if (this.link !== "lost") this.link = "opening";
  }

  async login(password) {
    const answer = await postJson("api/login", { password }).catch(() => ({ status: 0 }));
    if (answer.status === 204) this.open();
    return answer;
  }

  async logout() {
    this.close();
    await postJson("api/logout", {}).catch(() => null);
    this.#say("login");
  }

  // Nothing, or why it was not done. What was read back is in the entity by then.
  async set(device, entity, value) {
    try {
      const { ok, body, status } = await postJson(
        "api/set", { device: device.id, key: entity.key, value }, commandWithin);
      if (status === 401) this.#needLogin(body);
      if (!ok) return body.reason || String(status);
      if (body.value !== undefined && entity.platform !== "button") entity.value = body.value;
      this.#say("change", [device.id]);
      return null;
    } catch {
      return "";
    }
  }

  async recent() {
    const { ok, body } = await fetchJson("api/recent").catch(() => ({ ok: false }));
    return ok ? body : null;
  }

  // Of a query, "series=...&from=..."; an empty one: which series there are.
  async history(query) {
    const path = `api/history${query && "?"}${query}`;
    const { ok, body } = await fetchJson(path, { within: historyWithin })
      .catch(() => ({ ok: false }));
    return ok ? body : null;
  }

  #say(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  #linkIs(link) {
    if (link === "lost") this.lostSince ??= new Date(this.#heard || Date.now());
    if (link === "live" || link === "asking") this.lostSince = null;
    if (link !== this.link) {
      this.link = link;
      this.#say("link");
    }
  }

  #needLogin(body) {
    this.close();
    this.lostSince = null;
    this.#linkIs("opening");
    this.house.language = body.language ?? this.house.language;
    this.#say("login");
  }

  // The whole state; false where it did not come.
  async #ask() {
    const turn = this.#turn;
    const { status, ok, body } = await fetchJson("api/state").catch(() => ({ ok: false }));
    if (turn !== this.#turn) return false;
    if (ok) this.#takeState(body);
    else if (status === 401) this.#needLogin(body);
    else this.#lost();
    return ok;
  }

  #takeState({ devices, ...house }) {
    this.house = house;
    if (house.now) this.skew = Date.parse(house.now) - Date.now();
    this.devices = new Map(devices.map((device) => [device.id, prepared(device)]));
    this.#heard = Date.now();
    if (this.#timers.ask) this.#linkIs("asking");
    this.#say("state");
  }

  #follow() {
    const source = this.#source = new EventSource("api/events");
    this.#arriving = [];
    this.#timers.quiet = setTimeout(() => this.#askInstead(), askAfter);
    const on = (type, take) => source.addEventListener(type, (event) => {
      if (source !== this.#source) return;
      this.#heardNow();
      take(JSON.parse(event.data));
    });
    on("device", (device) => this.#takeDevice(prepared(device)));
    on("ready", () => this.#takeReady());
    on("change", (change) => this.#takeChange(change));
    source.addEventListener("open", () => { this.#arriving = []; });
    source.addEventListener("error", () => { if (source === this.#source) this.#broken(source); });
  }

  #heardNow() {
    this.#heard = Date.now();
    for (const timer of ["quiet", "ask", "lost", "again"]) {
      clearTimeout(this.#timers[timer]);
      delete this.#timers[timer];
    }
    this.#linkIs("live");
  }

  #takeDevice(device) {
    this.#arriving?.push(device.id);
    this.devices.set(device.id, device);
    if (!this.#arriving) this.#say("state");
  }

  // All devices have been sent, in order: those that were not are gone.
  #takeReady() {
    const order = this.#arriving ?? [...this.devices.keys()];
    this.#arriving = null;
    this.devices = new Map(order.map((id) => [id, this.devices.get(id)]));
    this.#say("state");
  }

  #takeChange({ t, values = {}, attributes = {}, status = {}, heard = {} }) {
    if (t) this.skew = Date.parse(t) - Date.now();
    const changed = new Set();
    const each = (what, take) => {
      for (const [path, value] of Object.entries(what)) {
        const [id, key] = path.split("/");
        const device = this.devices.get(id);
        if (!device) continue;
        take(device, device.by.get(key), value);
        changed.add(id);
      }
    };
    each(values, (device, entity, value) => { if (entity) entity.value = value; });
    each(attributes, (device, entity, value) => { if (entity) entity.attributes = value; });
    each(status, (device, entity, value) => { device.status = value; });
    each(heard, (device, entity, value) => { device.heard = value; });
    this.#say("change", [...changed]);
  }

  // An ingress may hold events back for minutes: the stream stays open, and the state is asked for.
  #askInstead() {
    this.#timers.ask = setInterval(() => this.#ask(), askEvery);
    this.#ask();
  }

  // The browser opens a stream again by itself, but one that was refused.
  #broken(source) {
    this.#timers.lost ??= setTimeout(() => this.#lost(), lostAfter);
    clearTimeout(this.#timers.quiet);
    if (source.readyState === EventSource.CLOSED) this.#reopenLater();
  }

  #lost() {
    this.#linkIs("lost");
    this.#reopenLater();
  }

  #reopenLater() {
    this.#timers.again ??= setTimeout(() => this.open(), openAgain);
  }

  // A line that died without a word is found by asking for a sign of life.
  async #watch() {
    if (this.link !== "live" || this.#looking || Date.now() - this.#heard < quietAfter) return;
    const turn = this.#turn;
    this.#looking = true;
    const alive = await fetch("health", { cache: "no-store", signal: AbortSignal.timeout(2000) })
      .then(() => true, () => false);
    this.#looking = false;
    if (alive) this.#heard = Date.now();
    else if (turn === this.#turn) this.#lost();
  }
}

function prepared(device) {
  device.by = new Map(device.entities.map((entity) => [entity.key, entity]));
  return device;
}

// ---- what the values mean --------------------------------------------------------------------

export const known = (entity) => entity?.value !== undefined && entity.value !== "None";
export const offline = (device) => device.status !== "online";
export const usable = (device, entity) => !offline(device) || Boolean(entity.health);

// The number of a device that is heard, else null.
export function number(device, key) {
  const entity = device?.by.get(key);
  if (!known(entity) || !usable(device, entity)) return null;
  const value = Number(entity.value);
  return Number.isFinite(value) ? value : null;
}

const sum = (numbers) => {
  const there = numbers.filter((value) => value !== null);
  return there.length ? there.reduce((a, b) => a + b) : null;
};

// Signed power at the grid: import is above zero.
function gridPower(device) {
  const net = number(device, "power_net");
  if (net !== null) return net;
  const into = number(device, "power_import");
  return into === null ? null : into - (number(device, "power_export") ?? 0);
}

export const above = (power) => (power === null ? null : Math.max(0, power));

const has = (device, ...keys) => keys.some((key) => device.by.has(key));
const isGridMeter = (device) => has(device, "power_net", "power_import");
const isInverter = (device) =>
  has(device, "power") && has(device, "energy_produced", "dc_power", "mppt1_power");
const isBattery = (device) =>
  has(device, "power") && has(device, "battery_level") && !isInverter(device);

// What an inverter makes of the sun, and what it gives to the house. The power of a hybrid is what
// it gives after its battery; less than that, by more than any loss, comes by another way.
function shareOf(device) {
  const power = number(device, "power"), battery = number(device, "battery_power");
  if (power === null || battery === null) return { solar: above(power), battery, given: power };
  const within = power + battery > -50 - 0.2 * Math.abs(battery);
  return { solar: above(within ? power + battery : power), battery,
           given: within ? power : power - battery };
}

// The house as one: grid (import above zero), solar, battery (charging above zero), its level, and
// what is used; null: there is none, or it is not known now. `chosen`: the id of a grid meter.
export function flowOf(devices, chosen) {
  const all = [...devices.values()];
  const meters = all.filter(isGridMeter);
  const inverters = all.filter(isInverter), batteries = all.filter(isBattery);
  const behind = ({ via }) => inverters.some(({ id }) => id === via);  // measures the same house
  const meter = meters.find(({ id }) => id === chosen) ?? meters.find(behind) ?? meters[0];
  const grid = meter ? gridPower(meter) : null;
  const shares = inverters.map(shareOf);
  const given = sum(shares.map((share) => share.given));
  const inside = sum(shares.map((share) => share.battery));
  // A meter at the battery of an inverter that tells its power itself would count it twice.
  const hybrid = inverters.some((device) => has(device, "battery_power"));
  const beside = hybrid ? null : sum(batteries.map((device) => number(device, "power")));
  const level = (hybrid ? [...inverters, ...batteries] : [...batteries, ...inverters])
    .map((device) => number(device, "battery_level")).find((value) => value !== null);
  return {
    meters, meter, grid, level: level ?? null,
    // Energies of the day; of a meter behind an inverter they are the inverter's.
    totals: [meter, devices.get(meter?.via)].find((one) => one && has(one, "today_import")),
    hasSolar: inverters.length > 0,
    hasBattery: batteries.length > 0 || hybrid,
    solar: sum(shares.map((share) => share.solar)),
    battery: sum([inside, beside]),
    used: grid === null ? null : Math.max(0, grid + (given ?? 0) - (beside ?? 0)),
  };
}
