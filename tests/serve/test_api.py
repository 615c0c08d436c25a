"""The API as the official client uses it."""

import asyncio
import json
import random
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from command_line import PROBLEM
from processes import wait_until_idle
from running_server import Server
from tora_agent.agent import Budget
from tora_agent.engines.base import Sampling
from tora_agent.prompt import load_prompt

pytest.importorskip("fastapi", reason="the extra serve is not installed")
openai = pytest.importorskip("openai", reason="the openai client is not installed")

from tora_agent.serve.requests import ChatRequest, Defaults, SolveRequest  # noqa: E402

pytestmark = pytest.mark.xdist_group("serve")  # one server for all

CHAT: list[Any] = [{"role": "user", "content": PROBLEM}]
ENDLESS = "while True: pass"


@pytest.fixture
def client(server: Server) -> Any:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0, timeout=240)


def test_a_chat_is_a_trajectory(client: Any) -> None:
    model = client.models.list().data[0].id
    reply = client.chat.completions.create(model=model, messages=CHAT, temperature=0)
    text = reply.choices[0].message.content
    assert text and "print(" in text and "```output\n19\n```" in text and r"\boxed{19}" in text
    assert reply.choices[0].finish_reason == "stop"
    assert reply.choices[0].tora == {"answer": "19", "stop": "answered", "programs": ["ok"]}
    assert reply.usage and reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens > 20


@pytest.mark.parametrize("options", [{}, {"rounds": 1}])
def test_a_stream_is_the_same_text_in_pieces(client: Any, options: dict[str, int]) -> None:
    asked: Any = {"model": "tora-nano", "messages": CHAT, "temperature": 0, "extra_body": {"tora": options}}
    whole = client.chat.completions.create(**asked)
    chunks = list(client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True}))
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert len(pieces) > 20 and "".join(pieces) == whole.choices[0].message.content
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens


def test_it_stands_before_another_server(server: Server, start: Callable[..., Server], tmp_path: Path) -> None:
    mine = tmp_path / "mine.md"
    mine.write_text((files("tora_agent.prompts") / "tora.md").read_text())
    front = start("--base-url", f"{server.url}/v1", "--model", "tora-nano", "--prompt", str(mine))
    assert "<option selected>mine</option>" in httpx2.get(front.url).text
    for url in (server.url, front.url):
        client = openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0, timeout=240)
        reply = client.chat.completions.create(model="tora-nano", messages=CHAT, temperature=0)
        assert reply.choices[0].tora == {"answer": "19", "stop": "answered", "programs": ["ok"]}


def test_a_request_cannot_raise_the_limits() -> None:
    defaults = Defaults(load_prompt("tora"), Sampling(), Budget(total_tokens=100))
    budgets = [
        defaults.solve(SolveRequest(problem="1 + 1", rounds=rounds, max_tokens=rounds * 40)).budget for rounds in (2, 9)
    ]
    assert [(budget.rounds, budget.total_tokens) for budget in budgets] == [(2, 80), (4, 100)]


def test_a_completion_goes_on_with_the_text_as_it_stands(client: Any) -> None:
    prompt = f"<|user|>\n{PROBLEM}\n<|assistant|>\n"
    whole = client.completions.create(model="tora-nano", prompt=[prompt, prompt], temperature=0)
    assert [r"\boxed{19}" in choice.text for choice in whole.choices] == [True, True]
    bare = client.completions.create(model="tora-nano", prompt=prompt, temperature=0, stop=["```output"])
    assert bare.choices[0].text.endswith("```") and whole.choices[0].text.startswith(bare.choices[0].text)
    short = client.completions.create(model="tora-nano", prompt=prompt, temperature=0, max_tokens=5)
    assert short.choices[0].finish_reason == "length" and short.usage and short.usage.completion_tokens == 5


@pytest.mark.parametrize("n", [None, 1])
def test_a_client_that_always_asks_for_one_choice_may_vote(n: int | None) -> None:
    defaults = Defaults(load_prompt("tora"), Sampling(), Budget())
    body = {"messages": CHAT, "temperature": 0.7, "n": n, "tora": {"samples": 8}}
    job = defaults.chat(ChatRequest.model_validate(body))
    assert (job.samples, job.vote) == (8, "strict")


def test_samples_vote(client: Any) -> None:
    asked: Any = {"model": "tora-nano", "messages": CHAT, "temperature": 0.4, "seed": 1}
    voted = client.chat.completions.create(**asked, extra_body={"tora": {"samples": 5, "vote": "tora", "rounds": 3}})
    votes = voted.tora["votes"]
    assert len(voted.choices) == 1 and 1 <= sum(vote["votes"] for vote in votes) <= 5
    assert voted.choices[0].tora["answer"] == votes[0]["answer"]
    each = client.chat.completions.create(**asked, n=5)
    assert len(each.choices) == 5 and voted.choices[0].message in [choice.message for choice in each.choices]


def test_a_chat_page_asks_as_open_webui_does(server: Server) -> None:
    """What its server sends (routers/openai.py, routers/tasks.py), `metadata` taken off; fields of its own stay on."""
    headers = {"Authorization": "Bearer none", "HTTP-Referer": "https://openwebui.com/", "X-Title": "Open WebUI"}
    talk = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What is 2 + 2?"},
        {"role": "assistant", "content": "The answer is $\\boxed{4}$."},
        {"role": "user", "content": [{"type": "text", "text": PROBLEM}]},
    ]
    with httpx2.Client(base_url=f"{server.url}/v1", headers=headers, timeout=240) as http:
        model = http.get("/models").json()["data"][0]["id"]
        body = {"stream": True, "model": model, "messages": talk, "stream_options": {"include_usage": True}}
        more = {
            "user": {"id": "1", "role": "admin"},
            "temperature": 0,
            "reasoning_effort": "low",
            "tool_choice": "auto",
        }
        with http.stream("POST", "/chat/completions", json=body | more) as reply:
            assert reply.headers["content-type"].startswith("text/event-stream")
            lines = [line.removeprefix("data: ") for line in reply.iter_lines() if line.startswith("data: ")]
        chunks = [json.loads(line) for line in lines[:-1]]
        text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks if chunk["choices"])
        assert lines[-1] == "[DONE]" and r"\boxed{19}" in text  # the last problem alone, not the talk before it
        assert chunks[-1]["choices"] == [] and chunks[-1]["usage"]["total_tokens"] > 20

        task = '### Task:\nGenerate a title for the chat.\n### Output:\nJSON format: { "title": "your title" }\n'
        title = {"model": model, "messages": [{"role": "user", "content": task}], "stream": False}
        reply = http.post("/chat/completions", json=title | {"max_completion_tokens": 20})
        assert reply.status_code == 200 and reply.json()["usage"]["completion_tokens"] <= 20
        assert isinstance(reply.json()["choices"][0]["message"]["content"], str)


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("chat/completions", {"messages": []}, 400, "messages: List should have at least 1 item"),
        ("chat/completions", {"messages": [{"role": "user", "content": " "}]}, 400, "there is no problem"),
        ("chat/completions", {"messages": CHAT, "model": "gpt"}, 404, "there is no model of that name"),
        ("chat/completions", {"messages": CHAT, "temperature": -1}, 400, "temperature must be 0"),
        ("chat/completions", {"messages": CHAT, "tools": [{}]}, 400, "tools is not supported"),
        ("chat/completions", {"messages": CHAT, "tora": {"prompt": "/etc/hosts.md"}}, 400, "no prompt of that name"),
        ("chat/completions", {"messages": CHAT, "tora": {"sample": 2}}, 400, "tora.sample: Extra inputs"),
        ("chat/completions", {"messages": CHAT, "tora": {"samples": 2}}, 400, "need a temperature above 0"),
        ("completions", {"prompt": "word " * 5000}, 400, "longer than the model's context"),
        ("solve", {"problem": ""}, 400, "the problem is empty"),
        ("execute", {"code": "1", "timeout": 1e6}, 400, "5 seconds at most"),
        ("grade", {"pred": "1"}, 400, "gold: Field required"),
    ],
)
def test_a_mistake_is_one_sentence(server: Server, path: str, body: Any, status: int, sentence: str) -> None:
    reply = httpx2.post(f"{server.url}/v1/{path}", json=body, timeout=240)
    assert (reply.status_code, reply.json()["error"]["type"]) == (status, "invalid_request_error")
    assert sentence in reply.json()["error"]["message"]


def test_the_sandbox_and_the_graders(server: Server) -> None:
    with httpx2.Client(base_url=f"{server.url}/v1", timeout=240) as http:
        printed = http.post("/execute", json={"code": "from sympy import *\nprint(factor(12))"}).json()
        assert (printed["status"], printed["stdout"]) == ("ok", "12\n")
        assert http.post("/execute", json={"code": "import os"}).json()["status"] == "refused"
        assert http.post("/execute", json={"code": ENDLESS, "timeout": 0.3}).json()["status"] == "timeout"
        assert http.post("/grade", json={"pred": "so $\\boxed{0.5}$", "gold": "\\frac{1}{2}"}).json()["correct"] is True
        strict = http.post("/grade", json={"pred": "50", "gold": "0.5", "grader": "strict"}).json()
        assert strict["correct"] is False


def test_solve_tells_every_step(server: Server) -> None:
    with httpx2.stream("POST", f"{server.url}/v1/solve", json={"problem": PROBLEM}, timeout=240) as reply:
        events = [json.loads(line[6:]) for line in reply.iter_lines() if line.startswith("data: ")]
    kinds = [event["type"] for event in events]
    assert kinds[-2:] == ["finished", "done"] and events[-2]["answer"] == "19"
    executed = events[kinds.index("executed")]
    assert executed["execution"]["status"] == "ok" and "19" in executed["appended"]


async def test_many_at_once_end_right(server: Server) -> None:
    """32 clients on 8 slots, twice: the second time, nothing more is held than after the first."""
    process = psutil.Process(server.pid)
    client = openai.AsyncOpenAI(base_url=f"{server.url}/v1", api_key="none", max_retries=0, timeout=600)

    async def ask() -> str:
        stream = await client.chat.completions.create(model="tora-nano", messages=CHAT, temperature=0, stream=True)
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

    held = []
    for _ in range(2):
        texts = await asyncio.gather(*(ask() for _ in range(32)))
        assert len(set(texts)) == 1 and r"\boxed{19}" in texts[0]
        held.append(process.memory_info().rss)
    assert held[1] < held[0] + (8 << 20)
    server.wait_until_idle()


async def test_clients_that_go_leave_no_slot_taken_and_no_program_running(server: Server) -> None:
    """100 of them, streaming and not, at random moments."""
    chance = random.Random(0)

    async def ask(client: Any, number: int) -> None:
        body = {"messages": CHAT, "temperature": 1, "stream": bool(number % 2)}
        url = f"{server.url}/v1/chat/completions"
        if number % 3 == 0:
            url, body = f"{server.url}/v1/execute", {"code": ENDLESS}
        try:
            async with asyncio.timeout(chance.uniform(0.01, 3)):
                async with client.stream("POST", url, json=body, timeout=240) as reply:
                    async for _ in reply.aiter_bytes():
                        pass
        except TimeoutError:
            pass

    for _ in range(5):
        async with httpx2.AsyncClient() as client:
            await asyncio.gather(*(ask(client, number) for number in range(20)))
    server.wait_until_idle()
    wait_until_idle(server.pid)
    reply = openai.OpenAI(base_url=f"{server.url}/v1", api_key="none").chat.completions.create(
        model="tora-nano", messages=CHAT, temperature=0, n=1
    )
    assert r"\boxed{19}" in (reply.choices[0].message.content or "")


def test_a_stream_that_is_left_is_written_no_further(client: Any, server: Server) -> None:
    with server.few_finish(64):
        many = client.chat.completions.create(
            model="tora-nano", messages=CHAT, n=64, temperature=1, stream=True, max_tokens=256
        )
        next(iter(many))
        many.close()


async def test_a_full_queue_says_when_to_come_again(server: Server) -> None:
    async with httpx2.AsyncClient(base_url=f"{server.url}/v1", timeout=240) as client:
        body = {"problem": "How many", "temperature": 1.0, "samples": 40}
        async with client.stream("POST", "/solve", json=body) as first:
            lines = first.aiter_lines()
            await anext(lines)
            reply = await client.post("/chat/completions", json={"messages": CHAT})
            assert reply.status_code == 429 and int(reply.headers["Retry-After"]) >= 1
            assert "queue is full" in reply.json()["error"]["message"]
    server.wait_until_idle()


def test_metrics_count(server: Server) -> None:
    names = [
        'tora_tokens_total{kind="written"}',
        'tora_sandbox_runs_total{status="ok"}',
        'tora_requests_total{code="200",path="/v1/chat/completions"}',
    ]

    def ask() -> list[float]:
        body = {"messages": CHAT, "temperature": 0}
        assert httpx2.post(f"{server.url}/v1/chat/completions", json=body, timeout=240).status_code == 200
        return [server.metric(name) for name in names]

    (tokens, *counts), (more_tokens, *more) = ask(), ask()
    assert more == [count + 1 for count in counts] and more_tokens > tokens + 20
    assert server.metric("tora_slots") == 8
    assert httpx2.get(f"{server.url}/health").json() == {"status": "ok"}
