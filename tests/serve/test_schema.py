"""The OpenAPI document, and whatever schemathesis makes of it."""

import os
from typing import Any

import pytest

from running_server import Server

pytest.importorskip("fastapi", reason="the extra serve is not installed")
schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytestmark = pytest.mark.xdist_group("serve")  # one server for all
EXAMPLES = int(os.environ.get("TORA_AGENT_ROUNDS", "10"))  # of each operation


@pytest.mark.slow
def test_nothing_that_fits_the_schema_breaks_the_server(server: Server) -> None:
    """The trajectories are kept short, since it is the handling of requests that is tried."""
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error

    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    for found in schema.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            if isinstance(case.body, dict) and case.path.endswith(("completions", "solve")):
                case.body["max_tokens"] = 3
            case.call_and_validate(checks=[not_a_server_error], timeout=240)

        ask()
