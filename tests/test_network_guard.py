"""A program that forbade itself the network, in a process of its own: the hook cannot be taken out again."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TRIES = """
import json, socket, sys, urllib.request
from pathlib import Path
from photofinder.consent import Consent
from photofinder.download import download
from photofinder.network_guard import NetworkForbidden, forbid_network

forbid_network()
port, url, target = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
said = {}

def attempt(name, work):
    try:
        work()
        said[name] = "let through"
    except NetworkForbidden:
        said[name] = "refused"
    except OSError as error:
        said[name] = "refused" if isinstance(getattr(error, "reason", None), NetworkForbidden) else repr(error)

attempt("connect", lambda: socket.create_connection(("127.0.0.1", port), 2))
attempt("connect ex", lambda: socket.socket().connect_ex(("127.0.0.1", port)))
attempt("look-up", lambda: socket.getaddrinfo("example.invalid", 80))
attempt("old look-up", lambda: socket.gethostbyname("example.invalid"))
attempt("listen", lambda: socket.socket().bind(("127.0.0.1", 0)))
attempt("datagram", lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", port)))
attempt("library", lambda: urllib.request.urlopen(url, timeout=2))
if hasattr(socket, "AF_UNIX"):
    here, there = socket.socketpair()
    attempt("pair", lambda: here.sendall(b"x"))
attempt("with a yes", lambda: list(download(Consent(url, 5), target)))
attempt("after it", lambda: socket.create_connection(("127.0.0.1", port), 2))
print(json.dumps(said | {"fetched": target.read_bytes().decode()}))
"""


class _Five(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"pesos")

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Five) as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def test_everything_is_refused_but_a_download_with_a_yes(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{server.server_port}/pesos"
    command = [sys.executable, "-c", TRIES, str(server.server_port), url, str(tmp_path / "pesos")]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    said = json.loads(answer.stdout)
    assert said.pop("fetched") == "pesos"
    assert said.pop("with a yes") == "let through"
    assert said.pop("pair", "let through") == "let through"
    assert set(said.values()) == {"refused"}, said
    assert len(said) == 8
