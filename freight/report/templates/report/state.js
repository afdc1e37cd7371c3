"use strict";
// The data of the page, its language, its filters, and what they let through.
const DATA = JSON.parse(document.getElementById("data").textContent);
const MODES = DATA.modes, KINDS = DATA.kinds, WAIT = MODES.length;
const MINUTE = 60000, DAY = 86400000;
const RUN = { id: 0, service: 1, owner: 2, mode: 3, committed: 4, runs: 5, departs: 6, fixed: 7, factor: 8, legs: 9 };
const LEG = { from: 0, to: 1, sequence: 2, departs: 3, arrives: 4, teu: 5, room: 6, tonnes: 7, load: 8, km: 9, border: 10 };
const ITEM = { shipment: 0, teu: 1, chain: 2, delivered: 3, late: 4, co2e: 5, charges: 6, modeCost: 7, modeCo2e: 8 };
const SHIP = { id: 0, owner: 1, from: 2, to: 3, teu: 4, type: 5, ready: 6, due: 7, en: 8, zh: 9, hs: 10, tonnes: 11,
  value: 12, currency: 13, consignor: 14, consignee: 15, dangerous: 16, reefer: 17, number: 18 };
const SPELLED = [SHIP.type, SHIP.en, SHIP.zh, SHIP.hs, SHIP.currency, SHIP.consignor, SHIP.consignee, SHIP.dangerous];
const PLACE = { id: 0, en: 1, zh: 2, kind: 3, city: 4, country: 5, lat: 6, lon: 7, zone: 8 };
const state = { language: DATA.language, theme: "light", tab: "overview", plan: 0,
  city: "", mode: "", owner: "", week: "", shipment: null, departure: null, version: 0 };
let plan = null, printing = false;

const $ = (id) => document.getElementById(id);
const zh = () => state.language === "zh";
const word = (key) => (DATA.labels[key] ? DATA.labels[key][zh() ? 1 : 0] : key);
const say = (en, chinese) => (zh() ? chinese : en);
const locale = () => (zh() ? "zh-CN" : "en-GB");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const modeColour = (mode) => colour(mode === WAIT ? "wait" : MODES[mode]);
const modeWord = (mode) => (mode === WAIT ? word("terminal") : word("mode." + MODES[mode]));
const formats = new Map();
function number(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const key = locale() + digits;
  if (!formats.has(key)) {
    formats.set(key, new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  return formats.get(key).format(value);
}
const percent = (share, digits = 1) => (share === null || share === undefined ? "–" : number(100 * share, digits) + " %");
const at = (minutes) => plan.start + minutes * MINUTE;
const clocks = new Map();
function local(minutes, zone) {
  // Clock time at a place as "2027-03-01 10:00", the same in both languages.
  if (!clocks.has(zone)) {
    clocks.set(zone, new Intl.DateTimeFormat("sv-SE", { timeZone: zone, year: "numeric", month: "2-digit",
      day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
  }
  return clocks.get(zone).format(at(minutes));
}
const localAt = (minutes, place) => local(minutes, plan.terminals[place][PLACE.zone]);
const dayCache = new Map();
function localDay(minutes, place) {
  const hour = `${DATA.cases.indexOf(plan)}:${place}:${Math.floor(minutes / 60)}`;
  if (!dayCache.has(hour)) dayCache.set(hour, localAt(minutes, place).slice(0, 10));
  return dayCache.get(hour);
}
const home = (minutes) => local(minutes, plan.zone);
const placeName = (place) => plan.terminals[place][zh() ? PLACE.zh : PLACE.en];
const cityName = (city) => (zh() ? plan.cities[city] || city : city);
const IDLE = { id: 0, service: 1, mode: 2, departs: 3, minimum: 4, room: 5, from: 6 };
const placeOf = (run) => run[RUN.legs][0][LEG.from];
const ownerName = (owner) => plan.owners[owner][zh() ? 2 : 1];
const serviceName = (service) => plan.services[service][zh() ? 2 : 1];

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((one) => one !== null && one !== undefined).map((one) => (one instanceof Node ? one : String(one))));
  return made;
}

// Prepared once a plan: legs of every step, modes and weeks of every itinerary.
function prepare(found) {
  if (found.ready) return found;
  found.ready = true;
  for (const ship of found.shipments) for (const at of SPELLED) ship[at] = found.texts[ship[at]];
  found.steps = found.chains.map((chain) => chain.map((step) => expand(found, step)));
  found.travel = found.steps.map((steps) => ({
    modes: new Set(steps.filter((one) => one.mode !== WAIT).map((one) => one.mode)),
    starts: (steps.find((one) => one.mode !== WAIT) || { departs: 0 }).departs,
  }));
  found.of = new Map();
  found.itineraries.forEach((row, index) => {
    if (!found.of.has(row[0])) found.of.set(row[0], []);
    found.of.get(row[0]).push(index);
  });
  found.place = new Map(found.terminals.map((one, index) => [one[0], index]));
  return found;
}
function expand(found, step) {
  if (step[0] === 0) {
    const run = found.runs[step[1]];
    const legs = run[RUN.legs].map((leg, index) => [leg, index]).filter(([leg]) => leg[LEG.sequence] > step[2] && leg[LEG.sequence] <= step[3]);
    const first = legs[0][0], last = legs[legs.length - 1][0];
    return { kind: "ride", mode: run[RUN.mode], run: step[1], legs: legs.map(([, index]) => index), from: first[LEG.from],
      to: last[LEG.to], departs: first[LEG.departs], arrives: last[LEG.arrives], km: legs.reduce((sum, [leg]) => sum + leg[LEG.km], 0) };
  }
  if (step[0] === 1) {
    return { kind: "move", mode: found.transfers[step[1]][4], transfer: step[1], from: step[2], to: step[3], departs: step[4], arrives: step[5], km: step[6] };
  }
  return { kind: "dwell", mode: WAIT, from: step[1], to: step[1], departs: step[2], arrives: step[3], paid: step[4], km: 0 };
}
const weekOf = (minutes) => {
  const day = new Date(home(minutes).slice(0, 10) + "T00:00Z");
  return new Date(day - ((day.getUTCDay() + 6) % 7) * DAY).toISOString().slice(0, 10);
};
const weeks = new Map();
const week = (minutes) => {
  const hour = `${DATA.cases.indexOf(plan)}:${Math.floor(minutes / 60)}`;
  if (!weeks.has(hour)) weeks.set(hour, weekOf(minutes));
  return weeks.get(hour);
};
const filtered = () => Boolean(state.city || state.mode || state.owner || state.week);

function shipmentPasses(ship) {
  if (state.owner && plan.owners[ship[SHIP.owner]][0] !== state.owner) return false;
  if (!state.city) return true;
  return [SHIP.from, SHIP.to].some((end) => plan.terminals[ship[end]][PLACE.city] === state.city);
}
let chosen = null;
// What the filters let through: itineraries, and TEU by run and leg, by transfer and by terminal.
function selection() {
  if (chosen && chosen.version === state.version && chosen.plan === plan) return chosen;
  const mode = state.mode ? MODES.indexOf(state.mode) : -1;
  const items = [];
  const load = plan.runs.map((run) => new Float64Array(run[RUN.legs].length));
  const moves = new Map();
  plan.itineraries.forEach((row, index) => {
    const travel = plan.travel[row[ITEM.chain]];
    if (!shipmentPasses(plan.shipments[row[ITEM.shipment]])) return;
    if (mode >= 0 && !travel.modes.has(mode)) return;
    if (state.week && week(travel.starts) !== state.week) return;
    items.push(index);
    for (const step of plan.steps[row[ITEM.chain]]) {
      if (step.kind === "ride") for (const leg of step.legs) load[step.run][leg] += row[ITEM.teu];
      else if (step.kind === "move") {
        const key = step.transfer + ":" + step.from;
        if (!moves.has(key)) moves.set(key, { step, teu: 0 });
        moves.get(key).teu += row[ITEM.teu];
      }
    }
  });
  const byShipment = Boolean(state.city || state.owner);
  const runs = plan.runs.map((run, index) => index).filter((index) => {
    const run = plan.runs[index];
    // A slot on somebody else's departure that nobody buys is no part of the plan.
    if (!run[RUN.fixed] && run[RUN.factor] <= 0) return false;
    if (mode >= 0 && run[RUN.mode] !== mode) return false;
    if (state.week && week(run[RUN.departs]) !== state.week) return false;
    return !byShipment || load[index].some((teu) => teu > 0);
  });
  const idle = plan.idle.filter((one) => (mode < 0 || one[IDLE.mode] === mode) && (!state.week || week(one[IDLE.departs]) === state.week));
  chosen = { version: state.version, plan, items, load, moves, runs, mode, idle };
  return chosen;
}
const sum = (values, get) => values.reduce((total, one) => total + get(one), 0);
