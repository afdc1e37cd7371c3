"use strict";
// Flows on land and coastlines: one line a pair of neighbouring stops and a mode, its width by TEU.
const VIEWS = { eurasia: { lon: [-12, 145], lat: [-2, 66] }, china: { lon: [98, 128], lat: [20, 44] }, europe: { lon: [-6, 32], lat: [40, 61] } };
const CLASSES = 7;
let view = "eurasia";
function flows() {
  const { load, runs, moves, mode } = selection(), found = new Map();
  const add = (from, to, by, teu, name) => {
    const key = `${from}-${to}-${by}`;
    if (!found.has(key)) found.set(key, { from, to, mode: by, teu: 0, names: new Map() });
    const one = found.get(key);
    one.teu += teu;
    one.names.set(name, (one.names.get(name) || 0) + teu);
  };
  for (const index of runs) {
    const run = plan.runs[index];
    run[RUN.legs].forEach((leg, number) => { if (load[index][number] > 0) add(leg[LEG.from], leg[LEG.to], run[RUN.mode], load[index][number], run[RUN.service]); });
  }
  for (const { step, teu } of moves.values()) if (mode < 0 || mode === step.mode) add(step.from, step.to, step.mode, teu, -1 - step.transfer);
  return [...found.values()].sort((a, b) => b.teu - a.teu);
}
function linePoints(flow) {
  const lane = flow.mode === MODES.indexOf("sea") ? plan.lanes[`${flow.from}-${flow.to}`] : null;
  if (lane) return lane;
  return [flow.from, flow.to].map((end) => [plan.terminals[end][PLACE.lat], plan.terminals[end][PLACE.lon]]);
}
function flowText(flow) {
  const names = [...flow.names].sort((a, b) => b[1] - a[1]).slice(0, 5)
    .map(([name, teu]) => `${name < 0 ? plan.transfers[-1 - name][0] : plan.services[name][0]}: ${number(teu)} TEU`);
  return `<b>${literal(placeName(flow.from))} → ${literal(placeName(flow.to))}</b><br>${modeWord(flow.mode)} · ${number(flow.teu)} TEU<br>${names.join("<br>")}`;
}
function flowTraces(all) {
  const most = Math.max(1, ...all.map((one) => one.teu)), traces = [], named = new Set();
  const size = (teu) => Math.max(1, Math.ceil(CLASSES * Math.sqrt(teu / most)));
  const groups = new Map();
  for (const flow of all) {
    const key = flow.mode * 100 + size(flow.teu);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(flow);
  }
  for (const [key, flows] of [...groups].sort((a, b) => b[0] % 100 - a[0] % 100)) {
    const mode = Math.floor(key / 100), lat = [], lon = [];
    for (const flow of flows) {
      for (const [y, x] of linePoints(flow)) { lat.push(y); lon.push(x); }
      lat.push(null); lon.push(null);
    }
    traces.push({ type: "scattergeo", mode: "lines", lat, lon, line: { width: (narrow() ? 0.55 : 1) * (0.8 + 1.15 * (key % 100)), color: modeColour(mode) }, opacity: 0.78,
      hoverinfo: "skip", name: modeWord(mode), legendgroup: String(mode), showlegend: !named.has(mode) });
    named.add(mode);
  }
  const spots = all.map((flow) => { const points = linePoints(flow); return middle(points); });
  traces.push({ type: "scattergeo", mode: "markers", lat: spots.map((one) => one[0]), lon: spots.map((one) => one[1]), text: all.map(flowText),
    hoverinfo: "text", showlegend: false, marker: { size: all.map((one) => 5 + 0.6 * size(one.teu)), color: all.map((one) => modeColour(one.mode)), line: { width: 1, color: colour("paper") } } });
  return traces;
}
function middle(points) {
  // Half way on the sphere between the two middle points, so that a mark sits on the drawn line.
  const at = Math.floor((points.length - 1) / 2), [one, two] = [points[at], points[at + 1]];
  if (points.length > 2) return one;
  const rad = Math.PI / 180, vector = ([lat, lon]) => [Math.cos(lat * rad) * Math.cos(lon * rad), Math.cos(lat * rad) * Math.sin(lon * rad), Math.sin(lat * rad)];
  const [x, y, z] = vector(one).map((value, axis) => value + vector(two)[axis]);
  return [Math.atan2(z, Math.hypot(x, y)) / rad, Math.atan2(y, x) / rad];
}
// The busiest terminals get their names where these do not run into each other.
function labelled(ranked, box) {
  const wide = (box.lon[1] - box.lon[0]) * (narrow() ? 0.2 : 0.085), high = (box.lat[1] - box.lat[0]) * (narrow() ? 0.075 : 0.035), named = [];
  for (const place of ranked) {
    const { [PLACE.lat]: lat, [PLACE.lon]: lon } = plan.terminals[place];
    if (named.every(([y, x]) => Math.abs(y - lat) > high || Math.abs(x - lon) > wide)) named.push([lat, lon, place]);
    if (named.length >= (narrow() ? 6 : 28)) break;
  }
  return new Set(named.map((one) => one[2]));
}
function terminalTrace(all, box) {
  const handled = new Map();
  for (const flow of all) for (const end of [flow.from, flow.to]) handled.set(end, (handled.get(end) || 0) + flow.teu);
  const ranked = [...handled.keys()].sort((a, b) => handled.get(b) - handled.get(a)), shown = ranked, most = Math.max(1, ...handled.values());
  const big = labelled(ranked, box);
  const text = (place) => {
    const one = plan.terminals[place];
    const leaving = all.filter((flow) => flow.from === place), coming = all.filter((flow) => flow.to === place);
    return `<b>${literal(one[PLACE.zh])} ${literal(one[PLACE.en])}</b><br>${literal(one[PLACE.city])}, ${one[PLACE.country]}<br>${number(sum(coming, (f) => f.teu))} TEU → · → ${number(sum(leaving, (f) => f.teu))} TEU`;
  };
  return { type: "scattergeo", mode: "markers+text", lat: shown.map((one) => plan.terminals[one][PLACE.lat]), lon: shown.map((one) => plan.terminals[one][PLACE.lon]),
    hovertext: shown.map(text), hoverinfo: "text", text: shown.map((one) => (big.has(one) ? literal(placeName(one)) : "")), textposition: "top center",
    textfont: { size: 11, color: colour("ink") }, showlegend: false,
    marker: { size: shown.map((one) => 4 + 9 * Math.sqrt(handled.get(one) / most)), color: colour("ink"), line: { width: 1.2, color: colour("paper") } } };
}
function map() {
  const all = flows();
  const shown = fitted(VIEWS[view] || bounds(all));
  const geo = { resolution: 50, projection: { type: "mercator" }, showland: true, landcolor: colour("land"), showocean: true, oceancolor: colour("water"),
    showlakes: true, lakecolor: colour("water"), showrivers: true, rivercolor: colour("coast"), riverwidth: 0.4, showcoastlines: true,
    coastlinecolor: colour("coast"), coastlinewidth: 0.6, showcountries: DATA.borders, countrycolor: colour("soft"), countrywidth: 0.6, showframe: false, bgcolor: colour("water"),
    lonaxis: { range: shown.lon }, lataxis: { range: shown.lat } };
  draw("map", all.length ? [...flowTraces(all), terminalTrace(all, shown)] : [],
    { geo, height: mapHeight(), margin: { l: 0, r: 0, t: headroom(), b: 0 }, showlegend: true, legend: topLegend(), uirevision: state.version + view });
}
// The range widened to the shape of the drawing, so that the map fills it (Mercator).
const north = (lat) => (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
const south = (y) => (360 / Math.PI) * Math.atan(Math.exp((y * Math.PI) / 180)) - 90;
const mapHeight = () => (printing ? 420 : $("map").clientHeight || 560);
const headroom = () => (narrow() ? 56 : 40);
// plotly.js fits the box of the range with edges that are great circles, in four parts each.
const arched = (lat, wide) => (180 / Math.PI) * Math.atan(Math.tan((lat * Math.PI) / 180) / Math.cos((wide * Math.PI) / 1440));
const tallest = ([low, top], wide) => Math.max(north(top), north(arched(top, wide))) - Math.min(north(low), north(arched(low, wide)));
function fitted(box) {
  const wide = printing ? PAPER : $("map").clientWidth, high = Math.max(200, mapHeight() - headroom());
  let [west, east] = box.lon, [low, top] = box.lat.map(north);
  const more = ((east - west) * high) / wide - tallest(box.lat, east - west);
  if (more > 0) { low -= more / 2; top += more / 2; }
  // Widening raises the arch a little, so it is done again.
  for (let round = 0; round < 4 && more <= 0; round += 1) {
    const lack = (tallest(box.lat, east - west) * wide) / high - (east - west);
    west -= lack / 2; east += lack / 2;
  }
  if (east - west > 358) { west = (west + east) / 2 - 179; east = west + 358; }
  return { lon: [west, east], lat: [Math.max(-75, south(low)), Math.min(83, south(top))] };
}
function bounds(all) {
  const lat = [], lon = [];
  for (const flow of all) for (const [y, x] of linePoints(flow)) { lat.push(y); lon.push(x); }
  if (!lat.length) return VIEWS.eurasia;
  return { lon: [Math.min(...lon) - 6, Math.max(...lon) + 8], lat: [Math.max(-60, Math.min(...lat) - 5), Math.min(78, Math.max(...lat) + 7)] };
}
