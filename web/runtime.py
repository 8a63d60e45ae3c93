"""What one web process holds beside Flask: settings, links and the clock, which is read nowhere else in the edge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from matcher.links import Links
from matcher.settings import Settings

Clock = Callable[[], datetime]
LOCAL = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Runtime:
    """Made once by `create_app` and kept among the app's extensions."""

    settings: Settings
    links: Links
    clock: Clock


def host_clock() -> datetime:
    """Read the host's clock, aware, in UTC."""
    return datetime.now(UTC)


def runtime() -> Runtime:
    """Return what the present app holds."""
    return cast(Runtime, current_app.extensions["binome"])


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return runtime().clock()


def today() -> date:
    """Return the present day on the wall in France."""
    return now().astimezone(LOCAL).date()
