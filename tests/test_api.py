"""`tora_agent.Agent`, and the examples of the README."""

import asyncio
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import PROBLEM
from tora_agent import Agent, Budget, Executed, Finished, Generated, Sampling, UserError
from tora_agent.agent import Event, Running

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    with Agent() as agent:
        yield agent


def test_solve(agent: Agent) -> None:
    trajectory = agent.solve(PROBLEM)
    assert trajectory.stop == "answered" and f"boxed{{{trajectory.answer}}}" in trajectory.text
    assert trajectory.steps[0].execution and trajectory.steps[0].execution.stdout


def test_the_problem_of_the_readme_is_solved(agent: Agent) -> None:
    """What a model must do to be shipped; no other test asks for a right answer."""
    assert PROBLEM in README
    assert agent.solve(PROBLEM).answer == "19"


def test_stream_is_the_same_text(agent: Agent) -> None:
    events = list(agent.stream(PROBLEM))
    assert isinstance(events[-1], Finished)
    pieces = "".join(event.text for event in events if isinstance(event, Generated))
    assert pieces == "".join(step.completion.text for step in events[-1].trajectory.steps)
    assert any(isinstance(event, Executed) for event in events)


def test_leaving_a_stream_early_frees_the_only_slot(agent: Agent) -> None:
    for _ in range(3):
        stream = agent.stream(PROBLEM)
        assert isinstance(next(stream), Generated)
        stream.close()
    assert agent.solve(PROBLEM).answer


async def test_the_async_twin_runs_many_at_once(agent: Agent) -> None:
    trajectories = await asyncio.gather(*(agent.asolve(PROBLEM) for _ in range(4)))
    assert {trajectory.answer for trajectory in trajectories} == {agent.solve(PROBLEM).answer}
    last = [event async for event in agent.astream(PROBLEM)][-1]
    assert isinstance(last, Finished) and last.trajectory.text == trajectories[0].text


async def test_cancelling_the_async_twin_frees_the_only_slot(agent: Agent) -> None:
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.002):
                await agent.asolve(PROBLEM)
    assert (await agent.asolve(PROBLEM)).answer


async def test_a_stream_whose_reader_is_cancelled_ends_quietly(agent: Agent) -> None:
    for kind in (Generated, Running):
        seen = asyncio.Event()

        async def read(kind: type[Event], seen: asyncio.Event) -> None:
            async for event in agent.astream(PROBLEM):
                if isinstance(event, kind):
                    seen.set()

        reader = asyncio.create_task(read(kind, seen))
        await seen.wait()
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
    assert (await agent.asolve(PROBLEM)).answer


def test_threads_share_an_agent(agent: Agent) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(agent.solve(PROBLEM).answer)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [agent.solve(PROBLEM).answer] * 3


def test_settings_are_followed() -> None:
    with Agent(sampling=Sampling(temperature=0.0), limits=Budget(max_tokens=5)) as agent:
        trajectory = agent.solve(PROBLEM)
    assert (trajectory.stop, trajectory.completion_tokens) == ("token_limit", 5)


def test_mistakes(agent: Agent) -> None:
    with pytest.raises(UserError, match="the problem is empty"):
        agent.solve(" \n")
    with pytest.raises(UserError, match="longer than the model's context"):
        agent.solve("word " * 3000)
    with pytest.raises(UserError, match="no model file"):
        Agent(model="gone.gguf")


def test_a_closed_agent_says_so() -> None:
    agent = Agent()
    agent.close()
    agent.close()
    with pytest.raises(RuntimeError, match="closed"):
        agent.solve(PROBLEM)


def test_an_agent_that_is_closed_at_work_says_so_to_whoever_waits() -> None:
    agent = Agent()
    begun = threading.Event()
    told: list[str] = []

    def read() -> None:
        try:
            for _ in agent.stream(PROBLEM):
                begun.set()
        except RuntimeError as error:
            told.append(str(error))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    begun.wait()
    agent.close()
    reader.join(60)
    assert told == ["this agent is closed"]


@pytest.mark.parametrize("example", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_an_example_of_the_readme_runs(example: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", example], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert re.search(r"answered|answer: \S|\[-2, 2\]", done.stdout)
