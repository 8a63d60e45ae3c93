"""One process per test session that starts PostgreSQL and Redis when first asked and stops them with the session.

It ends when its standard input does, so nothing is left behind even when pytest is killed. It knows no test.
"""

import contextlib
import json
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers import postgres, redis
from tests.servers.processes import wait_until
from tests.servers.wheels import FetchError

STARTERS = {"postgres": postgres.running, "redis": redis.running}


@contextlib.contextmanager
def kept() -> Iterator[Path]:
    """Start a keeper, give the address where `ask` finds it, and end it with its servers."""
    with tempfile.TemporaryDirectory(prefix="binome-keeper-", ignore_cleanup_errors=True) as folder:
        door = Path(folder) / "keeper"
        command = [sys.executable, "-m", __name__, str(door)]
        root = Path(__file__).parents[2]
        # A session of its own: Ctrl-C reaches pytest, and pytest's end reaches the keeper.
        keeper = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, start_new_session=True)
        try:
            yield door
        finally:
            assert keeper.stdin
            keeper.stdin.close()
            keeper.wait(timeout=60)


def ask(door: Path, server: str) -> str:
    """Return the address of a server, started at the first question; raise RuntimeError saying why it is not there."""
    wait_until(door.exists, "the keeper of the test servers answers", timeout_s=30)
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(door))
        line.sendall(server.encode())
        line.shutdown(socket.SHUT_WR)
        answer = json.loads(line.makefile("rb").read() or '{"error": "the keeper of the test servers has died"}')
    if "url" not in answer:
        raise RuntimeError(f"no {server} for the tests: {answer['error']}")
    return str(answer["url"])


def main() -> None:
    """Answer questions until standard input ends, then stop what was started."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    urls: dict[str, str] = {}
    with contextlib.ExitStack() as servers, socket.socket(socket.AF_UNIX) as door:
        _open(door, Path(sys.argv[1]))
        # Whoever made the folder may be killed: its removal is the keeper's business too.
        servers.callback(shutil.rmtree, Path(sys.argv[1]).parent, ignore_errors=True)
        while sys.stdin not in (ready := select.select([door, sys.stdin], [], [])[0]):
            if ready:
                _answer(door, urls, servers)


def _open(door: socket.socket, path: Path) -> None:
    """Listen first, then give the socket its name: who sees it may connect."""
    unfinished = path.with_suffix(".new")
    door.bind(str(unfinished))
    door.listen()
    unfinished.rename(path)


def _answer(door: socket.socket, urls: dict[str, str], servers: contextlib.ExitStack) -> None:
    line, _ = door.accept()
    with line, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        server = line.makefile("rb").read().decode()
        try:
            urls[server] = urls.get(server) or servers.enter_context(STARTERS[server]())
            answer = {"url": urls[server]}
        except (FetchError, KeyError, OSError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        line.sendall(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
