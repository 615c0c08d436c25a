"use strict";
// The list of trajectories: unpacked once, searched whole, and drawn only where it is in sight.

const ROW_HEIGHT = 52;
const [list, rows, article, words, count] = ["list", "rows", "trajectory", "words", "count"].map(
  (id) => document.getElementById(id),
);
const choices = ["run", "outcome", "group"].map((id) => document.getElementById(id));
let all = [];
let shown = [];
let chosen = 0;

async function unpack() {
  const packed = Uint8Array.from(atob(document.getElementById("payload").textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

// Everything that a filter may ask for, made once for each trajectory.
function prepare(trajectory) {
  const { problem, question, text, answer, gold, failure } = trajectory;
  trajectory.haystack = [problem, question, text, answer, gold, failure].join("\n").toLowerCase();
  trajectory.traits = new Set([
    `run ${trajectory.run}`,
    trajectory.correct === null ? "unscored" : trajectory.correct ? "right" : "wrong",
    ...(failure ? [`failure: ${failure}`] : []),
    ...Object.entries(trajectory.groups).map(([name, value]) => `${name}: ${value}`),
  ]);
}

function offerChoices() {
  const traits = [...new Set(all.flatMap((trajectory) => [...trajectory.traits]))];
  const isRun = (trait) => /^run \d+$/.test(trait);
  const isOutcome = (trait) => /^(right|wrong|unscored)$|^failure: /.test(trait);
  const kinds = [isRun, isOutcome, (trait) => !isRun(trait) && !isOutcome(trait)];
  kinds.forEach((isKind, number) => {
    const offered = traits.filter(isKind).sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    choices[number].append(...offered.map((trait) => new Option(trait)));
    choices[number].parentElement.hidden = offered.length < 2;
  });
}

function filter() {
  const wanted = [...words.value.toLowerCase().matchAll(/"([^"]+)"?|(\S+)/g)].map(([, phrase, word]) => phrase ?? word);
  const traits = choices.map((choice) => choice.value).filter(Boolean);
  shown = all.filter(
    (trajectory) =>
      traits.every((trait) => trajectory.traits.has(trait)) && wanted.every((word) => trajectory.haystack.includes(word)),
  );
  count.textContent = `${shown.length.toLocaleString("en")} of ${all.length.toLocaleString("en")}`;
  rows.style.height = `${shown.length * ROW_HEIGHT}px`;
  list.scrollTop = 0;
  choose(0);
}

function choose(number) {
  chosen = Math.max(0, Math.min(number, shown.length - 1));
  const top = chosen * ROW_HEIGHT;
  if (top < list.scrollTop) list.scrollTop = top;
  if (top + ROW_HEIGHT > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW_HEIGHT - list.clientHeight;
  draw();
  if (shown.length) showTrajectory(article, shown[chosen]);
  else article.replaceChildren(element("p", "", "No trajectory has all of this."));
}

function draw() {
  const first = Math.floor(list.scrollTop / ROW_HEIGHT);
  const last = Math.min(shown.length, first + Math.ceil(list.clientHeight / ROW_HEIGHT) + 1);
  rows.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, place) => row(first + place)));
  list.setAttribute("aria-activedescendant", shown.length ? `row-${chosen}` : "");
}

function row(number) {
  const trajectory = shown[number];
  const made = element("div", "row");
  made.id = `row-${number}`;
  made.style.top = `${number * ROW_HEIGHT}px`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", number === chosen);
  made.setAttribute("aria-setsize", shown.length);
  made.setAttribute("aria-posinset", number + 1);
  const title = element("div");
  const mark = { true: ["right", "✓"], false: ["wrong", "✗"], null: ["", "–"] }[trajectory.correct];
  title.append(element("span", ...mark), ` ${nameOf(trajectory)}${trajectory.failure ? `: ${trajectory.failure}` : ""}`);
  made.append(title, element("div", "", trajectory.question));
  made.addEventListener("click", () => choose(number));
  return made;
}

list.addEventListener("scroll", draw, { passive: true });
list.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor(list.clientHeight / ROW_HEIGHT) - 1);
  const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
  if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  choose(chosen + steps[event.key]);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.target.matches("input, select")) {
    event.preventDefault();
    words.select();
  }
  if (event.target === words && ["Enter", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    list.focus();
  }
});
window.addEventListener("resize", draw);
document.getElementById("filters").addEventListener("input", filter);

unpack().then((trajectories) => {
  all = trajectories;
  all.forEach(prepare);
  offerChoices();
  filter();
});
