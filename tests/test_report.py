"""`tora-agent report`: the file as it is written, and as a browser shows it."""

import base64
import gzip
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from command_line import COMMAND, Run

Page = Any  # Playwright's; it may not be installed

HOSTILE = '</script><script>document.title = "broken"</script><img src=x onerror="document.title=1">'
TEXTS = {
    "What is $\\frac{1}{2}$ of 4?": "Half:\n```python\nprint(4 // 2)\n```\n```output\n2\n```\nso $x_1 = \\boxed{2}$.",
    f"Two pens cost $3 and $4. {HOSTILE}": f"{HOSTILE} costs $3 and $4, so \\boxed{{8}}",
    "What is 3 + 3?": "```python\nprint(1 / 0)\n```\n```output\nno\n```\nIt is $\\boxed{7",
}
ANSWERS = ("2", "7", "6")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report on two runs over three problems, one of them hostile."""
    folder = tmp_path_factory.mktemp("report")
    lines = [
        json.dumps({"question": question, "answer": answer, "kind": f"<b>{number % 2}</b>", "level": number})
        for number, (question, answer) in enumerate(zip(TEXTS, ANSWERS, strict=True))
    ]
    (folder / "d.jsonl").write_text("\n".join(lines))
    (folder / "t.yaml").write_text(
        "title: t\nlocal: d.jsonl\nquestion: '{question}'\nanswer: answer\ngroups: {kind: kind, level: level}\n"
    )
    recordings = [json.dumps({"question": question, "text": text}) for question, text in TEXTS.items()]
    (folder / "<i>recorded.jsonl").write_text("\n".join(recordings))
    for limit in ("3", "2"):
        replay = ("--engine", "replay", "--trajectories", "<i>recorded.jsonl", "--limit", limit)
        tora_agent(folder, "eval", "--dataset", "t.yaml", *replay)
    assert tora_agent(folder, "report", "1", "2") == "report-1-2.html\n"
    return folder / "report-1-2.html"


def tora_agent(folder: Path, *arguments: str) -> str:
    command = [*COMMAND, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_file_holds_everything_and_no_markup_of_others(report: Path) -> None:
    page = report.read_text(encoding="utf-8")
    assert "<i>" not in page and "&lt;i&gt;recorded.jsonl" in page and HOSTILE not in page
    assert not re.search(
        r"""(?:src|href)=(?!["']?#)|url\((?!data:|#)|@import""", page.partition("KaTeX, which sets")[0]
    )
    assert "33.3% (6.1% to 79.2%), 1 of 3" in page and "50.0% (9.5% to 90.5%), 1 of 2" in page
    assert "Permission is hereby granted" in page
    assert re.search(r"dataset\.limit</t[hd]>\s*<td[^>]*>3</td>\s*<td[^>]*>2</td>", page)
    packed = re.search(r'id="payload">([^<]*)<', page)
    assert packed
    trajectories = json.loads(gzip.decompress(base64.b64decode(packed[1])))
    assert [(each["run"], each["problem"], each["failure"]) for each in trajectories] == [
        (1, "0", None),
        (1, "1", "wrong answer"),
        (1, "2", "tool error"),
        (2, "0", None),
        (2, "1", "wrong answer"),
    ]
    assert trajectories[1]["text"] == TEXTS[trajectories[1]["question"]]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["7"], "there is no run 7"),
        (["1", "--output", "gone/report.html"], "gone/report.html cannot be written"),
        (["1", "--store", "gone.sqlite"], "there is no store gone.sqlite"),
    ],
)
def test_a_mistake_is_one_sentence(cli: Run, report: Path, arguments: list[str], sentence: str) -> None:
    done = cli("report", "--store", str(report.parent / "runs" / "tora-agent.sqlite"), *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1) and sentence in done.stderr


@pytest.fixture(params=["light", "dark"])
def opened(request: pytest.FixtureRequest, report: Path, browser: Any) -> Iterator[Page]:
    """The report in a browser, from its file; a fault on the page fails the test."""
    faults: list[str] = []
    page = browser.new_page(color_scheme=request.param)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("request", lambda sent: faults.append(sent.url) if not sent.url.startswith(("file:", "data:")) else None)
    page.goto(report.as_uri())
    page.wait_for_selector("#trajectory h3")
    yield page
    page.close()
    assert not faults


def test_a_browser_shows_searches_and_sets_math(opened: Page) -> None:
    shown = opened.locator("#trajectory")
    assert shown.locator(".katex").count() == 2 and "\\frac" not in visible(shown.locator(".text").first)
    assert shown.locator("pre").all_inner_texts() == ["print(4 // 2)", "2"]
    opened.keyboard.press("/")
    opened.keyboard.type('HALF "so $x_1"')
    assert opened.locator("#count").inner_text() == "2 of 5"
    opened.locator("#words").fill("pens cost")
    opened.keyboard.press("Enter")
    opened.keyboard.press("ArrowDown")
    assert shown.locator("h3").first.inner_text() == "run 2, problem 1"
    assert opened.locator("[aria-selected=true]").get_attribute("aria-posinset") == "2"
    opened.locator("#words").fill("")
    opened.locator("#outcome").select_option("failure: tool error")
    assert opened.locator("#count").inner_text() == "1 of 5"
    assert "$\\boxed{7" in shown.inner_text()  # math that is broken stays as it was written
    opened.locator("#words").fill("nothing has this")
    assert opened.locator(".row").count() == 0 and "No trajectory" in shown.inner_text()


def test_what_a_model_wrote_is_text(opened: Page) -> None:
    opened.locator("#words").fill("pens")
    shown = opened.locator("#trajectory")
    assert shown.inner_text().count(HOSTILE) == 2 and "costs $3 and $4, so" in shown.inner_text()
    assert shown.locator("img, script").count() == 0 and opened.title() == "tora-agent: run 1, run 2"
    assert shown.locator(".katex").count() == 1


def visible(part: Any) -> str:
    """The text of an element without the parts of its math that only a screen reader reads."""
    return str(
        part.evaluate(
            "e => { const c = e.cloneNode(true); c.querySelectorAll('.katex-mathml')"
            ".forEach(m => m.remove()); return c.textContent }"
        )
    )
