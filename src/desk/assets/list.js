// The documents: dropped in, being read, found; and the queue of places worth a look over all of them.

import * as server from "./server.js";
import { make, say, tell } from "./words.js";

const PART = 200;

/** Moves the focus among rows by the arrow keys. */
function arrows(event, rows) {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (!step || rows.length === 0) return false;
  event.preventDefault();
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)].focus();
  return true;
}

export function show(main, words) {
  const filters = { issuer: "", kind: "", year: "", doubtful: "" };
  let timer = null, polled = null, pages = -1, left = false;

  const status = make("p", { class: "progress", role: "status" });
  const unread = make("ul", { class: "failed" }), failed = make("ul", { class: "failed" });
  const files = make("input", { type: "file", multiple: true, accept: ".pdf,.tif,.tiff,.png,.jpg,.jpeg", id: "files" });
  const path = make("input", { type: "text", id: "path", spellcheck: "false", autocomplete: "off" });
  const drop = make("section", { class: "drop", "aria-label": say("drop") },
    make("label", { for: "files" }, say("drop")), files,
    make("form", { onsubmit: addFolder }, make("label", { for: "path" }, say("folder")), path, make("button", {}, say("read"))), status, unread, failed);
  const narrow = make("form", { class: "narrow", onsubmit: (event) => event.preventDefault() });
  const count = make("p", { class: "count", role: "status" });
  const body = make("tbody");
  const head = ["file", "kind", "number", "issuer", "title", "year", "pages", "doubts"];
  const table = make("div", { class: "wide" }, make("table", { class: "documents" },
    make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, say(name))))), body));
  const more = make("button", { type: "button", hidden: true, onclick: () => load(body.rows.length) }, say("more"));
  const all = make("select", { onchange: (event) => { saveAll(event.target.value); event.target.value = ""; } },
    make("option", { value: "" }, say("choice")), ...server.formats.map((format) => make("option", { value: format }, format)));
  const taking = make("div", { class: "narrow" }, make("label", {}, say("exportAll"), all));
  main.append(make("h2", { class: "hidden" }, say("documents")), drop, narrow, count, taking, table, more);

  /** Takes every document home that is found, in one form; those that cannot be given in it are named. */
  async function saveAll(format) {
    if (!format) return;
    const wanted = { q: words.value, ...Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) };
    let saved = 0, folder = "";
    const refused = [];
    all.disabled = true;
    try {
      for (let offset = 0, total = 1; offset < total && !left;) {
        const found = await server.documents({ ...wanted, offset, limit: PART });
        total = found.total;
        for (const { id, file } of found.documents) {
          if (left) break;
          try { folder = await server.save(id, format); saved++; } catch (error) { refused.push(`${file}: ${error.message}`); }
          tell(`${saved} / ${total}`);
        }
        offset += found.documents.length || total;
      }
      failed.replaceChildren(...refused.map((line) => make("li", {}, line)));
      tell(`${saved} ${say("savedTo")} ${folder}`);
    } catch (error) { tell(error.message); }
    all.disabled = false;
  }

  async function addAll(chosen) {
    let added = 0;
    for (const file of chosen) {
      try { added += (await server.upload(file)).added; } catch (error) { tell(`${file.name}: ${error.message}`); }
    }
    if (added) tell(`${added} ${say("added")}`);
    poll();
  }
  async function addFolder(event) {
    event.preventDefault();
    try { tell(`${(await server.folder(path.value)).added} ${say("added")}`); } catch (error) { tell(error.message); }
    poll();
  }
  files.addEventListener("change", () => addAll([...files.files]));
  const over = (event) => { event.preventDefault(); drop.classList.add("over"); };
  const out = () => drop.classList.remove("over");
  const dropped = (event) => { event.preventDefault(); out(); addAll([...event.dataTransfer.files]); };
  for (const [name, act] of [["dragover", over], ["dragleave", out], ["drop", dropped]]) main.addEventListener(name, act);

  async function poll() {
    clearTimeout(polled);
    if (left) return;
    try {
      const now = await server.progress();
      const parts = [];
      if (now.reading) parts.push(`${say("reading")}: ${now.reading}`);
      if (now.waiting) parts.push(`${now.waiting} ${say("waiting")}`);
      if (now.pages) parts.push(`${now.pages} ${say("pagesRead")}`);
      if (now.pages_an_hour) parts.push(`${now.pages_an_hour} ${say("pagesHour")}`);
      const text = parts.join(" · ");
      if (status.textContent !== text) status.textContent = text;
      unread.replaceChildren(...now.ended.filter((e) => e.error).map((e) => make("li", {}, `${e.file}: ${say("failed")}: ${e.error}`)));
      const sign = now.ended.length * 1e6 + now.pages;
      if (sign !== pages && !(now.reading && pages >= 0 && now.ended.length === Math.floor(pages / 1e6))) { pages = sign; load(0); }
      polled = setTimeout(poll, now.reading || now.waiting ? 1000 : 4000);
    } catch (error) {
      status.textContent = error.message;
      polled = setTimeout(poll, 5000);
    }
  }

  function choose(name, counts) {
    const select = make("select", { onchange: (event) => { filters[name] = event.target.value; load(0); } },
      make("option", { value: "" }, say("any")),
      ...Object.entries(counts).map(([value, count]) => make("option", { value, selected: value === filters[name] }, `${value} (${count})`)));
    return make("label", {}, say(name), select);
  }

  function row(entry) {
    const link = make("a", { href: `#/document/${entry.id}` }, entry.file);
    const cells = [link, entry.kind, entry.number, entry.issuer, entry.title, entry.year, entry.pages].map((cell, at) =>
      at === 0 ? make("th", { scope: "row" }, cell) : make("td", {}, String(cell ?? "")));
    const worth = entry.doubts ? `${entry.failed_checks ? "✗ " : "? "}${entry.doubts}` : "✓";
    const line = make("tr", {}, ...cells, make("td", { class: "worth" }, worth));
    if (entry.found) {
      const piece = make("p", { class: "piece" });
      for (const part of entry.found.split("\u0001")) {
        const [hit, rest] = part.includes("\u0002") ? part.split("\u0002") : ["", part];
        if (hit) piece.append(make("mark", {}, hit));
        piece.append(rest);
      }
      line.cells[0].append(piece);
    }
    return line;
  }

  let asked = 0;
  async function load(offset) {
    const mine = ++asked;
    const chosen = Object.fromEntries(Object.entries(filters).filter(([, value]) => value));
    try {
      const found = await server.documents({ q: words.value, offset, limit: PART, ...chosen });
      if (mine !== asked) return;
      const rows = found.documents.map(row);
      if (offset) body.append(...rows); else body.replaceChildren(...rows);
      more.hidden = body.rows.length >= found.total;
      count.textContent = found.total ? `${found.total} ${say("found")}` : say(words.value || Object.keys(chosen).length ? "noneFound" : "none");
      const doubtful = make("input", { type: "checkbox", checked: filters.doubtful === "1", onchange: (event) => { filters.doubtful = event.target.checked ? "1" : ""; load(0); } });
      const focused = [...narrow.querySelectorAll("select, input")].indexOf(document.activeElement);
      narrow.replaceChildren(choose("issuer", found.issuers), choose("kind", found.kinds), choose("year", found.years), make("label", {}, doubtful, say("doubtful")));
      if (focused >= 0) narrow.querySelectorAll("select, input")[focused].focus();
    } catch (error) { tell(error.message); }
  }
  load(0);
  poll();
  return {
    search() { clearTimeout(timer); timer = setTimeout(() => load(0), 120); },
    key(event) { arrows(event, [...body.querySelectorAll("a")]); },
    leave() {
      left = true;
      clearTimeout(polled);
      for (const [name, act] of [["dragover", over], ["dragleave", out], ["drop", dropped]]) main.removeEventListener(name, act);
    },
  };
}

export function showQueue(main) {
  const body = make("tbody");
  const head = ["file", "place", "what", "why"];
  const empty = make("p", { hidden: true }, say("nothing"));
  main.append(make("h2", {}, say("queue")), empty, make("div", { class: "wide" }, make("table", { class: "documents" },
    make("thead", {}, make("tr", {}, ...head.map((name) => make("th", { scope: "col" }, say(name))))), body)));
  server.doubts().then((doubts) => {
    empty.hidden = doubts.length > 0;
    body.replaceChildren(...doubts.map((doubt) => {
      const rect = doubt.rect ? JSON.parse(doubt.rect).join(",") : "";
      const link = make("a", { href: `#/document/${doubt.id}/${doubt.page}:${rect}` }, doubt.name);
      return make("tr", {}, make("th", { scope: "row" }, link), make("td", {}, `${say(doubt.kind)}, ${say("page").toLowerCase()} ${doubt.page}`),
        make("td", {}, doubt.text), make("td", {}, doubt.why));
    }));
    body.querySelector("a")?.focus();
  }).catch((error) => tell(error.message));
  return {
    key(event) {
      if (event.key === "n") body.querySelector("a")?.click();
      else arrows(event, [...body.querySelectorAll("a")]);
    },
  };
}
