"""A door in front of a server: while it is shut, the server is away for whoever connects through it."""

import contextlib
import socket
import threading


class Door:
    """Passes connections on to one address while it is open; shutting it cuts them all. Its port stays the same."""

    def __init__(self, host: str, port: int) -> None:
        """Choose a port and stay shut."""
        self._behind = (host, port)
        with socket.create_server(("127.0.0.1", 0)) as chosen:
            self.port: int = chosen.getsockname()[1]
        self._listener: socket.socket | None = None
        self._talks: list[socket.socket] = []

    def open(self) -> None:
        """Let connections through."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._admit, args=(self._listener,), daemon=True).start()

    def shut(self) -> None:
        """Cut all connections and refuse new ones."""
        if self._listener is not None:
            _cut(self._listener)
            self._listener = None
        while self._talks:
            _cut(self._talks.pop())

    def _admit(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                inside, _ = listener.accept()
                outside = socket.create_connection(self._behind)
                self._talks += [inside, outside]
                for pair in ((inside, outside), (outside, inside)):
                    threading.Thread(target=_pass_on, args=pair, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _cut(source)
    _cut(target)


def _cut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
