"""Evaluations on a Ray cluster: the same scores, whatever dies; several nodes of a real cluster on this machine."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import psutil
import pytest

from tora_agent.errors import UserError
from tora_agent.eval.cluster.config import RayConfig
from tora_agent.eval.cluster.portions import Node, Portions, portions

pytest.importorskip("ray", reason="ray is not installed: pip install 'tora-agent[ray]'")

Run = Callable[..., "subprocess.CompletedProcess[str]"]
COMMAND = [sys.executable, "-c", "from tora_agent.cli import main; main()"]
STORE = Path("runs") / "tora-agent.sqlite"
WORKER = "ray::Worker"
NICE = {"RAY_worker_niceness": "0"}  # else workers wait for everything else on the machine


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head and two further nodes, of one CPU each."""
    from ray.cluster_utils import Cluster

    found = Cluster(initialize_head=True, head_node_args=small_node())
    found.add_node(**small_node())
    found.add_node(**small_node())
    yield found
    found.shutdown()


def small_node() -> dict[str, Any]:
    return {"num_cpus": 1, "object_store_memory": 80 << 20, "include_dashboard": False, "env_vars": dict(NICE)}


@pytest.fixture
def replay(tmp_path: Path) -> list[str]:
    """24 problems whose programs take a while; two of three recordings are right."""
    programs = "```python\nimport time\ntime.sleep(0.5)\nprint({0})\n```\n```output\n{0}\n```\n\\boxed{{{0}}}"
    problems = [{"question": f"what is {n}?", "answer": str(n + (n % 3 == 0))} for n in range(24)]
    texts = [{"question": problem["question"], "text": programs.format(n)} for n, problem in enumerate(problems)]
    for name, lines in {"mine.jsonl": problems, "recorded.jsonl": texts}.items():
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return ["eval", "--dataset", "mine.jsonl", "--engine", "replay", "--trajectories", "recorded.jsonl", "--json"]


def report(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def rows(folder: Path) -> list[tuple[str, int]]:
    """What is stored, by problem and sample."""
    if not (folder / STORE).exists():
        return []
    with sqlite3.connect(f"file:{folder / STORE}?mode=ro", uri=True) as connection:
        try:
            return connection.execute("SELECT problem_id, sample FROM results").fetchall()
        except sqlite3.OperationalError:  # not made yet
            return []


def started(folder: Path, *arguments: str, finished: int) -> "subprocess.Popen[str]":
    """An evaluation that has so many rows in its store and goes on."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*COMMAND, *arguments], cwd=folder, **pipes)  # type: ignore[call-overload]
    wait_until(lambda: len(rows(folder)) >= finished or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    return process  # type: ignore[no-any-return]


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 240
    while not happened():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.05)


def workers(parent: psutil.Process) -> list[psutil.Process]:
    """The workers among a process's descendants."""
    found = []
    for process in parent.children(recursive=True):
        try:
            found += [process] if WORKER in " ".join(process.cmdline()) else []
        except psutil.NoSuchProcess:
            continue
    return found


def raylet(node: Any) -> psutil.Process:
    return psutil.Process(node.all_processes["raylet"][0].process.pid)


@pytest.mark.slow
def test_a_killed_worker_and_a_killed_node_cost_no_problem(
    cli: Run, cluster: Any, replay: list[str], tmp_path: Path
) -> None:
    expected = report(cli(*replay, "--store", "local.sqlite"))
    process = started(tmp_path, *replay, "--executor", "ray", "--address", cluster.address, finished=3)
    _, second, third = cluster.list_all_nodes()
    workers(raylet(second))[0].kill()
    seen = len(rows(tmp_path))
    wait_until(lambda: len(rows(tmp_path)) > seen or process.poll() is not None)
    assert process.poll() is None and workers(raylet(third))
    cluster.remove_node(third, allow_graceful=False)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    scored = json.loads(output)
    assert sorted(rows(tmp_path)) == sorted((str(n), 0) for n in range(24))
    for key in ("n", "correct", "strict", "stops", "programs", "differences"):
        assert scored[key] == expected[key]
    assert "Traceback" not in errors and "ray" not in errors.lower()


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished_and_either_executor_goes_on(cli: Run, replay: list[str], tmp_path: Path) -> None:
    process = started(tmp_path, *replay, "--executor", "ray", "--workers", "2", finished=2)
    left = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    kept = rows(tmp_path)
    assert process.returncode == 130 and f"stopped; {len(kept)} of 24" in errors and "Traceback" not in errors
    _, alive = psutil.wait_procs(left, timeout=60)
    assert not alive
    resumed = report(cli(*replay, "--resume"))
    assert (resumed["run"], resumed["n"], resumed["correct"], len(rows(tmp_path))) == (1, 24, 16, 24)
    assert "run 1 has finished, nothing to do" in cli(*replay, "--executor", "ray", "--resume").stderr


@pytest.mark.slow
def test_a_config_file_names_the_executor_and_votes_end_early(
    cli: Run, cluster: Any, replay: list[str], tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(
        f"executor: ray\nray: {{address: '{cluster.address}', workers: 1}}\nengine: replay\n"
        "trajectories: recorded.jsonl\ndataset: {name: mine.jsonl, limit: 3}\n"
        "samples: 3\nearly_stop: true\nsampling: {temperature: 0.7}\noutput: {concurrency: 1}\n"
    )
    scored = report(cli("run", "mine.yaml", "--json"))
    assert (scored["n"], scored["correct"], scored["majority"][2]["value"]) == (3, 2, pytest.approx(2 / 3))
    assert len(rows(tmp_path)) == 6  # two of three samples that agree decide


@pytest.mark.slow
def test_a_model_runs_in_each_worker(cli: Run, cluster: Any, tmp_path: Path) -> None:
    arguments = ["eval", "--dataset", "sample", "--limit", "4", "--max-tokens", "120", "--json"]
    scored = report(cli(*arguments, "--executor", "ray", "--address", cluster.address, "--workers", "2"))
    assert scored["n"] == 4 and scored["completion_tokens"] > 40


@pytest.mark.slow
def test_a_node_with_another_package_is_refused(
    cli: Run, cluster: Any, replay: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "elsewhere" / "mpmath-0.1.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: mpmath\nVersion: 0.1\n")
    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPATH", str(package.parent))
        node = cluster.add_node(**small_node() | {"num_cpus": 2})
    try:
        only_there = ["--workers", "1", "--set", "ray.cpus=2"]
        done = cli(*replay, "--executor", "ray", "--address", cluster.address, *only_there)
    finally:
        cluster.remove_node(node)
    assert (done.returncode, done.stdout) == (2, "")
    assert ": mpmath 0.1 is installed, and 1." in done.stderr and "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_cluster_of_another_version_is_refused(cluster: Any, replay: list[str], tmp_path: Path) -> None:
    program = "import ray; ray.__version__ = '2.0.0'; from tora_agent.cli import main; main()"
    arguments = [*replay, "--executor", "ray", "--address", cluster.address]
    done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=tmp_path, capture_output=True, text=True)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 2 and "cannot be used" in last and "2.0.0" in last and "Traceback" not in done.stderr


class Page(BaseHTTPRequestHandler):
    """A web server, which is no Ray cluster."""

    def do_PRI(self) -> None:
        self.send_error(505)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def page() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--address", "127.0.0.1:9"], "no Ray cluster answers at 127.0.0.1:9"),
        (["--address", "nowhere.invalid:6379"], "no Ray cluster answers at nowhere.invalid:6379"),
        (["--address", "ray://127.0.0.1:10001"], "does not have the form HOST:PORT"),
        (["--address", "127.0.0.1"], "does not have the form HOST:PORT"),
        (["--address", "127.0.0.1:99999"], "no Ray cluster answers"),
        (["--address", "PAGE"], "is no Ray cluster"),
        (["--workers", "0"], "workers must be from 1"),
        (["--set", "ray.cpus=1.5"], "cpus must be a whole number"),
    ],
)
def test_a_mistake_is_one_sentence(cli: Run, replay: list[str], page: str, arguments: list[str], sentence: str) -> None:
    done = cli(*replay, "--executor", "ray", *(page if argument == "PAGE" else argument for argument in arguments))
    assert (done.returncode, done.stdout) == (2, ""), done
    assert sentence in done.stderr and len(done.stderr.splitlines()) == 1


def test_without_ray_the_extra_is_named(replay: list[str], tmp_path: Path) -> None:
    program = "import sys; sys.modules['ray'] = None; from tora_agent.cli import main; main()"
    command = [sys.executable, "-c", program, *replay, "--executor", "ray"]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.strip().endswith("pip install 'tora-agent[ray]'")


@pytest.mark.parametrize(
    ("nodes", "config", "whole_nodes", "expected"),
    [
        ([Node(2)], RayConfig(), False, Portions(2, 1)),
        ([Node(8), Node(16)], RayConfig(), False, Portions(24, 1)),
        ([Node(8), Node(16)], RayConfig(), True, Portions(3, 8)),
        ([Node(8), Node(16)], RayConfig(workers=3), True, Portions(3, 8)),
        ([Node(2)], RayConfig(workers=6), False, Portions(6, 1 / 3)),
        ([Node(8), Node(16)], RayConfig(cpus=4), True, Portions(6, 4)),
        ([Node(32, 4), Node(8)], RayConfig(gpus=1), True, Portions(4, 8)),
        ([Node(32, 4)], RayConfig(gpus=0.5), True, Portions(8, 4)),
        ([Node(32, 4)], RayConfig(gpus=1), False, Portions(4, 1)),
    ],
)
def test_the_cluster_is_shared_out(nodes: list[Node], config: RayConfig, whole_nodes: bool, expected: Portions) -> None:
    assert portions(nodes, config, whole_nodes) == expected


@pytest.mark.parametrize("config", [RayConfig(workers=2, cpus=8), RayConfig(gpus=1), RayConfig(workers=2, gpus=1)])
def test_no_room_is_said(config: RayConfig) -> None:
    with pytest.raises(UserError, match=r"no room for .*its nodes have 8 CPUs"):
        portions([Node(8)], config, whole_nodes=True)
