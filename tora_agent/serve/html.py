"""From templates to pages; whatever is filled in is escaped."""

from functools import cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from tora_agent.eval.failures import failure_kind


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of a template."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tora_agent.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda share: f"{share:.1%}"
    environment.filters["failure_kind"] = failure_kind
    return environment
