"""Whether an address has an account is told to nobody: the same page, headers and work in seven flows."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_security.utils import hash_password
from passlib.context import CryptContext  # type: ignore[import-untyped]

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.association import Association, PendingMembership
from tests.factories import World
from tests.web.visiting import Visitor
from web.extensions import db

PASSWORD, WRONG = "quatre chevaux bleus", "cinq chameaux verts"
UNKNOWN = "nobody-here@example.org"
# What differs between any two answers: the token of a form, the cookie that carries it, the number of the request.
VARIES = frozenset({"set-cookie", "content-length", "x-request-id", "date"})
TOKEN = re.compile(r'value="[^"]{40,}"')


class Counting(CryptContext):  # type: ignore[misc]
    """Hashes and verifies as the application’s own context does, and counts both: each is one run of argon2."""

    runs = 0

    def hash(self, *args: object, **given: object) -> str:
        """Count, then hash."""
        self.runs += 1
        return str(super().hash(*args, **given))

    def verify(self, *args: object, **given: object) -> bool:
        """Count, then verify."""
        self.runs += 1
        return bool(super().verify(*args, **given))


@dataclass
class Seen:
    """What whoever asks can tell."""

    status: int
    location: str | None
    headers: dict[str, str]
    page: str
    after: str
    runs: int
    mails_to_asker: list[str]
    took_ms: float = field(compare=False)


@dataclass
class Stage:
    """An application that counts its password hashings, a known account, and somebody who asks."""

    app: Flask
    world: World
    known: Account
    asker: Account
    association: Association

    def visitor(self, account: Account | None = None) -> Visitor:
        visitor = Visitor(self.app, account)
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{self.world._number()}"
        if account is not None:
            with visitor.client.session_transaction() as cookie:
                cookie["fs_paa"] = time.time()  # the library’s own clock
        return visitor

    def seen(self, visitor: Visitor, address: str, typed: dict[str, str], page: str | None = None) -> Seen:
        """Send a form and look at everything that came back; addresses that were typed are blotted out."""
        token = visitor._token(page or address)
        context = self.app.extensions["security"].pwd_context
        before, began = context.runs, time.perf_counter()
        answer = visitor.client.post(address, data={"csrf_token": token, **typed})
        took_ms = (time.perf_counter() - began) * 1000
        runs = context.runs - before
        self.world.session.rollback()
        mails = [row.payload for row in self.world.messages("send_account_mail")]
        return Seen(
            status=answer.status_code,
            location=answer.location,
            headers={name: value for name, value in answer.headers if name.lower() not in VARIES},
            page=self._blotted(answer.text),
            after=self._blotted(visitor.get(answer.location).html) if answer.location else "",
            runs=runs,
            mails_to_asker=[str(each["code"]) for each in mails if each["address"] == self.asker.email],
            took_ms=took_ms,
        )

    def _blotted(self, html: str) -> str:
        html = TOKEN.sub("", html).replace(UNKNOWN, "…").replace(self.known.email, "…")
        return re.sub(r"/pending/\d+/", "/pending/…/", html)


def signing_in(stage: Stage, email: str) -> Seen:
    return stage.seen(stage.visitor(), "/sign-in", {"email": email, "password": WRONG})


def signing_up(stage: Stage, email: str) -> Seen:
    typed = {"name": "Mallory", "email": email, "password": PASSWORD, "is_adult": "y"}
    return stage.seen(stage.visitor(), "/register/volunteer", typed, "/register?as=volunteer")


def a_forgotten_password(stage: Stage, email: str) -> Seen:
    return stage.seen(stage.visitor(), "/reset", {"email": email})


def a_confirmation_sent_again(stage: Stage, email: str) -> Seen:
    return stage.seen(stage.visitor(), "/confirm", {"email": email})


def somebodys_address_as_ones_own(stage: Stage, email: str) -> Seen:
    seen = stage.seen(stage.visitor(stage.asker), "/account/address", {"email": email})
    stage.world.forget_mails()  # one to the free address, none to the other: neither is the asker’s
    return seen


def an_invitation_of_a_member(stage: Stage, email: str) -> Seen:
    page = f"/associations/{stage.association.id}"
    seen = stage.seen(stage.visitor(stage.asker), f"{page}/invite", {"email": email}, page)
    assert "…" in seen.after, "who was invited stands on the page"
    with transaction(stage.world.session) as session:
        session.execute(sa.delete(PendingMembership))
    return seen


def a_second_step(stage: Stage, email: str) -> Seen:
    """A recovery code of somebody who has such codes, and of somebody who has none."""
    account = stage.known if email == stage.known.email else stage.world.account()
    account.tf_primary_method, account.tf_totp_secret = "authenticator", "x"
    stage.world.session.commit()
    if account is stage.known:
        with stage.app.test_request_context(), transaction(db.session()) as session:
            util = stage.app.extensions["security"].mf_recovery_codes_util
            util.create_recovery_codes(session.get_one(Account, account.id))
    visitor = stage.visitor()
    with visitor.client.session_transaction() as cookie:
        cookie["tf_user_id"], cookie["tf_state"] = account.fs_uniquifier, "ready"
    return stage.seen(visitor, "/sign-in/recovery", {"code": "0000-0000-0000"})


FLOWS = {
    flow.__name__.replace("_", " "): flow
    for flow in (
        signing_in,
        signing_up,
        a_forgotten_password,
        a_confirmation_sent_again,
        somebodys_address_as_ones_own,
        an_invitation_of_a_member,
        a_second_step,
    )
}
STATES: dict[str, Callable[[Account], None]] = {
    "a usual account": lambda account: None,
    "one that is not confirmed": lambda account: setattr(account, "confirmed_at", None),
    "one that is suspended": lambda account: setattr(account, "active", False),
}


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """Somebody with a password, and somebody else who would like to know of her."""
    security = app.extensions["security"]
    security.pwd_context = Counting(**security.pwd_context.to_dict())
    known, association = world.account(), world.association()
    with app.app_context():
        known.password = hash_password(PASSWORD)
    world.session.commit()
    return Stage(app, world, known, association.members[0], association)


@pytest.mark.parametrize("flow", FLOWS)
def test_an_address_that_is_known_is_answered_like_one_that_is_not(
    stage: Stage, flow: str, record_property: Callable[[str, object], None]
) -> None:
    found: dict[str, Seen] = {}
    for state, change in STATES.items():
        change(stage.known)
        stage.world.session.commit()
        found[state] = FLOWS[flow](stage, stage.known.email)
    unknown = FLOWS[flow](stage, UNKNOWN)

    record_property("cases", len(found))
    record_property("told", f"{flow}: known {found['a usual account'].took_ms:.0f} ms, not {unknown.took_ms:.0f} ms")
    for state, seen in found.items():
        assert seen == unknown, state


def test_what_is_kept_of_a_password_is_argon2(stage: Stage) -> None:
    typed = {"name": "Marie", "email": "marie@example.org", "password": PASSWORD, "is_adult": "y"}
    stage.visitor().post("/register/volunteer", typed, page="/register?as=volunteer")

    stage.world.session.rollback()
    kept = stage.world.session.scalars(sa.select(Account.password).where(Account.email == "marie@example.org")).one()

    assert str(kept).startswith("$argon2id$")
    assert PASSWORD not in str(kept)


def test_no_cache_keeps_the_pages_of_signing_in(stage: Stage) -> None:
    kept = stage.visitor().client.get("/sign-in").headers["Cache-Control"]

    assert {word.strip() for word in kept.split(",")} == {"private", "no-store"}
