"""The tools as the official client of the Model Context Protocol uses them."""

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest

from command_line import COMMAND, PROBLEM, Run
from processes import wait_until_idle
from running_server import Server

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")


def stdio(folder: Path, *options: str, mode: str = "auto") -> Any:
    """A client that starts `tora-agent mcp` with these options in a folder, with no way to a hub."""
    command = [*COMMAND[1:], "mcp", *options]
    environment = dict(os.environ) | {"HF_ENDPOINT": "http://127.0.0.1:9"}
    server = mcp.StdioServerParameters(command=sys.executable, args=command, cwd=folder, env=environment)
    return mcp.Client(server, read_timeout_seconds=240, mode=mode)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_solve_gives_a_solution_and_tells_its_steps(tmp_path: Path, mode: str) -> None:
    told: list[tuple[float, str]] = []

    async def progress(count: float, total: float | None, message: str | None) -> None:
        told.append((count, message or ""))

    async with stdio(tmp_path, "--slots", "2", mode=mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["solve", "execute", "grade"]
        assert all(tool.description and tool.output_schema["required"] for tool in tools.values())
        assert tools["solve"].input_schema["required"] == ["problem"]
        reply = await client.call_tool("solve", {"problem": PROBLEM}, progress_callback=progress)
        assert not reply.is_error
        solution = reply.structured_content
        assert (solution["answer"], solution["stop"], solution["programs"]) == ("19", "answered", ["ok"])
        assert "```output\n19\n```" in solution["text"] and solution["completion_tokens"] > 10
        assert [message for _, message in told] == ["a program runs", "the program gave 19", "the answer is 19"]
        assert [count for count, _ in told] == [1, 2, 3]
        sampled = {"problem": PROBLEM, "samples": 3, "temperature": 0.4, "seed": 1}
        voted = (await client.call_tool("solve", sampled)).structured_content
        assert sum(standing["votes"] for standing in voted["votes"]) <= 3
        assert voted["answer"] == voted["votes"][0]["answer"]


async def test_programs_and_answers_come_to_a_verdict_and_mistakes_to_a_sentence(tmp_path: Path) -> None:
    async with stdio(tmp_path) as client:

        async def call(tool: str, **arguments: Any) -> Any:
            reply = await client.call_tool(tool, arguments)
            assert not reply.is_error, reply
            return reply.structured_content

        assert (await call("execute", code="print(2**100)"))["stdout"] == f"{2**100}\n"
        refused = await call("execute", code="import os")
        assert refused["status"] == "refused" and "os is not allowed" in refused["error"]
        assert (await call("execute", code="while True: pass", timeout=0.3))["status"] == "timeout"
        assert (await call("grade", pred=r"so $\boxed{0.5}$", gold=r"\frac{1}{2}"))["correct"] is True
        assert (await call("grade", pred="50", gold="0.5", grader="strict"))["correct"] is False
        for tool, arguments, sentence in (
            ("solve", {"problem": " "}, "the problem is empty: give its text"),
            ("solve", {}, "problem: Field required"),
            ("solve", {"problem": "x", "sample": 2}, "sample: Extra inputs are not permitted"),
            ("solve", {"problem": "x", "temperature": -1}, "temperature must be 0 (greedy), or from 0.001 to 100"),
            ("solve", {"problem": "x", "prompt": "/etc/x.md"}, "there is no prompt of that name"),
            ("solve", {"problem": "word " * 5000}, "the problem is longer than the model's context"),
            ("execute", {"code": "1", "timeout": 9}, "timeout: a program may take 5 seconds at most"),
        ):
            reply = await client.call_tool(tool, arguments)
            assert reply.is_error and reply.content[0].text.startswith(sentence), reply
            assert "\n" not in reply.content[0].text
        with pytest.raises(mcp.MCPError, match="there is no tool named run: there are solve, execute, grade"):
            await client.call_tool("run", {})


async def test_cancelling_a_call_frees_its_slot_and_ends_its_program(tmp_path: Path) -> None:
    """One slot, no queue, and programs that may take an hour: what is not freed keeps the next call out."""
    texts = {"for ever": "```python\nwhile True: pass\n```\n", "one": "$\\boxed{1}$"}
    lines = [json.dumps({"question": question, "text": text}) for question, text in texts.items()]
    (tmp_path / "recorded.jsonl").write_text("\n".join(lines))
    settings = ("engine=replay", "trajectories=recorded.jsonl", "output.concurrency=1", "sandbox.seconds=3600")
    options = [part for setting in settings for part in ("--set", setting)]
    async with (
        asyncio.timeout(240),
        stdio(tmp_path, "--queue", "0", "--time-limit", "3600", *options) as client,
    ):
        began = asyncio.Event()

        async def progress(*_: Any) -> None:
            began.set()

        async def free(tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
            while (reply := await client.call_tool(tool, arguments)).is_error:
                assert "the server is busy" in reply.content[0].text
            return reply.structured_content

        endless = {"problem": "for ever"}
        solving = asyncio.create_task(client.call_tool("solve", endless, progress_callback=progress))
        await began.wait()
        busy = await client.call_tool("solve", {"problem": "one"})
        assert busy.is_error and "the server is busy" in busy.content[0].text
        solving.cancel()
        assert (await free("solve", {"problem": "one"}))["answer"] == "1"

        running = asyncio.create_task(client.call_tool("execute", {"code": "while True: pass"}))
        await asyncio.sleep(1)
        running.cancel()
        assert (await free("execute", {"code": "print(1)"}))["stdout"] == "1\n"
        wait_until_idle(os.getpid())


async def test_standard_output_is_for_the_protocol_alone(tmp_path: Path, cli: Run) -> None:
    done = cli("mcp", input="nonsense\n")
    assert (done.returncode, done.stdout) == (0, "") and "Traceback" not in done.stderr
    wrong = cli("mcp", "--model", "gone.gguf")
    assert (wrong.returncode, wrong.stdout) == (2, "") and "no model file gone.gguf" in wrong.stderr


async def test_over_http_the_guards_of_the_server_hold(start: Callable[..., Server]) -> None:
    pytest.importorskip("fastapi", reason="the extra serve is not installed")
    from mcp.client.streamable_http import streamable_http_client

    server = start("--mcp", "--slots", "1", "--api-key", "secret")
    url = f"{server.url}/mcp"
    key = {"Authorization": "Bearer secret"}
    assert httpx2.post(url, json={}, timeout=240).status_code == 401
    assert httpx2.post(url, json={}, headers=key | {"Origin": "https://evil.example"}).status_code == 403
    assert httpx2.post(url, json={}, headers=key | {"Host": "evil.example"}).status_code == 403
    assert httpx2.post(url, json={"code": "#" * (2 << 20)}, headers=key).status_code == 413

    def finished() -> float:
        return server.metric("tora_trajectory_seconds_count", key)

    for mode in ("auto", "legacy"):
        async with (
            httpx2.AsyncClient(headers=key, timeout=240) as http,
            mcp.Client(streamable_http_client(url, http_client=http), mode=mode) as client,
        ):
            assert (await client.call_tool("solve", {"problem": PROBLEM})).structured_content["answer"] == "19"
            many = {"problem": PROBLEM, "samples": 64, "temperature": 1}
            before = finished()
            solving = asyncio.create_task(client.call_tool("solve", many))
            await asyncio.sleep(1)
            solving.cancel()
            again = await client.call_tool("solve", {"problem": PROBLEM})
            assert again.structured_content["answer"] == "19" and finished() < before + 64
