"use strict";
// plotly.js in the colours and the language of the page.
const CHINESE = { dictionary: { "Zoom": "缩放", "Pan": "平移", "Zoom in": "放大", "Zoom out": "缩小", "Reset axes": "复原", "Reset": "复原", "Reset view": "复原",
  "Download plot as a PNG": "下载图片", "Download plot as a png": "下载图片", "Double-click to zoom back out": "双击复原", "Double-click on legend to isolate one trace": "双击图例仅看此项",
  "Autoscale": "自动范围", "Toggle Spike Lines": "辅助线" }, format: { decimal: ".", thousands: ",", date: "%Y-%m-%d", time: "%H:%M", periods: ["上午", "下午"],
  days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"], shortDays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
  months: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"], shortMonths: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"] } };
const PAPER = 690;
function layout(extra = {}) {
  const axis = { gridcolor: colour("rule"), zerolinecolor: colour("rule"), linecolor: colour("rule"), automargin: true };
  const { xaxis = {}, yaxis = {}, ...rest } = extra;
  return { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", margin: { l: 8, r: narrow() ? 12 : 38, t: 8, b: 8 }, height: 340,
    // The tools stand upright in a margin of their own, clear of drawing and legend.
    modebar: { orientation: "v", bgcolor: "rgba(0,0,0,0)", color: colour("soft"), activecolor: colour("link") },
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("ink") }, showlegend: false,
    // On paper a chart is as wide as the sheet, whatever the window is.
    ...(printing ? { width: PAPER } : {}), hoverlabel: { font: { size: 12 } }, legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, xanchor: "left" },
    xaxis: { ...axis, ...xaxis, title: { ...(xaxis.title || {}), standoff: 8 } }, yaxis: { ...axis, ...yaxis }, ...rest };
}
// Charts obey <b>, <a>, %{x} and entities in texts: a name that holds them is shown as it is.
const literal = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("%{", "%&#123;");
function draw(id, traces, extra = {}) {
  const host = $(id);
  const some = traces.some((one) => (one.x || one.lat || []).length);
  if (!some) {
    if (host.data) Plotly.purge(host);
    host.replaceChildren(element("p", { class: "empty" }, word("nothing")));
    return;
  }
  if (!host.data) host.replaceChildren();
  // Nothing leaves the page: the button that uploads a chart is taken out.
  const bar = { responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: "", scrollZoom: id === "map", modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
    displayModeBar: narrow() ? false : "hover", locale: zh() ? "zh-CN" : "en", locales: { "zh-CN": CHINESE } };
  Plotly.react(host, traces, layout(extra), printing ? { ...bar, responsive: false } : bar);
}
const narrow = () => window.innerWidth < 600;

function costs(items) {
  const totals = KINDS.map(() => 0);
  for (const index of items) plan.itineraries[index][ITEM.charges].forEach((value, kind) => { totals[kind] += value; });
  return totals;
}
function waterfall() {
  const totals = costs(selection().items);
  const shown = KINDS.map(([kind], index) => [word("charge." + kind), totals[index]]).filter(([, value]) => value);
  if (!filtered() && plan.unallocated) shown.push([word("borne_by_nobody"), plan.unallocated]);
  const total = sum(shown, ([, value]) => value);
  const names = [...shown.map(([name]) => name), word("total")];
  const values = [...shown.map(([, value]) => value), total];
  draw("waterfall", total ? [{ type: "waterfall", orientation: "h", y: names, x: values,
    measure: [...shown.map(() => "relative"), "total"], text: values.map((value) => (narrow() ? number(value) : `${number(value)} · ${percent(value / total)}`)),
    textposition: "auto", cliponaxis: false, hovertemplate: "%{y}: %{text}<extra></extra>", insidetextanchor: "middle", textfont: { size: 11 },
    connector: { line: { color: colour("rule") } }, increasing: { marker: { color: colour("rail") } },
    decreasing: { marker: { color: colour("barge") } }, totals: { marker: { color: colour("road") } } }] : [],
  { height: 60 + 30 * names.length, yaxis: { autorange: "reversed", tickfont: { size: 11 } }, xaxis: { title: { text: plan.currency }, tickformat: "~s", range: [0, (narrow() ? 1.7 : 1.32) * Math.max(total, 0)] } });
}
function modeTotals() {
  const km = MODES.map(() => 0).concat(0), cost = [...km], co2e = [...km];
  for (const index of selection().items) {
    const row = plan.itineraries[index];
    for (const step of plan.steps[row[ITEM.chain]]) km[step.mode] += row[ITEM.teu] * step.km;
    row[ITEM.modeCost].forEach((value, mode) => { cost[mode] += value; });
    row[ITEM.modeCo2e].forEach((value, mode) => { co2e[mode] += value; });
  }
  return [["split.teu_km", km, "TEU·km", 1], ["split.cost", cost, plan.currency, 1], ["split.co2e", co2e, "t", 1000]];
}
function split() {
  const rows = modeTotals(), shown = MODES.map((_, mode) => mode).concat(WAIT);
  const names = rows.map(([key]) => word(key));
  const traces = shown.filter((mode) => rows.some(([, values]) => values[mode])).map((mode) => ({ type: "bar", orientation: "h",
    name: modeWord(mode), y: names, x: rows.map(([, values]) => values[mode] / (sum(values, (one) => one) || 1)),
    customdata: rows.map(([, values, unit, over]) => `${number(values[mode] / over)} ${unit}`), marker: { color: modeColour(mode) },
    hovertemplate: "%{y}, " + modeWord(mode) + ": %{x:.1%} · %{customdata}<extra></extra>" }));
  draw("split", traces, { barmode: "stack", showlegend: true, height: 250, yaxis: { autorange: "reversed" },
    xaxis: { tickformat: ".0%", range: [0, 1] }, margin: { l: 8, r: narrow() ? 16 : 42, t: 8, b: 8 } });
}
function punctuality() {
  const bins = new Map(), late = colour("warn"), good = colour("barge");
  for (const index of selection().items) {
    const row = plan.itineraries[index];
    const days = (row[ITEM.delivered] - plan.shipments[row[ITEM.shipment]][SHIP.due]) / 1440;
    const bin = Math.ceil(days);
    bins.set(bin, (bins.get(bin) || 0) + row[ITEM.teu]);
  }
  const x = [...bins.keys()].sort((a, b) => a - b);
  draw("punctuality", [{ type: "bar", x: x.map((bin) => bin - 0.5), y: x.map((bin) => bins.get(bin)), width: 0.92,
    marker: { color: x.map((bin) => (bin > 0 ? late : good)) }, customdata: x.map((bin) => `${bin - 1} … ${bin}`),
    hovertemplate: "%{customdata} d: %{y:,} TEU<extra></extra>" }],
  { height: 280, xaxis: { title: { text: word("punctuality.axis") } }, yaxis: { title: { text: "TEU" } } });
}
function loads() {
  const { runs, load } = selection(), bins = MODES.map(() => new Array(11).fill(0));
  for (const index of runs) {
    const run = plan.runs[index];
    const share = Math.max(0, ...run[RUN.legs].map((leg, at) => (leg[LEG.room] ? load[index][at] / leg[LEG.room] : 0)));
    bins[run[RUN.mode]][share <= 0 ? 0 : Math.min(10, Math.ceil(share * 10 - 1e-9))] += run[RUN.runs];
  }
  const names = bins[0].map((_, bin) => (bin ? `${(bin - 1) * 10}–${bin * 10} %` : "0 %"));
  draw("loads", bins.map((values, mode) => ({ type: "bar", name: modeWord(mode), x: names, y: values, marker: { color: modeColour(mode) } }))
    .filter((one) => one.y.some((value) => value)),
  { barmode: "stack", showlegend: true, height: 300, xaxis: { title: { text: word("loads.axis") } }, yaxis: { title: { text: word("departures") } } });
}
function convergence() {
  const trace = plan.proof.trace;
  $("proof").textContent = plan.sentences[zh() ? 1 : 0];
  const last = [plan.proof.seconds, plan.proof.objective, plan.proof.bound];
  const line = (at, name, shade, dash) => {
    const points = [...trace, last].filter((one) => one[at] !== null);
    return { type: "scatter", mode: "lines+markers", name, x: points.map((one) => one[0]), y: points.map((one) => one[at]),
      line: { shape: "hv", color: shade, dash, width: 2 }, marker: { size: 5 }, hovertemplate: "%{x:.1f} s: %{y:,.0f}<extra>" + name + "</extra>" };
  };
  // Early bounds far below would flatten what matters; a double click shows all.
  const known = [...trace, last].flatMap((one) => [one[1], one[2]]).filter((value) => value !== null), top = Math.max(...known);
  const low = Math.max(Math.min(...known), plan.proof.objective * 0.85), pad = 0.06 * (top - low || top);
  draw("convergence", trace.length ? [line(1, word("objective"), colour("rail"), "solid"), line(2, word("bound"), colour("air"), "dot")] : [],
    { showlegend: true, height: 380, xaxis: { title: { text: word("seconds") } }, yaxis: { title: { text: plan.currency }, tickformat: ".4s", range: [low - pad, top + pad] } });
  if (!trace.length) $("convergence").replaceChildren(element("p", { class: "empty" }, word("convergence.none")));
  facts();
}
function facts() {
  const proof = plan.proof;
  const rows = [["method", proof.method], ["backend", proof.backend], ["seed", proof.seed], ["outcome", word("outcome." + proof.outcome)], ["stop", proof.stop ? word("stop." + proof.stop) : "–"],
    ["time", `${number(proof.seconds, 1)} s`], ["objective", `${number(proof.objective)} ${plan.currency}`],
    ["bound", proof.bound === null ? "–" : `${number(proof.bound)} ${plan.currency}`], ["gap", percent(proof.gap, 3)],
    ["versions", Object.entries(proof.versions).map((one) => one.join(" ")).join(", ")], ["instance", plan.instance], ["digest", plan.digest]];
  $("facts").replaceChildren(element("div", { class: "wide" }, element("table", {}, element("tbody", {},
    ...rows.map(([key, value]) => element("tr", {}, element("th", { scope: "row" }, word(key)), element("td", { style: "overflow-wrap:anywhere" }, value)))))));
}
