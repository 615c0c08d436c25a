"""Put the parts of an experiment together; the command line, the Python API and the tests do it here."""

import hashlib
import math
import os
import platform
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from tora_agent.config import Experiment
from tora_agent.engines.base import Engine
from tora_agent.engines.transformers.checkpoint import checkpoint_files
from tora_agent.errors import UserError
from tora_agent.models import BUNDLED, find_checkpoint, find_model, load_model, locate
from tora_agent.prompt import Prompt

if TYPE_CHECKING:
    from tora_agent.eval.runner import Executor, Solver

# what grades answers and what programs import; the graders' own rules go by our version
_PACKAGES = (
    "tora-agent",
    "RestrictedPython",
    "latex2sympy2-extended",
    "math-verify",
    "mpmath",
    "numpy",
    "scipy",
    "sympy",
)
_ENGINE_PACKAGES = {"llama_cpp": ("llama-cpp-python",), "transformers": ("torch", "transformers")}
_ENVIRONMENT = ("HF_ENDPOINT", "HF_TOKEN", "OPENAI_API_KEY")  # what engines read, and other nodes may lack
_PIECE = 1 << 20  # bytes
_PIECES = 256  # of a file, in which it is read for its digest


@asynccontextmanager
async def open_engine(experiment: Experiment, prompt: Prompt) -> AsyncIterator[Engine]:
    """The experiment's engine, loaded; leaving the context frees it.

    Raises:
        UserError: the model or the recordings cannot be read, or no server answers.
    """
    engine = await _load(experiment, prompt)
    try:
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def open_executor(experiment: Experiment, prompt: Prompt, problems: int) -> AsyncIterator[tuple["Executor", int]]:
    """What does the experiment's samples, here or on a cluster, and how many of so many at the same time.

    Raises:
        UserError: the model or the recordings cannot be read, or no server or cluster answers.
    """
    if experiment.executor == "local":
        async with open_solver(experiment, prompt, problems) as opened:
            yield opened
        return
    from tora_agent.eval.cluster.opening import open_pool
    from tora_agent.eval.cluster.worker import Assignment
    from tora_agent.eval.grading import Grader
    from tora_agent.sandbox import Sandbox

    there = _with_whole_paths(experiment)
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}

    def assignment(workers: int, cpus: int) -> Assignment:
        share = math.ceil(problems / workers)
        return Assignment(
            open_solver=partial(open_solver, there, prompt, share, cpus),
            versions=partial(versions, there, prompt),
            expected=versions(experiment, prompt),
            environment=environment,
        )

    async with Sandbox(experiment.sandbox, programs=False) as sandbox:  # compares answers for votes
        in_process = experiment.engine in _ENGINE_PACKAGES
        async with open_pool(experiment.ray, assignment, in_process, Grader(sandbox, "strict")) as pool:
            yield pool


def _with_whole_paths(experiment: Experiment) -> Experiment:
    """The same for a process that works in another folder."""
    if experiment.trajectories:
        experiment = replace(experiment, trajectories=experiment.trajectories.absolute())
    if experiment.engine == "llama_cpp" and experiment.model != BUNDLED:
        found = locate(experiment.model, experiment.llama_cpp)
        if isinstance(found, Path):
            experiment = replace(experiment, model=str(found.absolute()))
    if experiment.engine == "transformers" and not experiment.model.startswith("hf:"):
        experiment = replace(experiment, model=str(Path(experiment.model).absolute()))
    return experiment


@asynccontextmanager
async def open_solver(
    experiment: Experiment, prompt: Prompt, problems: int | None = None, cpus: int | None = None
) -> AsyncIterator[tuple["Solver", int]]:
    """The experiment's engine, sandbox and graders, and how many problems they work on at the same time.

    That is no more than there are `problems`, where their number is known. At most `cpus` programs run at once, by
    default as many as there are CPUs.

    Raises:
        UserError: the model or the recordings cannot be read, or no server answers.
    """
    from tora_agent.eval.grading import Grader
    from tora_agent.eval.runner import Solver
    from tora_agent.sandbox import Sandbox

    async with open_engine(experiment, prompt) as engine:
        concurrency = experiment.output.concurrency or engine.slots
        if problems is not None:
            concurrency = min(concurrency, problems)
        programs = min(concurrency, cpus or os.cpu_count() or 1)  # more would only take each other's time
        async with Sandbox(experiment.sandbox, concurrency=programs) as sandbox:
            graders = Grader(sandbox), Grader(sandbox, "strict")
            yield Solver(engine, sandbox, prompt, *graders, experiment.sampling, experiment.limits), concurrency


async def _load(experiment: Experiment, prompt: Prompt) -> Engine:
    if experiment.engine == "replay":
        from tora_agent.engines.replay import Replay, read_recordings

        assert experiment.trajectories  # checked by Experiment
        recordings = read_recordings(experiment.trajectories)
        return Replay({prompt.fill(question): text for question, text in recordings.items()})
    if experiment.engine == "openai":
        from tora_agent.engines.openai import OpenAICompatible

        servers, most = experiment.openai, experiment.output.concurrency
        if most:
            servers = replace(servers, slots=math.ceil(most / len(servers.base_urls)))
        return await OpenAICompatible.open(experiment.model, servers)
    if experiment.engine == "transformers":
        from tora_agent.engines.transformers import Transformers, check_libraries

        check_libraries()  # before the weights are fetched
        own = experiment.transformers
        folder = find_checkpoint(experiment.model, own.revision)
        slots = experiment.output.concurrency or own.slots
        return Transformers.load(folder, replace(own, slots=slots), experiment.model.removeprefix("hf:"))
    slots = experiment.output.concurrency or experiment.llama_cpp.slots
    batch = max(slots or 1, experiment.llama_cpp.n_batch)
    path = find_model(experiment.model, experiment.llama_cpp)
    return load_model(path, replace(experiment.llama_cpp, slots=slots, n_batch=batch))


def introduction(experiment: Experiment) -> str:
    """One line for people: what answers, and what to expect of it."""
    if experiment.engine == "replay":
        return f"a recording answers: {experiment.trajectories}"
    if experiment.engine == "openai":
        return f"{experiment.model} answers at {', '.join(experiment.openai.base_urls)}"
    if experiment.engine == "transformers":
        return f"{experiment.model} answers"
    if experiment.model != BUNDLED:
        found = locate(experiment.model, experiment.llama_cpp)
        why = "" if isinstance(found, Path) else found.why
        return f"{experiment.model} answers" + (f" ({why})" if why else "")
    return (
        f"{BUNDLED} answers: a small demonstration, right on plain problems and on little else; "
        "--model tora-code-13b-v1.0.Q4_K_M fetches a real one (7.87 GB)"
    )


def versions(experiment: Experiment, prompt: Prompt) -> dict[str, str]:
    """What the numbers rest on beside the settings: packages, the prompt's text, the file behind the engine."""
    packages = [*_PACKAGES, *_ENGINE_PACKAGES.get(experiment.engine, ())]
    return {name: metadata.version(name) for name in packages} | {
        "python": platform.python_version(),
        "prompt": hashlib.sha256(repr(replace(prompt, name="")).encode()).hexdigest(),
        "source": _source(experiment),
    }


def _source(experiment: Experiment) -> str:
    """What tells the engine's model or recordings from others: their content, or a server's name for its model."""
    if experiment.engine == "openai":
        return experiment.model
    if experiment.engine == "transformers":
        return _fingerprint_of_all(find_checkpoint(experiment.model, experiment.transformers.revision))
    path = experiment.trajectories
    if experiment.engine == "llama_cpp":
        path = find_model(experiment.model, experiment.llama_cpp)
    assert path
    return _fingerprint(path)


def _fingerprint_of_all(folder: Path) -> str:
    """A digest of the files that make a checkpoint."""
    files = [f"{path.name} {_fingerprint(path)}" for path in checkpoint_files(folder)]
    return hashlib.sha256("\n".join(files).encode()).hexdigest()


def _fingerprint(path: Path) -> str:
    """A digest of a file's size and content; of a model of many GB pieces stand for the whole, to take no time."""
    try:
        size = path.stat().st_size
        digest = hashlib.sha256(str(size).encode())
        with path.open("rb") as file:
            for place in range(0, size, max(_PIECE, size // _PIECES)):
                file.seek(place)
                digest.update(file.read(_PIECE))
    except OSError as error:
        raise UserError(f"the file {path} cannot be read: {error.strerror}") from error
    return digest.hexdigest()
