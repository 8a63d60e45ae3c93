"""All prepared forms on as few worlds as they fit, ready to be sent by the right people. Expects nothing."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import MultipleResultsFound
from sqlalchemy.orm import Session

from matcher.database import make_engine, make_sessions
from matcher.models.account import Account
from tests.factories import World
from tests.faults.forms import Form, Prepare
from tests.faults.posts import FORMS
from tests.settings import make_settings
from tests.web.security.forms_beside import BESIDE
from web import create_app
from web.extensions import db

ALL: Mapping[str, Prepare] = {**FORMS, **BESIDE}


@dataclass
class Stock:
    """A database, its present moment, and forms that may be sent to it."""

    url: str
    now: datetime
    forms: dict[str, Form] = field(default_factory=dict)

    def app(self, url: str | None = None) -> Flask:
        """The application on this database, or on another one that holds the same."""
        return create_app(make_settings(url or self.url, second_factor=False), clock=lambda: self.now)

    def copy(self, name: str) -> str:
        """Return the address of a second database that holds the same."""
        path = Path(self.url.removeprefix("sqlite:///"))
        shutil.copyfile(path, path.with_name(name))
        return f"sqlite:///{path.with_name(name)}"


def stocked(template: Path, folder: Path, forms: Mapping[str, Prepare] = FORMS) -> list[Stock]:
    """Prepare the forms that are played twice, or others; one that does not fit into a world begins another."""
    left, stocks = list(forms), []
    while left:
        stock, left = _filled(template, folder / f"{len(stocks)}.db", left)
        stocks.append(stock)
    return stocks


def _filled(template: Path, path: Path, names: list[str]) -> tuple[Stock, list[str]]:
    """Put as many of these forms into one world as it takes; return it and what is left."""
    shutil.copyfile(template, path)
    engine, left = make_engine(f"sqlite:///{path}"), []
    with make_sessions(engine)() as session:
        world = World(session)
        stock = Stock(f"sqlite:///{path}", world.now)
        app = create_app(make_settings(stock.url, second_factor=False), clock=lambda: world.now)
        for name in names:
            form = _prepared(session, world, app, name)
            if form is None:
                left.append(name)
            else:
                stock.forms[name] = form
        stock.now = world.now
        session.rollback()
        session.connection().execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    let_go(app)
    engine.dispose()
    assert len(left) < len(names), left
    return stock, left


def _prepared(session: Session, world: World, app: Flask, name: str) -> Form | None:
    try:
        form = ALL[name](world, app)
    except (MultipleResultsFound, ValueError):
        session.rollback()
        return None
    sender = Account(fs_uniquifier=form.sender.fs_uniquifier) if form.sender else None
    session.rollback()
    return Form(sender, form.address, form.typed)


def let_go(app: Flask) -> None:
    """Close the connections of an application."""
    with app.app_context():
        db.engine.dispose()


def each_of(stocks: list[Stock]) -> Iterator[tuple[Stock, str, Form]]:
    """Each form with the world that it stands in."""
    for stock in stocks:
        for name, form in stock.forms.items():
            yield stock, name, form
