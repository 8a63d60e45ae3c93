"""Redis as kombu speaks it, less what ends a worker when Redis restarts. Loaded when a connection is first made."""

from kombu.transport import redis


class Channel(redis.Channel):
    """A channel that puts nothing back when it is closed: all that Redis carries are wake-ups, and beat wakes again.

    kombu 5.7 would do so over the connection that was just lost: it raises AttributeError, and the worker ends.
    """

    do_restore = False


class Transport(redis.Transport):
    """Redis, with such channels."""

    Channel = Channel
