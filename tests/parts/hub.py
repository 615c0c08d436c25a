"""A server that speaks the hub's protocol, as far as reading data sets and models needs it, over files in a folder.

The folder holds OWNER/NAME/... for each of them. What the owner `gated` has is given to nobody, what `private` has to
those with the token only, and `busy` is asked too often. A file of `cut` breaks off half-way when it is asked for as a
whole, one of `stalls` stops there, and those of `elsewhere` are on another host, which takes no tokens. The requests
for files are written down in FOLDER/requests, with their ranges. Usage: hub.py FOLDER; prints its port.
"""

import hashlib
import json
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(sys.argv[1])
COMMIT = "0" * 40
TOKEN = "hf_right"


class Hub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = unquote(urlsplit(self.path).path).strip("/").split("/")
        match parts:
            case ["api", "datasets" | "models", owner, name, *rest]:
                if not self.refused(owner, name):
                    self.api(owner, name, rest)
            case ["datasets", owner, name, "resolve", revision, *file] | [owner, name, "resolve", revision, *file]:
                if not self.refused(owner, name):
                    self.file(ROOT / owner / name / "/".join(file), revision)
            case _:
                self.reply(404, b"{}", {})

    do_HEAD = do_POST = do_GET

    def refused(self, owner: str, name: str) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in ("", TOKEN) or (token and self.headers["Host"].startswith("localhost")):
            self.reply(401, b"{}", {"X-Error-Message": "Invalid credentials in Authorization header"})
        elif owner == "gated":
            self.reply(403, b"{}", {"X-Error-Code": "GatedRepo"})
        elif owner == "busy":
            self.reply(429, b"{}", {"Retry-After": "30"})
        elif (owner == "private" and not token) or not (ROOT / owner / name).is_dir():
            self.reply(404 if token else 401, b"{}", {"X-Error-Code": "RepoNotFound"})
        else:
            return False
        return True

    def api(self, owner: str, name: str, rest: list[str]) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        folder = ROOT / owner / name
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        entries = [
            {"type": "file", "path": str(f.relative_to(folder)), "size": f.stat().st_size, "oid": COMMIT} for f in files
        ]
        if rest[:1] in (["tree"], ["paths-info"]):
            under = "/".join(rest[2:])
            self.json([entry for entry in entries if str(entry["path"]).startswith(under)])
        else:
            siblings = [{"rfilename": entry["path"]} for entry in entries]
            self.json({"id": f"{owner}/{name}", "sha": COMMIT, "siblings": siblings, "private": False, "tags": []})

    def file(self, path: Path, revision: str) -> None:
        if revision != "main" and not re.fullmatch("[0-9a-f]{40}", revision):
            self.reply(404, b"{}", {"X-Error-Code": "RevisionNotFound"})
            return
        if not path.is_file():
            self.reply(404, b"{}", {"X-Error-Code": "EntryNotFound"})
            return
        data = path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        headers = {"ETag": digest, "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if "elsewhere" in path.parts and self.headers["Host"].startswith("127.0.0.1"):
            linked = {"X-Linked-Etag": digest, "X-Linked-Size": str(len(data)), "X-Repo-Commit": COMMIT}
            self.reply(302, b"", linked | {"Location": f"http://localhost:{self.server.server_port}{self.path}"})
            return
        span = self.headers.get("Range")
        with (ROOT / "requests").open("a") as requests:
            print(self.command, path.relative_to(ROOT), span, file=requests)
        if not span:
            cut = {"cut", "stalls"}.intersection(path.parts)
            self.reply(200, data, headers, len(data) // 2 if cut else None)
            if "stalls" in cut and self.command == "GET":
                time.sleep(600)
            return
        first, _, last = span.removeprefix("bytes=").partition("-")
        end = min(int(last) + 1 if last else len(data), len(data))
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(data)}"
        self.reply(206, data[int(first) : end], headers)

    def json(self, value: object) -> None:
        self.reply(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def reply(self, status: int, body: bytes, headers: dict[str, str], cut: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:cut])
            self.wfile.flush()
            self.close_connection = cut is not None

    def log_message(self, *_: object) -> None: ...


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    print(server.server_port, flush=True)
    server.serve_forever()
