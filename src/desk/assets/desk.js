// The frame of the page: which view is shown, keys that work everywhere, language and theme.

import * as check from "./check.js";
import * as list from "./list.js";
import { currentLanguage, make, remember, remembered, say, sayAll, turnLanguage } from "./words.js";

const main = document.getElementById("main");
const words = document.getElementById("words");
let view = null;

function show() {
  view?.leave?.();
  const [, name, id, place] = decodeURI(location.hash || "#/").split("/");
  main.replaceChildren();
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#/${name ?? ""}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (name === "document") view = check.show(main, id, place);
  else if (name === "queue") view = list.showQueue(main);
  else view = list.show(main, words);
}

function frame() {
  sayAll(document);
  document.getElementById("language").textContent = currentLanguage() === "vi" ? "English" : "Tiếng Việt";
  document.getElementById("language").lang = currentLanguage() === "vi" ? "en" : "vi";
  const keys = [
    ["/", "kSearch"], ["↑ ↓", "kMove"], ["Enter", "kOpen"], ["q", "kQueue"], ["n p", "kNext"], ["← → ↑ ↓", "kWord"],
    ["Enter", "kAccept"], ["1–5", "kPick"], ["e", "kCorrect"], ["z", "kUndo"], ["Esc", "kBack"], ["?", "help"],
  ];
  document.getElementById("keys-list").replaceChildren(
    ...keys.flatMap(([key, name]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(name))]),
  );
}

const themes = ["auto", "light", "dark"];
function theme(name) {
  document.documentElement.dataset.theme = name;
  remember("sohoa.theme", name);
}
theme(themes.includes(remembered("sohoa.theme")) ? remembered("sohoa.theme") : "auto");

document.getElementById("theme").addEventListener("click", () => {
  theme(themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % themes.length]);
});
document.getElementById("language").addEventListener("click", () => { turnLanguage(); frame(); show(); });
document.getElementById("help").addEventListener("click", () => document.getElementById("keys").showModal());
document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  if (location.hash && location.hash !== "#/") location.hash = "#/";
  else view?.search?.();
});
words.addEventListener("input", () => view?.search?.());

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select");
  if (document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    else if (event.target === words && event.key === "ArrowDown") { words.blur(); view?.key?.(event); }
    return;
  }
  if (event.key === "/") { event.preventDefault(); words.focus(); }
  else if (event.key === "?") document.getElementById("keys").showModal();
  else if (event.key === "q") location.hash = "#/queue";
  else if (event.key === "Escape" && location.hash !== "#/") location.hash = "#/";
  else view?.key?.(event);
});

addEventListener("hashchange", show);
frame();
show();
