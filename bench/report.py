"""How soon a report of many trajectories is there, against a page that has all of them in its DOM.

Both pages hold the same trajectories and set their math by the same code, in the same browser, one after the other:

    python bench/report.py [--trajectories 5000] [--repeats 3] [--browser /usr/bin/chromium]

needs `pip install playwright` and a Chromium.
"""

import argparse
import html
import json
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tora_agent.config import Experiment
from tora_agent.eval.metrics import summarise
from tora_agent.eval.report import ReportedRun, report_page
from tora_agent.eval.store import Result, Run

SEARCHED = "root 4999"  # in one trajectory of the made-up ones

_READY = {
    "report": "() => document.querySelector('#trajectory .katex') && performance.now()",
    "all in the DOM": "() => window.ready",
}
_SEARCH = {
    "report": "words.value = given; filter();",
    "all in the DOM": """for (const article of document.querySelectorAll("article"))
        article.hidden = !given.split(" ").every((word) => article.textContent.includes(word));""",
}
_PAINTED = "await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trajectories", type=int, default=5000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    arguments = parser.parse_args()
    results = [made_up(number) for number in range(arguments.trajectories)]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = write_pages(Path(folder), results)
        browser = playwright.chromium.launch(executable_path=arguments.browser, args=["--no-sandbox"])
        taken = [{name: measure(browser, name, path) for name, path in pages.items()} for _ in range(arguments.repeats)]
        browser.close()
    medians = {
        name: {what: statistics.median(once[name][what] for once in taken) for what in taken[0][name]} for name in pages
    }
    print(json.dumps({"milliseconds": medians, "report over all": ratios(medians)}, indent=2))


def made_up(number: int) -> Result:
    """A trajectory as MATH has them: a few formulas, a program, a box."""
    question = f"Let $a_{{{number}}}$ be a root of $x^2 - {number}x + \\frac{{{number}^2}}{{4}} = 0$. Find it."
    text = (
        f"The discriminant is $\\Delta = {number}^2 - 4 \\cdot \\frac{{{number}^2}}{{4}} = 0$, so there is one "
        f"root {number}.\n```python\nfrom sympy import *\nx = symbols('x')\nprint(solve(x**2 - {number}*x + "
        f"Rational({number}**2, 4), x))\n```\n```output\n[{number}/2]\n```\nThe root is "
        f"$\\frac{{{number}}}{{2}}$, that is $\\boxed{{\\frac{{{number}}}{{2}}}}$."
    )
    return Result(
        problem_id=str(number),
        sample=0,
        question=question,
        gold=f"\\frac{{{number}}}{{2}}",
        groups={"level": f"Level {number % 5 + 1}"},
        text=text,
        answer=f"\\frac{{{number}}}{{2}}",
        stop="answered",
        correct=number % 3 > 0,
        rule="same text",
        strict=number % 3 > 0,
        strict_rule="same text",
        vote=0,
        statuses=("ok",),
        prompt_tokens=100,
        completion_tokens=200 + number % 50,
        seconds=3.0 + number % 7,
        program_seconds=0.1,
    )


def write_pages(folder: Path, results: Sequence[Result]) -> dict[str, Path]:
    """The report, and a page with the same trajectories as plain HTML, whose math a script sets."""
    experiment = json.loads(json.dumps(asdict(Experiment()), default=str))
    run = Run(1, experiment, len(results), len(results), 0, 0, datetime.now(UTC))
    report = report_page([ReportedRun(run, results, summarise(results))])
    articles = "".join(
        f"<article><div>{html.escape(result.question)}</div><div>{html.escape(result.text)}</div></article>"
        for result in results
    )
    head, _, rest = report.partition('<section id="trajectories"')
    scripts = rest[rest.index("<style>") : rest.index("// The list of trajectories")].rpartition("<script>")[0]
    set_math = """<script>for (const part of document.querySelectorAll("article > div")) {
      const text = part.textContent; part.replaceChildren(); appendTrajectory(part, text); }
      requestAnimationFrame(() => setTimeout(() => { window.ready = performance.now(); }));</script>"""
    pages = {"report": report, "all in the DOM": f"{head}{articles}</main>{scripts}{set_math}</body></html>"}
    paths = {name: folder / f"{number}.html" for number, name in enumerate(pages)}
    for name, path in paths.items():
        path.write_text(pages[name], encoding="utf-8")
        print(f"{name}: {path.stat().st_size / 1e6:.1f} MB", flush=True)
    return paths


def measure(browser: Browser, name: str, path: Path) -> dict[str, float]:
    """Milliseconds from the start of the navigation to the first paint and to all being there, and of one search."""
    page = browser.new_page()
    page.set_default_timeout(580_000)
    page.goto(path.as_uri(), wait_until="commit")
    ready = page.wait_for_function(_READY[name]).json_value()
    found: dict[str, Any] = page.evaluate(
        f"""async (given) => {{
          const began = performance.now();
          {_SEARCH[name]}
          {_PAINTED}
          const paint = performance.getEntriesByName("first-contentful-paint")[0].startTime;
          return {{ paint, search: performance.now() - began }};
        }}""",
        SEARCHED,
    )
    page.close()
    print(f"{name}: first paint {found['paint']:.0f}, ready {ready:.0f}, search {found['search']:.0f} ms", flush=True)
    return {"first paint": found["paint"], "ready": ready, "search": found["search"]}


def ratios(medians: dict[str, dict[str, float]]) -> dict[str, float]:
    """What the report takes, as a part of what the other page takes until it is there, and to search."""
    report, other = medians["report"], medians["all in the DOM"]
    return {
        "first paint": round(report["first paint"] / other["ready"], 4),
        "ready": round(report["ready"] / other["ready"], 4),
        "search": round(report["search"] / other["search"], 4),
    }


if __name__ == "__main__":
    main()
