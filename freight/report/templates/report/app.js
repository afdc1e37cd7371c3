"use strict";
// What stands where, and what happens on a click.
const TABS = DATA.tabs;
const trainLoad = (found, load) => {
  let done = 0, room = 0;
  const rail = MODES.indexOf("rail");
  found.runs.forEach((run, index) => {
    const teu = (at) => (load ? load[index][at] : run[RUN.legs][at][LEG.teu]);
    if (run[RUN.mode] !== rail || !run[RUN.legs].some((leg, at) => teu(at) > 0)) return;
    run[RUN.legs].forEach((leg, at) => { done += teu(at) * leg[LEG.km]; room += leg[LEG.room] * leg[LEG.km]; });
  });
  return room ? 100 * done / room : null;
};
// Key figures: name, value, digits, unit, and whether more of it is better.
const cards = (found) => {
  const totals = found.totals, moved = totals.teu - totals.teu_unserved, money = found.currency;
  const carrying = found.runs.filter((run) => run[RUN.legs].some((leg) => leg[LEG.teu] > 0));
  return [["cost", found.cost, 0, money, -1], ["cost_per_feu", moved ? 2 * found.cost / moved : null, 0, money, -1], ["teu_moved", moved, 0, "TEU", 1], ["teu_left", totals.teu_unserved, 0, "TEU", -1],
    ["penalty", found.penalty, 0, money, -1], ["on_time", 100 * totals.on_time_share, 1, "%", 1], ["shipments", totals.shipments, 0, "", 0], ["departures", sum(carrying, (run) => run[RUN.runs]), 0, "", 0],
    ["load_trains", trainLoad(found), 1, "%", 1], ["co2e", totals.co2e_kg / 1000, 0, "t", -1], ["co2e_per_feu", moved ? 2 * totals.co2e_kg / moved : null, 0, "kg", -1],
    ["bound", found.proof.bound, 0, money, 0], ["gap", found.proof.gap === null ? null : 100 * found.proof.gap, 2, "%", -1]];
};
// The same of what the filters let through; what is proved is of the whole plan and left out.
function filteredCards() {
  const { items, runs, load } = selection(), money = plan.currency, rows = items.map((index) => plan.itineraries[index]);
  const teu = sum(rows, (row) => row[ITEM.teu]), cost = sum(rows, (row) => sum(row[ITEM.charges], (value) => value)), co2e = sum(rows, (row) => row[ITEM.co2e]);
  const left = plan.unserved.filter(([ship]) => shipmentPasses(plan.shipments[ship])), late = sum(rows, (row) => (row[ITEM.late] > 0 ? row[ITEM.teu] : 0));
  const asked = teu + (state.mode || state.week ? 0 : sum(left, (row) => row[1]));
  return [["cost", cost, 0, money], ["cost_per_feu", teu ? 2 * cost / teu : null, 0, money], ["teu_moved", teu, 0, "TEU"], ...(state.mode || state.week ? [] : [["teu_left", sum(left, (row) => row[1]), 0, "TEU"]]),
    ["on_time", asked ? 100 * (teu - late) / asked : null, 1, "%"], ["shipments", new Set(rows.map((row) => row[ITEM.shipment])).size, 0, ""],
    ["departures", sum(runs.filter((index) => load[index].some((one) => one > 0)), (index) => plan.runs[index][RUN.runs]), 0, ""], ["load_trains", trainLoad(plan, load), 1, "%"],
    ["co2e", co2e / 1000, 0, "t"], ["co2e_per_feu", teu ? 2 * co2e / teu : null, 0, "kg"]];
}
function overview() {
  $("summary").textContent = plan.sentences[zh() ? 1 : 0];
  $("whole-plan").hidden = !filtered();
  $("figures").replaceChildren(...(filtered() ? filteredCards() : cards(plan)).map(([key, value, digits, unit]) => element("dl", { class: "card", style: "margin:0" }, element("dt", {}, word(key)), element("dd", {}, number(value, digits), " ", element("small", {}, unit)))));
  attention();
  comparison();
  waterfall(); split(); punctuality(); owners(); modes();
}
function comparison() {
  const host = $("comparison");
  if (DATA.cases.length < 2) return host.replaceChildren();
  const all = DATA.cases.map(cards), first = all[0];
  const head = element("tr", {}, element("th", { scope: "col" }, ""), ...DATA.cases.map((one, index) => element("th", { scope: "col", class: "n", colspan: index ? 2 : 1 }, one.name)));
  const line = ([key, base, digits, unit, good], values) => element("tr", {}, element("th", { scope: "row" }, `${word(key)}${unit ? ", " + unit : ""}`), ...values.flatMap((value, index) => {
    const change = value - base;
    const same = index === 0 || value === null || base === null || Math.abs(change) < 10 ** -digits / 2;
    const relative = base && unit !== "%" ? ` (${change > 0 ? "+" : "−"}${number(Math.abs(100 * change / base), 1)} %)` : "";
    const sign = good * change > 0 ? "less" : good * change < 0 ? "more" : null;
    const cell = element("td", { class: "n" }, number(value, digits));
    return index ? [cell, element("td", { class: "n " + (sign || "") }, same ? "" : `${change > 0 ? "+" : "−"}${number(Math.abs(change), digits)}${relative}`)] : [cell];
  }));
  const rows = first.map((card, at) => line(card, all.map((one) => one[at][1])));
  const charged = (one, kind) => Number(one.totals.by_charge[kind] || 0);
  const chargeRows = KINDS.map(([kind]) => kind).filter((kind) => DATA.cases.some((one) => charged(one, kind)))
    .map((kind) => line(["charge." + kind, charged(DATA.cases[0], kind), 0, DATA.cases[0].currency, -1], DATA.cases.map((one) => charged(one, kind))));
  const grid = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows, ...chargeRows));
  const scroll = element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": word("comparison") }, grid);
  host.replaceChildren(element("h3", {}, word("comparison")), element("div", { class: "stack" }, element("div", {}, scroll, element("p", { class: "note" }, word("comparison.note"))),
    element("figure", { class: "chart" }, element("figcaption", {}, element("h3", {}, word("waterfall"))), element("div", { class: "plot", id: "compared" }))));
  compared(charged);
}
function compared(charged) {
  const kinds = KINDS.map(([kind]) => kind).filter((kind) => DATA.cases.some((one) => charged(one, kind))), shades = ["rail", "air", "barge", "sea", "road"];
  draw("compared", DATA.cases.map((one, index) => ({ type: "bar", orientation: "h", name: literal(one.name), y: kinds.map((kind) => word("charge." + kind)), x: kinds.map((kind) => charged(one, kind)),
    marker: { color: colour(shades[index % shades.length]) }, hovertemplate: "%{y}: %{x:,.0f}<extra>" + literal(one.name) + "</extra>" })),
  { barmode: "group", showlegend: true, height: 90 + kinds.length * (18 * DATA.cases.length + 12), yaxis: { autorange: "reversed", tickfont: { size: 11 } }, xaxis: { title: { text: plan.currency }, tickformat: "~s" } });
}
function owners() {
  const nothing = (owner) => ({ owner, teu: 0, late: 0, cost: 0, co2e: 0 });
  const found = new Map(plan.owners.map((one, owner) => [owner, nothing(owner)]).filter(([owner]) => !state.owner || plan.owners[owner][0] === state.owner));
  for (const index of selection().items) {
    const row = plan.itineraries[index], owner = plan.shipments[row[ITEM.shipment]][SHIP.owner];
    const one = found.get(owner);
    one.teu += row[ITEM.teu];
    one.late += row[ITEM.late] > 0 ? row[ITEM.teu] : 0;
    one.cost += sum(row[ITEM.charges], (value) => value);
    one.co2e += row[ITEM.co2e];
  }
  table("owners", [{ key: "owner", title: word("owner"), value: (row) => ownerName(row.owner) }, { key: "teu", title: "TEU", n: 0, value: (row) => row.teu },
    { key: "time", title: word("on_time") + ", %", n: 1, value: (row) => (row.teu ? 100 * (1 - row.late / row.teu) : null) }, { key: "cost", title: plan.currency, n: 0, value: (row) => row.cost },
    { key: "per", title: word("cost_per_feu"), n: 0, value: (row) => (row.teu ? 2 * row.cost / row.teu : null) }, { key: "co2e", title: word("co2e_per_feu") + ", kg", n: 0, value: (row) => (row.teu ? 2 * row.co2e / row.teu : null) }],
  [...found.values()], { whole: true, sort: "teu", down: true });
}
function departures() {
  loads();
  const { runs, load } = selection(), services = new Map();
  const rows = runs.map((index) => {
    const run = plan.runs[index], legs = run[RUN.legs], most = Math.max(0, ...load[index]);
    const km = sum(legs, (leg) => leg[LEG.room] * leg[LEG.km]), used = sum(legs.map((leg, at) => load[index][at] * leg[LEG.km]), (one) => one);
    if (!services.has(run[RUN.service])) services.set(run[RUN.service], { service: run[RUN.service], mode: run[RUN.mode], runs: 0, teu: 0, used: 0, room: 0, fixed: 0 });
    const one = services.get(run[RUN.service]);
    one.runs += run[RUN.runs]; one.teu += most; one.used += used; one.room += km; one.fixed += run[RUN.fixed];
    return { run, index, most, share: loadShare(index) };
  });
  const modeColumn = { key: "mode", title: word("mode"), value: (row) => modeWord(row.mode ?? row.run[RUN.mode]), cell: (row) => chips(new Set([row.mode ?? row.run[RUN.mode]])), tight: true };
  table("services", [{ key: "service", title: word("service"), value: (row) => plan.services[row.service][0], tight: true }, { key: "name", title: word("name"), value: (row) => serviceName(row.service) }, modeColumn,
    { key: "runs", title: word("runs"), n: 0, value: (row) => row.runs }, { key: "teu", title: word("most_teu"), n: 0, value: (row) => row.teu },
    { key: "load", title: word("load_factor") + ", %", n: 1, value: (row) => (row.room ? 100 * row.used / row.room : 0) }, { key: "fixed", title: `${word("fixed")}, ${plan.currency}`, n: 0, value: (row) => row.fixed }],
  [...services.values()], { sort: "teu", down: true });
  table("departures", [{ key: "departs", title: word("departs"), value: (row) => row.run[RUN.departs], text: (row) => localAt(row.run[RUN.departs], placeOf(row.run)), raw: (row) => localAt(row.run[RUN.departs], placeOf(row.run)), tight: true },
    { key: "id", title: word("departure"), value: (row) => row.run[RUN.id], cell: (row) => departureLink(row.run[RUN.id]), tight: true }, modeColumn, { key: "owner", title: word("owner"), value: (row) => ownerName(row.run[RUN.owner]) },
    { key: "kind", title: word("kind"), value: (row) => word(row.run[RUN.committed] ? "committed" : "chosen") }, { key: "runs", title: word("runs"), n: 0, value: (row) => row.run[RUN.runs] },
    { key: "teu", title: word("most_teu"), n: 0, value: (row) => row.most }, { key: "load", title: word("load_full") + ", %", n: 0, value: (row) => 100 * row.share },
    { key: "fixed", title: `${word("fixed")}, ${plan.currency}`, n: 0, value: (row) => row.run[RUN.fixed] }], rows, { sort: "departs", chosen: (row) => row.run[RUN.id] === state.departure });
  idle();
  showDeparture();
}
function borders() {
  const days = new Map(), lifts = new Map();
  const { runs, load, items } = selection();
  const add = (key, minutes, place, teu) => {
    if (!days.has(key)) days.set(key, new Map());
    const day = localDay(minutes, place);
    days.get(key).set(day, (days.get(key).get(day) || 0) + teu);
  };
  for (const index of runs) plan.runs[index][RUN.legs].forEach((leg, at) => { if (leg[LEG.border] >= 0 && load[index][at]) add(`${leg[LEG.border]}:${leg[LEG.from]}:${leg[LEG.to]}`, leg[LEG.departs], leg[LEG.from], load[index][at]); });
  const lift = (place, minutes, teu, loading) => {
    if (!lifts.has(place)) lifts.set(place, { place, up: 0, down: 0, days: new Map() });
    const one = lifts.get(place), day = localDay(minutes, place);
    one[loading ? "up" : "down"] += teu;
    one.days.set(day, (one.days.get(day) || 0) + teu);
  };
  for (const index of items) {
    const row = plan.itineraries[index];
    for (const step of plan.steps[row[ITEM.chain]]) {
      if (step.kind === "ride") { lift(step.from, step.departs, row[ITEM.teu], true); lift(step.to, step.arrives, row[ITEM.teu], false); }
      if (step.kind === "move" && ["gauge_change", "border"].includes(plan.transfers[step.transfer][3])) add(`${step.transfer}:${step.from}:${step.to}`, step.departs, step.from, row[ITEM.teu]);
    }
  }
  borderChart(days);
  table("lifts", [{ key: "name", title: word("terminal_name"), value: (row) => placeName(row.place) }, { key: "city", title: word("city"), value: (row) => cityName(plan.terminals[row.place][PLACE.city]) },
    { key: "country", title: word("country"), value: (row) => plan.terminals[row.place][PLACE.country] }, { key: "up", title: word("loaded"), n: 0, value: (row) => row.up },
    { key: "down", title: word("unloaded"), n: 0, value: (row) => row.down }, { key: "peak", title: word("peak"), n: 0, value: (row) => Math.max(...row.days.values()) }], [...lifts.values()], { sort: "up", down: true });
}
function borderChart(days) {
  const name = (key) => { const [, from, to] = key.split(":").map(Number); return `${placeName(from)} → ${placeName(to)}`; };
  const keys = [...days.keys()].sort((a, b) => sum([...days.get(b).values()], (one) => one) - sum([...days.get(a).values()], (one) => one));
  const choice = $("border-choice"), before = choice.value;
  choice.replaceChildren(element("option", { value: "" }, word("all")), ...keys.map((key) => element("option", { value: key }, name(key))));
  choice.value = keys.includes(before) ? before : "";
  // Both directions of a border share a colour; the second one is hatched.
  const shades = ["rail", "air", "barge", "sea", "road", "warn", "good"];
  const pair = (key) => key.split(":").slice(1).map(Number).sort((a, b) => a - b).join("-");
  const pairs = [...new Set(keys.map(pair))];
  const look = (key) => { const [, from, to] = key.split(":").map(Number), shade = colour(shades[pairs.indexOf(pair(key)) % shades.length]);
    return { color: shade, pattern: from > to ? { shape: "/", fillmode: "overlay", fgcolor: colour("paper"), size: 7, solidity: 0.25 } : { shape: "" } }; };
  const shown = choice.value ? [choice.value] : keys.sort((a, b) => pair(a).localeCompare(pair(b)));
  const traces = shown.map((key) => { const own = [...days.get(key)].sort(); return { type: "bar", name: literal(name(key)), x: own.map((one) => `${one[0]}T12:00`), y: own.map((one) => one[1]), width: 0.86 * DAY, marker: look(key), customdata: own.map((one) => one[0]),
    hovertemplate: "%{customdata}: %{y:,} TEU<extra>" + literal(name(key)) + "</extra>" }; });
  const room = choice.value ? plan.transfers[Number(choice.value.split(":")[0])][6] : null;
  if (room !== null && traces.length) traces.push({ type: "scatter", mode: "lines", name: word("capacity"), x: [`${traces[0].customdata[0]}T00:00`, `${traces[0].customdata.at(-1)}T24:00`], y: [room, room], line: { color: colour("warn"), dash: "dash", width: 2 } });
  draw("border", traces, { barmode: "stack", showlegend: true, height: 420, xaxis: { type: "date", tickformat: "%m-%d", minallowed: iso(-5 * 1440) }, yaxis: { title: { text: "TEU" } },
    legend: { orientation: "h", y: -0.12, yanchor: "top", x: 0, xanchor: "left", font: { size: 10 } } });
}

function fillFilters() {
  const cities = new Map();
  for (const ship of plan.shipments) for (const end of [SHIP.from, SHIP.to]) { const city = plan.terminals[ship[end]][PLACE.city]; cities.set(city, (cities.get(city) || 0) + ship[SHIP.teu]); }
  const used = new Set(plan.travel.flatMap((one) => [...one.modes])), starts = new Set(plan.travel.map((one) => week(one.starts)));
  const choices = { city: [...cities.keys()].sort((a, b) => cities.get(b) - cities.get(a)).map((one) => [one, cityName(one)]), mode: [...used].sort().map((one) => [MODES[one], modeWord(one)]),
    owner: plan.owners.map((one, index) => [one[0], ownerName(index)]), week: [...starts].sort().map((one) => [one, `${one} …`]) };
  for (const [key, options] of Object.entries(choices)) {
    if (!options.some(([value]) => value === state[key])) state[key] = "";
    $("filter-" + key).replaceChildren(element("option", { value: "" }, word("all")), ...options.map(([value, text]) => element("option", { value }, text)));
    $("filter-" + key).value = state[key];
  }
}
function render() {
  plan = prepare(DATA.cases[state.plan]);
  document.documentElement.lang = zh() ? "zh-CN" : "en";
  document.documentElement.dataset.theme = state.theme;
  document.querySelectorAll("[data-t]").forEach((one) => { one.textContent = word(one.dataset.t); });
  document.querySelectorAll("[data-en]").forEach((one) => { one.textContent = say(one.dataset.en, one.dataset.zh); });
  $("language").lang = zh() ? "en" : "zh-CN";
  $("title").textContent = plan.title[state.language];
  $("nav").setAttribute("aria-label", word("tabs"));
  $("filters").setAttribute("aria-label", word("filters"));
  fillFilters();
  $("clear").disabled = !filtered();
  const { items } = selection(), teu = sum(items, (index) => plan.itineraries[index][ITEM.teu]);
  $("shown").textContent = `${word("shown")}: ${number(new Set(items.map((index) => plan.itineraries[index][0])).size)} ${word("of")} ${number(plan.shipments.length)} ${word("shipments")} · ${number(teu)} TEU`;
  for (const tab of TABS) {
    const on = tab === state.tab;
    $("tab-" + tab).setAttribute("aria-selected", String(on));
    $("tab-" + tab).tabIndex = on ? 0 : -1;
    $("panel-" + tab).hidden = !on && !printing;
  }
  if (printing) TABS.forEach((tab) => tabs[tab]()); else tabs[state.tab]();
}
function select(tab) {
  state.tab = tab;
  history.replaceState(null, "", "#/" + tab);
  render();
}
// The slash keeps the browser from scrolling to an element of the same name.
function fromAddress() {
  const [tab, id] = decodeURIComponent(location.hash.replace(/^#\/?/, "")).split("/");
  if (TABS.includes(tab)) state.tab = tab;
  if (id && tab === "departures") state.departure = id;
  else if (id) state.shipment = id;
}
function listen() {
  TABS.forEach((tab) => $("tab-" + tab).addEventListener("click", () => select(tab)));
  $("nav").addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = TABS[(TABS.indexOf(state.tab) + by + TABS.length) % TABS.length];
    select(next);
    $("tab-" + next).focus();
  });
  $("filters").addEventListener("change", (event) => { state[event.target.name] = event.target.value; state.version += 1; render(); });
  $("filters").addEventListener("reset", () => { Object.assign(state, { city: "", mode: "", owner: "", week: "" }); state.version += 1; render(); });
  $("plan").addEventListener("change", (event) => { state.plan = Number(event.target.value); state.shipment = null; state.departure = null; state.version += 1; render(); });
  $("language").addEventListener("click", () => { state.language = zh() ? "en" : "zh"; render(); });
  $("theme").addEventListener("click", () => { state.theme = state.theme === "dark" ? "light" : "dark"; render(); });
  $("print").addEventListener("click", () => window.print());
  $("corridor").addEventListener("change", stringLines);
  $("border-choice").addEventListener("change", borders);
  $("views").addEventListener("click", (event) => { if (event.target.dataset.view) { view = event.target.dataset.view; map(); } });
  addEventListener("hashchange", () => { fromAddress(); render(); });
  let theme = "light";
  addEventListener("beforeprint", () => { printing = true; theme = state.theme; state.theme = "light"; render(); });
  addEventListener("afterprint", () => { printing = false; state.theme = theme; render(); });
  document.querySelectorAll(".plot").forEach((host) => new ResizeObserver(() => { if (host.data && host.clientWidth && !printing) Plotly.Plots.resize(host); }).observe(host));
}
state.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
fromAddress();
listen();
render();
