"""What a job comes to, for faces that give it back as a whole."""

from typing import Any

from tora_agent.agent import Finished, Trajectory
from tora_agent.serve.solving import Job, News, ProblemTooLong, Tally


class Outcome:
    """What a job has come to so far."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._finished: dict[int, Trajectory] = {}
        self._tally = Tally(None, ())

    def add(self, news: News) -> None:
        """Take in what happened.

        Raises:
            ProblemTooLong: a trajectory ended before it began.
        """
        match news:
            case Tally():
                self._tally = news
            case number, Finished(trajectory):
                if not trajectory.steps:
                    raise ProblemTooLong
                self._finished[number] = trajectory

    def chosen(self) -> list[Trajectory]:
        """The trajectories to give back: all, or the one that won the vote."""
        if self._job.vote:
            return [self._finished[self._tally.winner or 0]]
        return [self._finished[number] for number in sorted(self._finished)]

    def usage(self) -> dict[str, int]:
        """Tokens of all trajectories, also of those that lost the vote."""
        read = sum(trajectory.prompt_tokens for trajectory in self._finished.values())
        written = sum(trajectory.completion_tokens for trajectory in self._finished.values())
        return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}

    def votes(self) -> list[dict[str, Any]]:
        """Each answer with the number of its votes, the winner first; empty where there was no vote."""
        return [{"answer": answer, "votes": len(voters)} for answer, voters in self._tally.answers]
