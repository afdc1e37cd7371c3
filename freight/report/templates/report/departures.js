"use strict";
// One departure: its calls and its loading list; and the departures that do not run.
const departureLink = (id) => element("button", { type: "button", class: "link", "data-departure": id, onclick: () => openDeparture(id, true) }, id);
function openDeparture(id, focus) {
  state.departure = id;
  state.tab = "departures";
  history.replaceState(null, "", id ? `#/departures/${encodeURIComponent(id)}` : "#/departures");
  render();
  if (id && focus && !$("loading").hidden) { $("loading").scrollIntoView({ block: "center" }); $("loading").querySelector("h3").focus(); }
}
// Boxes on board of a run: shipment, TEU, goods and loaded tonnes, legs from which to which.
function aboard(index) {
  const lines = [];
  plan.itineraries.forEach((row) => {
    for (const step of plan.steps[row[ITEM.chain]]) {
      if (step.kind !== "ride" || step.run !== index) continue;
      const ship = plan.shipments[row[ITEM.shipment]], boxes = row[ITEM.teu] / (ship[SHIP.type].startsWith("2") ? 1 : 2);
      lines.push({ ship, step, teu: row[ITEM.teu], boxes, tonnes: ship[SHIP.tonnes] * row[ITEM.teu] / ship[SHIP.teu] });
    }
  });
  return lines.sort((a, b) => a.step.legs[0] - b.step.legs[0] || a.step.legs.at(-1) - b.step.legs.at(-1) || a.ship[SHIP.id].localeCompare(b.ship[SHIP.id]));
}
function showDeparture() {
  const host = $("loading"), index = plan.runs.findIndex((run) => run[RUN.id] === state.departure);
  host.hidden = index < 0 || !selection().runs.includes(index);
  $("loading-hint").hidden = !host.hidden;
  if (host.hidden) return;
  const run = plan.runs[index], lines = aboard(index);
  const total = (get) => sum(lines, get);
  host.replaceChildren(element("header", {}, element("h3", { tabindex: "-1" }, `${say("Loading list", "装车清单")} · ${run[RUN.id]}${run[RUN.runs] > 1 ? " × " + run[RUN.runs] : ""}`),
    element("span", {}, element("button", { type: "button", onclick: () => openDeparture(null) }, word("close")))),
  element("p", {}, `${serviceName(run[RUN.service])} · ${plan.services[run[RUN.service]][3]} · ${number(total((one) => one.boxes))} ${say("boxes", "箱")}, ${number(total((one) => one.teu))} TEU, ${number(total((one) => one.tonnes), 1)} t ${say("of goods", "货物")}`),
  calls(run, lines), loadingTable(lines));
}
const grid = (heads, rows) => element("div", { class: "wide" }, element("table", {}, element("thead", {}, element("tr", {}, ...heads.map(([text, figure]) => element("th", { scope: "col", class: figure ? "n" : null }, text)))),
  element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell, at) => element("td", { class: heads[at][1] ? "n" : null }, cell)))))));
function calls(run, lines) {
  const legs = run[RUN.legs], rows = [];
  for (let stop = 0; stop <= legs.length; stop += 1) {
    const place = stop < legs.length ? legs[stop][LEG.from] : legs[stop - 1][LEG.to], next = legs[stop];
    const on = sum(lines.filter((one) => one.step.legs[0] === stop), (one) => one.teu), off = sum(lines.filter((one) => one.step.legs.at(-1) === stop - 1), (one) => one.teu);
    rows.push([placeName(place), stop ? localAt(legs[stop - 1][LEG.arrives], place) : "", next ? localAt(next[LEG.departs], place) : "", number(on), number(off), next ? number(next[LEG.teu]) : "", next ? number(next[LEG.room]) : "", next ? number(next[LEG.tonnes]) : ""]);
  }
  return grid([[say("Call", "停靠")], [word("arrives")], [word("departs")], [say("TEU on", "装TEU"), 1], [say("TEU off", "卸TEU"), 1], [say("TEU on board", "在车TEU"), 1], [say("Slots", "舱位"), 1], [say("t on board", "在车吨"), 1]], rows);
}
function loadingTable(lines) {
  const rows = lines.map((one) => [element("button", { type: "button", class: "link", onclick: () => openShipment(one.ship[SHIP.id], true) }, one.ship[SHIP.id]), ownerName(one.ship[SHIP.owner]), one.ship[SHIP.consignee],
    `${placeName(one.step.from)} → ${placeName(one.step.to)}`, `${number(one.boxes)} × ${one.ship[SHIP.type]}`, number(one.teu), number(one.tonnes, 1), [one.ship[SHIP.dangerous], one.ship[SHIP.reefer] ? word("reefer") : ""].filter(Boolean).join(" ")]);
  return grid([[word("shipment")], [word("owner")], [word("consignee")], [say("From → to", "起 → 讫")], [say("Boxes", "箱")], ["TEU", 1], [say("Goods, t", "货物吨"), 1], [say("Special", "特殊")]], rows);
}
function idle() {
  const rows = selection().idle.filter((one) => !state.owner && !state.city);
  $("idle-section").hidden = !rows.length;
  table("idle", [{ key: "departs", title: word("departs"), value: (row) => row[IDLE.departs], text: (row) => localAt(row[IDLE.departs], row[IDLE.from]), raw: (row) => localAt(row[IDLE.departs], row[IDLE.from]), tight: true },
    { key: "id", title: word("departure"), value: (row) => row[IDLE.id], tight: true }, { key: "name", title: word("name"), value: (row) => serviceName(row[IDLE.service]) },
    { key: "mode", title: word("mode"), value: (row) => modeWord(row[IDLE.mode]), cell: (row) => chips(new Set([row[IDLE.mode]])), tight: true },
    { key: "minimum", title: say("Minimum TEU", "最低装载TEU"), n: 0, value: (row) => row[IDLE.minimum] || null }, { key: "room", title: say("Slots", "舱位"), n: 0, value: (row) => row[IDLE.room] }], rows, { sort: "departs" });
}
