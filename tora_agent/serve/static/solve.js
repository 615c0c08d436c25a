// The solve page: asks, and draws what happens from the events of /v1/solve.

import "./pages.js";
import { TrajectoryView, renderAnswer } from "./trajectory.js";

const STOPS = {
  answered: "answered",
  no_answer: "ended without an answer",
  round_limit: "stopped at the limit of rounds",
  token_limit: "stopped at the limit of tokens",
  context_full: "stopped because the context was full",
};

const form = document.getElementById("ask");
const problem = document.getElementById("problem");
const stop = document.getElementById("stop");
const status = document.getElementById("status");
const vote = document.getElementById("vote");
const list = document.getElementById("samples");
let running = null;

/** One trajectory on the page. */
class Sample {
  constructor(number, many) {
    this.element = document.getElementById("sample").content.firstElementChild.cloneNode(true);
    this.element.querySelector("h2").textContent = many ? `Sample ${number + 1}` : "Trajectory";
    this.facts = this.element.querySelector(".facts");
    this.view = new TrajectoryView(this.element.querySelector(".trajectory"));
    this.text = "";
    this.statuses = [];
    this.facts.textContent = "waiting for a slot";
    list.append(this.element);
  }

  add(event) {
    if (event.type === "generated") {
      this.text += event.text;
      this.facts.textContent = "writing";
    } else if (event.type === "running") {
      this.facts.textContent = "running a program";
    } else if (event.type === "executed") {
      this.text += event.appended;
      this.statuses.push(event.execution.status);
    } else {
      this.finish(event);
    }
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      this.view.show(this.text, this.statuses);
    });
  }

  finish(event) {
    const answer = this.element.querySelector(".answer");
    if (event.answer) {
      renderAnswer(answer, event.answer);
      answer.hidden = false;
    }
    this.facts.textContent = `${STOPS[event.stop]} · ${event.completion_tokens} tokens · ${event.seconds.toFixed(1)} s`;
    this.done = true;
  }
}

function showVote(event) {
  const total = event.votes.reduce((sum, each) => sum + each.samples.length, 0);
  vote.replaceChildren(
    ...event.votes.map((each, place) => {
      const row = document.createElement("div");
      row.className = place ? "ballot" : "ballot winner";
      const answer = document.createElement("span");
      renderAnswer(answer, each.answer);
      const bar = document.createElement("meter");
      Object.assign(bar, { min: 0, max: total, value: each.samples.length });
      bar.setAttribute("aria-label", "votes");
      const voters = document.createElement("span");
      voters.textContent = `${each.samples.length} of ${total} (sample ${each.samples.map((number) => number + 1).join(", ")})`;
      row.append(answer, bar, voters);
      return row;
    }),
  );
  vote.hidden = false;
}

/** The events of a stream of server-sent events. */
async function* events(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (held + value).split("\n\n");
    held = lines.pop();
    for (const line of lines) if (line.startsWith("data: ")) yield JSON.parse(line.slice(6));
  }
}

async function solve(asked, signal) {
  const reply = await fetch("/v1/solve", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked),
    signal,
  });
  if (!reply.ok) throw new Error((await reply.json()).error.message);
  const samples = Array.from({ length: asked.samples }, (_, number) => new Sample(number, asked.samples > 1));
  for await (const event of events(reply)) {
    if (event.type === "done") return "";
    if (event.type === "error") throw new Error(event.message);
    if (event.type === "vote") showVote(event);
    else samples[event.sample].add(event);
  }
  throw new Error("the server ended the connection");
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (running || !problem.value.trim()) return;
  running = new AbortController();
  list.replaceChildren();
  vote.hidden = true;
  status.className = "";
  status.textContent = "Solving …";
  stop.disabled = false;
  const fields = form.elements;
  const asked = {
    problem: problem.value,
    samples: Number(fields.samples.value),
    temperature: Number(fields.temperature.value),
    prompt: fields.prompt.value,
  };
  try {
    status.textContent = await solve(asked, running.signal);
  } catch (error) {
    const stopped = error.name === "AbortError";
    status.className = stopped ? "" : "failed";
    status.textContent = stopped ? "Stopped." : error.message;
    for (const facts of list.querySelectorAll(".facts")) facts.textContent = facts.textContent.includes("·") ? facts.textContent : "stopped";
  }
  running = null;
  stop.disabled = true;
});

stop.addEventListener("click", () => running?.abort());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") running?.abort();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
form.elements.samples.addEventListener("change", (event) => {
  const temperature = form.elements.temperature;
  if (Number(event.target.value) > 1 && Number(temperature.value) === 0) temperature.value = "0.7";
});
for (const example of document.querySelectorAll(".example")) {
  example.addEventListener("click", () => {
    problem.value = example.textContent;
    problem.focus();
  });
}
