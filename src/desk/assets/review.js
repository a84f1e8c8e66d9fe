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

export async function open() {
  return { ...held, holding: [...held.holding, ...made.map((_, at) => `here-${at}`)] };
}

export async function correct(_, said) {
  const at = word(said.page, said.rect);
  if (!at) throw new Error("no such word");
  const after = said.after.normalize("NFC").split(/\s+/u).filter(Boolean).join(" ");
  made.push({ said: { ...said, after }, before: { ...at } });
  Object.assign(at, { text: after, corrected: true, sure: 1, seen: at.seen ?? said.before });
}

export async function undo() {
  const last = made.pop();
  // What was corrected before the page was sent is taken back in the desk.
  if (!last) throw new Error("nothing");
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
