"""Models on servers: two real ones with the model in the package, and faults between them and us."""

import asyncio
import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from importlib import util
from pathlib import Path
from typing import Any

import pytest

import running_server
from faulty_proxy import Fault, proxy
from tora_agent.compose import open_engine
from tora_agent.config import load_experiment
from tora_agent.engines.base import Completion, ContextFull, Engine, EngineError, Sampling
from tora_agent.engines.llama_cpp import LlamaCpp
from tora_agent.engines.openai import OpenAICompatible, OpenAIConfig
from tora_agent.engines.openai.failures import ServerFailed
from tora_agent.engines.openai.replicas import Replica
from tora_agent.errors import UserError
from tora_agent.prompt import load_prompt

if not util.find_spec("openai") or not util.find_spec("sse_starlette"):
    pytest.skip("the packages openai or llama-cpp-python[server] are not installed", allow_module_level=True)

pytestmark = pytest.mark.xdist_group("openai")  # its servers take long to start
KEY = "the right key"
NOBODY = "http://127.0.0.1:9/v1"
STOP = ("</s>", "```output")
PROBLEMS = [
    f"<|user|>\n{name} has {count} apples. Mary gives him 7 more. How many apples now?\n<|assistant|>\n"
    for name, count in (("Tom", 12), ("Peter", 31), ("Ben", 5))
]


@contextmanager
def serving(model: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A server process of its own, and its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"model": model, "model_alias": "tora-nano", "port": port, "api_key": KEY, "n_ctx": 512, "n_threads": 1}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    command = [sys.executable, "-m", "llama_cpp.server", "--host", "127.0.0.1", "--interrupt_requests", "false", *words]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}/v1", process
        finally:
            process.kill()


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + 240
    while process.poll() is None and time.monotonic() < ends:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/docs", timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@pytest.fixture(scope="module")
def server(nano: Path) -> Iterator[str]:
    with serving(nano) as (url, _):
        yield url


@pytest.fixture(scope="module", params=["llama_cpp.server", "tora-agent serve"])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Each of the two in its turn."""
    if request.param == "llama_cpp.server":
        yield request.getfixturevalue("server")
        return
    options = ["--api-key", KEY, "--n-ctx", "512", "--slots", "4", "--threads", "1", "--rate", "100000"]
    with running_server.serving(tmp_path_factory.mktemp("serve"), *options) as own:
        yield f"{own.url}/v1"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def config(*urls: str, **changes: Any) -> OpenAIConfig:
    return replace(OpenAIConfig(base_urls=urls, timeout_seconds=30, patience_seconds=60), **changes)


async def solve(engine: Engine, prompt: str, sampling: Sampling = Sampling()) -> list[str]:
    """The texts of two turns, with an output between them."""
    texts = []
    async with engine.sequence(prompt, sampling) as sequence:
        for _ in range(2):
            pieces = []
            async for item in sequence.generate(STOP, 60):
                if isinstance(item, Completion):
                    assert item.text == "".join(pieces)
                    texts.append(item.text)
                else:
                    pieces.append(item)
            await sequence.append("\n```output\n19\n```\n")
    return texts


@pytest.fixture(scope="module")
def expected(engine: LlamaCpp) -> list[list[str]]:
    """What the model writes in this process."""

    async def all_texts() -> list[list[str]]:
        return [await solve(engine, problem) for problem in PROBLEMS]

    return asyncio.run(all_texts())


async def test_a_server_writes_what_the_model_writes_in_process(either: str, expected: list[list[str]]) -> None:
    engine = await OpenAICompatible.open("tora-nano", config(either))
    assert (engine.name, engine.slots) == ("tora-nano", 16)
    assert list(await asyncio.gather(*(solve(engine, problem) for problem in PROBLEMS))) == expected
    await engine.close()
    with pytest.raises(EngineError, match="the engine is closed"):
        await solve(engine, PROBLEMS[0])


@pytest.mark.parametrize(
    "faults",
    [
        [Fault(429, headers="Retry-After: 0.3\r\n"), Fault(429)],
        [Fault(500), Fault(503, "starting")],
        [Fault(200, "<html>no reply</html>"), Fault(200, "data: {\n\n")],
        [Fault(cut=0), Fault(cut=60)],
        [Fault(cut=1500), Fault(cut=1100), Fault(cut=2100)],
        [Fault(delay=3)],
    ],
    ids=["rate limit", "server errors", "nonsense", "cut before text", "cut in mid-text", "too slow"],
)
async def test_a_fault_is_survived(either: str, expected: list[list[str]], faults: list[Any]) -> None:
    async with proxy(either) as between:
        engine = await OpenAICompatible.open("tora-nano", config(between.url))
        between.faults.extend(faults)
        if faults[0].delay:
            await engine.close()
            engine = await OpenAICompatible.open("tora-nano", config(between.url, timeout_seconds=1.5))
        assert await solve(engine, PROBLEMS[0]) == expected[0]
        assert len(between.requests) == 2 + len(faults) and not between.faults
        await engine.close()


async def test_a_server_that_wants_a_day_of_rest_is_not_given_it(server: str, expected: list[list[str]]) -> None:
    async with proxy(server) as between:
        engine = await OpenAICompatible.open("tora-nano", config(between.url, patience_seconds=0.5))
        between.faults.extend([Fault(429, headers="Retry-After: 86400\r\n")] * 2)
        async with asyncio.timeout(300):
            with pytest.raises(EngineError, match=r"asked again for 0\.5 s"):
                await solve(engine, PROBLEMS[0])
            assert await solve(engine, PROBLEMS[0]) == expected[0]
        await engine.close()


async def test_others_go_on_from_the_text_of_one_that_broke_off(either: str, expected: list[list[str]]) -> None:
    async with proxy(either) as dying, proxy(either) as living:
        engine = await OpenAICompatible.open("tora-nano", config(dying.url, living.url))
        dying.always = Fault(cut=900)  # some text comes, and then the end
        assert list(await asyncio.gather(*(solve(engine, problem) for problem in PROBLEMS))) == expected
        asked = {len(request["prompt"]) for request in dying.requests}
        assert asked and any(len(request["prompt"]) not in asked for request in living.requests)
        await engine.close()


async def test_a_killed_server_loses_nothing(server: str, nano: Path, expected: list[list[str]]) -> None:
    with serving(nano) as (mortal, process):
        async with proxy(mortal) as between, asyncio.timeout(300):
            engine = await OpenAICompatible.open("tora-nano", config(between.url, server))
            work = asyncio.gather(*(solve(engine, problem) for problem in PROBLEMS * 2))
            await between.asked.wait()
            process.kill()
            assert list(await work) == expected * 2
            await engine.close()


async def test_a_run_that_lost_its_server_goes_on(server: str, cli: Callable[..., Any]) -> None:
    async with proxy(server) as between:
        patience = ["--set", "openai.patience_seconds=0.5"]
        command = ["eval", "--limit", "3", "--concurrency", "1", "--base-url", between.url, "--json", *patience]
        between.faults.extend([Fault(), Fault(), Fault()])
        between.always = Fault(500, json.dumps({"error": {"message": "no memory"}}))
        stopped = await asyncio.to_thread(cli, *command)
        assert stopped.returncode == 1 and "no memory" in stopped.stderr
        assert "1 of 3 trajectories are kept" in stopped.stderr and "--resume goes on" in stopped.stderr
        between.always = Fault()
        resumed = await asyncio.to_thread(cli, *command, "--resume")
        assert resumed.returncode == 0, resumed.stderr
        report = json.loads(resumed.stdout)
        assert (report["run"], report["n"], report["engine"]) == (1, 3, "openai")


async def test_what_a_server_is_asked(server: str) -> None:
    async with proxy(server) as between:
        engine = await OpenAICompatible.open("tora-nano", config(between.url))
        await solve(engine, PROBLEMS[0], Sampling(temperature=0.7, top_p=0.9, seed=5))
        await engine.close()
    first, second = between.requests
    assert first.pop("prompt") == PROBLEMS[0] and second["prompt"].endswith("\n```output\n19\n```\n")
    assert first == {
        "model": "tora-nano",
        "max_tokens": 60,
        "stop": list(STOP),
        "temperature": 0.7,
        "top_p": 0.9,
        "seed": 5,
        "stream": True,
        "stream_options": {"include_usage": True},
        "top_k": 2**30,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "repeat_penalty": 1.0,
    }


async def test_the_end_of_the_context(server: str, expected: list[list[str]]) -> None:
    engine = await OpenAICompatible.open("tora-nano", config(server))
    with pytest.raises(ContextFull, match="maximum context length is 512"):
        await solve(engine, "word " * 600)
    async with engine.sequence("A = 1\n" * 90, Sampling()) as sequence:
        completion = [item async for item in sequence.generate((), 400)][-1]
        assert isinstance(completion, Completion) and completion.finish == "length"
    await engine.close()
    async with proxy(server) as strict:  # as vLLM refuses a request that might outgrow the context
        engine = await OpenAICompatible.open("tora-nano", config(strict.url))
        words = "This model's maximum context length is 99 tokens. However, you requested 100 tokens"
        strict.faults.extend([Fault(400, json.dumps({"object": "error", "message": words, "code": 400}))] * 2)
        assert await solve(engine, PROBLEMS[0]) == expected[0]
        assert [request["max_tokens"] for request in strict.requests[:4]] == [60, 30, 15, 15]
        await engine.close()


async def test_a_generation_that_is_closed_takes_back_what_it_wrote(server: str, expected: list[list[str]]) -> None:
    engine = await OpenAICompatible.open("tora-nano", config(server))
    async with engine.sequence(PROBLEMS[0], Sampling()) as sequence:
        generator = sequence.generate(STOP, 60)
        await anext(generator)
        await generator.aclose()
        last = [item async for item in sequence.generate(STOP, 60)][-1]
        assert isinstance(last, Completion) and last.text == expected[0][0]
    await engine.close()


@pytest.mark.parametrize(
    ("status", "body", "kind", "sentence"),
    [
        (401, {"detail": "Invalid API key"}, UserError, r"refuses the key \(401\): set OPENAI_API_KEY"),
        (404, {"detail": "Not Found"}, UserError, r"does not offer this API \(404\): .*--api chat"),
        (404, {"error": {"message": "This is a chat model", "code": None}}, UserError, "--api chat"),
        (404, {"error": {"message": "no such model", "code": "model_not_found"}}, UserError, "no such model"),
        (422, {"error": {"message": "top_k is unknown"}}, UserError, r"refuses the request \(422\): top_k is unknown"),
        (429, {"error": {"message": "pay", "code": "insufficient_quota"}}, UserError, "has no quota left: pay"),
        (400, {"error": {"message": "too long", "type": "exceed_context_size_error"}}, ContextFull, "too long"),
        (400, {"message": "The input is longer than the model's context length (9)."}, ContextFull, "input is longer"),
        (422, {"error": "`inputs` tokens + `max_new_tokens` must be <= 9"}, ContextFull, "must be <= 9"),
        (502, {"error": {"message": "bad gateway"}}, EngineError, r"failed: bad gateway \(asked again for 0.1 s\)"),
    ],
)
async def test_what_a_server_refuses(status: int, body: Any, kind: type[Exception], sentence: str) -> None:
    async with proxy() as between:
        between.faults.extend([Fault(status, json.dumps(body))] * 9)
        engine = OpenAICompatible("tora-nano", config(between.url, patience_seconds=0.1))
        with pytest.raises(kind, match=sentence) as refusal:
            await solve(engine, PROBLEMS[0])
        assert "\n" not in str(refusal.value)
        await engine.close()


def test_mistakes_are_one_sentence(server: str, cli: Callable[..., Any]) -> None:
    def sentence(*arguments: str) -> str:
        done = cli("solve", "1 + 1", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        return str(done.stderr.splitlines()[-1])

    assert "has no model other: choose with --model what it offers: tora-nano" in sentence(
        "--base-url", server, "--model", "other"
    )
    assert re.search("Connection error.*: start it, or correct --base-url", sentence("--base-url", NOBODY))
    assert "does not offer this API" in sentence("--base-url", server.removesuffix("/v1"))


def test_an_address_that_is_none() -> None:
    with pytest.raises(UserError, match="localhost:8000 is no server's address"):
        load_experiment(None, {"openai": {"base_urls": ["localhost:8000"]}})
    with pytest.raises(UserError, match="the openai engine needs a server's address"):
        load_experiment(None, {"engine": "openai"})


async def test_a_server_gets_as_many_texts_at_once_as_are_asked_for(server: str) -> None:
    settings = {"engine": "openai", "openai": {"base_urls": [server]}, "output": {"concurrency": 40}}
    async with open_engine(load_experiment(None, settings), load_prompt("tora")) as engine:
        assert engine.slots == 40


async def test_a_wrong_key(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "wrong")
    with pytest.raises(UserError, match=r"refuses the key \(401\): set OPENAI_API_KEY"):
        await OpenAICompatible.open("tora-nano", config(server))


async def test_what_stands_around_a_key_is_no_part_of_it(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\r\n")
    await (await OpenAICompatible.open("tora-nano", config(server))).close()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-\n1")
    with pytest.raises(UserError, match="OPENAI_API_KEY has characters that no key can have"):
        await OpenAICompatible.open("tora-nano", config(server))


def test_a_server_that_has_failed_for_hours_is_still_asked_now_and_then() -> None:
    replica = Replica(NOBODY, config(NOBODY), "tora-nano")
    for _ in range(2000):
        replica.rests_until = 0
        replica._failed(ServerFailed("gone"))
    assert 0 < replica.rests_until - time.monotonic() < 31
