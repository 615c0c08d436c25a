import pytest_asyncio

from tora_agent.sandbox import Sandbox


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def sandbox():
    async with Sandbox() as sandbox:
        yield sandbox
