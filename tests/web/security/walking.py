"""Every way to ask (endpoint, method, choice in the address) by everybody: what is answered. Expects nothing.

A form is asked for on a world of its own in which somebody may send it; each who is let through finds it as it was.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule

from matcher.database import make_engine, make_sessions
from matcher.links import PATHS
from matcher.models.account import Account
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.pairing import Pairing
from matcher.models.states import PairingStatus
from tests.factories import World
from tests.faults.posts import FORMS, named, points_of
from tests.settings import make_settings
from tests.web.linking import path_of
from tests.web.security.principals import LINK, PRINCIPALS, SUSPENDED, UNCONFIRMED, cast, subject_of, visitor
from web import create_app
from web.extensions import db, limiter

# A page that leads elsewhere shows nothing and does nothing; where it leads has a row of its own.
MAY, ELSEWHERE, SIGN_IN, NO_FUNCTION, NOT_FOUND = "may", "elsewhere", "sign in", "no function", "not found"
# It answers 503 where the tables were made without migrations, as they are in these worlds.
READINESS = "GET health.ready"
REFUSALS = {403: NO_FUNCTION, 404: NOT_FOUND}
WAY_IN = "/sign-in"
Outcomes = Mapping[str, str]
# Their accounts are changed before they ask, so they come last.
CHANGED = (UNCONFIRMED, SUSPENDED)


@dataclass(frozen=True)
class Asked:
    """One request: of whom it would be right (when it is a prepared form), where to and with what."""

    name: str
    method: str
    address: str
    typed: Mapping[str, str]
    sender: Account | None = None


@dataclass(frozen=True)
class Answers:
    """What everybody was answered; and whose kind the one is of whose address is not confirmed, if of any."""

    outcomes: Outcomes
    unconfirmed_is: str | None


def names(app: Flask) -> list[str]:
    """Each way to ask, as permissions.toml calls it: the method, the endpoint, the choice in its address if any."""
    found = {f"{method} {point}" for rule in app.url_map.iter_rules() for method, point in ways(rule, "GET", "POST")}
    return sorted(found)


def ways(rule: Rule, *methods: str) -> Iterator[tuple[str, str]]:
    """The methods and points of one rule."""
    for method in methods:
        if method in (rule.methods or ()):
            for point in points_of(rule):
                yield method, point


def _reader(pairing: Pairing, purpose: LinkPurpose) -> tuple[Account, Pairing | Need | None]:
    """Whose link it is, and what it is about."""
    match purpose:
        case LinkPurpose.ANSWER | LinkPurpose.NOT_WHAT_I_SAID:
            return pairing.volunteer.account, pairing
        case LinkPurpose.REPLY_TO_YES:
            return pairing.need.association.members[0], pairing
        case LinkPurpose.STILL_NEEDED:
            return pairing.need.association.members[0], pairing.need
        case _:
            return pairing.volunteer.account, None


def _forged(address: str) -> str:
    """The address as somebody has it who holds no link: the last letter of a token is another one."""
    for path in PATHS.values():
        head = path.partition("{token}")[0]
        if address.startswith(head):
            token, slash, rest = address.removeprefix(head).partition("/")
            return f"{head}{token[:-2]}{'AA' if token[-2:] != 'AA' else 'BB'}{slash}{rest}"
    return address


class Walk:
    """One application on one file, whose database is put back before each request that could have changed it."""

    def __init__(self, url: str) -> None:
        """The file holds the schema and nothing else."""
        self.url, self.path = url, Path(url.removeprefix("sqlite:///"))
        self.empty = self.path.with_name("empty.db")
        shutil.copyfile(self.path, self.empty)
        self.app = create_app(make_settings(url, second_factor=False), clock=lambda: self.world.now)
        self.app.config["WTF_CSRF_ENABLED"] = False  # who may, not from where: CSRF has a family of its own
        self.engine = make_engine(url)

    def asked_by_all(self, name: str) -> Answers:
        """Ask one thing as everybody."""
        self._put(self.empty)
        with make_sessions(self.engine)() as session:
            self.world = World(session)
            asked = self._prepared(name)
            people = self._people(asked)
            session.commit()
            self._keep()
            found = {}
            for principal in sorted(PRINCIPALS, key=CHANGED.__contains__):
                found[principal] = self._ask(asked, principal, people[principal])
                if asked.method == "POST" and found[principal] == MAY:
                    self._put(self.kept)
            known = (each for each in PRINCIPALS if each not in CHANGED and people[each] is not None)
            return Answers(found, next((each for each in known if people[each] is people[UNCONFIRMED]), None))

    def close(self) -> None:
        """Leave the file."""
        self.world.session.close()
        self._let_go()

    def _prepared(self, name: str) -> Asked:
        method, point = name.split(" ", 1)
        form = self._form_at(point, method)
        if form is None:
            return Asked(name, method, self._address(point), {})
        prepared = FORMS[form](self.world, self.app)
        return Asked(name, method, prepared.address, prepared.typed if method == "POST" else {}, prepared.sender)

    def _form_at(self, point: str, method: str) -> str | None:
        """The form that is posted there; for a page the one that is posted to its address: its world suits it too."""
        if method == "POST":
            return next((form for form in FORMS if named(form) == point), None)
        rules = list(self.app.url_map.iter_rules())
        page = next(rule.rule for rule in rules for _method, each in ways(rule, "GET") if each == point)
        posted = {each for rule in rules if rule.rule == page for _method, each in ways(rule, "POST")}
        choice = point.partition(" ")[2]
        fits = (form for form in FORMS if named(form) in posted and named(form).partition(" ")[2] == choice)
        return next(fits, None)

    def _address(self, point: str) -> str:
        """An address of a page that takes no form, in a world where a mission is agreed."""
        pairing = self.world.pairing(PairingStatus.CONFIRMED)
        self.world.suggest(pairing.need, [pairing.volunteer])
        endpoint, _, choice = point.partition(" ")
        rule = next(self.app.url_map.iter_rules(endpoint))
        for purpose, path in PATHS.items():
            if rule.rule.startswith(path.format(token="<token>")):
                address = path_of(self.app, self.world, purpose, *_reader(pairing, purpose))
                return address + rule.rule.partition("<token>")[2]
        known = {"need_id": pairing.need_id, "pairing_id": pairing.id, "volunteer_id": pairing.volunteer_id}
        known |= {"association_id": pairing.need.association_id, "name": choice or "1"}
        values = {argument: known.get(argument, 1) for argument in rule.arguments}
        return self.app.url_map.bind("localhost").build(endpoint, values)

    def _people(self, asked: Asked) -> dict[str, Account | None]:
        _endpoint, values = self.app.url_map.bind("localhost").match(urlsplit(asked.address).path, method=asked.method)
        return cast(self.world, subject_of(self.world, values, asked.sender))

    def _ask(self, asked: Asked, principal: str, account: Account | None) -> str:
        self.world.session.rollback()
        limiter.reset()
        address = asked.address if principal == LINK else _forged(asked.address)
        browser = visitor(self.app, self.world, principal, account)
        answer = browser.client.open(address, method=asked.method, data=dict(asked.typed))
        assert answer.status_code < 500 or asked.name == READINESS, (asked.name, principal, answer.status_code)
        if answer.status_code in REFUSALS:
            return REFUSALS[answer.status_code]
        leads_to = urlsplit(answer.location or "").path
        if leads_to == WAY_IN:
            return SIGN_IN
        return ELSEWHERE if leads_to and asked.method == "GET" else MAY

    def _keep(self) -> None:
        self._let_go()
        self.kept = self.path.with_name("kept.db")
        shutil.copyfile(self.path, self.kept)

    def _put(self, copy: Path) -> None:
        if hasattr(self, "world"):
            self.world.session.rollback()
        self._let_go()
        shutil.copyfile(copy, self.path)

    def _let_go(self) -> None:
        """Close all connections, so that the file holds everything."""
        with self.app.app_context():
            db.engine.dispose()
        self.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
