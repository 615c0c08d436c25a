"""What each server makes of our requests, by its source: which values it takes, and which defaults it has."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import util
from typing import Any

import numpy as np
import pytest

from faulty_proxy import proxy, streamed
from tora_agent.engines.base import Sampling
from tora_agent.engines.openai import OpenAICompatible, OpenAIConfig

if not util.find_spec("openai"):
    pytest.skip("the extra `openai` is not installed", allow_module_level=True)

Check = Callable[[Any], bool]


def whole(low: int, high: int = 2**31 - 1) -> Check:
    return lambda value: isinstance(value, int) and low <= value <= high


def number(low: float, high: float) -> Check:
    return lambda value: low <= np.float32(value) <= high


def above(low: float, high: float = np.inf) -> Check:
    return lambda value: low < np.float32(value) <= high


@dataclass(frozen=True)
class Server:
    """What its source takes, by the names that it reads; `source` is the place."""

    source: str
    takes: dict[str, Check]
    greedy: Check = lambda request: request["temperature"] == 0
    most_top_k: int = 0  # a user's top_k where it takes no more


LLAMA = {"top_k": whole(0), "top_p": number(0, 1), "min_p": number(0, 1), "repeat_penalty": number(0, np.inf)}
SERVERS = {
    "vLLM": Server(
        "vllm/sampling_params.py, SamplingParams._verify_args",
        {"top_k": whole(-1), "top_p": above(0, 1), "min_p": number(0, 1), "repetition_penalty": above(0)},
    ),
    "SGLang": Server(
        "python/sglang/srt/sampling/sampling_params.py, SamplingParams.verify; 2**30 is its TOP_K_ALL",
        {
            "top_k": lambda value: value == -1 or whole(1)(value),
            "top_p": above(0, 1),
            "min_p": number(0, 1),
            "repetition_penalty": above(0, 2),
        },
    ),
    "TGI": Server(
        "router/src/validation.rs, validate; server/text_generation_server/utils/tokens.py: a top_p below 1 samples",
        {"top_p": lambda value: 0 < np.float32(value) < 1, "repetition_penalty": above(0)},
        greedy=lambda request: request["temperature"] == 0 and "top_p" not in request,
    ),
    "llama-server": Server("tools/server/server-schema.cpp, make_llama_cmpl_schema", LLAMA),
    "llama_cpp.server": Server("llama_cpp/server/types.py, CreateCompletionRequest", LLAMA),
    "Ollama": Server("openai/openai.go, CompletionRequest; the rest is its Modelfile's", {"top_p": above(0, 1)}),
    "KoboldCpp": Server(
        "koboldcpp.py, transform_genparams and generation_inputs",
        {"top_k": whole(-(2**31)), "top_p": number(0, 1), "min_p": number(0, 1), "repetition_penalty": above(0)},
    ),
    "text-generation-webui": Server(
        "modules/api/typing.py, CompletionRequest; its transformers loader takes no top_k below 0",
        {"top_k": whole(0), "top_p": above(0, 1), "min_p": number(0, 1), "repetition_penalty": above(0)},
    ),
    "LM Studio": Server(
        "lmstudio-js: packages/lms-kv-config/src/schema.ts, for the server's own source is closed",
        {**LLAMA, "top_k": whole(-1, 500)},
        most_top_k=500,
    ),
}


async def asked(sampling: Sampling) -> dict[str, Any]:
    """The request that goes over the wire."""
    async with proxy() as server:
        server.faults.append(streamed({"choices": [{"index": 0, "text": "4", "finish_reason": "stop"}]}))
        engine = OpenAICompatible("a-model", OpenAIConfig(base_urls=(server.url,)))
        async with engine.sequence("2 + 2 =", sampling) as sequence:
            assert [item async for item in sequence.generate((), 9)]
        await engine.close()
        return dict(server.requests[0])


@pytest.mark.parametrize("name", SERVERS)
async def test_a_server_takes_what_it_is_asked_and_none_of_its_defaults_holds(name: str) -> None:
    server = SERVERS[name]
    for sampling in (
        Sampling(temperature=0.7, top_k=server.most_top_k),
        Sampling(temperature=0.7, top_p=0.9, top_k=20, min_p=0.05, repetition_penalty=1.1),
    ):
        request = await asked(sampling)
        for field, takes in server.takes.items():
            assert takes(request[field]), (server.source, field, request[field])
    greedy = await asked(Sampling(top_p=0.9, top_k=20))
    assert server.greedy(greedy)
    for field in greedy.keys() & server.takes.keys():
        assert server.takes[field](greedy[field])
    assert all(greedy[field] == 1 for field in server.takes if "penalty" in field)


async def test_what_is_switched_off_cuts_off_nothing() -> None:
    request = await asked(Sampling(temperature=1))
    assert request["top_k"] > 10**6 and request["min_p"] == 0 and 1 - request["top_p"] < 2e-6
