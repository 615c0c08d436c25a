"""Who may use the server, and how much of it."""

import json
import re
import socket
from collections.abc import Callable, Iterator

import httpx2
import pytest

from command_line import PROBLEM, Done
from running_server import Server

pytest.importorskip("fastapi", reason="the extra serve is not installed")

pytestmark = pytest.mark.xdist_group("serve")  # one server for all


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),  # a name of its own that resolves to this machine
        ({"Host": "evil.example:80"}, 403),
        ({"Host": "localhost.evil.example"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Host": "localhost:1", "Origin": "http://localhost:2"}, 403),
        ({"Host": "localhost:1", "Origin": "http://localhost:1"}, 200),
        ({"Host": "[::1]:8000"}, 200),
        ({}, 200),
    ],
)
def test_other_sites_cannot_drive_it(server: Server, headers: dict[str, str], status: int) -> None:
    body = {"code": "print(1)"}
    reply = httpx2.post(f"{server.url}/v1/execute", json=body, headers=headers, timeout=240)
    assert reply.status_code == status
    assert "access-control-allow-origin" not in reply.headers
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_a_form_of_another_site_is_no_request(server: Server) -> None:
    reply = httpx2.post(f"{server.url}/v1/execute", content='{"code": "1"}', headers={"Content-Type": "text/plain"})
    assert reply.status_code == 400


def test_a_large_request_is_refused(server: Server) -> None:
    large = json.dumps({"code": "#" * (2 << 20)}).encode()

    def pieces() -> Iterator[bytes]:
        yield large[: 1 << 20]
        yield large[1 << 20 :]

    for content in (large, pieces()):
        headers = {"Content-Type": "application/json"}
        reply = httpx2.post(f"{server.url}/v1/execute", content=content, headers=headers, timeout=240)
        assert reply.status_code == 413 and "1048576 bytes" in reply.json()["error"]["message"]


def test_beyond_this_machine_there_is_a_key_and_limits(start: Callable[..., Server]) -> None:
    server = start("--host", "0.0.0.0", "--rate", "9", "--time-limit", "3", "--slots", "1", "--allow-host", "A.example")
    key = re.search(r"API key, made for this run: (\S+)", server.log.read_text())
    assert key
    bearer = {"Authorization": f"Bearer {key[1]}"}
    with httpx2.Client(base_url=server.url, timeout=240) as http:
        assert http.get("/health").status_code == 200
        for path in ("/v1/models", "/", "/runs", "/metrics", "/openapi.json"):
            assert http.get(path).status_code == 401
            assert http.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 401
        page = http.get("/", headers={"Accept": "text/html"})
        assert (page.status_code, page.headers["location"]) == (303, "/login")
        assert http.post("/login", data={"key": "wrong"}).status_code == 401
        assert http.post("/login", data={"key": key[1]}).status_code == 303
        assert "samesite=strict" in str(http.post("/login", data={"key": key[1]}).headers["set-cookie"]).lower()
        assert http.get("/").status_code == 200
        own = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        http.cookies.clear()
        assert (
            http.get("/", headers={"Cookie": f'another={{"a": 1}}; flag; {own}'}).status_code == 200
        )  # its neighbours'
        assert http.get("/v1/models", headers=bearer | {"Host": "a.example"}).status_code == 200

        body = {"messages": [{"role": "user", "content": PROBLEM}], "temperature": 3, "n": 64}
        late = http.post("/v1/chat/completions", json=body, headers=bearer)
        assert late.status_code == 504 and "longer than 3 seconds" in late.json()["error"]["message"]
        replies = [http.get("/v1/models", headers=bearer) for _ in range(19)]  # more than two minutes grant
        refused = next(reply for reply in replies if reply.status_code == 429)
        assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_the_key_may_come_from_the_environment(start: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORA_AGENT_API_KEY", "secret")
    server = start("--slots", "1")
    for key, status in (("wrong", 401), ("secret", 200)):
        reply = httpx2.get(f"{server.url}/v1/models", headers={"Authorization": f"Bearer {key}"}, timeout=240)
        assert reply.status_code == status
    assert "secret" not in server.log.read_text()


def test_a_port_that_is_taken_is_one_sentence(cli: Callable[..., Done]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = cli("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2 and "cannot listen on 127.0.0.1" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--host", "a..b"], "cannot listen on a..b"),
        (["--api-key", "ключ"], "the API key must be of printable ASCII characters"),
    ],
)
def test_a_name_that_cannot_be_one_is_one_sentence(cli: Callable[..., Done], options: list[str], sentence: str) -> None:
    done = cli("serve", *options)
    assert done.returncode == 2 and sentence in done.stderr and "Traceback" not in done.stderr
