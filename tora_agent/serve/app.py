"""The server's app, put together."""

import os

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.types import ASGIApp

from tora_agent.eval.runner import Solver
from tora_agent.serve import native_api, openai_api, pages
from tora_agent.serve.failures import handle_failures
from tora_agent.serve.gate import Gate
from tora_agent.serve.guards import Guards
from tora_agent.serve.metrics import Metrics
from tora_agent.serve.requests import Defaults
from tora_agent.serve.settings import Serving
from tora_agent.serve.solving import Desk


def create_app(solver: Solver, slots: int, settings: Serving) -> ASGIApp:
    """The app over parts that are open already, of which `slots` trajectories may use the engine at the same time."""
    gate = Gate(slots, settings.queue)
    metrics = Metrics(gate)
    desk = Desk(solver, gate, metrics, settings.seconds)
    defaults = Defaults(solver.prompt, solver.sampling, solver.budget)
    app = FastAPI(title="tora-agent", docs_url=None, redoc_url=None, description="Math problems, solved with programs.")
    handle_failures(app, metrics)
    app.include_router(openai_api.routes(desk, defaults))
    app.include_router(native_api.routes(desk, defaults, Gate(os.cpu_count() or 1, settings.queue)))
    app.include_router(pages.routes(desk, defaults, settings))
    pages.mount_assets(app)

    @app.get("/health", tags=["operation"])
    async def health() -> dict[str, str]:
        """Whether the server answers."""
        return {"status": "ok"}

    @app.get("/metrics", tags=["operation"], response_class=Response)
    async def show_metrics() -> Response:
        """Counters in Prometheus' text format."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Guards(app, settings, metrics)
