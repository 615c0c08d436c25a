"""Samples of problems through one engine: in which order, and what that makes the engine read."""

from collections import Counter
from pathlib import Path

from tora_agent.agent import Budget
from tora_agent.bench.forced import Forced, least_read
from tora_agent.engines.base import Engine, Sampling
from tora_agent.engines.llama_cpp import LlamaCpp, LlamaCppConfig
from tora_agent.engines.replay import Replay
from tora_agent.eval.grading import Grader
from tora_agent.eval.outcome import Outcome
from tora_agent.eval.runner import Plan, Solver, evaluate
from tora_agent.eval.tasks import Problem
from tora_agent.prompt import load_prompt
from tora_agent.sandbox import Sandbox

PROMPT = load_prompt("tora")
PROBLEMS = [Problem(str(n), f"Tom has {n} apples and eats {n - 3} of them. What is left?", "3") for n in range(11, 21)]


async def solved(engine: Engine, plan: Plan, budget: Budget = Budget()) -> list[Outcome]:
    """The samples of all problems, in the order in which they ended."""
    outcomes: list[Outcome] = []
    async with Sandbox() as sandbox:
        graders = Grader(sandbox), Grader(sandbox, "strict")
        solver = Solver(engine, sandbox, PROMPT, *graders, Sampling(temperature=0.7), budget)
        await evaluate(PROBLEMS, solver, plan, outcomes.append)
    return outcomes


async def test_a_prompt_is_read_once_for_all_samples_of_its_problem(model_file: Path) -> None:
    """There are more problems than slots: once another has a prompt's place, it would be read anew."""
    engine = LlamaCpp.load(model_file, LlamaCppConfig(n_ctx=512, slots=4, threads=1))
    plan = Plan(samples=6, concurrency=4)
    outcomes = await solved(engine, plan, Budget(rounds=1, max_tokens=4))
    least = least_read(engine, [Forced(problem.question, PROMPT.fill(problem.question), ()) for problem in PROBLEMS])
    await engine.close()
    read = sum(outcome.trajectory.prompt_tokens for outcome in outcomes)
    assert len(outcomes) == len(PROBLEMS) * plan.samples
    again = len(PROBLEMS) * (plan.samples - 1)  # each further sample computes the prompt's last token
    assert least + again <= read <= 1.02 * (least + again)  # two that begin at once may have a few equal tokens


async def test_early_stop_begins_no_sample_that_those_which_run_make_needless() -> None:
    """All samples agree: of seven, four decide."""
    engine = Replay({PROMPT.fill(problem.question): r"It is $\boxed{3}$." for problem in PROBLEMS})
    outcomes = await solved(engine, Plan(samples=7, concurrency=3, early_stop=True))
    counts = Counter(outcome.problem.id for outcome in outcomes)
    assert all(counts[problem.id] == 4 for problem in PROBLEMS[:-1])
    assert 4 <= counts[PROBLEMS[-1].id] <= 6  # in the end there is nothing else to do
    assert {outcome.sample for outcome in outcomes if outcome.problem is PROBLEMS[0]} == {0, 1, 2, 3}


def test_no_two_seeds_questions_or_samples_share_a_draw() -> None:
    drawn = [
        Sampling(seed=seed).for_sample(question, number).seed
        for seed in range(3)
        for question in ("one and one?", "two and two?")
        for number in range(100)
    ]
    assert len(set(drawn)) == 600
    assert Sampling(seed=2).for_sample("two and two?", 99).seed == drawn[-1]
