"use strict";
// Shipments: their list, their timelines, and one of them with its journey, charges and bill.
function shipmentRows() {
  const found = new Map();
  for (const index of selection().items) {
    const row = plan.itineraries[index], key = row[ITEM.shipment];
    if (!found.has(key)) found.set(key, { ship: plan.shipments[key], key, teu: 0, cost: 0, price: 0, late: 0, weight: 0, delivered: -Infinity, co2e: 0, modes: new Set() });
    const one = found.get(key);
    one.teu += row[ITEM.teu];
    row[ITEM.charges].forEach((value, kind) => { one.cost += value; if (KINDS[kind][1]) one.price += value; });
    one.late = Math.max(one.late, row[ITEM.late]);
    one.weight += row[ITEM.teu] * row[ITEM.late];
    one.delivered = Math.max(one.delivered, row[ITEM.delivered]);
    one.co2e += row[ITEM.co2e];
    plan.travel[row[ITEM.chain]].modes.forEach((mode) => one.modes.add(mode));
  }
  return [...found.values()];
}
const slackCell = (days) => element("span", { class: days < 0 ? "more" : null }, `${days < 0 ? "−" : ""}${number(Math.abs(days), 1)}`);
const chips = (modes) => element("span", {}, ...[...modes].sort().flatMap((mode) => [element("span", { class: "chip", style: `background:var(--${MODES[mode]})` }), modeWord(mode) + " "]));
function shipments() {
  const link = (row) => element("button", { type: "button", class: "link", "data-shipment": row.ship[SHIP.id], onclick: () => openShipment(row.ship[SHIP.id], true) }, row.ship[SHIP.id]);
  const columns = [
    { key: "id", title: word("shipment"), value: (row) => row.ship[SHIP.id], cell: link, tight: true },
    { key: "owner", title: word("owner"), value: (row) => ownerName(row.ship[SHIP.owner]) },
    { key: "customer", title: word("consignee"), value: (row) => row.ship[SHIP.consignee], roomy: true },
    { key: "from", title: word("from"), value: (row) => placeName(row.ship[SHIP.from]) },
    { key: "to", title: word("to"), value: (row) => placeName(row.ship[SHIP.to]) },
    { key: "goods", title: word("goods"), value: (row) => row.ship[zh() ? SHIP.zh : SHIP.en], hidden: true },
    { key: "teu", title: "TEU", n: 0, value: (row) => row.teu },
    { key: "modes", title: word("modes"), value: (row) => [...row.modes].sort().map(modeWord).join(" "), cell: (row) => chips(row.modes) },
    { key: "due", title: word("due"), value: (row) => row.ship[SHIP.due], text: (row) => localAt(row.ship[SHIP.due], row.ship[SHIP.to]), raw: (row) => localAt(row.ship[SHIP.due], row.ship[SHIP.to]), tight: true },
    { key: "delivered", title: word("delivered"), value: (row) => row.delivered, text: (row) => localAt(row.delivered, row.ship[SHIP.to]), raw: (row) => localAt(row.delivered, row.ship[SHIP.to]), tight: true },
    { key: "slack", title: word("slack_days"), n: 1, value: (row) => (row.ship[SHIP.due] - row.delivered) / 1440, cell: (row) => slackCell((row.ship[SHIP.due] - row.delivered) / 1440) },
    { key: "price", title: `${word("price")}, ${plan.currency}`, n: plan.digits, value: (row) => row.price },
    { key: "per", title: word("per_feu"), n: 0, value: (row) => 2 * row.price / row.teu },
    { key: "co2e", title: word("co2e") + ", t", n: 1, value: (row) => row.co2e / 1000, hidden: true },
  ];
  table("shipments", columns, shipmentRows(), { sort: "id", chosen: (row) => row.ship[SHIP.id] === state.shipment, drawn: timelines });
  unserved();
  showShipment();
}
function unserved() {
  const rows = plan.unserved.filter(([ship]) => shipmentPasses(plan.shipments[ship]));
  $("unserved-section").hidden = !rows.length;
  const columns = [
    { key: "id", title: word("shipment"), value: ([ship]) => plan.shipments[ship][SHIP.id], tight: true },
    { key: "owner", title: word("owner"), value: ([ship]) => ownerName(plan.shipments[ship][SHIP.owner]) },
    { key: "customer", title: word("consignee"), value: ([ship]) => plan.shipments[ship][SHIP.consignee], roomy: true },
    { key: "due", title: word("due"), value: ([ship]) => plan.shipments[ship][SHIP.due], text: ([ship]) => localAt(plan.shipments[ship][SHIP.due], plan.shipments[ship][SHIP.to]), tight: true },
    { key: "from", title: word("from"), value: ([ship]) => placeName(plan.shipments[ship][SHIP.from]) },
    { key: "to", title: word("to"), value: ([ship]) => placeName(plan.shipments[ship][SHIP.to]) },
    { key: "teu", title: "TEU", n: 0, value: (row) => row[1] },
    { key: "penalty", title: `${word("penalty")}, ${plan.currency}`, n: 0, value: (row) => row[2] },
    { key: "reason", title: word("reason"), value: (row) => row[zh() ? 4 : 3] },
  ];
  table("unserved", columns, rows, { sort: "penalty", down: true });
}
function bars(rows) {
  // rows: {name, index of an itinerary}; one trace a mode, one more for waits.
  const traces = MODES.map((_, mode) => mode).concat(WAIT).map((mode) => ({ type: "scatter", mode: "lines", name: mode === WAIT ? word("dwell") : modeWord(mode), x: [], y: [], text: [],
    hoverinfo: "text", line: { width: mode === WAIT ? 4 : 11, color: modeColour(mode) } }));
  for (const { name, index } of rows) {
    for (const step of plan.steps[plan.itineraries[index][ITEM.chain]]) {
      const trace = traces[step.mode], text = `<b>${name}</b><br>${stepName(step)}<br>${literal(placeName(step.from))} ${localAt(step.departs, step.from)}<br>${literal(placeName(step.to))} ${localAt(step.arrives, step.to)}`;
      trace.x.push(iso(step.departs), iso(step.arrives), null);
      trace.y.push(name, name, null);
      trace.text.push(text, text, "");
    }
  }
  return [traces[WAIT], ...traces.slice(0, WAIT)].filter((one) => one.x.length);
}
function timelines(shown) {
  if (state.tab !== "shipments" && !printing) return;
  const rows = shown.flatMap((row) => selection().items.length ? plan.of.get(row.key).map((index) => ({ name: row.ship[SHIP.id], index })) : []);
  const due = { type: "scatter", mode: "markers", name: word("due"), x: shown.map((row) => iso(row.ship[SHIP.due])), y: shown.map((row) => row.ship[SHIP.id]),
    marker: { symbol: "diamond-open", size: 9, color: colour("warn"), line: { width: 2 } }, hovertemplate: word("due") + " %{x}<extra>%{y}</extra>" };
  draw("timelines", rows.length ? [...bars(rows), due] : [], { height: 110 + 21 * shown.length, showlegend: true, legend: topLegend(), hovermode: "closest", margin: { l: 8, r: narrow() ? 12 : 38, t: 64, b: 8 },
    xaxis: { type: "date", side: "top", tickformat: "%m-%d" }, yaxis: { type: "category", autorange: "reversed", tickfont: { size: 10 }, categoryorder: "array", categoryarray: shown.map((row) => row.ship[SHIP.id]) } });
}
function stepName(step) {
  if (step.kind === "ride") return `${modeWord(step.mode)} ${plan.runs[step.run][RUN.id]}`;
  if (step.kind === "move") return `${modeWord(step.mode)} ${word("transfer." + plan.transfers[step.transfer][3])}`;
  return word("dwell") + (step.paid ? ` (${number(step.paid)} ${word("paid_storage")})` : "");
}
function openShipment(id, focus) {
  state.shipment = id;
  state.tab = "shipments";
  history.replaceState(null, "", id ? `#/shipments/${encodeURIComponent(id)}` : "#/shipments");
  render();
  if (id && focus) { $("bill").scrollIntoView({ block: "center" }); $("bill").querySelector("h3").focus(); }
}
function showShipment() {
  const host = $("bill"), key = plan.shipments.findIndex((one) => one[SHIP.id] === state.shipment);
  // A shipment that the filters take out is closed, not shown among others.
  const passing = new Set(selection().items), parts = (plan.of.get(key) || []).filter((index) => passing.has(index));
  host.hidden = !parts.length;
  $("hint").hidden = Boolean(parts.length);
  if (!parts.length) return;
  const ship = plan.shipments[key];
  const facts = [["number", ship[SHIP.number]], ["consignor", ship[SHIP.consignor]], ["consignee", ship[SHIP.consignee]], ["owner", ownerName(ship[SHIP.owner])],
    ["from", placeName(ship[SHIP.from])], ["to", placeName(ship[SHIP.to])], ["goods", `${ship[zh() ? SHIP.zh : SHIP.en]} (HS ${ship[SHIP.hs]})${ship[SHIP.dangerous] ? " · " + ship[SHIP.dangerous] : ""}`],
    ["teu", `${ship[SHIP.teu]} TEU · ${ship[SHIP.type]} · ${number(ship[SHIP.tonnes], 1)} t`], ["ready", localAt(ship[SHIP.ready], ship[SHIP.from])], ["due", localAt(ship[SHIP.due], ship[SHIP.to])]];
  const book = plan.bills ? element("a", { href: `${plan.bills}#b${ship[SHIP.number]}` }, word("open_bill")) : null;
  host.replaceChildren(element("header", {}, element("h3", { tabindex: "-1" }, `${word("bill")} · ${ship[SHIP.id]}`),
    element("span", {}, book, " ", element("button", { type: "button", onclick: () => openShipment(null) }, word("close")))),
  element("dl", {}, ...facts.map(([name, value]) => element("div", {}, element("dt", {}, word(name)), element("dd", {}, value)))),
  element("div", { class: "split" }, journey(parts), charges(parts)));
}
function journey(parts) {
  const rows = parts.flatMap((index, at) => {
    const row = plan.itineraries[index];
    const head = parts.length > 1 ? [element("tr", {}, element("th", { colspan: 4, scope: "rowgroup" }, `${word("part")} ${at + 1}: ${row[ITEM.teu]} TEU`))] : [];
    return [...head, ...plan.steps[row[ITEM.chain]].map((step) => element("tr", {},
      element("td", {}, element("span", { class: "chip", style: `background:${modeColour(step.mode)}` }), stepName(step), ...crossings(step)),
      element("td", {}, placeName(step.from), element("br"), element("span", { class: "moment" }, localAt(step.departs, step.from))),
      element("td", {}, step.kind === "dwell" ? `${number((step.arrives - step.departs) / 60)} ${word("hours")}` : placeName(step.to), element("br"), step.kind === "dwell" ? "" : element("span", { class: "moment" }, localAt(step.arrives, step.to))),
      element("td", { class: "n" }, step.km ? `${number(step.km)} km` : "")))];
  });
  const head = element("tr", {}, ...["step", "from", "to"].map((key) => element("th", { scope: "col" }, word(key))), element("th", { scope: "col", class: "n" }, "km"));
  return element("div", {}, element("div", { class: "wide" }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))), element("p", { class: "note" }, word("local")));
}
function crossings(step) {
  if (step.kind !== "ride") return [];
  return step.legs.map((leg) => plan.runs[step.run][RUN.legs][leg]).filter((leg) => leg[LEG.border] >= 0)
    .flatMap((leg) => [element("br"), `${word("border")}: ${placeName(leg[LEG.from])} → ${placeName(leg[LEG.to])}`]);
}
function charges(parts) {
  const totals = costs(parts), price = sum(totals.map((value, kind) => (KINDS[kind][1] ? value : 0)), (one) => one);
  const line = (name, value, note) => element("tr", {}, element(note === "th" ? "th" : "td", note === "th" ? { scope: "row" } : {}, name), element("td", { class: "n" }, number(value, plan.digits)));
  const rows = KINDS.map(([kind, invoiced], index) => [word("charge." + kind) + (invoiced ? "" : ` (${word("not_invoiced")})`), totals[index], invoiced]).filter(([, value]) => value);
  return element("div", { class: "wide" }, element("table", {}, element("thead", {}, element("tr", {}, element("th", { scope: "col" }, word("charges")), element("th", { scope: "col", class: "n" }, plan.currency))),
    element("tbody", {}, ...rows.filter(([, , invoiced]) => invoiced).map(([name, value]) => line(name, value)), line(word("price"), price, "th"),
      ...rows.filter(([, , invoiced]) => !invoiced).map(([name, value]) => line(name, value)), line(word("total"), sum(totals, (one) => one), "th"))));
}
