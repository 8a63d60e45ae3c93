"""Chooses ports for servers that cannot choose their own."""

import random
import socket


def free_port() -> int:
    """Return a TCP port of the loopback that nobody listens on, below the range that outgoing connections use."""
    for port in random.sample(range(20000, 32000), 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port between 20000 and 32000 on 127.0.0.1")
