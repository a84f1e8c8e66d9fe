// One document: the scan beside the text, what is unsure, its other readings, figures and sums.

import * as server from "./server.js";
import { make, say, tell } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
/** Words below this are worth a look; below the second, more so. */
const DOUBTFUL = 0.9, UNSURE = 0.6;

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
      if (keep) choose(all[Math.min(keep, all.length - 1)]);
      else if (place) goTo(place);
    } catch (error) { tell(error.message); }
  }

  function drawScans() {
    for (const page of shown.report.pages) {
      const size = page.size ?? { width: 1000, height: 1414 };
      const picture = make("img", { src: server.pagePicture(id, page.page), loading: "lazy", decoding: "async", alt: `${say("scan")}, ${say("page").toLowerCase()} ${page.page}`, width: size.width, height: size.height });
      picture.addEventListener("error", () => picture.classList.add("lost"));
      const marks = document.createElementNS(SVG, "svg");
      marks.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
      marks.setAttribute("aria-hidden", "true");
      const sheet = make("figure", { class: "sheet" }, picture, marks);
      sheet.addEventListener("click", (event) => {
        const box = picture.getBoundingClientRect();
        const x = (event.clientX - box.left) / box.width * size.width, y = (event.clientY - box.top) / box.height * size.height;
        const hit = all.find(({ word, page: at }) => at === page.page && word.rect[0] <= x && x <= word.rect[2] && word.rect[1] <= y && y <= word.rect[3]);
        if (hit) choose(hit);
      });
      scans.set(page.page, { sheet, marks, size, picture });
      scan.append(sheet);
    }
  }

  function drawText() {
    all = [];
    text.replaceChildren(...shown.pages.map((page) => {
      const lines = page.lines.map((line) => {
        const spans = line.words.map((word, at) => {
          const level = word.corrected ? "corrected" : word.sure < UNSURE ? "unsure" : word.sure < DOUBTFUL ? "doubtful" : "";
          const entry = { word, page: page.page, line, at };
          entry.span = make("span", { class: `word ${level} ${word.seen !== undefined ? "changed" : ""}`, title: word.seen !== undefined ? `${say("seen")}: ${word.seen}` : null, onclick: () => choose(entry) }, word.text || say("empty"));
          all.push(entry);
          return entry.span;
        });
        return make("p", { class: "line" }, ...spans.flatMap((span, at) => (at ? [" ", span] : [span])));
      });
      return make("section", { class: "page", "aria-label": `${say("page")} ${page.page}` }, make("h3", {}, `${say("page")} ${page.page}`), ...lines);
    }));
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
      make("strong", {}, { pass: "✓ ", fail: "✗ ", unknown: "… " }[check.status] + say(check.status)), ` ${check.rule} `,
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

  function goTo(where) {
    const [page, box] = where.split(":");
    if (box) point(Number(page), box.split(",").map(Number));
    else scans.get(Number(page))?.sheet.scrollIntoView();
  }

  function choose(entry, pointed) {
    if (!entry) return;
    chosen?.span.classList.remove("chosen");
    chosen = entry;
    entry.span.classList.add("chosen");
    entry.span.scrollIntoView({ block: "center" });
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
    const beside = (step) => line.words[chosen.at + step]?.text ?? "";
    try {
      await server.correct(id, { page, rect: word.rect, before: word.text, after, left: beside(-1), right: beside(1) });
      tell(`${say("saved")}: ${after || say("empty")}`);
      await load(at || 1e-9);
      text.focus();
      step(1, at);
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
      else if (event.key === "Enter") save(chosen.word.text);
      else if (event.key === "e") drawEditor(true);
      else if (/^[1-5]$/.test(event.key) && chosen.word.others[event.key - 1] !== undefined) save(chosen.word.others[event.key - 1]);
      else return;
      event.preventDefault();
    },
    leave() { left = true; document.title = "sohoa"; },
  };
}
