// What a page of one document has in place of a server: the document is in the page, and its corrections are saved as a file.

const held = JSON.parse(document.getElementById("document").textContent);
export const id = held.id;
/** Corrections made here, in order. */
const made = [];

const same = (a, b) => a.every((edge, at) => Math.abs(edge - b[at]) < 0.5);

function word(page, rect) {
  const lines = held.pages.find((at) => at.page === page)?.lines ?? [];
  return lines.flatMap((line) => line.words).find((at) => same(at.rect, rect));
}

/** Puts a word where none was read: into its cell, or on a line of its own. */
function put({ page, rect, after }) {
  const lines = held.pages.find((at) => at.page === page)?.lines;
  if (!lines || !after) throw new Error("no such word");
  const cells = (held.report.tables ?? []).flatMap((table) => table.cells.map((cell) => ({ table: table.id, ...cell })));
  const { table, row, column } = cells.find((cell) => cell.place.page === page && cell.place.rect && same(cell.place.rect, rect)) ?? {};
  const line = { rect, words: [{ text: after, rect, sure: 1, corrected: true, others: [] }], ...(table ? { cell: { table, row, column } } : {}) };
  const below = table ? lines.findLastIndex((other) => other.cell?.table === table) + 1 : lines.findIndex((other) => other.rect[1] > rect[1]);
  lines.splice(below < 0 ? lines.length : below, 0, line);
  return line;
}

export async function open() {
  return { ...held, holding: [...held.holding, ...made.map((_, at) => `here-${at}`)] };
}

export async function correct(_, said) {
  const after = said.after.normalize("NFC").split(/\s+/u).filter(Boolean).join(" ");
  const at = word(said.page, said.rect);
  if (!at) {
    made.push({ said: { ...said, after }, line: put({ ...said, after }) });
    return;
  }
  made.push({ said: { ...said, after }, before: { ...at } });
  Object.assign(at, { text: after, corrected: true, sure: 1, seen: at.seen ?? said.before });
}

export async function undo() {
  const last = made.pop();
  // What was corrected before the page was sent is taken back in the desk.
  if (!last) throw new Error("nothing");
  if (last.line) {
    const { lines } = held.pages.find((at) => at.page === last.said.page);
    lines.splice(lines.indexOf(last.line), 1);
    return;
  }
  const at = word(last.said.page, last.said.rect);
  for (const name of Object.keys(at)) delete at[name];
  Object.assign(at, last.before);
}

export const pagePicture = (_, page) => held.pictures[page] ?? "";
export const formats = ["corrections.jsonl"];

/** A link to the file of corrections; a line each, as `sohoa review FILE.json --take` takes them. */
export function exported() {
  const time = new Date().toISOString().replace(/\.\d+Z$/u, "Z");
  const lines = made.map(({ said }) => JSON.stringify({ time, who: "", document: held.id, file: held.entry.file, ...said }));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(lines.map((line) => `${line}\n`), { type: "application/x-ndjson" }));
  link.download = `${held.entry.file.replace(/\.[^.]*$/u, "")}.corrections.jsonl`;
  link.click();
  return null;
}

addEventListener("beforeunload", (event) => { if (made.length) event.preventDefault(); });
