"""The loop, driven by recorded text and a real sandbox."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tora_agent.agent import Budget, Event, Executed, Finished, Generated, Running, Trajectory, run, to_end
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.replay import Replay
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Limits, Sandbox

QUESTION = "What is six times seven?"


def block(program: str, output: str = "?") -> str:
    """A program and its output as a recording holds them."""
    return f"```python\n{program}\n```\n```output\n{output}\n```\n"


async def events(text: str, prompt: str = "tora", budget: Budget = Budget(), seconds: float = 5.0) -> list[Event]:
    loaded = load_prompt(prompt)
    engine = Replay({loaded.fill(QUESTION): text})
    async with Sandbox(Limits(seconds=seconds)) as sandbox:
        return [event async for event in run(QUESTION, engine, sandbox, loaded, budget=budget)]


async def solve(text: str, **options: object) -> Trajectory:
    last = (await events(text, **options))[-1]
    assert isinstance(last, Finished)
    return last.trajectory


async def test_the_events_tell_the_story() -> None:
    text = "Multiply.\n" + block("print(6 * 7)", "42") + r"It is $\boxed{42}$."
    happened = await events(text)
    kinds = [type(event) for event in happened if not isinstance(event, Generated)]
    assert kinds == [Running, Executed, Finished]
    assert "".join(event.text for event in happened if isinstance(event, Generated)) == (
        "Multiply.\n```python\nprint(6 * 7)\n```" + r"It is $\boxed{42}$."
    )
    trajectory = happened[-1].trajectory
    assert (trajectory.answer, trajectory.stop, trajectory.text) == ("42", "answered", text)
    assert [step.program for step in trajectory.steps] == ["print(6 * 7)", None]


async def test_the_fresh_output_goes_into_the_text() -> None:
    trajectory = await solve(block("print(6 * 7)", "41") + r"So $\boxed{42}$")
    assert "```output\n42\n```\n" in trajectory.text


async def test_programs_share_nothing_by_default() -> None:
    trajectory = await solve(block("x = 5") + block("print(x)") + r"\boxed{5}")
    assert [step.appended.split("\n")[2] for step in trajectory.steps[:2]] == [
        "Done",
        "NameError: name 'x' is not defined",
    ]


async def test_a_notebook_prompt_shares_state_and_echoes(tmp_path: Path) -> None:
    file = tmp_path / "notebook.md"
    file.write_text("---\nmode: notebook\nrounds: 4\nstop: ['```output']\n---\n{question}\n")
    trajectory = await solve(block("x = 5") + block("x + 1") + r"\boxed{6}", prompt=str(file))
    assert trajectory.steps[1].appended == "\n```output\n6\n```\n"


async def test_the_fourth_program_runs_and_ends_it() -> None:
    trajectory = await solve("".join(block(f"print({n})") for n in range(1, 6)))
    assert len(trajectory.steps) == 4
    assert trajectory.text.endswith("\n```output\n4\n```\n\nReach max function call limit.")
    assert (trajectory.stop, trajectory.answer) == ("round_limit", "4")


async def test_a_trajectory_goes_on_from_a_start() -> None:
    prompt = load_prompt("tora")
    begun = "Multiply.\n```python\nx = 6\n"
    engine = Replay({prompt.fill(QUESTION) + begun: "print(x * 7)\n```\n```output\n?\n```\n" + r"$\boxed{42}$"})
    async with Sandbox() as sandbox:
        trajectory = await to_end(run(QUESTION, engine, sandbox, prompt, begun=begun))
    assert trajectory.steps[0].program == "x = 6\nprint(x * 7)"
    assert trajectory.text == begun + "print(x * 7)\n```\n```output\n42\n```\n" + r"$\boxed{42}$"
    assert (trajectory.answer, trajectory.stop) == ("42", "answered")


@pytest.mark.parametrize(("ran_before", "left"), [(1, 3), (3, 1), (4, 0)])
async def test_the_rounds_of_a_start_count(ran_before: int, left: int) -> None:
    prompt = load_prompt("tora")
    begun = block("print(1)", "1") * ran_before
    engine = Replay({prompt.fill(QUESTION) + begun: block("print(2)") * 5})
    async with Sandbox() as sandbox:
        trajectory = await to_end(run(QUESTION, engine, sandbox, prompt, begun=begun))
    assert (len(trajectory.steps), trajectory.stop) == (left, "round_limit")


async def test_the_budget_limits_the_rounds() -> None:
    trajectory = await solve(block("print(1)") + block("print(2)"), budget=Budget(rounds=1))
    assert (len(trajectory.steps), trajectory.stop) == (1, "round_limit")


async def test_a_box_beside_a_program_ends_it_unexecuted() -> None:
    trajectory = await solve("$\\boxed{3}$\n```python\nprint(4)\n```")
    assert (trajectory.answer, trajectory.steps[0].execution) == ("3", None)


async def test_nothing_to_read_is_no_answer() -> None:
    trajectory = await solve("I cannot tell.")
    assert (trajectory.answer, trajectory.stop) == ("", "no_answer")


async def test_a_program_that_hangs_is_a_time_out() -> None:
    trajectory = await solve(block("while True: pass") + r"\boxed{0}", seconds=0.5)
    execution = trajectory.steps[0].execution
    assert execution and execution.status == "timeout"
    assert trajectory.steps[0].appended == "\n```output\nTimeout Error\n```\n"


@pytest.mark.parametrize(
    "program",
    [
        "def solution():\n    return 6 * 7",
        "def solution():\n    return 42\nprint(solution())",
        "print(42)",
        "def solution():\n    return 42\nans = solution()",
        "def solution():\n    return 42\n# then print(solution())",
        'def solution():\n    return 42\nif __name__ == "__main__":\n    print(solution())',
    ],
)
async def test_pal_answers_with_what_its_program_gives(program: str) -> None:
    trajectory = await solve(f"```python\n{program}\n```", prompt="pal_gsm8k")
    assert (trajectory.answer, trajectory.stop, len(trajectory.steps)) == ("42", "answered", 1)


async def test_cot_runs_nothing() -> None:
    trajectory = await solve("```python\nprint(1)\n```\nThe answer is 42.", prompt="cot_gsm8k")
    assert (trajectory.answer, len(trajectory.steps), trajectory.steps[0].execution) == ("42", 1, None)


async def test_a_problem_longer_than_the_context(model_file: Path) -> None:
    engine = LlamaCpp.load(model_file, LlamaCppConfig(n_ctx=64))
    async with Sandbox() as sandbox:
        story = run("Count the apples. " * 50, engine, sandbox, load_prompt("tora"))
        last = [event async for event in story][-1]
    await engine.close()
    assert isinstance(last, Finished)
    assert (last.trajectory.stop, last.trajectory.steps) == ("context_full", ())


async def test_the_budget_limits_the_tokens_of_all_rounds(model_file: Path) -> None:
    engine = LlamaCpp.load(model_file, LlamaCppConfig(slots=1))
    question = "What is 15% of 240?"
    async with Sandbox() as sandbox:
        whole = await to_end(run(question, engine, sandbox, load_prompt("tora")))
        first, second = (step.completion.completion_tokens for step in whole.steps)
        for total, steps in ((first, 1), (first + second - 1, 2)):
            budget = Budget(total_tokens=total)
            short = await to_end(run(question, engine, sandbox, load_prompt("tora"), budget=budget))
            assert (len(short.steps), short.completion_tokens, short.stop) == (steps, total, "token_limit")
            assert whole.text.startswith(short.text)
    await engine.close()


async def test_cancelling_frees_the_slot_and_the_place_in_the_sandbox(model_file: Path) -> None:
    engine = LlamaCpp.load(model_file, LlamaCppConfig(slots=1))
    hang = Replay({load_prompt("tora").fill(QUESTION): block("while True: pass")})
    async with Sandbox(concurrency=1) as sandbox:
        for busy, kind in ((engine, Generated), (hang, Running)):
            reached = asyncio.Event()
            story = run(QUESTION, busy, sandbox, load_prompt("tora"))
            task = asyncio.create_task(_last(story, kind, reached))
            await reached.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        last = await _last(run("What is 15% of 240?", engine, sandbox, load_prompt("tora")))
    await engine.close()
    assert isinstance(last, Finished) and last.trajectory.steps


async def _last(
    story: AsyncGenerator[Event, None], kind: type[Event] = Finished, reached: asyncio.Event | None = None
) -> Event:
    """The last event; sets `reached` at the first of a kind."""
    async for event in story:
        if reached and isinstance(event, kind):
            reached.set()
    return event
