"""The pages in a real browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from running_server import Server, serving
from tora_agent.agent import Step, Trajectory
from tora_agent.config import Experiment
from tora_agent.engines.base import Completion
from tora_agent.eval.grading import Verdict
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.store import Store
from tora_agent.eval.tasks import Problem
from tora_agent.sandbox import Execution

pytest.importorskip("fastapi", reason="the extra serve is not installed")

pytestmark = pytest.mark.xdist_group("serve")  # one server for all
Page = Any
MANY = 50_000
PATIENCE = 240_000  # milliseconds
HOSTILE = (
    "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 2'>\n"
    "$\\frac{1}{$ and $\\href{javascript:window.hurt=3}{x}$ and $\\htmlData{a=b}{x}$\n"
    "```python\nprint('</pre><script>window.hurt = 4</script>')\n```\n"
    "```output\n</pre><script>window.hurt = 5</script>\n```\n"
    "It costs $9 and $5, so $\\boxed{\\frac{1}{2}}$."
)


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    """A page whose scripts do not fail."""
    errors: list[str] = []
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert not errors


def solve(page: Page, server: Server, problem: str, samples: int = 1) -> None:
    page.goto(server.url)
    page.get_by_label("Problem").fill(problem)
    page.get_by_label("Samples").fill(str(samples))
    page.get_by_label("Samples").blur()
    page.keyboard.press("Control+Enter")


def assert_accessible(page: Page) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    found = axe.Axe().run(page)
    assert not found.response["violations"], found.generate_report()


def test_a_problem_is_solved_on_the_page(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="What is 15% of 240?").click()
    page.get_by_role("button", name="Solve", exact=True).click()
    answer = page.locator("#samples .answer")
    answer.wait_for()
    assert answer.inner_text() == "36"
    assert "print" in page.locator("figure.code pre").first.inner_text()
    assert "36" in page.locator("figure.output pre").first.inner_text()
    assert page.locator(".prose .katex").count() == 1  # the boxed answer, as math
    assert "answered" in page.locator(".facts").inner_text()


def test_samples_stand_side_by_side_with_their_vote(page: Page, server: Server) -> None:
    solve(page, server, "What is 15% of 240?", samples=3)
    page.locator("#stop:disabled").wait_for()
    assert page.get_by_label("Temperature").input_value() == "0.7"
    assert page.locator("article.sample").count() == 3
    assert re.search(r"\d of \d \(sample ", page.locator(".ballot.winner").inner_text())
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert_accessible(page)


def test_stop_frees_the_slots(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_label("Temperature").fill("2")  # it rambles
    page.get_by_label("Samples").fill("30")
    page.get_by_label("Problem").fill("How many?")
    with server.few_finish(30):
        page.get_by_role("button", name="Solve", exact=True).click()
        page.get_by_text("writing").first.wait_for()
        page.keyboard.press("Escape")
        page.get_by_text("Stopped.").wait_for()


def test_a_mistake_is_said_on_the_page(page: Page, server: Server) -> None:
    solve(page, server, "word " * 3000)
    page.get_by_text("longer than the model's context").wait_for()


def outcome(number: int, answer: str, right: bool, status: str = "ok", text: str = "") -> Outcome:
    completion = Completion(text or f"The answer is $\\boxed{{{answer}}}$.", "eos", 10, 5, 1.0)
    failed = None if status == "ok" else "it failed"
    execution = Execution(status, "1", failed, False, 0.1)
    steps = (Step(completion, "print(1)", execution),)
    verdict = Verdict(right, "test", "")
    problem = Problem(str(number), f"Question {number}: how much is <b>it</b>?", "0.5", {"level": str(number % 2)})
    return Outcome(problem, 0, Trajectory("q", "<q>", steps, answer, "answered"), verdict, verdict, 0)


@pytest.fixture(scope="session")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs of which two flip a problem, a hostile trajectory among them, and a large one that is not done."""
    path = tmp_path_factory.mktemp("store") / "store.sqlite"
    store = Store(path)
    about = Experiment().as_json()
    for name, rights in (("one", "10111"), ("two", "11011")):
        run = store.new_run(name, about, len(rights))
        for number, right in enumerate(rights):
            hostile = HOSTILE if number == 1 else ""
            store.add(run, outcome(number, "<i>2</i>", right == "1", "timeout" if number == 1 else "ok", hostile))
    large = store.new_run("large", about, MANY + 2)
    store.add(large, outcome(0, "7", True))
    with store.reading() as session, session.begin():
        columns = [column for column in _columns() if column not in ("id", "problem_id", "text")]
        session.connection().exec_driver_sql(
            "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?) "
            f"INSERT INTO results (problem_id, text, {', '.join(columns)}) "
            f"SELECT n, 'thought ' || n || ' ' || text || hex(randomblob(500)), {', '.join(columns)} "
            "FROM number, results WHERE run_id = ?",
            (MANY, large),
        )
        session.connection().exec_driver_sql(
            "UPDATE results SET strict = 0 WHERE run_id = ? AND problem_id % 1000 = 0 AND problem_id > 0", (large,)
        )
    store.close()
    return path


def _columns() -> list[str]:
    from tora_agent.eval.tables import ResultRow

    return [column.key for column in ResultRow.__table__.columns]


@pytest.fixture(scope="session")
def archive(stored: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over the stored runs."""
    with serving(tmp_path_factory.mktemp("archive"), "--slots", "1", "--store", str(stored)) as server:
        yield server


def test_the_runs_and_one_of_them(page: Page, archive: Server) -> None:
    page.goto(f"{archive.url}/runs")
    assert page.get_by_role("row").count() == 4
    assert "80.0%" in page.get_by_role("row", name="run 1").inner_text()
    page.get_by_role("link", name="run 1").click()
    page.get_by_text("strict grader").wait_for()
    assert "1" in page.get_by_role("row", name="time-out 1", exact=True).inner_text()
    page.get_by_label("A program").select_option("timeout")
    page.get_by_role("button", name="Find").click()
    assert page.get_by_role("row", name="how much").count() == 1
    page.get_by_role("link", name="Clear").click()
    page.get_by_label("Group").select_option("level 0")
    page.get_by_role("button", name="Find").click()
    assert page.get_by_role("row", name="how much").count() == 3
    page.get_by_role("link", name="time-out", exact=True).click()
    assert page.get_by_role("row", name="how much").count() == 1


def test_a_running_run_grows_on_the_page(page: Page, archive: Server, stored: Path) -> None:
    page.goto(f"{archive.url}/runs")
    row = page.get_by_role("row", name="run 3")
    assert f"{MANY + 1:,} of {MANY + 2:,}" in row.inner_text()
    store = Store(stored)
    made = outcome(MANY + 1, "7", True)
    store.add(3, made)
    store.close()
    page.get_by_text(f"{MANY + 2:,} of {MANY + 2:,}").wait_for()


def test_fifty_thousand_trajectories_page_and_search(page: Page, archive: Server) -> None:
    page.goto(f"{archive.url}/runs/3")
    assert page.get_by_role("row", name="how much").count() == 50
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="First").wait_for()
    page.keyboard.press("/")
    page.keyboard.type("THOUGHT 49999 ")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="49999", exact=True).wait_for()
    assert page.get_by_role("row", name="how much").count() == 1


def test_a_kind_of_failure_is_found_among_fifty_thousand(page: Page, archive: Server) -> None:
    """Together with the other filters, page by page."""
    page.goto(f"{archive.url}/runs/3")
    page.get_by_label("Failure").select_option("graders differ")
    page.get_by_label("Search").fill("thought")
    page.get_by_role("button", name="Find").click()
    found = page.get_by_role("region", name="Trajectories").locator("td:first-child")
    assert found.all_inner_texts() == [str(number) for number in range(1000, 50_001, 1000)]
    page.get_by_label("Failure").select_option("tool error")
    page.get_by_label("Group").select_option("level 0")
    page.get_by_role("button", name="Find").click()
    page.get_by_text("No trajectory is like that.").wait_for()


def test_a_hostile_trajectory_is_text(page: Page, archive: Server) -> None:
    page.goto(f"{archive.url}/runs/1/problem?id=1")
    page.locator("figure.code").wait_for()
    text = page.locator("main").inner_text()
    assert "<script>window.hurt = 1</script>" in text and "<b>it</b>" in text and "<i>2</i>" in text
    assert "It costs $9 and $5" in text and "timed out" in text
    assert page.evaluate("window.hurt") is None
    assert page.locator("main :is(script, img, b, i, a[href^=javascript])").count() == 0
    assert page.locator(".prose .katex .frac-line").count() == 1  # what is not broken is drawn


def test_two_runs_compared(page: Page, archive: Server) -> None:
    page.goto(f"{archive.url}/runs")
    for name in ("Compare run 1", "Compare run 2"):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="Compare").click()
    page.get_by_text("McNemar").wait_for()
    assert [page.get_by_text(change, exact=True).count() for change in ("gained", "lost")] == [1, 1]
    page.get_by_role("link", name="1", exact=True).click()
    assert [side.locator("h2").inner_text() for side in page.locator(".sides section").all()] == ["Run 1", "Run 2"]
    page.goto(f"{archive.url}/compare?run=1")
    assert "mark two runs" in page.get_by_role("alert").inner_text()


def test_a_number_beyond_the_store_is_no_run(page: Page, archive: Server) -> None:
    page.goto(f"{archive.url}/runs/{2**63}")
    assert f"there is no run {2**63}" in page.get_by_role("alert").inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/runs", "/runs/1", "/runs/1/problem?id=1", "/compare?run=1&run=2"])
def test_everybody_can_use_it(browser: Any, archive: Server, path: str, theme: str) -> None:
    page = browser.new_page(color_scheme=theme, viewport={"width": 400, "height": 800})
    page.set_default_timeout(PATIENCE)
    page.goto(archive.url + path)
    page.wait_for_load_state("networkidle")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400  # nothing hangs over a phone's edge
    page.close()


def test_the_theme_stays_as_chosen(page: Page, archive: Server) -> None:
    def paper() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    page.goto(archive.url)
    light = paper()
    page.get_by_role("button", name="Dark").click()
    page.goto(f"{archive.url}/runs")
    assert paper() != light
    page.get_by_role("button", name="Light").click()
    assert paper() == light
