"use strict";
// What a planner looks at first: boxes not planned, late ones, trains thin or not run at all.
const FIRST = 5, THIN = 0.5;
function attention() {
  const left = plan.unserved.filter(([ship]) => shipmentPasses(plan.shipments[ship])).sort((a, b) => b[2] - a[2]);
  const late = shipmentRows().filter((row) => row.late > 0).sort((a, b) => b.weight - a.weight);
  const rail = MODES.indexOf("rail"), { runs, idle } = selection();
  const thin = runs.filter((index) => plan.runs[index][RUN.mode] === rail && plan.runs[index][RUN.fixed] > 0 && plan.runs[index][RUN.factor] < THIN).sort((a, b) => plan.runs[a][RUN.factor] - plan.runs[b][RUN.factor]);
  const idleTrains = state.owner || state.city ? [] : idle.filter((one) => one[IDLE.mode] === rail);
  const shipment = (id) => element("button", { type: "button", class: "link", onclick: () => openShipment(id, true) }, id);
  const blocks = [];
  if (left.length) blocks.push(block(word("unserved"), left.length, left.slice(0, FIRST).map(([ship, teu, , en, chinese]) => [shipment(plan.shipments[ship][SHIP.id]), ` ${number(teu)} TEU · ${plan.shipments[ship][SHIP.consignee]} · ${say(en, chinese)}`]), "shipments"));
  if (late.length) blocks.push(block(say("Late shipments", "逾期订单"), late.length, late.slice(0, FIRST).map((row) => [shipment(row.ship[SHIP.id]), ` ${number(row.teu)} TEU · ${row.ship[SHIP.consignee]} · ${number(row.late / 24, 1)} ${say("days late", "天逾期")}`]), "shipments"));
  if (thin.length) blocks.push(block(say("Trains less than half full", "装载不足一半的班列"), thin.length, thin.slice(0, FIRST).map((index) => [departureLink(plan.runs[index][RUN.id]), ` ${percent(plan.runs[index][RUN.factor], 0)}`]), "departures"));
  if (idleTrains.length) {
    const services = new Map();
    for (const one of idleTrains) services.set(one[IDLE.service], (services.get(one[IDLE.service]) || 0) + 1);
    blocks.push(block(say("Trains of the timetable not run", "时刻表中未开行的班列"), idleTrains.length, [...services].sort((a, b) => b[1] - a[1]).slice(0, FIRST).map(([service, count]) => [`${plan.services[service][0]} ${serviceName(service)}: ${number(count)}`]), "departures"));
  }
  $("attention").replaceChildren(...blocks);
  $("attention-section").hidden = !blocks.length;
}
function block(title, count, lines, tab) {
  return element("section", { class: "card look" }, element("h4", {}, `${title}: ${number(count)}`), element("ul", {}, ...lines.map((line) => element("li", {}, ...line))),
    count > lines.length || tab === "departures" ? element("button", { type: "button", class: "link", onclick: () => select(tab) }, say("Show all", "查看全部")) : null);
}
function modes() {
  const { items, runs, load } = selection(), rows = new Map();
  const of = (mode) => { if (!rows.has(mode)) rows.set(mode, { mode, departures: 0, used: 0, room: 0, teu: 0, km: 0, cost: 0, co2e: 0 }); return rows.get(mode); };
  for (const index of runs) {
    const run = plan.runs[index], one = of(run[RUN.mode]);
    if (!load[index].some((teu) => teu > 0)) continue;
    one.departures += run[RUN.runs];
    run[RUN.legs].forEach((leg, at) => { one.used += load[index][at] * leg[LEG.km]; one.room += leg[LEG.room] * leg[LEG.km]; });
  }
  for (const index of items) {
    const row = plan.itineraries[index];
    for (const mode of plan.travel[row[ITEM.chain]].modes) of(mode).teu += row[ITEM.teu];
    for (const step of plan.steps[row[ITEM.chain]]) if (step.mode !== WAIT) of(step.mode).km += row[ITEM.teu] * step.km;
    row[ITEM.modeCost].forEach((value, mode) => { if (value) of(mode).cost += value; });
    row[ITEM.modeCo2e].forEach((value, mode) => { if (value) of(mode).co2e += value; });
  }
  table("modes", [{ key: "mode", title: word("mode"), value: (row) => row.mode, text: (row) => modeWord(row.mode), cell: (row) => (row.mode === WAIT ? word("terminal") : chips(new Set([row.mode]))) },
    { key: "departures", title: word("departures"), n: 0, value: (row) => row.departures || null }, { key: "load", title: word("load_factor") + ", %", n: 1, value: (row) => (row.room ? 100 * row.used / row.room : null) },
    { key: "teu", title: "TEU", n: 0, value: (row) => row.teu || null }, { key: "km", title: word("split.teu_km"), n: 0, value: (row) => row.km || null },
    { key: "cost", title: plan.currency, n: 0, value: (row) => row.cost }, { key: "co2e", title: word("co2e") + ", t", n: 0, value: (row) => row.co2e / 1000 }],
  [...rows.values()].filter((row) => row.cost || row.teu), { whole: true, sort: "mode" });
}
