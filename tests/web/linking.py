"""Signed links as paths, and a whole database as text, for tests of the pages behind links."""

import contextlib
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from werkzeug.serving import make_server

from matcher.database import Base
from matcher.links import Subject
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from tests.factories import World

EMAIL, PHONE = "jeanne.secrete@example.org", "06 12 34 56 78"


def path_of(app: Flask, world: World, purpose: LinkPurpose, recipient: Account, about: Pairing | Need | None) -> str:
    """The path of the signed link that a mail would hold."""
    subject = Subject(
        pairing_id=about.id if isinstance(about, Pairing) else None,
        need_id=about.id if isinstance(about, Need) else None,
    )
    link = world.holder(purpose, recipient, subject).link
    path = urlsplit(app.extensions["binome"].links.address(link)).path
    world.session.rollback()
    return path


def answer_path(app: Flask, world: World, pairing: Pairing) -> str:
    """The link of an invitation."""
    return path_of(app, world, LinkPurpose.ANSWER, pairing.volunteer.account, pairing)


def yes_path(app: Flask, world: World, pairing: Pairing) -> str:
    """The link of the mail that tells an association of a yes."""
    return path_of(app, world, LinkPurpose.REPLY_TO_YES, world.member(pairing).account, pairing)


def dump(world: World) -> str:
    """Every row of every table."""
    world.session.rollback()
    world.session.expire_all()
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
    rows = {table.name: [tuple(row) for row in world.session.execute(sa.select(table))] for table in tables}
    world.session.rollback()
    return repr(rows)


def fresh(world: World, pairing: Pairing) -> Pairing:
    """The pairing as the database has it now."""
    world.session.rollback()
    world.session.refresh(pairing)
    return pairing


@contextlib.contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application to a real browser on a free port; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
