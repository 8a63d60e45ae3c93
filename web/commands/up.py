"""`binome up`: the whole service in two processes, web here and one embedded worker beside it."""

import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import click
from flask import Flask
from waitress.server import BaseWSGIServer, MultiSocketServer, create_server

from matcher import logs
from matcher.database import make_engine
from matcher.migrate import upgrade
from matcher.settings import Settings
from web import create_app, gate
from web.security import MOST_BYTES, MOST_HEADER_BYTES

THREADS = 8
# Longer than the worker takes to finish what it has in hand.
PATIENCE_S = 35
TRIES = 50


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; the next one when it is busy.")
def up(host: str, port: int) -> None:
    """Start web and worker on this machine; Ctrl-C stops both."""
    settings = Settings()
    upgrade(make_engine(settings.database_url))
    run(settings, host=host, port=free_port(host, port), announce=lambda address: click.echo(f"Binôme: {address}"))


def run(
    settings: Settings,
    *,
    host: str,
    port: int,
    announce: Callable[[str], None],
    environment: Mapping[str, str] | None = None,
) -> None:
    """Serve until Ctrl-C or SIGTERM; the embedded worker runs and ends with this process."""
    logs.configure(settings)
    gate.warn(settings)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = server_of(create_app(settings), settings, host=host, port=port)
    signal.signal(signal.SIGTERM, _stop)
    with child([sys.executable, "-m", "workers.embedded"], environment or {}):
        announce(f"http://{host}:{port}")
        try:
            server.run()
        except (KeyboardInterrupt, SystemExit):
            click.echo("Stopping.")
        finally:
            server.close()


def server_of(app: Flask, settings: Settings, *, host: str, port: int) -> MultiSocketServer | BaseWSGIServer:
    """Return a server that listens and does not run yet; what is too large is refused before it is kept or read."""
    return create_server(
        app,
        host=host,
        port=port,
        threads=THREADS,
        ident=None,
        max_request_body_size=MOST_BYTES,
        max_request_header_size=MOST_HEADER_BYTES,
        # Otherwise the server takes away what our own proxies say before the application may read it.
        clear_untrusted_proxy_headers=settings.proxy_hops == 0,
    )


@contextmanager
def child(command: list[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process beside this one and end it with the block: SIGTERM first, SIGKILL when it does not listen."""
    process = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)  # noqa: S603
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port(host: str, port: int) -> int:
    """Return the port, or the next one that is free; raises ClickException when fifty in a row are busy."""
    for candidate in range(port, port + TRIES):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return candidate
    raise click.ClickException(f"No free port from {port} to {port + TRIES - 1}.")


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
