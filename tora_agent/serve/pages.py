"""The pages for people, made on the server; the scripts beside them only add what grows and what is drawn."""

from importlib import resources
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, FastAPI, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from tora_agent.errors import UserError
from tora_agent.eval.failures import FAILURE_KINDS
from tora_agent.eval.search import FailureFilter, Search, VerdictKind, samples_of, search
from tora_agent.eval.store import Run
from tora_agent.eval.votes import Point
from tora_agent.names import GraderName
from tora_agent.prompt import prompt_names
from tora_agent.serve.guards import COOKIE, same_key
from tora_agent.serve.html import page
from tora_agent.serve.library import Library
from tora_agent.serve.requests import MOST_SAMPLES, Defaults
from tora_agent.serve.settings import Serving
from tora_agent.serve.solving import Desk

_PAGE = 50  # rows of a list
_LAST = 2**62  # what SQLite can count to, and a little less
_EXAMPLES = (
    "Tom has 12 apples. Mary gives him 7 more. How many apples does Tom have now?",
    "What is 15% of 240?",
    "Solve x^2 - 5x + 6 = 0 for x.",
    "Each wagon of a toy train carries 6 logs. The train has 9 wagons. How many logs does the train carry?",
)


def mount_assets(app: FastAPI) -> None:
    """Serve what pages need from the package: scripts and styles, and what they share with the report to set math."""
    report = Path(str(resources.files("tora_agent.eval.report")))

    @app.get("/static/math.js", include_in_schema=False)
    def show_math_script() -> Response:
        return FileResponse(report / "trajectory.js", media_type="text/javascript")

    app.mount("/static/katex", StaticFiles(directory=report / "katex"))
    app.mount("/static", StaticFiles(packages=[("tora_agent.serve", "static")]))


def routes(desk: Desk, defaults: Defaults, settings: Serving) -> APIRouter:
    """Solve, runs, one run, one problem, two runs, and the door."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    library = Library(settings.store)
    _add_runs(router, library)
    _add_comparison(router, library)
    _add_door(router, settings)

    @router.get("/")
    def show_solve() -> Response:
        own = defaults.prompt(None).name
        return page(
            "solve.html",
            model=desk.solver.engine.name,
            prompts=dict.fromkeys([own, *prompt_names()]),
            prompt=own,
            temperature=desk.solver.sampling.temperature,
            examples=_EXAMPLES,
            most_samples=MOST_SAMPLES,
        )

    return router


def _add_runs(router: APIRouter, library: Library) -> None:
    @router.get("/runs")
    def show_runs() -> Response:
        entries = library.entries()
        live = "yes" if any(entry.run.finished < entry.run.total for entry in entries) else ""
        return page("runs.html", entries=entries, live=live, store=library.path)

    @router.get("/runs/{number}")
    def show_run(
        number: int,
        text: Annotated[str, Query(max_length=1000)] = "",
        verdict: VerdictKind = "",
        failure: FailureFilter = "",
        program: str = "",
        stop: str = "",
        group: str = "",
        after: Annotated[int, Query(ge=0, le=_LAST)] = 0,
    ) -> Response:
        run = library.run(number)
        name, equals, value = group.partition("=")
        wanted = Search(text, verdict, failure, program, stop, (name, value) if equals else None)
        found = search(library.store, number, wanted, after, _PAGE + 1)
        asked = {
            "text": text,
            "verdict": verdict,
            "failure": failure,
            "program": program,
            "stop": stop,
            "group": group,
        }
        return page(
            "run.html",
            run=run,
            groups=library.groups(run),
            failures=FAILURE_KINDS,
            found=found[:_PAGE],
            more=len(found) > _PAGE,
            after=after,
            asked=asked,
        )

    @router.get("/runs/{number}/summary")
    def show_summary(number: int) -> Response:
        run = library.run(number)
        summary = library.summary(run)
        return page("summary.html", run=run, summary=summary, curves=_curves(summary.majority, summary.passes))

    @router.get("/runs/{number}/problem")
    def show_problem(number: int, id: str) -> Response:
        return page("problem.html", run=library.run(number), samples=samples_of(library.store, number, id))


def _add_comparison(router: APIRouter, library: Library) -> None:
    @router.get("/compare")
    def show_comparison(
        run: Annotated[list[int], Query()], grader: GraderName = "tora", start: Annotated[int, Query(ge=0)] = 0
    ) -> Response:
        first, second = _pair(library, run)
        found = library.comparison(first, second, grader)
        flips = found.flips[start : start + _PAGE]
        return page(
            "compare.html",
            first=first,
            second=second,
            grader=grader,
            found=found,
            flips=flips,
            start=start,
            next=start + _PAGE if start + _PAGE < len(found.flips) else None,
        )

    @router.get("/compare/problem")
    def show_pair(
        run: Annotated[list[int], Query()], id: Annotated[list[str], Query(min_length=2, max_length=2)]
    ) -> Response:
        pairs = zip(_pair(library, run), id, strict=True)
        sides = [(side, samples_of(library.store, side.id, problem)) for side, problem in pairs]
        return page("pair.html", sides=sides)


def _add_door(router: APIRouter, settings: Serving) -> None:
    @router.get("/login")
    def show_login() -> Response:
        return page("login.html", wrong=False)

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        shown = parse_qs((await request.body()).decode(errors="replace")).get("key", [""])[0]
        if not settings.key or not same_key(shown, settings.key):
            return page("login.html", 401, wrong=True)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(COOKIE, shown, httponly=True, samesite="strict", secure=request.url.scheme == "https")
        return answer


def _pair(library: Library, numbers: list[int]) -> list[Run]:
    """Two runs, the older first."""
    if len(numbers) != 2:
        raise UserError("mark two runs to compare them")
    return [library.run(number) for number in sorted(numbers)]


def _curves(*curves: list[Point]) -> list[dict[str, Any]]:
    """Each curve as points of a drawing 300 wide and 150 high: its line, and the band of its intervals."""
    drawn = []
    curves = tuple(points for points in curves if len(points) > 1)
    most = max((points[-1].k for points in curves), default=0)
    for points in curves:
        across = [300 * (point.k - 1) / (most - 1) for point in points]
        line = [(x, 150 - 150 * point.value) for x, point in zip(across, points, strict=True)]
        low = [(x, 150 - 150 * point.interval[0]) for x, point in zip(across, points, strict=True)]
        high = [(x, 150 - 150 * point.interval[1]) for x, point in zip(across, points, strict=True)]
        drawn.append({"line": _path(line), "band": _path([*low, *reversed(high)]), "last": points[-1]})
    return drawn


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
