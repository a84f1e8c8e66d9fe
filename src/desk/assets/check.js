// One document: the scan beside the text, what is unsure, its other readings, figures and sums.

import * as server from "./server.js";
import { make, say, tell } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
/** Words below this are worth a look; below the second, more so. */
const DOUBTFUL = 0.9, UNSURE = 0.6;
/** What the program's rules say in English. */
const PHRASES = { sumOfRows: "the sum of its rows", sameEverywhere: "is the same wherever it is printed", itsParts: "its parts" };

export function show(main, id, place) {
  let shown = null, chosen = null, cut = null, left = false;
  /** Words in reading order: {span, word, page, line, at}. */
  let all = [];
  const scans = new Map();

  const title = make("h2");
  const formats = make("select", { "aria-label": say("export"), onchange: (event) => { const link = event.target.value && server.exported(id, event.target.value); if (link) location.href = link; event.target.value = ""; } },
    make("option", { value: "" }, say("export")), ...server.formats.map((format) => make("option", { value: format }, format)));
  const act = (name, run) => make("button", { type: "button", onclick: run }, say(name));
  const bar = make("div", { class: "bar" }, make("a", { href: "#/" }, say("back")), title, act("next", () => step(1)), act("undo", undo), formats);
  const scan = make("section", { class: "scan", "aria-label": say("scan"), tabindex: "0" });
  const text = make("section", { class: "text", "aria-label": say("text"), tabindex: "0" });
  const side = make("section", { class: "side", "aria-label": say("figures") });
  const editor = make("div", { class: "editor", hidden: true, role: "group", "aria-label": say("correct") });
  main.append(bar, make("div", { class: "sides" }, scan, text, side), editor);

  // Pictures are held only while they are near what is shown: a hundred decoded pages are more memory than a tab should have.
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      const [page, { picture }] = [...scans].find(([, at]) => at.sheet === target);
      if (!isIntersecting) picture.removeAttribute("src");
      else if (!picture.hasAttribute("src")) picture.src = server.pagePicture(id, page);
    }
  }, { root: scan, rootMargin: "100% 0%" });

  async function load(keep) {
    try {
      const next = await server.open(id);
      if (left) return;
      shown = next;
      title.textContent = [shown.entry.number, shown.entry.file].filter(Boolean).join(" · ");
      document.title = `${shown.entry.file} · sohoa`;
      if (!shown.pages) {
        scan.hidden = true;
        text.replaceChildren(make("p", { class: "remark" }, say("noWords")), make("pre", {}, shown.text));
        drawSide();
        return;
      }
      if (!scans.size) drawScans();
      drawText();
      drawSide();
      if (keep) choose(all[Math.min(Math.floor(keep), all.length - 1)] ?? all.find(holding(chosen)));
      else if (place) goTo(place);
    } catch (error) { tell(error.message); }
  }

  function drawScans() {
    for (const page of shown.report.pages) {
      const size = page.size ?? { width: 1000, height: 1414 };
      const picture = make("img", { decoding: "async", alt: `${say("scan")}, ${say("page").toLowerCase()} ${page.page}`, width: size.width, height: size.height });
      picture.addEventListener("error", () => picture.classList.add("lost"));
      const marks = document.createElementNS(SVG, "svg");
      marks.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
      marks.setAttribute("aria-hidden", "true");
      const sheet = make("figure", { class: "sheet" }, picture, marks);
      sheet.addEventListener("click", (event) => {
        const box = picture.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * size.width, y = (event.clientY - box.top) / box.height * size.height;
        const hit = all.find(({ word, page: at }) => at === page.page && word.rect[0] <= x && x <= word.rect[2] && word.rect[1] <= y && y <= word.rect[3]);
        // Where nothing was read, what is printed can be put.
        choose(hit ?? { word: { text: "", rect: around(page.page, x, y), sure: 0, others: [], corrected: false }, page: page.page, line: { words: [] }, at: 0 });
      });
      scans.set(page.page, { sheet, marks, size, picture });
      scan.append(sheet);
      near.observe(sheet);
    }
  }

  /** A box for a word that nobody read, as high as the words of its page are. */
  function around(page, x, y) {
    const heights = all.filter((entry) => entry.page === page && entry.word.text).map(({ word }) => word.rect[3] - word.rect[1]).sort((a, b) => a - b);
    const high = heights[heights.length >> 1] ?? 40;
    return [Math.max(x - high, 0), Math.max(y - high / 2, 0), x + high, y + high / 2];
  }

  /** A word as it stands in the text; one without letters is a place where nothing was read. */
  function shownWord(word, page, line, at) {
    const level = word.corrected ? "corrected" : word.sure < UNSURE ? "unsure" : word.sure < DOUBTFUL ? "doubtful" : "";
    const entry = { word, page, line, at };
    const empty = word.text ? "" : "empty";
    entry.span = make("span", { class: `word ${level} ${empty} ${word.seen !== undefined ? "changed" : ""}`, title: word.seen !== undefined ? `${say("seen")}: ${word.seen}` : null, onclick: () => choose(entry) }, word.text || (word.corrected ? say("empty") : "·"));
    all.push(entry);
    return entry.span;
  }

  const spaced = (spans) => spans.flatMap((span, at) => (at ? [" ", span] : [span]));
  const words = (lines, page) => spaced(lines.flatMap((line) => line.words.map((word, at) => shownWord(word, page, line, at))));

  /** The part of a table that stands on a page; its empty cells are places where something may be put. */
  function grid(table, page, lines) {
    const failing = new Map();
    for (const check of shown.report.checks ?? []) {
      if (check.status !== "fail") continue;
      for (const figure of (shown.report.figures ?? []).filter((f) => check.figures.includes(f.id) && f.cell?.table === table.id)) failing.set(`${figure.cell.row}:${figure.cell.column}`, ruleOf(check));
    }
    const rows = new Map();
    for (const cell of table.cells.filter((c) => c.place.page === page)) {
      const inside = lines.filter((l) => l.cell.row === cell.row && l.cell.column === cell.column);
      const first = all.length;
      const content = words(inside, page);
      if (!content.length && cell.place.rect) content.push(shownWord({ text: "", rect: cell.place.rect, sure: 1, others: [], corrected: false }, page, { words: [] }, 0));
      for (const entry of all.slice(first)) entry.cell = { table: table.id, row: cell.row, column: cell.column };
      const rule = failing.get(`${cell.row}:${cell.column}`);
      const box = make(cell.head ? "th" : "td", { scope: cell.head ? "col" : null, rowspan: cell.row_span > 1 ? cell.row_span : null, colspan: cell.column_span > 1 ? cell.column_span : null, class: rule ? "fails" : null, title: rule ?? null }, rule ? "✗ " : null, ...content);
      if (!rows.has(cell.row)) rows.set(cell.row, make("tr"));
      rows.get(cell.row).append(box);
    }
    return make("div", { class: "wide" }, make("table", { class: "grid", "aria-label": table.title ?? `${say("tables")} ${table.id}` }, make("tbody", {}, ...rows.values())));
  }

  function drawText() {
    all = [];
    const tables = new Map((shown.report.tables ?? []).map((table) => [table.id, table]));
    text.replaceChildren(...shown.pages.map((page) => {
      const parts = [];
      for (let at = 0; at < page.lines.length;) {
        const table = tables.get(page.lines[at].cell?.table);
        let end = at + 1;
        while (table && page.lines[end]?.cell?.table === table.id) end++;
        const lines = page.lines.slice(at, end);
        parts.push(table ? grid(table, page.page, lines) : make("p", { class: "line" }, ...words(lines, page.page)));
        at = end;
      }
      return make("section", { class: "page", "aria-label": `${say("page")} ${page.page}` }, make("h3", {}, `${say("page")} ${page.page}`), ...parts);
    }));
  }

  /** A check in the reader's language: indicators by the words of the report, the program's own phrases translated. */
  function ruleOf(check) {
    const { figures = [], indicators = {} } = shown.report;
    const label = (name) => {
      const found = figures.find((figure) => figure.id === indicators[name]?.figure)?.label;
      return found ? `«${found.length > 48 ? `${found.slice(0, 47)}…` : found}»` : name;
    };
    return ["sumOfRows", "sameEverywhere", "itsParts"].reduce((text, phrase) => text.replace(PHRASES[phrase], say(phrase)), check.rule)
      .replace(/\b[a-z]\w*(?:\.\w+)+\b/gu, label);
  }

  function drawSide() {
    const { figures = [], checks = [] } = shown.report;
    const unsure = (a) => (a.confidence < DOUBTFUL ? 0 : 1);
    const row = (figure) => {
      const go = () => figure.place.rect && point(figure.place.page, figure.place.rect);
      const button = make("button", { type: "button", class: "link", onclick: go }, figure.raw);
      return make("tr", { class: figure.confidence < DOUBTFUL ? "doubtful" : null }, make("th", { scope: "row" }, figure.label || "—"), make("td", {}, button),
        make("td", {}, figure.unit ?? ""), make("td", {}, `${figure.confidence < DOUBTFUL ? "? " : ""}${Math.round(figure.confidence * 100)} %`));
    };
    const sums = checks.map((check) => make("li", { class: check.status },
      make("strong", {}, { pass: "✓ ", fail: "✗ ", unknown: "… " }[check.status] + say(check.status)), ` ${ruleOf(check)} `,
      ...check.figures.filter(Boolean).map((name) => figures.find((f) => f.id === name)).filter((f) => f?.place.rect).map((f) =>
        make("button", { type: "button", class: "link sum", onclick: () => point(f.place.page, f.place.rect) }, f.raw))));
    side.replaceChildren(make("h3", {}, say("checks")), make("ul", { class: "checks" }, ...sums.sort((a, b) => (b.className === "fail") - (a.className === "fail"))),
      make("h3", {}, say("figures")), make("table", {}, make("thead", {}, make("tr", {}, ...["label", "value", "unit", "sure"].map((n) => make("th", { scope: "col" }, say(n))))),
        make("tbody", {}, ...[...figures].sort((a, b) => unsure(a) - unsure(b)).map(row))));
  }

  /** Lights up a box on the scan, and the word that stands in it. */
  function point(page, rect) {
    const at = scans.get(page);
    if (!at) return;
    for (const { marks } of scans.values()) marks.replaceChildren();
    const box = document.createElementNS(SVG, "rect");
    const slack = (rect[3] - rect[1]) * 0.15;
    for (const [name, value] of [["x", rect[0] - slack], ["y", rect[1] - slack], ["width", rect[2] - rect[0] + 2 * slack], ["height", rect[3] - rect[1] + 2 * slack]]) box.setAttribute(name, value);
    at.marks.append(box);
    const scale = at.sheet.clientWidth / at.size.width;
    scan.scrollTo({ top: at.sheet.offsetTop - scan.offsetTop + rect[1] * scale - scan.clientHeight / 2, behavior: "instant" });
    const middle = [(rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2];
    const hit = all.find(({ word, page: on }) => on === page && word.rect[0] <= middle[0] && middle[0] <= word.rect[2] && word.rect[1] <= middle[1] && middle[1] <= word.rect[3]);
    if (hit && hit !== chosen) choose(hit, true);
  }

  /** Whether a word stands where another was put. */
  const holding = (put) => ({ word, page }) => put && page === put.page && word.rect.every((edge, at) => Math.abs(edge - put.word.rect[at]) < 1);

  /** The first word of the cell above or below, or of the line; by where they stand on the scan. */
  function rowwards(by) {
    const { word, page } = chosen;
    const middle = (rect) => [(rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2];
    const [x, y] = middle(word.rect);
    const far = (entry) => { const [ex, ey] = middle(entry.word.rect); return Math.abs(ex - x) + 3 * Math.abs(ey - y); };
    const beyond = all.filter((entry) => entry.page === page && (middle(entry.word.rect)[1] - y) * by > (word.rect[3] - word.rect[1]) / 2);
    const column = beyond.filter((entry) => entry.cell?.table === chosen.cell.table && entry.cell.column === chosen.cell.column);
    choose((column.length ? column : beyond).reduce((best, entry) => (!best || far(entry) < far(best) ? entry : best), null));
  }

  function goTo(where) {
    const [page, box] = where.split(":");
    if (box) point(Number(page), box.split(",").map(Number));
    else scans.get(Number(page))?.sheet.scrollIntoView();
  }

  function choose(entry, pointed) {
    if (!entry) return;
    chosen?.span?.classList.remove("chosen");
    chosen = entry;
    entry.span?.classList.add("chosen");
    entry.span?.scrollIntoView({ block: "center" });
    if (!pointed) point(entry.page, entry.word.rect);
    drawEditor();
  }

  function drawEditor(editing) {
    const { word, page } = chosen;
    editor.hidden = false;
    const at = scans.get(page);
    cut = make("canvas", { class: "cut", role: "img", "aria-label": say("cutout") });
    const drawn = () => {
      const [x0, y0, x1, y1] = word.rect, slack = (y1 - y0) * 0.6;
      const scale = at.picture.naturalWidth / at.size.width;
      const [x, y, w, h] = [(x0 - 2 * slack) * scale, (y0 - slack) * scale, (x1 - x0 + 4 * slack) * scale, (y1 - y0 + 2 * slack) * scale];
      const times = Math.min(3, 110 / h);
      cut.width = w * times; cut.height = h * times;
      cut.getContext("2d").drawImage(at.picture, x, y, w, h, 0, 0, cut.width, cut.height);
    };
    if (at) at.picture.complete && at.picture.naturalWidth ? drawn() : at.picture.addEventListener("load", drawn, { once: true });
    const picks = word.others.map((other, index) => make("button", { type: "button", onclick: () => save(other) }, make("kbd", {}, String(index + 1)), ` ${other}`));
    const input = make("input", { type: "text", id: "correction", value: word.text, maxlength: "400", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); save(input.value); }
      else if (event.key === "Escape") { event.stopPropagation(); drawEditor(); text.focus(); }
    });
    const state = word.corrected ? say("corrected") : `${Math.round(word.sure * 100)} %`;
    editor.replaceChildren(cut, make("div", { class: "choices" },
      make("p", {}, make("strong", {}, word.text || say("empty")), ` ${state}`, word.seen !== undefined ? ` · ${say("seen")}: ` : "", word.seen !== undefined ? make("code", {}, word.seen) : ""),
      make("p", {}, make("button", { type: "button", onclick: () => save(word.text) }, make("kbd", {}, "Enter"), ` ${say("accept")}`), ...picks),
      make("p", {}, make("label", { for: "correction" }, say("correct"), " ", make("kbd", {}, "e")), " ", input, make("button", { type: "button", onclick: () => save(input.value) }, say("save")))));
    if (editing) { input.focus(); input.select(); }
  }

  async function save(after) {
    const at = all.indexOf(chosen), { word, page, line } = chosen;
    if (!word.text && !after.trim()) { tell(say("nothingSaid")); return; }
    const beside = (step) => line.words[chosen.at + step]?.text ?? "";
    try {
      await server.correct(id, { page, rect: word.rect, before: word.text, after, left: beside(-1), right: beside(1) });
      tell(`${say("saved")}: ${after || say("empty")}`);
      await load(at || 1e-9);
      text.focus();
      // One after the other where they are looked for; in a table, and where something was put, the place stays.
      if (at >= 0 && !chosen.cell) step(1, at);
    } catch (error) { tell(error.message); }
  }

  async function undo() {
    const last = (shown?.holding ?? []).at(-1);
    if (!last) { tell(say("nothingToUndo")); return; }
    try {
      await server.undo(id, last);
      tell(say("undone"));
      await load(all.indexOf(chosen) || 1e-9);
    } catch (error) { tell(error.message); }
  }

  /** To the next word that is worth a look: figures first come first as they are read. */
  function step(by, from = all.indexOf(chosen)) {
    const open = (entry) => !entry.word.corrected && entry.word.sure < DOUBTFUL;
    for (let at = from + by; at >= 0 && at < all.length; at += by) if (open(all[at])) { choose(all[at]); return; }
    tell(say("nothing"));
  }

  load();
  return {
    key(event) {
      const at = all.indexOf(chosen);
      if (event.target.closest("button, a, select") && event.key === "Enter") return;
      if (event.key === "n") step(1);
      else if (event.key === "p") step(-1);
      else if (event.key === "z") undo();
      else if (event.key === "ArrowRight" && all.length) choose(all[Math.min(at + 1, all.length - 1)]);
      else if (event.key === "ArrowLeft" && all.length) choose(all[Math.max(at - 1, 0)]);
      else if (!chosen) return;
      else if (chosen.cell && (event.key === "ArrowDown" || event.key === "ArrowUp")) rowwards(event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "Enter") save(chosen.word.text);
      else if (event.key === "e") drawEditor(true);
      else if (/^[1-5]$/.test(event.key) && chosen.word.others[event.key - 1] !== undefined) save(chosen.word.others[event.key - 1]);
      else return;
      event.preventDefault();
    },
    leave() { left = true; near.disconnect(); document.title = "sohoa"; },
  };
}
