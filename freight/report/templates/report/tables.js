"use strict";
// One table for every list: sorted, searched, paged, and handed on as CSV.
const tables = new Map();
const PAGE = 25;
// columns: {key, title, n: number digits or undefined, text(row), value(row), cell(row), tight: one line,
// roomy: many words, hidden: searched and handed on only}
function table(id, columns, rows, options = {}) {
  const host = $(id);
  const known = tables.get(id) || { sort: options.sort || null, down: Boolean(options.down), search: "", page: 0 };
  tables.set(id, known);
  Object.assign(known, { columns, rows, options, host });
  if (options.reset) known.page = 0;
  drawTable(id);
}
const cellText = (column, row) => {
  if (column.text) return column.text(row);
  const value = column.value(row);
  return column.n === undefined ? String(value ?? "") : number(value, column.n);
};
function matching(known) {
  const wanted = known.search.trim().toLowerCase();
  let rows = known.rows;
  if (wanted) rows = rows.filter((row) => known.columns.some((column) => cellText(column, row).toLowerCase().includes(wanted)));
  if (known.sort) {
    const column = known.columns.find((one) => one.key === known.sort);
    const by = (row) => column.value(row);
    rows = [...rows].sort((a, b) => {
      const one = by(a), two = by(b);
      const order = typeof one === "number" && typeof two === "number" ? one - two : String(one ?? "").localeCompare(String(two ?? ""), locale());
      return known.down ? -order : order;
    });
  }
  return rows;
}
function drawTable(id) {
  const known = tables.get(id);
  const rows = matching(known), pages = Math.max(1, Math.ceil(rows.length / PAGE));
  known.page = Math.min(known.page, pages - 1);
  const shown = known.options.whole ? rows : rows.slice(known.page * PAGE, (known.page + 1) * PAGE);
  const focus = document.activeElement && known.host.contains(document.activeElement) ? document.activeElement.dataset.keep : null;
  const parts = [];
  if (!known.options.whole) parts.push(tools(id, known, rows, pages));
  const columns = known.columns.filter((column) => !column.hidden);
  const head = element("tr", {}, ...columns.map((column) => header(id, known, column)));
  const body = shown.map((row) => element("tr", { class: known.options.chosen && known.options.chosen(row) ? "chosen" : null },
    ...columns.map((column) => element("td", { class: column.n === undefined ? (column.tight ? "t" : column.roomy ? "w" : null) : "n" },
      column.cell ? column.cell(row) : cellText(column, row)))));
  if (!body.length) body.push(element("tr", {}, element("td", { colspan: columns.length }, word("nothing"))));
  const grid = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
  parts.push(element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": known.options.label || word(id) }, grid));
  known.host.replaceChildren(...parts);
  if (focus) known.host.querySelector(`[data-keep="${focus}"]`)?.focus();
  if (known.options.drawn) known.options.drawn(shown);
}
function header(id, known, column) {
  const order = known.sort === column.key ? (known.down ? "descending" : "ascending") : "none";
  const mark = order === "none" ? "" : known.down ? " ↓" : " ↑";
  const press = () => {
    known.down = known.sort === column.key ? !known.down : column.n !== undefined;
    known.sort = column.key;
    drawTable(id);
  };
  const button = element("button", { type: "button", onclick: press, "data-keep": "sort-" + column.key }, column.title + mark);
  return element("th", { scope: "col", "aria-sort": order, class: column.n === undefined ? null : "n" }, button);
}
function tools(id, known, rows, pages) {
  const find = element("input", { type: "search", value: known.search, placeholder: word("search"), "aria-label": word("search"), "data-keep": "search",
    oninput: (event) => {
      known.search = event.target.value;
      known.page = 0;
      drawTable(id);
      const again = known.host.querySelector("input");
      again.setSelectionRange(again.value.length, again.value.length);
    } });
  const turn = (by) => () => { known.page += by; drawTable(id); };
  return element("div", { class: "bar" }, find, `${number(rows.length)} ${word("rows")}`,
    element("span", { class: "right" },
      element("button", { type: "button", "data-keep": "previous", disabled: known.page === 0, onclick: turn(-1) }, word("previous")),
      `${known.page + 1} / ${pages}`,
      element("button", { type: "button", "data-keep": "next", disabled: known.page >= pages - 1, onclick: turn(1) }, word("next")),
      element("button", { type: "button", onclick: () => download(id + ".csv", known.columns, rows) }, word("csv"))));
}
function download(name, columns, rows) {
  const quote = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  // A text that a spreadsheet would compute stands behind an apostrophe.
  const unlike = (text) => (/^'*\s*[=+\-@＝＋－＠\t\r\n]./s.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text);
  const raw = (column, row) => quote(unlike(String((column.raw || column.value)(row) ?? "")));
  const lines = [columns.map((one) => quote(one.title)), ...rows.map((row) => columns.map((one) => raw(one, row)))];
  const blob = new Blob(["\ufeff" + lines.map((one) => one.join(",")).join("\r\n")], { type: "text/csv" });
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
