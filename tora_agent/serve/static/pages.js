// What every page has: the theme's button, drawn trajectories, parts that load later, and lists that live.

import { TrajectoryView, renderAnswer, renderProse } from "./trajectory.js";

const EVERY = 3000; // milliseconds between two looks at a run that grows, at least

const button = document.getElementById("theme");
const dark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
const nameTheme = () => (button.textContent = isDark() ? "Light" : "Dark");
button.hidden = false;
button.addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  localStorage.setItem("theme", document.documentElement.dataset.theme);
  nameTheme();
});
dark.addEventListener("change", nameTheme);
nameTheme();

for (const element of document.querySelectorAll("[data-trajectory]")) {
  const text = element.textContent;
  element.replaceChildren();
  new TrajectoryView(element).show(text, element.dataset.statuses.split(" "));
}
for (const element of document.querySelectorAll("[data-math]")) renderProse(element, element.textContent);
for (const element of document.querySelectorAll("[data-answer]")) renderAnswer(element, element.textContent);

async function fetchPart(url, id) {
  const reply = await fetch(url);
  if (!reply.ok) throw new Error(reply.statusText);
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  return id ? page.getElementById(id) : page.body;
}

/** Do some work now and again, until it says that it is done; the longer it takes, the longer the pauses. */
async function repeat(work) {
  const began = performance.now();
  const done = await work().catch(() => false);
  if (!done) setTimeout(repeat, Math.max(EVERY, 10 * (performance.now() - began)), work);
}

for (const element of document.querySelectorAll("[data-fragment]")) {
  repeat(async () => {
    element.replaceChildren(...(await fetchPart(element.dataset.fragment)).childNodes);
    return !element.dataset.live;
  });
}

for (const table of document.querySelectorAll("table[data-live=yes]")) {
  const renew = async () => {
    const fresh = await fetchPart(location.href, table.id);
    const marked = new Set([...table.querySelectorAll(":checked")].map((box) => box.value));
    for (const box of fresh.querySelectorAll("input")) box.checked = marked.has(box.value);
    table.tBodies[0].replaceWith(fresh.tBodies[0]);
    return !fresh.dataset.live;
  };
  setTimeout(repeat, EVERY, renew);
}

document.addEventListener("keydown", (event) => {
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && search && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    search.focus();
  }
});
