"""A Redis and a PostgreSQL of one's own, which can be stopped, frozen, flushed and cut without harm to other tests."""

import contextlib
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import redis as client
from sqlalchemy import make_url

from tests.servers import postgres, redis
from tests.servers.ports import free_port
from tests.servers.processes import stop, wait_until


class OwnRedis:
    """A redis-server on one port; it keeps nothing on disk."""

    def __init__(self, folder: Path) -> None:
        """Choose a port; nothing runs yet."""
        self._port, self._password, self._folder = free_port(), secrets.token_hex(16), folder
        self.url = f"redis://:{self._password}@127.0.0.1:{self._port}/0"
        lines = [f"port {self._port}", "bind 127.0.0.1", f"dir {folder}", f"requirepass {self._password}"]
        (folder / "redis.conf").write_text("\n".join([*lines, "appendonly no", 'save ""']))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to serve."""
        with (self._folder / "redis.log").open("ab") as log:
            command = [redis.program(), self._folder / "redis.conf"]
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self._answers, "Redis answers", timeout_s=30)

    def kill(self) -> None:
        """Be gone at once, with all that was kept."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def freeze(self) -> None:
        """Keep every connection and answer nobody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Answer again."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        """Forget everything."""
        with client.Redis.from_url(self.url) as connection:
            connection.flushall()

    def _answers(self) -> bool:
        with client.Redis.from_url(self.url) as connection, contextlib.suppress(client.ConnectionError):
            return bool(connection.ping())
        return False


@contextlib.contextmanager
def own_redis() -> Iterator[OwnRedis]:
    """A Redis that runs, and is gone in the end."""
    with tempfile.TemporaryDirectory(prefix="binome-redis-") as folder:
        server = OwnRedis(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.thaw()
            server.kill()


# A commit that was answered is written: otherwise a crash may take it back, and that is asked for, not a fault of ours.
DURABLE = {"synchronous_commit": "on"}


class OwnPostgres:
    """A PostgreSQL that runs; its address stays the same over restarts."""

    def __init__(self, cluster: postgres.Cluster) -> None:
        """Start it."""
        self._cluster = cluster
        self.url = cluster.url
        self._process = cluster.start(**DURABLE)

    def restart(self) -> None:
        """Stop as in a crash (immediate shutdown), and start anew."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        self._process = self._cluster.start(**DURABLE)

    def cut(self) -> int:
        """End every connection of everybody, whatever its transaction is doing; return how many there were."""
        address = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            ended = connection.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchone()
        return int(ended[0]) if ended else 0

    def stop(self) -> None:
        """End it."""
        stop(self._process, politely=signal.SIGINT)


@contextlib.contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL that runs, and is gone in the end."""
    with postgres.created() as cluster:
        server = OwnPostgres(cluster)
        try:
            yield server
        finally:
            server.stop()
