"""Carries the mails that are due, one after another, in a few lanes: a slow mail server never takes every hand."""

import contextlib
import time

from kombu.exceptions import OperationalError

from matcher import outbox
from workers import stopping
from workers.app import CARRY, app, task
from workers.dispatch import HANDLERS
from workers.lanes import lanes
from workers.runtime import Runtime, runtime

# Then the lane is given back, so that a worker that is told to stop has only the mail in hand to finish.
CARRIES_FOR_S = 5.0
# Looking for what is due costs up to 0.1 s beside a backlog of 12,000: once for so many of each kind.
AT_A_TIME = 150


@task(CARRY)
def carry_mail() -> None:
    """Carry mail if a lane is free, and ask for another turn when the time was too short for all."""
    road = lanes()
    with road.one() as lane:
        is_done = lane is None or carry(runtime(), lane, of=road.count)
    if not is_done:
        with contextlib.suppress(OperationalError):
            app.send_task(CARRY, expires=10)


def carry(runtime: Runtime, lane: int = 0, *, of: int = 1, for_s: float = CARRIES_FOR_S) -> bool:
    """Handle the mails that are due, of each kind in turn, until there is none or time is up; False when time is up.

    Lanes begin at different rows, and claims keep them apart. A worker that is told to stop finishes the mail in hand.
    """
    until = time.monotonic() + for_s
    while rows := _due(runtime):
        for row in rows[lane::of] or rows:
            if stopping.is_told():
                return True
            HANDLERS[row.kind].handle(runtime, row.id)
            if time.monotonic() >= until:
                return False
    return True


def _due(runtime: Runtime) -> list[outbox.DueRow]:
    with runtime.sessions() as session:
        return outbox.due(session, runtime.clock(session), kinds=outbox.MAIL_KINDS, share=AT_A_TIME)
