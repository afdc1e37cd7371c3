"use strict";
// When trains, vessels and aircraft run: bars by service, and distance against time on a corridor.
const MOST_LANES = 240, LANE = 8;
const LOADS = [[0, "wait", "0 %"], [0.5, "air", "≤ 50 %"], [0.8, "barge", "≤ 80 %"], [1.0001, "rail", "≤ 100 %"]];
const iso = (minutes) => home(minutes).replace(" ", "T");
function loadShare(index) {
  const { load } = selection();
  return Math.max(0, ...plan.runs[index][RUN.legs].map((leg, at) => (leg[LEG.room] ? load[index][at] / leg[LEG.room] : 0)));
}
const topLegend = () => ({ orientation: "h", yref: "container", y: 1, yanchor: "top", x: 0, xanchor: "left" });
const loadClass = (share) => (share <= 0 ? 0 : LOADS.findIndex(([most], at) => at > 0 && share <= most));
function runText(index) {
  const run = plan.runs[index], legs = run[RUN.legs], { load } = selection();
  const most = Math.max(0, ...load[index]);
  return `<b>${run[RUN.id]}</b>${run[RUN.runs] > 1 ? " × " + run[RUN.runs] : ""}<br>${literal(serviceName(run[RUN.service]))}<br>` +
    `${home(legs[0][LEG.departs])} → ${home(legs[legs.length - 1][LEG.arrives])}<br>${number(most)} TEU · ${percent(loadShare(index), 0)}`;
}
function gantt() {
  const { runs } = selection(), teu = new Map();
  for (const index of runs) {
    const run = plan.runs[index];
    teu.set(run[RUN.service], (teu.get(run[RUN.service]) || 0) + sum(run[RUN.legs], (leg) => leg[LEG.teu] * (leg[LEG.km] || 1)));
  }
  const ranked = [...teu.keys()].sort((a, b) => teu.get(b) - teu.get(a)), lanes = laneOf(runs), kept = new Map();
  let room = MOST_LANES;
  for (const service of ranked) if ((room -= lanes.count.get(service)) >= 0 || !kept.size) kept.set(service, 0);
  $("gantt-cut").hidden = ranked.length === kept.size;
  let top = 0;
  const rows = [...kept.keys()].sort((a, b) => mode(a) - mode(b) || plan.services[a][0].localeCompare(plan.services[b][0]));
  const ticks = rows.map((service) => { kept.set(service, top); const middle = top + (lanes.count.get(service) - 1) / 2; top += lanes.count.get(service) + 1; return middle; });
  const traces = LOADS.map(([, shade, name]) => ({ type: "scatter", mode: "lines", name, x: [], y: [], text: [], hoverinfo: "text",
    line: { width: LANE - 2, color: colour(shade) }, connectgaps: false }));
  for (const index of runs) {
    const run = plan.runs[index];
    if (!kept.has(run[RUN.service])) continue;
    const trace = traces[Math.max(0, loadClass(loadShare(index)))], legs = run[RUN.legs], text = runText(index), y = kept.get(run[RUN.service]) + lanes.lane.get(index);
    trace.x.push(iso(legs[0][LEG.departs]), iso(legs[legs.length - 1][LEG.arrives]), null);
    trace.y.push(y, y, null);
    trace.text.push(text, text, "");
  }
  draw("gantt", traces.filter((one) => one.x.length), { height: 72 + LANE * (top + 1), showlegend: true, legend: topLegend(),
    xaxis: { type: "date", side: "top", tickformat: "%m-%d" }, yaxis: { range: [top - 0.5, -1], tickvals: ticks, ticktext: rows.map((one) => plan.services[one][0]), tickfont: { size: 10 }, zeroline: false },
    margin: { l: 8, r: narrow() ? 12 : 38, t: 64, b: 8 }, hovermode: "closest" });
}
// Departures of one service that are under way together stand in lanes below each other.
function laneOf(runs) {
  const free = new Map(), lane = new Map(), count = new Map();
  for (const index of [...runs].sort((a, b) => plan.runs[a][RUN.departs] - plan.runs[b][RUN.departs])) {
    const run = plan.runs[index], legs = run[RUN.legs], ends = free.get(run[RUN.service]) || [];
    let at = ends.findIndex((end) => end <= legs[0][LEG.departs]);
    if (at < 0) at = ends.length;
    ends[at] = legs[legs.length - 1][LEG.arrives];
    free.set(run[RUN.service], ends);
    lane.set(index, at);
    count.set(run[RUN.service], ends.length);
  }
  return { lane, count };
}
function mode(service) {
  if (!plan.modeOf) plan.modeOf = new Map(plan.runs.map((run) => [run[RUN.service], run[RUN.mode]]));
  return plan.modeOf.get(service);
}
function corridors() {
  const longest = new Map();
  plan.runs.forEach((run) => {
    if (!longest.has(run[RUN.service])) longest.set(run[RUN.service], { service: run[RUN.service], teu: 0, legs: run[RUN.legs] });
    longest.get(run[RUN.service]).teu += sum(run[RUN.legs], (leg) => leg[LEG.teu] * leg[LEG.km]);
  });
  return [...longest.values()].filter((one) => one.legs.length > 1).sort((a, b) => b.teu - a.teu);
}
function fillCorridors() {
  const found = corridors(), choice = $("corridor"), before = choice.value;
  choice.replaceChildren(...found.map((one) => element("option", { value: one.service }, `${plan.services[one.service][0]} · ${serviceName(one.service)}`)));
  if (found.some((one) => String(one.service) === before)) choice.value = before;
}
function stringLines() {
  const known = corridors().find((one) => String(one.service) === $("corridor").value);
  if (!known) return draw("string", []);
  const where = new Map([[known.legs[0][LEG.from], 0]]);
  known.legs.reduce((km, leg) => { where.set(leg[LEG.to], km + leg[LEG.km]); return km + leg[LEG.km]; }, 0);
  const groups = new Map(), { runs } = selection();
  for (const index of runs) {
    const run = plan.runs[index], calls = [];
    for (const leg of run[RUN.legs]) {
      if (where.has(leg[LEG.from])) calls.push([leg[LEG.departs], leg[LEG.from]]);
      if (where.has(leg[LEG.to])) calls.push([leg[LEG.arrives], leg[LEG.to]]);
    }
    if (new Set(calls.map((one) => one[1])).size < 2) continue;
    const up = where.get(calls[calls.length - 1][1]) > where.get(calls[0][1]), key = run[RUN.mode] * 2 + (up ? 0 : 1);
    if (!groups.has(key)) {
      groups.set(key, { type: "scatter", mode: "lines", x: [], y: [], text: [], hoverinfo: "text", name: `${modeWord(run[RUN.mode])} ${up ? "→" : "←"}`,
        line: { width: 1.6, color: modeColour(run[RUN.mode]), dash: up ? "solid" : "dot" } });
    }
    const trace = groups.get(key), text = runText(index);
    for (const [minutes, place] of calls) {
      trace.x.push(iso(minutes)); trace.y.push(where.get(place));
      trace.text.push(`${text}<br>${literal(placeName(place))}: ${home(minutes)}`);
    }
    trace.x.push(null); trace.y.push(null); trace.text.push("");
  }
  const ticks = [];
  for (const [place, km] of where) {
    const last = ticks[ticks.length - 1];
    if (last && km - last.km < known.legs.reduce((all, leg) => all + leg[LEG.km], 0) / 40) last.name += " / " + placeName(place);
    else ticks.push({ km, name: placeName(place) });
  }
  draw("string", [...groups.values()], { height: 470, showlegend: true, hovermode: "closest", xaxis: { type: "date", tickformat: "%m-%d" },
    yaxis: { autorange: "reversed", tickvals: ticks.map((one) => one.km), ticktext: ticks.map((one) => `${literal(shorten(one.name))} ${number(one.km)}`), tickfont: { size: narrow() ? 9 : 11 } } });
}
const shorten = (name) => { const most = narrow() ? 14 : 34; return name.length > most ? name.slice(0, most - 1) + "…" : name; };
