"""The plots of the report, as SVG that takes the page's colour for its lines and letters."""

import io
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from markupsafe import Markup

from tora_agent.eval.failures import FAILURE_KINDS
from tora_agent.eval.metrics import Score, group_name
from tora_agent.eval.report.numbers import ReportedRun, group_values, groupings
from tora_agent.eval.store import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INK = "#010203"  # becomes the page's own colour
_COLOURS = ("#3b82f6", "#f59e0b", "#10b981", "#ef4444", "#8b5cf6", "#14b8a6", "#ec4899", "#84cc16")
_IN_A_LINE = 5  # runs that the legend has room for
_STYLE = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "text.parse_math": False,  # names are no formulas
    **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), _INK),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot with its title."""

    title: str
    svg: Markup


def charts(runs: Sequence[ReportedRun]) -> list[Chart]:
    """The scores by group, the curves of votes, the failures and the budgets of the runs."""
    found = [_groups_chart(runs, grouping) for grouping in groupings(runs)]
    if any(reported.summary.samples > 1 for reported in runs):
        found.append(_curves_chart(runs))
    found.append(_failures_chart(runs))
    if any(reported.summary.completion_tokens for reported in runs):  # a recording has none
        found.append(_budget_chart(runs, "Tokens written by a trajectory", lambda result: result.completion_tokens))
    found.append(_budget_chart(runs, "Seconds of a trajectory", lambda result: result.seconds))
    return found


def _groups_chart(runs: Sequence[ReportedRun], grouping: str) -> Chart:
    values = group_values(runs, grouping)

    def draw(axes: "Axes") -> None:
        for number, reported in enumerate(runs):
            scores = [reported.summary.groups.get(grouping, {}).get(value, Score(0, 0, 0, (0, 0))) for value in values]
            whiskers = [
                [max(0.0, score.accuracy - score.interval[0]) for score in scores],
                [max(0.0, score.interval[1] - score.accuracy) for score in scores],
            ]
            _bars(axes, number, len(runs), [score.accuracy for score in scores], whiskers)
        _name_bars(axes, [group_name(grouping, value) for value in values])
        _percents(axes, "x")

    return _chart(f"Accuracy by {grouping}", _bars_height(len(values), len(runs)), runs, draw)


def _failures_chart(runs: Sequence[ReportedRun]) -> Chart:
    def draw(axes: "Axes") -> None:
        for number, reported in enumerate(runs):
            share = [reported.summary.failures.get(kind, 0) / len(reported.results) for kind in FAILURE_KINDS]
            _bars(axes, number, len(runs), share)
        _name_bars(axes, FAILURE_KINDS)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}" if value >= 0.1 else f"{value:.1%}")

    height = _bars_height(len(FAILURE_KINDS), len(runs))
    return _chart("Kinds of failure, of all trajectories", height, runs, draw)


def _curves_chart(runs: Sequence[ReportedRun]) -> Chart:
    from matplotlib.ticker import MaxNLocator

    def draw(axes: "Axes") -> None:
        for number, reported in enumerate(runs):
            for points, line in ((reported.summary.majority, "-"), (reported.summary.passes, "--")):
                counts = [point.k for point in points]
                axes.plot(counts, [point.value for point in points], line, color=_colour(number), marker=".")
                low, high = ([point.interval[end] for point in points] for end in (0, 1))
                axes.fill_between(counts, low, high, color=_colour(number), alpha=0.15, linewidth=0)
        axes.set_xlabel("samples k")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        _percents(axes, "y")

    return _chart("maj@k (solid) and pass@k (dashed)", 3.2, runs, draw)


def _budget_chart(runs: Sequence[ReportedRun], title: str, measure: Callable[[Result], float]) -> Chart:
    """How many of the trajectories took no more than so much."""

    def draw(axes: "Axes") -> None:
        for number, reported in enumerate(runs):
            axes.ecdf([measure(result) for result in reported.results], color=_colour(number))
        axes.set_ylabel("of the trajectories")
        axes.set_xlim(left=0)
        _percents(axes, "y")

    return _chart(f"{title}, at most", 2.6, runs, draw)


def _bars(
    axes: "Axes", number: int, of: int, values: Sequence[float], whiskers: list[list[float]] | None = None
) -> None:
    """One run's bars, beside those of the others."""
    places = [place + (number - (of - 1) / 2) * 0.8 / of for place in range(len(values))]
    axes.barh(places, values, 0.8 / of, xerr=whiskers, color=_colour(number), ecolor=_INK)


def _name_bars(axes: "Axes", names: Sequence[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()


def _bars_height(values: int, runs: int) -> float:
    return 0.8 + values * (0.14 + 0.14 * runs)


def _percents(axes: "Axes", direction: Literal["x", "y"]) -> None:
    axis = axes.xaxis if direction == "x" else axes.yaxis
    axis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set(**{f"{direction}lim": (0, 1.02)})


def _colour(number: int) -> str:
    """The palette's, and again in ever lighter tones."""
    from matplotlib.colors import to_hex, to_rgb

    turn, place = divmod(number, len(_COLOURS))
    return to_hex([1 - (1 - part) * 0.6**turn for part in to_rgb(_COLOURS[place])])


def _chart(title: str, height: float, runs: Sequence[ReportedRun], draw: "Callable[[Axes], None]") -> Chart:
    """Draw on one pair of axes, `height` inches high, with a legend where there are several runs."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    with rc_context(_STYLE | {"svg.hashsalt": title}), io.StringIO() as file:
        lines = math.ceil(len(runs) / _IN_A_LINE)
        figure = Figure(figsize=(6.4, height + 0.22 * (lines - 1)), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        axes.patch.set_visible(False)
        draw(axes)
        if len(runs) > 1:
            patches = [Patch(color=_colour(number), label=reported.name) for number, reported in enumerate(runs)]
            figure.legend(handles=patches, loc="outside upper left", ncols=min(len(runs), _IN_A_LINE), frameon=False)
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
        return Chart(title, _for_page(file.getvalue()))


def _for_page(svg: str) -> Markup:
    """The picture alone, without ids of groups, which would repeat from one picture to the next."""
    picture = re.sub(r'<g id="[^"]*"', "<g", svg[svg.index("<svg") :])
    return Markup(re.sub(r"<metadata>.*?</metadata>", "", picture, flags=re.DOTALL).replace(_INK, "currentColor"))
