"""What the server counts, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tora_agent.agent import Event, Executed, Finished
from tora_agent.serve.gate import Gate


class Metrics:
    """Counters in a registry of their own, so that two servers in one process do not share them."""

    def __init__(self, gate: Gate) -> None:
        """Watch the gate to the engine."""
        self._registry = registry = CollectorRegistry()
        self._tokens = Counter("tora_tokens", "Tokens of finished trajectories.", ["kind"], registry=registry)
        self._runs = Counter("tora_sandbox_runs", "Programs run.", ["status"], registry=registry)
        self._trajectories = Counter("tora_trajectories", "Finished trajectories.", ["stop"], registry=registry)
        self._seconds = Histogram(
            "tora_trajectory_seconds",
            "Time of a trajectory.",
            buckets=(0.5, 1, 2, 5, 10, 30, 60, 300),
            registry=registry,
        )
        self._requests = Counter("tora_requests", "Requests answered.", ["path", "code"], registry=registry)
        self._errors = Counter(
            "tora_errors", "Requests that failed by no fault of theirs.", ["kind"], registry=registry
        )
        for name, what, read in (
            ("tora_slots", "Trajectories that can grow at the same time.", lambda: gate.slots),
            ("tora_slots_used", "Trajectories that grow now.", lambda: gate.running),
            ("tora_queue", "Trajectories that wait for a slot.", lambda: gate.waiting),
        ):
            Gauge(name, what, registry=registry).set_function(read)

    def saw(self, event: Event) -> None:
        """Something happened in a trajectory."""
        match event:
            case Executed(execution):
                self._runs.labels(execution.status).inc()
            case Finished(trajectory):
                self._tokens.labels("read").inc(trajectory.prompt_tokens)
                self._tokens.labels("written").inc(trajectory.completion_tokens)
                self._trajectories.labels(trajectory.stop).inc()
                self._seconds.observe(trajectory.seconds)

    def ran(self, status: str) -> None:
        """A program ran outside of a trajectory."""
        self._runs.labels(status).inc()

    def answered(self, path: str, code: int) -> None:
        """A request was answered; `path` is its route, of which there are few."""
        self._requests.labels(path, str(code)).inc()

    def failed(self, error: Exception) -> None:
        """The engine, the sandbox or the server itself failed."""
        self._errors.labels(type(error).__name__).inc()

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)
