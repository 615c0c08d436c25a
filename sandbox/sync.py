"""The sandbox for programs without an event loop: its own runs in a thread beside them."""

from tora_agent.background import Background, Closing
from tora_agent.sandbox.limits import Execution, Limits, Mode
from tora_agent.sandbox.sandbox import Sandbox
from tora_agent.sandbox.session import Session


class SyncSandbox(Closing):
    """A `Sandbox` whose calls block; safe to use from several threads, and where an event loop runs (a notebook).

    Close it, or use it as a context manager, to end its processes.

    >>> with SyncSandbox() as sandbox, sandbox.session("notebook") as session:
    ...     session.run("x = 6")
    ...     print(session.run("x * 7").stdout)
    42
    """

    def __init__(self, sandbox: Sandbox | None = None) -> None:
        """The front of that sandbox, with its limits and settings, or of a default one; it becomes this one's own.

        Its process starts at once, and warms up in the background.
        """
        self._sandbox = sandbox or Sandbox()
        self._background = Background("sandbox")
        self._background.wait(self._sandbox.__aenter__())

    def session(self, mode: Mode = "stateless", echo: bool = True) -> "SyncSession":
        """A session, to be closed, or used as a context manager; without `echo` a notebook prints no last values."""
        return SyncSession(self._background, Session(self._sandbox, mode, echo))

    def close(self) -> None:
        """End every program, and the processes; a second call does nothing."""
        self._background.close(self._sandbox.__aexit__())


class SyncSession(Closing):
    """A `Session` whose calls block: made by `SyncSandbox.session`."""

    def __init__(self, background: Background, session: Session) -> None:
        self._background = background
        self._session = session

    def run(self, code: str, seconds: float | None = None) -> Execution:
        """Run one program, in at most `seconds` (the sandbox's limit by default); what comes of it is a value.

        Raises:
            SandboxBusy: it waited for its turn for as long as the sandbox allows.
            SandboxUnavailable: no process could be started, or a notebook's state could not be rebuilt.
            RuntimeError: the sandbox is closed, or closes before the program has ended.
        """
        return self._background.wait(self._session.run(code, seconds))

    def fork(self) -> "SyncSession":
        """A session that goes on from this one's state; from there on the two share nothing."""
        return SyncSession(self._background, self._background.wait(self._fork()))

    def reset(self) -> None:
        """Forget the state and kill what still runs."""
        self._background.wait(self._reset())

    def close(self) -> None:
        """The same as `reset`, where the sandbox is not closed already."""
        if not self._background.closed:
            self.reset()

    async def _fork(self) -> Session:
        return self._session.fork()

    async def _reset(self) -> None:
        self._session.reset()


def run_program(code: str, limits: Limits = Limits(), mode: Mode = "stateless") -> Execution:  # noqa: B008
    """Run one program in a sandbox of its own.

    Raises:
        SandboxUnavailable: no process could be started.
    """
    with SyncSandbox(Sandbox(limits)) as sandbox, sandbox.session(mode) as session:
        return session.run(code)
