"use strict";
// One trajectory as elements. Its text comes from a model: it only ever becomes text nodes, or math that KaTeX sets.

const FENCED = /^```(\w*)[^\n]*\n([\s\S]*?)(?:^```[ \t]*(?:\n|(?![\s\S]))|(?![\s\S]))|\[asy\][\s\S]*?\[\/asy\]/gm;
const BRACED = String.raw`\{(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})*\}`;
const MATH = new RegExp([
  String.raw`\\\$`,
  String.raw`\$\$(?<display>[\s\S]+?)\$\$`,
  String.raw`\\\[(?<bracketed>[\s\S]+?)\\\]`,
  String.raw`\\\((?<round>[\s\S]+?)\\\)`,
  // as in Pandoc: no space inside the dollars, no digit after them, so that prices stay prices
  String.raw`\$(?=\S)(?<inline>(?:\\[\s\S]|[^\\$\n]|\n(?!\n))+?)(?<=\S)\$(?!\d)`,
  String.raw`(?<environment>\\begin\{(?<name>(?:align|equation|gather)\*?)\}[\s\S]+?\\end\{\k<name>\})`,
  String.raw`(?<boxed>\\boxed\s*${BRACED})`,
].join("|"), "g");

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

// Set TeX into a new element; null where KaTeX cannot read it.
function math(tex, displayMode) {
  const made = element("span");
  try {
    katex.render(tex, made, { displayMode, strict: "ignore", trust: false, errorColor: "currentColor", maxSize: 20, maxExpand: 500 });
  } catch {
    return null;
  }
  return made;
}

function appendText(parent, text) {
  let end = 0;
  for (const found of text.matchAll(MATH)) {
    const { display, bracketed, round, inline, environment, boxed } = found.groups;
    const block = display ?? bracketed ?? environment;
    const tex = block ?? round ?? inline ?? boxed;
    const set = tex === undefined ? "$" : math(tex, block !== undefined);
    if (set === null) continue;
    parent.append(text.slice(end, found.index), set);
    end = found.index + found[0].length;
  }
  parent.append(text.slice(end));
}

function appendTrajectory(parent, text) {
  let end = 0;
  const appendBetween = (between) => {
    if (!between.trim()) return;
    const paragraph = element("div", "text");
    appendText(paragraph, between.trim());
    parent.append(paragraph);
  };
  for (const found of text.matchAll(FENCED)) {
    appendBetween(text.slice(end, found.index));
    const [whole, language, content] = found;
    parent.append(element("pre", language || "", (content ?? whole).replace(/\n$/, "")));
    end = found.index + whole.length;
  }
  appendBetween(text.slice(end));
}

function appendAnswer(parent, answer) {
  const set = /[\\^_]/.test(answer) ? math(answer, false) : null;
  parent.append(set ?? (answer || "none"));
  parent.title = answer;
}

function verdict(correct) {
  if (correct === null) return element("span", "", "unscored");
  return correct ? element("span", "right", "✓ right") : element("span", "wrong", "✗ wrong");
}

function appendFacts(parent, trajectory) {
  const list = element("dl");
  const add = (name, ...content) => {
    const about = element("dd");
    about.append(...content);
    list.append(element("dt", "", name), about);
    return about;
  };
  appendAnswer(add("answer"), trajectory.answer);
  appendAnswer(add("gold answer"), trajectory.gold);
  add("ToRA's rules", verdict(trajectory.correct), ` (${trajectory.rule})`);
  add("strict rules", verdict(trajectory.strict), ` (${trajectory.strictRule})`);
  if (trajectory.failure) add("failure", trajectory.failure);
  add("end", trajectory.stop.replaceAll("_", " "));
  add("tokens", `${trajectory.tokensRead} read, ${trajectory.tokensWritten} written`);
  add("seconds", `${trajectory.seconds}, of which programs ran ${trajectory.programSeconds}`);
  for (const [name, value] of Object.entries(trajectory.groups)) add(name, value);
  parent.append(list);
}

function showTrajectory(parent, trajectory) {
  parent.replaceChildren(element("h3", "", nameOf(trajectory)));
  appendTrajectory(parent, trajectory.question);
  appendFacts(parent, trajectory);
  parent.append(element("h3", "", "What the model wrote"));
  appendTrajectory(parent, trajectory.text);
  parent.scrollTop = 0;
}

function nameOf(trajectory) {
  const sample = trajectory.sample === null ? "" : `, sample ${trajectory.sample}`;
  return `run ${trajectory.run}, problem ${trajectory.problem}${sample}`;
}
