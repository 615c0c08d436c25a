"""The page put together: a template, the numbers, the charts, the trajectories, and KaTeX for their math."""

import base64
import re
from collections.abc import Sequence
from importlib import resources

from jinja2 import Environment, StrictUndefined

from tora_agent.eval.report.charts import charts
from tora_agent.eval.report.numbers import ReportedRun, sections
from tora_agent.eval.report.payload import compressed

_FONT = re.compile(r"url\((fonts/[\w-]+\.woff2)\) format\(\"woff2\"\)(?:,url\([^)]*\) format\(\"\w+\"\))*")
_FILES = resources.files("tora_agent.eval.report")


def report_page(runs: Sequence[ReportedRun]) -> str:
    """The report on some runs as one HTML page, which loads nothing from anywhere."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("page.html")).render(
        runs=runs,
        sections=sections(runs),
        charts=charts(runs),
        payload=compressed(runs),
        style=_text("page.css"),
        scripts=[_text("trajectory.js"), _text("browser.js")],
        katex_script=_text("katex/katex.min.js"),
        katex_style=_katex_style(),
        katex_licence=_text("katex/LICENSE"),
    )


def _text(name: str) -> str:
    return _FILES.joinpath(name).read_text(encoding="utf-8")


def _katex_style() -> str:
    """KaTeX's style sheet with its fonts inside, in the one format that every browser reads."""
    return _FONT.sub(lambda match: f'url({_font(match[1])}) format("woff2")', _text("katex/katex.min.css"))


def _font(name: str) -> str:
    return "data:font/woff2;base64," + base64.b64encode(_FILES.joinpath("katex", name).read_bytes()).decode()
