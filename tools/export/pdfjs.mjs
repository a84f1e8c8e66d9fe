// The text of each page of PDFs by pdf.js: a line of JSON a file, a list of texts. pdfjs.mjs FILE...   (npm install pdfjs-dist)
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";

// From the folder that it is called in.
const require = createRequire(path.join(process.cwd(), "x.js"));
const { getDocument, VerbosityLevel } = await import(pathToFileURL(require.resolve("pdfjs-dist/legacy/build/pdf.mjs")));
for (const file of process.argv.slice(2)) {
  const data = new Uint8Array(readFileSync(file));
  const document = await getDocument({ data, verbosity: VerbosityLevel.ERRORS }).promise;
  const pages = [];
  for (let number = 1; number <= document.numPages; number++) {
    const { items } = await (await document.getPage(number)).getTextContent();
    pages.push(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join(""));
  }
  console.log(JSON.stringify(pages));
  await document.destroy();
}
