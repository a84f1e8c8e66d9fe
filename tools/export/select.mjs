// Opens a searchable PDF in headless Chromium, drags the mouse over lines of its first page, copies, and prints what the clipboard holds.
//   select.mjs PDF X0 Y0 X1 Y1     from and to, in pixels of the window, 1280 by 1800     (npm install playwright-core; Debian's chromium)
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(path.join(process.cwd(), "x.js"));
const { chromium } = require("playwright-core");
const [file, ...corners] = process.argv.slice(2);
const [x0, y0, x1, y1] = corners.map(Number);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", headless: true, args: ["--no-sandbox", "--headless=new"], ignoreDefaultArgs: ["--headless"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 1800 }, permissions: ["clipboard-read", "clipboard-write"] });
const page = await context.newPage();
await page.goto(`${pathToFileURL(path.resolve(file))}#toolbar=0&view=FitH`);
await page.waitForTimeout(3000);
await page.mouse.move(x0, y0);
await page.mouse.down();
await page.mouse.move((x0 + x1) / 2, (y0 + y1) / 2, { steps: 8 });
await page.mouse.move(x1, y1, { steps: 8 });
await page.mouse.up();
if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
await page.keyboard.press("Control+c");
await page.waitForTimeout(300);
const other = await context.newPage();
await other.setContent("<textarea autofocus></textarea>");
await other.focus("textarea");
await other.keyboard.press("Control+v");
console.log(await other.inputValue("textarea"));
await browser.close();
