// How fast the desk is over many documents and with a long one: node large.mjs ADDRESS [FILE OF THE LONG DOCUMENT]
import { chromium } from "playwright-core";

const [, , where, long] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--enable-precise-memory-info"] });
const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
const median = (all) => all.sort((a, b) => a - b)[all.length >> 1];
const paints = [];
for (let run = 0; run < 5; run++) {
  await page.goto("about:blank");
  await page.goto(where);
  await page.waitForSelector("tbody tr");
  paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime));
}
console.log(`first paint ${median(paints).toFixed(0)} ms in the median of five; ${await page.locator("tbody tr").count()} rows shown`);
const searches = [];
for (const words of ["ho so luu", "tiep nhan", "hồ sơ lưu số 1234", "thủ tục", "phan anh kien nghi"]) {
  searches.push(await page.evaluate(async (words) => {
    const began = performance.now();
    await (await fetch(`api/documents?${new URLSearchParams({ q: words })}`)).json();
    return performance.now() - began;
  }, words));
}
console.log(`search ${searches.map((s) => s.toFixed(0)).join(", ")} ms`);
if (long) {
  const id = await page.evaluate(async (file) => {
    const { documents } = await (await fetch(`api/documents?${new URLSearchParams({ q: file })}`)).json();
    return documents.find((d) => d.file === file)?.id;
  }, long);
  const began = Date.now();
  await page.goto(`${where}#/document/${id}`);
  await page.waitForSelector(".word");
  const words = await page.locator(".word").count();
  console.log(`a document of ${await page.locator(".sheet").count()} pages, ${words} words, open after ${Date.now() - began} ms`);
  for (let step = 0; step < 30; step++) await page.keyboard.press("n");
  await page.waitForTimeout(1000);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const heap = metrics.find((m) => m.name === "JSHeapTotalSize").value / 1e6;
  console.log(`heap of the tab ${heap.toFixed(0)} MB`);
}
await browser.close();
