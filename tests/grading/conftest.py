"""Each grader on a real sandbox for each module's tests, which share its event loop."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tora_agent.eval.grading import Grader
from tora_agent.sandbox import Sandbox


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def grader() -> AsyncIterator[Grader]:
    async with Sandbox() as sandbox:
        yield Grader(sandbox)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def strict() -> AsyncIterator[Grader]:
    async with Sandbox() as sandbox:
        yield Grader(sandbox, "strict")
