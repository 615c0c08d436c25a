// What every page has: the theme's button, drawn trajectories, parts that load later, and lists that live.

import { TrajectoryView, renderAnswer, renderProse } from "./trajectory.js";

const EVERY = 3000; // milliseconds between two looks at a run that grows

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

for (const element of document.querySelectorAll("[data-fragment]")) {
  const load = async () => element.replaceChildren(...(await fetchPart(element.dataset.fragment)).childNodes);
  load().catch(() => {});
  if (element.dataset.live) setInterval(() => load().catch(() => {}), EVERY);
}

for (const table of document.querySelectorAll("table[data-live=yes]")) {
  const timer = setInterval(async () => {
    const fresh = await fetchPart(location.href, table.id).catch(() => null);
    if (!fresh) return;
    const marked = new Set([...table.querySelectorAll(":checked")].map((box) => box.value));
    for (const box of fresh.querySelectorAll("input")) box.checked = marked.has(box.value);
    table.tBodies[0].replaceWith(fresh.tBodies[0]);
    if (!fresh.dataset.live) clearInterval(timer);
  }, EVERY);
}

document.addEventListener("keydown", (event) => {
  const search = document.querySelector("input[type=search]");
  if (event.key === "/" && search && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    search.focus();
  }
});
