"""Worker and beat in one process, on a broker in its own memory: the default, without Redis. The outbox keeps all."""

import os
import signal
import threading

from celery import beat
from celery.worker import state

from matcher import logs
from workers import stopping
from workers.app import DISPATCH, app, settings

# One is kept free of mail (lanes.py): rankings and lines do not wait for a mail server.
THREADS = 4
# What is in hand may talk to a mail server until its deadline; the row of whatever takes longer is taken up again.
STOPS_WITHIN_S = 30


class Embedded:
    """A worker and a beat as threads of this process."""

    def __init__(self) -> None:
        app.conf.update(broker_url="memory://localhost/", broker_transport_options={"polling_interval": 0.1})
        # Without it a program that runs as a module would receive its tasks and drop them.
        app.set_default()
        self.is_ready = threading.Event()
        self.worker = app.WorkController(
            pool="threads",
            concurrency=THREADS,
            ready_callback=self._begin,
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        self.beat = beat.EmbeddedService(app, thread=True, scheduler_cls=beat.Scheduler)
        self._thread = threading.Thread(target=self.worker.start, name="worker", daemon=True)

    def start(self) -> None:
        """Start both; returns when the worker takes tasks."""
        self._thread.start()
        while not self.is_ready.wait(0.1):
            if not self._thread.is_alive():
                raise SystemExit("The worker did not start; the lines above say why.")
        self.beat.start()

    def stop(self) -> bool:
        """Claim nothing more and finish what is in hand; False when it took too long."""
        stopping.tell()
        self.beat.stop()
        state.should_stop = 0
        self._thread.join(STOPS_WITHIN_S)
        return not self._thread.is_alive()

    def _begin(self, _consumer: object) -> None:
        """What waited while no worker ran does not wait for beat."""
        app.send_task(DISPATCH, expires=10)
        self.is_ready.set()

    def is_alive(self) -> bool:
        """True while both threads run."""
        return self._thread.is_alive() and self.beat.is_alive()


def main() -> int:
    """Run until told to stop, or until one of the two has died: then the exit status is 1."""
    logs.configure(settings())
    told_to_stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: told_to_stop.set())
    embedded = Embedded()
    embedded.start()
    while embedded.is_alive() and not told_to_stop.wait(1):
        pass
    if not embedded.stop():
        # What was in hand keeps its row in the outbox and is taken up again when its lease has ended.
        os._exit(0)
    return 0 if told_to_stop.is_set() else 1


if __name__ == "__main__":
    raise SystemExit(main())
