// A trajectory's text as blocks: rationale with math, code with colours, outputs. Text only ever becomes text nodes, or
// math that KaTeX sets, by the functions of the report: /static/math.js.
/* global appendText, math */

const NAMES = { ok: "output", error: "error", timeout: "timed out", refused: "refused", memory: "out of memory", killed: "killed" };
const TOKEN = new RegExp(
  [
    "(?<comment>#.*)",
    "(?<string>[rbfuRBFU]{0,2}(?:\"\"\"[\\s\\S]*?(?:\"\"\"|$)|'''[\\s\\S]*?(?:'''|$)|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?))",
    "(?<keyword>\\b(?:and|as|assert|async|await|break|class|continue|def|del|elif|else|except|False|finally|for|from|global|if|import|in|is|lambda|None|nonlocal|not|or|pass|raise|return|True|try|while|with|yield)\\b)",
    "(?<number>\\b\\d[\\w.]*)",
    "(?<call>\\b[A-Za-z_]\\w*(?=\\())",
    "(?<other>\\w+|[^\\w])",
  ].join("|"),
  "g",
);

/** Split a trajectory into {kind: "text" | "code" | "output", text}. */
export function blocks(text) {
  const found = [];
  let block = { kind: "text", text: "" };
  for (const line of text.split(/(?<=\n)/)) {
    if (!line.startsWith("```")) {
      block.text += line;
      continue;
    }
    found.push(block);
    const kind = block.kind !== "text" && line.trim() === "```" ? "text" : line.startsWith("```output") ? "output" : "code";
    block = { kind, text: "" };
  }
  found.push(block);
  return found.filter((each) => each.text.trim() || each.kind !== "text");
}

/** Put prose with math into an element. */
export function renderProse(element, text) {
  element.replaceChildren();
  appendText(element, text);
}

/** Put an answer into an element: as math where it is written so. */
export function renderAnswer(element, answer) {
  element.replaceChildren((/[\\^_{}]/.test(answer) && math(answer, false)) || answer);
}

function renderCode(element, code) {
  element.replaceChildren();
  for (const match of code.matchAll(TOKEN)) {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    if (kind === "other") {
      element.append(match[0]);
    } else {
      const span = document.createElement("span");
      span.className = kind;
      span.textContent = match[0];
      element.append(span);
    }
  }
}

/** A view of a trajectory that grows: only blocks that changed are drawn again. */
export class TrajectoryView {
  constructor(element) {
    this.element = element;
    this.drawn = [];
  }

  /** Show a text; `statuses` are how its programs ended, in order. */
  show(text, statuses = []) {
    const found = blocks(text);
    let outputs = 0;
    found.forEach((block, index) => {
      const status = block.kind === "output" ? (statuses[outputs++] ?? "ok") : "";
      const before = this.drawn[index];
      if (before && before.kind === block.kind && before.text === block.text && before.status === status) return;
      const node = draw(block, status);
      if (before) before.node.replaceWith(node);
      else this.element.append(node);
      this.drawn[index] = { ...block, status, node };
    });
    while (this.drawn.length > found.length) this.drawn.pop().node.remove();
  }
}

function draw(block, status) {
  if (block.kind === "text") {
    const prose = document.createElement("div");
    prose.className = "prose";
    renderProse(prose, block.text.trim());
    return prose;
  }
  const figure = document.createElement("figure");
  figure.className = block.kind;
  const caption = document.createElement("figcaption");
  caption.textContent = block.kind === "code" ? "python" : NAMES[status];
  if (status && status !== "ok") figure.classList.add("failed");
  const pre = document.createElement("pre");
  pre.tabIndex = 0;
  if (block.kind === "code") renderCode(pre, block.text.replace(/\n$/, ""));
  else pre.textContent = block.text.replace(/\n$/, "");
  figure.append(caption, pre);
  return figure;
}
