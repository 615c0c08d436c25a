"""Evaluations on a Ray cluster: the same scores, whatever dies; several nodes of a real cluster on this machine."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import pytest

from command_line import COMMAND, Run, report
from running_server import serving
from tora_agent.errors import UserError
from tora_agent.eval.cluster.config import RayConfig
from tora_agent.eval.cluster.connection import connected
from tora_agent.eval.cluster.portions import Node, Portions, portions
from tora_agent.eval.cluster.worker import Assignment, Worker

pytest.importorskip("ray", reason="ray is not installed: pip install 'tora-agent[ray]'")

RAY = str(Path(sys.executable).with_name("ray"))
STORE = Path("runs") / "tora-agent.sqlite"
WORKER = "ray::Worker"
NICE = {"RAY_worker_niceness": "0"}  # else workers wait for everything else on the machine
PROBLEMS = 12
ONE_CLUSTER = pytest.mark.xdist_group("ray")  # for all tests that need one


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head and another node, of one CPU each."""
    from ray.cluster_utils import Cluster

    small = {"num_cpus": 1, "object_store_memory": 80 << 20, "include_dashboard": False, "env_vars": NICE}
    found = Cluster(initialize_head=True, head_node_args=small)
    found.add_node(**small)
    yield found
    found.shutdown()


@pytest.fixture
def replay(tmp_path: Path) -> list[str]:
    """Problems whose programs take a while; two of three recordings are right."""
    programs = "```python\nimport time\ntime.sleep(0.4)\nprint({0})\n```\n```output\n{0}\n```\n\\boxed{{{0}}}"
    problems = [{"question": f"what is {n}?", "answer": str(n + (n % 3 == 0))} for n in range(PROBLEMS)]
    texts = [{"question": problem["question"], "text": programs.format(n)} for n, problem in enumerate(problems)]
    for name, lines in {"mine.jsonl": problems, "recorded.jsonl": texts}.items():
        (tmp_path / name).write_text("".join(json.dumps(line) + "\n" for line in lines))
    return ["eval", "--dataset", "mine.jsonl", "--engine", "replay", "--trajectories", "recorded.jsonl", "--json"]


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
    process = subprocess.Popen([*COMMAND, *arguments], cwd=folder, **pipes)
    wait_until(lambda: len(rows(folder)) >= finished or process.poll() is not None)
    assert process.poll() is None, process.communicate()
    return process


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
def test_ctrl_c_keeps_what_is_finished_and_either_executor_goes_on(cli: Run, replay: list[str], tmp_path: Path) -> None:
    process = started(tmp_path, *replay, "--executor", "ray", "--workers", "2", finished=2)
    left = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    kept = rows(tmp_path)
    assert process.returncode == 130 and f"stopped; {len(kept)} of {PROBLEMS}" in errors and "Traceback" not in errors
    _, alive = psutil.wait_procs(left, timeout=60)
    assert not alive
    resumed = report(cli(*replay, "--resume"))
    assert (resumed["run"], resumed["n"], resumed["correct"], len(rows(tmp_path))) == (1, PROBLEMS, 8, PROBLEMS)
    assert "run 1 has finished, nothing to do" in cli(*replay, "--executor", "ray", "--resume").stderr


@ONE_CLUSTER
@pytest.mark.slow
def test_a_run_says_that_it_waits_for_a_full_cluster(replay: list[str], cluster: Any, tmp_path: Path) -> None:
    with connected(cluster.address):
        from ray.util import placement_group

        placement_group([{"CPU": 1}] * 2).wait(60)
        process = started(tmp_path, *replay, "--executor", "ray", "--address", cluster.address, finished=0)
        assert process.stderr is not None
        assert "others use the Ray cluster's CPUs" in process.stderr.readline()
    output, _ = process.communicate(timeout=120)
    assert json.loads(output)["n"] == PROBLEMS


@ONE_CLUSTER
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


@ONE_CLUSTER
@pytest.mark.slow
def test_a_model_runs_in_the_workers(cli: Run, cluster: Any, tmp_path: Path) -> None:
    arguments = ["eval", "--dataset", "sample", "--limit", "2", "--max-tokens", "60", "--json"]
    scored = report(cli(*arguments, "--executor", "ray", "--address", cluster.address, "--workers", "2"))
    assert scored["n"] == 2 and scored["completion_tokens"] > 40


@pytest.fixture
def shared_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A server that wants a key, which the nodes of the cluster have not."""
    monkeypatch.setenv("OPENAI_API_KEY", "the key")
    with serving(tmp_path, "--api-key", "the key", "--slots", "4") as server:
        yield f"{server.url}/v1"


@ONE_CLUSTER
@pytest.mark.slow
def test_workers_share_a_server(shared_server: str, cli: Run, cluster: Any) -> None:
    arguments = ["eval", "--dataset", "sample", "--limit", "6", "--base-url", shared_server, "--json"]
    alone = report(cli(*arguments, "--store", "local.sqlite"))
    scored = report(cli(*arguments, "--executor", "ray", "--address", cluster.address, "--workers", "2"))
    assert (scored["engine"], scored["n"]) == ("openai", 6)
    for key in ("correct", "strict", "stops", "programs"):
        assert scored[key] == alone[key]


@ONE_CLUSTER
@pytest.mark.slow
@pytest.mark.parametrize(
    ("elsewhere", "sentences"),
    [
        ("import ray; ray.__version__ = '2.0.0'", ["cannot be used", "2.0.0"]),
        (
            "from importlib import metadata; there = metadata.version; "
            "metadata.version = lambda name: '0.1' if name == 'mpmath' else there(name)",
            ["on the node ", ": mpmath 1.", " is installed, and 0.1 where the run was started"],
        ),
    ],
    ids=["ray", "package"],
)
def test_a_cluster_with_other_versions_is_refused(
    cluster: Any, replay: list[str], tmp_path: Path, elsewhere: str, sentences: list[str]
) -> None:
    program = f"{elsewhere}; from tora_agent.cli import main; main()"
    arguments = [*replay, "--executor", "ray", "--address", cluster.address]
    done = subprocess.run([sys.executable, "-c", program, *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "") and "Traceback" not in done.stderr, done.stderr
    assert all(sentence in done.stderr.splitlines()[-1] for sentence in sentences), done.stderr


@ONE_CLUSTER
@pytest.mark.slow
def test_a_killed_worker_and_a_killed_node_cost_no_problem(
    cli: Run, cluster: Any, replay: list[str], tmp_path: Path
) -> None:
    expected = report(cli(*replay, "--store", "local.sqlite"))
    process = started(tmp_path, *replay, "--executor", "ray", "--address", cluster.address, finished=2)
    head, other = cluster.list_all_nodes()
    workers(raylet(head))[0].kill()
    seen = len(rows(tmp_path))
    wait_until(lambda: len(rows(tmp_path)) > seen or process.poll() is not None)
    assert process.poll() is None and workers(raylet(other))
    cluster.remove_node(other, allow_graceful=False)  # the rest is left to a new worker of the head
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    scored = json.loads(output)
    assert sorted(rows(tmp_path)) == sorted((str(n), 0) for n in range(PROBLEMS))
    for key in ("n", "correct", "strict", "stops", "programs", "differences"):
        assert scored[key] == expected[key]
    assert "Traceback" not in errors and "ray" not in errors.lower()


async def test_a_node_without_a_package_is_named() -> None:
    assignment = Assignment(nullcontext, lambda: {"ours": version("not-there")}, {"ours": "1"}, {})
    with pytest.raises(UserError, match=r"on the node .*: not-there is not installed"):
        await Worker().open(assignment)


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
    ("address", "sentence"),
    [
        ("127.0.0.1:9", "no Ray cluster answers at 127.0.0.1:9"),
        ("nowhere.invalid:6379", "no Ray cluster answers at nowhere.invalid:6379"),
        ("127.0.0.1:99999", "no Ray cluster answers"),
        ("ray://127.0.0.1:10001", "does not have the form HOST:PORT"),
        ("127.0.0.1", "does not have the form HOST:PORT"),
    ],
)
def test_an_address_without_a_cluster_is_refused(address: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence), connected(address):
        pass


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--address", "PAGE"], "is no Ray cluster"),
        (["--workers", "0"], "workers must be from 1"),
        (["--set", "ray.cpus=1.5"], "cpus must be a whole number"),
    ],
)
def test_a_mistake_is_one_sentence(cli: Run, replay: list[str], page: str, arguments: list[str], sentence: str) -> None:
    done = cli(*replay, "--executor", "ray", *(page if argument == "PAGE" else argument for argument in arguments))
    assert (done.returncode, done.stdout) == (2, ""), done
    assert sentence in done.stderr and len(done.stderr.splitlines()) == 1


@ONE_CLUSTER
@pytest.mark.slow
def test_the_documented_lines_start_a_cluster_that_asks_for_its_token(replay: list[str], tmp_path: Path) -> None:
    plain = {key: value for key, value in os.environ.items() if not key.startswith("RAY_")} | {"HOME": str(tmp_path)}
    token = plain | NICE | {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token"}
    subprocess.run([RAY, "get-auth-token", "--generate"], env=token, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    address = f"127.0.0.1:{port}"
    evaluate = [*COMMAND, *replay, "--executor", "ray", "--address", address]
    with ExitStack() as running:
        for place in (["--head", f"--port={port}"], [f"--address={address}"]):
            start = [RAY, "start", *place, "--num-cpus=1", "--object-store-memory=80000000", "--block"]
            node = subprocess.Popen(start, env=token, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            running.callback(node.wait)
            running.callback(node.terminate)
            assert any("Ray runtime started" in line for line in node.stdout or [])
        done = subprocess.run(evaluate, env=token, cwd=tmp_path, capture_output=True, text=True)
        assert report(done)["n"] == PROBLEMS
        done = subprocess.run(evaluate, env=plain, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and "asks for a token: set RAY_AUTH_MODE=token" in done.stderr.splitlines()[-1]


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
        ([Node(0), Node(8), Node(16)], RayConfig(), True, Portions(3, 8)),
        ([Node(0), Node(8), Node(8)], RayConfig(), True, Portions(2, 8)),
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
