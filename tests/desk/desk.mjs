// Drives the desk: `first` drops scans in, finds, corrects and exports; `again` finds the correction after a restart; `text` finds it in what
// `sohoa read` wrote over the same folder.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";

const [, , what, where, shots] = process.argv;
const fixtures = path.resolve(import.meta.dirname, "../../fixtures/scans");
const scans = ["suoi-ngan-2025q3-L1.pdf", "vinh-lac-2024q1-L2.pdf", "suoi-ngan-2025q3-L0-page01.png"].map((name) => path.join(fixtures, name));
// A number that takes part in a sum, on the first page of the first scan, and what a person makes of it.
const FIGURE = "1.905", WRONG = "1.906";

if (what === "text") {
  const text = readFileSync(path.join(where, "suoi-ngan-2025q3-L1.txt"), "utf8");
  assert.ok(text.includes("thử nghiệm"), "the correction is laid over the new reading");
  console.log("1 passed, 0 failed");
  process.exit(0);
}

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
if (what === "review") {
  // The page of one document that was sent to a colleague: a file and nothing else.
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("request", (request) => { if (!/^(file|data|blob):/.test(request.url())) said.push(request.url()); });
  await page.goto(`file://${where}`);
  await page.locator(".word", { hasText: "Ngàn" }).first().click();
  if (shots) await page.screenshot({ path: path.join(shots, "review.png") });
  await page.keyboard.press("e");
  await page.keyboard.type("Ngần");
  await page.keyboard.press("Enter");
  await page.locator(".word.corrected", { hasText: "Ngần" }).waitFor();
  const download = page.waitForEvent("download");
  await page.locator(".bar select").selectOption("corrections.jsonl");
  await (await download).saveAs(`${where}.corrections.jsonl`);
  assert.deepEqual(said, [], "nothing on the console, nothing asked of anybody");
  await browser.close();
  console.log("1 passed, 0 failed");
  process.exit(0);
}
const said = [];
const open = async (options = {}) => {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })).newPage();
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(where);
  return page;
};
const shot = (page, name) => (shots ? page.screenshot({ path: path.join(shots, `${name}.png`) }) : null);
const page = await open();
const report = (id) => page.evaluate(async (id) => (await (await fetch(`api/documents/${id}`)).json()).report, id);
const documentId = () => page.url().split("/document/")[1].split("/")[0];
const openFirst = async () => {
  await page.getByRole("link", { name: "suoi-ngan-2025q3-L1.pdf" }).click();
  await page.waitForSelector(".word");
};
const correct = async (word, after) => {
  await page.locator(".word", { hasText: word }).first().click();
  await page.keyboard.press("e");
  await page.keyboard.type(after);
  const kept = page.waitForResponse((r) => r.url().endsWith("/corrections"));
  await page.keyboard.press("Enter");
  assert.equal((await kept).status(), 200);
  await page.locator(".word.corrected", { hasText: after }).waitFor();
};

if (what === "first") {
  assert.equal(await page.locator("tbody tr").count(), 0);
  await page.setInputFiles("#files", scans);
  await page.waitForFunction((count) => document.querySelectorAll("tbody tr").length === count, scans.length, { timeout: 600_000 });
  await shot(page, "list");

  // Found with and without marks, and not with wrong ones.
  const found = async (words) => {
    const answered = page.waitForResponse((r) => r.url().includes("api/documents?") && new URL(r.url()).searchParams.get("q") === words);
    await page.fill("#words", words);
    return (await (await answered).json()).documents.map((d) => d.file);
  };
  assert.ok((await found("suoi ngan")).includes("suoi-ngan-2025q3-L1.pdf"));
  assert.ok((await found("Suối Ngàn")).includes("suoi-ngan-2025q3-L1.pdf"));
  assert.deepEqual(await found("Suồi Ngán"), []);
  await found("");

  await openFirst();
  const id = documentId();
  const failing = async () => (await report(id)).checks.filter((c) => c.status === "fail").length;
  const before = await failing();
  // A wrong correction breaks a sum; taking it back mends it.
  await correct(FIGURE, WRONG);
  assert.ok((await failing()) > before, "a sum that held fails now");
  await page.locator(".checks .fail").first().waitFor();
  await shot(page, "check");
  // It is in what is taken home, the PDF's text and the workbook's cells.
  const folder = mkdtempSync(path.join(tmpdir(), "desk-"));
  const taken = async (format) => {
    const bytes = await page.evaluate(async ([id, format]) => [...new Uint8Array(await (await fetch(`api/documents/${id}/export/${format}`)).arrayBuffer())], [id, format]);
    const file = path.join(folder, `x.${format}`);
    writeFileSync(file, Buffer.from(bytes));
    return file;
  };
  assert.ok(execFileSync("pdftotext", ["-raw", await taken("pdf"), "-"]).toString().includes(WRONG));
  assert.match(execFileSync("unzip", ["-p", await taken("xlsx"), "xl/worksheets/*.xml", "xl/sharedStrings.xml"]).toString(), /1\.906|1906/);
  // Corrected again, as it is printed, its sum turns right.
  await correct(WRONG, FIGURE);
  assert.equal(await failing(), before);
  const undoneFirst = page.waitForResponse((r) => r.url().endsWith("/undo"));
  await page.keyboard.press("z");
  await undoneFirst;
  await page.locator(".word.corrected", { hasText: WRONG }).waitFor();
  assert.ok((await failing()) > before);
  const undone = page.waitForResponse((r) => r.url().endsWith("/undo"));
  await page.keyboard.press("z");
  await undone;
  await page.waitForFunction(() => !document.querySelector(".word.corrected"));
  assert.equal(await failing(), before);
  // A figure lights up its box on the scan.
  await page.locator(".side table button").first().click();
  await page.locator(".sheet svg rect").waitFor();

  await correct("Trung", "thử nghiệm");
  const exported = await page.evaluate(async (id) => (await fetch(`api/documents/${id}/export/txt`)).text(), id);
  assert.ok(exported.includes("thử nghiệm"), "what is exported holds the correction");

  // In a table, a number is corrected in its cell, and an empty cell is filled; both are in the row of the text and in the workbook.
  await page.keyboard.press("Escape");
  await page.waitForSelector(".drop");
  await page.getByRole("link", { name: "vinh-lac-2024q1-L2.pdf" }).click();
  await page.waitForSelector(".grid td");
  const tabled = documentId();
  const cells = async () => (await report(tabled)).tables[0].cells;
  const filled = (await cells()).find((c) => !c.head && /^\d+$/.test(c.text) && c.column > 2);
  const bare = (await cells()).find((c) => !c.text);
  const type = async (target, words) => {
    await target.click();
    await page.keyboard.press("e");
    await page.keyboard.type(words);
    const kept = page.waitForResponse((r) => r.url().endsWith("/corrections"));
    await page.keyboard.press("Enter");
    assert.equal((await kept).status(), 200);
    await page.locator(".grid .word.corrected", { hasText: words }).waitFor();
  };
  await type(page.locator(".grid td .word", { hasText: new RegExp(`^${filled.text}$`) }).first(), "987654");
  await type(page.locator(".grid .word.empty").first(), "Vũ Văn Thử");
  await shot(page, "table");
  const now = await cells();
  const at = ({ row, column }) => now.find((c) => c.row === row && c.column === column).text;
  assert.ok(now.some((c) => c.text === "987654" && c.column > 2));
  assert.equal(at(bare), "Vũ Văn Thử");
  const rows = await page.evaluate(async (id) => (await fetch(`api/documents/${id}/export/txt`)).text(), tabled);
  assert.ok(rows.split("\n").some((row) => row.split("\t").includes("987654")) && rows.split("\n").some((row) => row.split("\t").includes("Vũ Văn Thử")));
  const book = await page.evaluate(async (id) => [...new Uint8Array(await (await fetch(`api/documents/${id}/export/xlsx`)).arrayBuffer())], tabled);
  writeFileSync(path.join(folder, "t.xlsx"), Buffer.from(book));
  assert.match(execFileSync("unzip", ["-p", path.join(folder, "t.xlsx"), "xl/worksheets/*.xml", "xl/sharedStrings.xml"]).toString(), /Vũ Văn Thử/);
  // Down the column by keys alone, and back.
  await page.locator(".grid .word.corrected", { hasText: "987654" }).click();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await page.locator(".word.chosen").textContent(), "987654");
  await page.keyboard.press("ArrowUp");
  assert.equal(await page.locator(".word.chosen").textContent(), "987654");
  for (let times = 0; times < 2; times++) {
    const undo = page.waitForResponse((r) => r.url().endsWith("/undo"));
    await page.keyboard.press("z");
    await undo;
    await page.waitForFunction((left) => document.querySelectorAll(".word.corrected").length === left, 1 - times);
  }
  assert.equal((await cells()).find((c) => c.row === bare.row && c.column === bare.column).text, "");

  // Where nothing was read a click on the scan takes what is printed there: here, beside the page's number.
  const sheet = page.locator(".sheet").nth(1);
  await sheet.scrollIntoViewIfNeeded();
  const { width } = await sheet.boundingBox();
  await sheet.click({ position: { x: width * 0.8, y: width * 0.07 } });
  await page.keyboard.press("e");
  await page.keyboard.type("TUYỆT MẬT");
  await page.keyboard.press("Enter");
  await page.locator(".word.corrected", { hasText: "TUYỆT MẬT" }).waitFor();
  assert.ok((await page.evaluate(async (id) => (await fetch(`api/documents/${id}/export/txt`)).text(), tabled)).includes("TUYỆT MẬT"));

  // All that are found are taken home together.
  await page.keyboard.press("Escape");
  await page.waitForSelector("tbody tr");
  await page.getByLabel("Xuất tất cả").selectOption("md");
  await page.waitForFunction((count) => document.getElementById("told").textContent.startsWith(`${count} tài liệu đã lưu vào`), scans.length);
  const home = (await page.locator("#told").textContent()).split("đã lưu vào ")[1];
  assert.deepEqual(readdirSync(home).sort(), scans.map((s) => path.basename(s).replace(/\.\w+$/, ".md")).sort());

  // The queue leads to a place.
  await page.keyboard.press("q");
  await page.waitForURL(/#\/queue/);

  // In the other language, in the dark, twice as large: nothing is cut off sideways, and axe finds nothing serious.
  await page.click("#language");
  await page.getByRole("heading", { name: "Worth a look" }).waitFor();
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const [name, options] of [["small", { viewport: { width: 640, height: 400 } }], ["dark", { colorScheme: "dark" }], ["large", { viewport: { width: 1920, height: 1080 } }]]) {
    const other = await open(options);
    for (const view of ["#/", "#/queue", `#/document/${id}`, `#/document/${tabled}`]) {
      await other.goto(`${where.trim()}${view}`);
      await other.waitForTimeout(600);
      if (view !== "#/queue" && name !== "small") await other.waitForSelector(view === "#/" ? "tbody tr" : ".word");
      const wider = await other.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wider <= 1, `${view} at ${name} is ${wider} pixels too wide`);
      // As a script of the driver's, since the page's policy runs none but its own.
      const bad = await (await other.context().newCDPSession(other)).send("Runtime.evaluate", {
        expression: `${axe}; axe.run().then((r) => r.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => v.id + " " + v.nodes[0].html))`,
        awaitPromise: true, returnByValue: true,
      });
      assert.deepEqual(bad.result.value, [], `${view} at ${name}`);
      await shot(other, `${name}-${view.replace(/[^a-z]/g, "").slice(0, 8) || "list"}`);
    }
    await other.close();
  }
} else {
  await openFirst();
  await page.locator(".word.corrected", { hasText: "thử nghiệm" }).waitFor();
  // Who does not know the secret, or asks from elsewhere, gets nothing.
  const origin = new URL(where).origin;
  assert.equal((await fetch(`${origin}/`)).status, 403);
  assert.equal((await fetch(`${origin}/api/documents`)).status, 403);
  assert.equal((await fetch(new URL("api/documents/..%2F..%2Fetc%2Fpasswd", where))).status, 404);
  assert.equal((await fetch(where, { headers: { Origin: "http://evil.example" } })).status, 403);
  const long = { page: 1, rect: [0, 0, 1, 1], before: "", after: "x".repeat(100_000) };
  assert.equal((await fetch(new URL(`api/documents/${documentId()}/corrections`, where), { method: "POST", body: JSON.stringify(long) })).status, 413);
}
assert.deepEqual(said, [], "nothing on the console");
await browser.close();
console.log("1 passed, 0 failed");
