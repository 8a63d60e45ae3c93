"""A connection to Redis is lost while wake-ups are in hand; it is closed as Celery’s worker does, and nothing ends."""

import contextlib
import socket

from kombu import Connection, Consumer, Message, Producer, Queue
from kombu.common import ignore_errors

from tests.faults.servers import own_redis
from tests.workers.conftest import settings_of
from workers.app import configuration


def test_a_lost_connection_with_wake_ups_in_hand_is_closed_without_an_error() -> None:
    with own_redis() as server:
        said = configuration(settings_of(REDIS_URL=server.url))
        connection = Connection(str(said["broker_url"]), transport=said["broker_transport"])
        in_hand: list[Message] = []
        for name, channel in (("first", connection.default_channel), ("second", connection.channel())):
            queue = Queue(name, channel=channel)
            queue.declare()
            Producer(channel, routing_key=name).publish({"row": 1})
            Consumer(channel, [queue], on_message=in_hand.append).consume()
        with contextlib.suppress(socket.timeout):
            while True:  # both are taken, and the next ones are waited for when Redis goes
                connection.drain_events(timeout=0.5)
        server.kill()

        with contextlib.suppress(Exception):
            connection.collect()
        ignore_errors(connection, connection.close)

    assert len(in_hand) == 2
