"""A reader of the pages for tests: signs in, follows addresses, fills forms with the token of their own page."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.engine import Connection

from matcher.database import insert_into, transaction
from matcher.models.account import Account
from matcher.models.sign_in import SignIn
from matcher.services.sign_ins import hash_of
from web.extensions import db

Typed = dict[str, object]
NEVER_OLD = datetime(2100, 1, 1, tzinfo=UTC)


def sign_in(app: Flask, uniquifier: str) -> None:
    """Let an account be signed in, once however often: tests walk through weeks, so this sign-in never ages."""
    values = {
        "secret_hash": hash_of(f"secret of {uniquifier}"),
        "device": "Firefox, Linux",
        "is_remembered": False,
        **dict.fromkeys(("began_at", "seen_at", "verified_at"), NEVER_OLD),
    }
    with app.app_context(), transaction(db.session()) as session:
        account_id = session.scalar(sa.select(Account.id).where(Account.fs_uniquifier == uniquifier))
        if account_id is None:
            return  # some acts give the account another one: her sign-in stands by its row, or ended with the act
        adding = insert_into(session, SignIn).values(account_id=account_id, **values)
        session.execute(adding.on_conflict_do_nothing())


def carry_sign_in(client: FlaskClient, uniquifier: str) -> None:
    """Put into a browser what carries that sign-in."""
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = uniquifier, True
        cookie["sign_in"] = f"secret of {uniquifier}"


@dataclass(frozen=True)
class Answer:
    """What came back: status, where it leads, the page."""

    status: int
    location: str | None
    html: str

    @property
    def page(self) -> BeautifulSoup:
        """The page, parsed."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def text(self) -> str:
        """The words of the main part, with single blanks."""
        main = self.page.find("main") or self.page
        return " ".join(main.get_text(" ").split())

    def errors(self) -> dict[str, str]:
        """The message beside each wrong field, by the field's id."""
        found = self.page.select("p.error")
        return {str(each["id"]).removesuffix("-error"): each.get_text().strip() for each in found}


@dataclass
class Visitor:
    """Somebody with a browser of her own, signed in when an account is given; reads English unless said otherwise."""

    app: Flask
    account: Account | None = None
    language: str = "en"
    statements: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Open the browser."""
        self.client = self.app.test_client()
        for name in ("language", "__Host-language"):
            self.client.set_cookie(name, self.language)
        if self.account is not None:
            sign_in(self.app, self.account.fs_uniquifier)
            carry_sign_in(self.client, self.account.fs_uniquifier)

    def get(self, address: str) -> Answer:
        """Open a page."""
        answer = self.client.get(address)
        return Answer(answer.status_code, answer.location, answer.text)

    def post(self, address: str, typed: Typed | None = None, *, page: str | None = None) -> Answer:
        """Send a form with the token of its page, the address itself unless another is given."""
        token = self._token(page or address)
        answer = self.client.post(address, data={"csrf_token": token, **(typed or {})})
        return Answer(answer.status_code, answer.location, answer.text)

    def count(self, address: str) -> int:
        """Open a page and return how many SQL statements that took."""
        with self.app.app_context():
            engine = db.engine

        def keep(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
            self.statements.append(statement)

        self.statements.clear()
        event.listen(engine, "before_cursor_execute", keep)
        try:
            assert self.get(address).status == 200
        finally:
            event.remove(engine, "before_cursor_execute", keep)
        return len(self.statements)

    def _token(self, address: str) -> str:
        field = self.get(address).page.find("input", {"name": "csrf_token"})
        assert isinstance(field, Tag), f"{address} has no form"
        return str(field["value"])
