"""The server's app, put together."""

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.applications import Starlette
from starlette.types import ASGIApp

from tora_agent.eval.runner import Solver
from tora_agent.serve import native_api, openai_api, pages
from tora_agent.serve.failures import handle_failures
from tora_agent.serve.guards import Guards
from tora_agent.serve.requests import Defaults
from tora_agent.serve.settings import Serving
from tora_agent.serve.solving import Desk


def create_app(solver: Solver, slots: int, settings: Serving) -> ASGIApp:
    """The app over parts that are open already, of which `slots` trajectories may use the engine at the same time."""
    desk = Desk(solver, slots, settings.queue, settings.seconds)
    defaults = Defaults(solver.prompt, solver.sampling, solver.budget)
    tools = _mcp(desk, defaults, settings) if settings.mcp else None
    app = FastAPI(
        title="tora-agent",
        docs_url=None,
        redoc_url=None,
        description="Math problems, solved with programs.",
        lifespan=tools.router.lifespan_context if tools else None,
    )
    handle_failures(app, desk.metrics)
    app.include_router(openai_api.routes(desk, defaults))
    app.include_router(native_api.routes(desk, defaults))
    app.include_router(pages.routes(desk, defaults, settings))
    pages.mount_assets(app)
    app.routes.extend(tools.routes if tools else [])

    @app.get("/health", tags=["operation"])
    async def health() -> dict[str, str]:
        """Whether the server answers."""
        return {"status": "ok"}

    @app.get("/metrics", tags=["operation"], response_class=Response)
    async def show_metrics() -> Response:
        """Counters in Prometheus' text format."""
        return Response(desk.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Guards(app, settings, desk.metrics)


def _mcp(desk: Desk, defaults: Defaults, settings: Serving) -> Starlette:
    """The app at `/mcp`; who may call it is for the guards to say."""
    from mcp.server.transport_security import TransportSecuritySettings

    from tora_agent.serve.mcp_api import create_server

    unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server = create_server(desk, defaults)
    return server.streamable_http_app(transport_security=unguarded, max_request_body_size=settings.body_bytes)
