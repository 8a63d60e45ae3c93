"""The page of one's own data says everything in words: no name of a column, no code, no list as machines write it."""

import re
from datetime import time

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from matcher import outbox
from matcher.access_codes import AccessReason, OnBehalf
from matcher.actors import Hat, Person
from matcher.database import Base, Json, transaction
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.models.account import Account
from matcher.models.outbox import ParkReason
from matcher.models.states import CheckWaiver, EndReason, HoldReason, PairingReason, PairingStatus
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Commitment
from matcher.privacy_register import register
from matcher.queries.own_data import READERS, Reader, Section, read
from matcher.ranking.types import OfferedSkill, WeeklySlot
from matcher.services import rights
from matcher.services.quarantine import OldMails
from matcher.services.rights import SuspensionReason
from tests.factories import World
from tests.web.visiting import Visitor
from web.access_words import ACTS, KINDS, TO_HER
from web.own_data_rows import sections_in_words
from web.own_data_words import COLUMNS, OF_KIND, REPEATED

# What stands in a column of text as a code, and what the columns of lists may hold.
WHY = [AccessReason, OnBehalf, SuspensionReason, CheckWaiver, PairingStatus, ParkReason, OldMails]
LOGGED = [*(code.value for codes in WHY for code in codes), "branch:1", "volunteer:3"]
REASONS = {
    "list": [
        {"code": "missing_skills", "labels": ["Excel"]},
        {"code": "hours_fit", "available": 12.5, "needed": 10.0},
        {"code": "common_slots", "slots": ["mon 18:30-20:30"], "hours": 4.0},
        {"code": "held_back", "part": "skills", "lost": 0.17},
    ]
}
RESULT = {
    "outcome": "changes",
    "changes": [{"code": "state_hours", "hours": 3, "per": "week"}],
    "place": 7,
    "of": 20,
    "left_out_by": [],
}
CODED: dict[tuple[str, str], list[Json]] = {
    ("account", "hat"): [hat.value for hat in Hat],
    ("account", "tf_primary_method"): ["authenticator"],
    ("account", "language"): ["fr", "en"],
    ("roles", "role"): ["administrator"],
    ("profile", "language"): ["fr", "en"],
    ("profile", "languages"): [["fr", "en", "de"]],
    ("profile", "country"): ["FR", "BE"],
    ("profile", "timezone"): ["Europe/Paris", "America/Martinique"],
    ("profile", "weekly"): [[{"weekday": 0, "starts": "18:00:00", "ends": "21:00:00"}]],
    ("profile", "unavailable"): [[["2026-08-03", "2026-08-17"], ["2026-12-24", "2026-12-31"]]],
    ("profile", "mail_weekday"): [0, 5],
    ("skills", "level"): [1, 2, 3, 4],
    ("places", "commune"): ["69123"],
    ("steps", "reason"): [code.value for code in PairingReason],
    ("pairings", "reason"): [code.value for code in PairingReason],
    ("acts_on_needs", "reason"): [code.value for codes in (EndReason, HoldReason) for code in codes],
    ("suggestions", "contributions"): [{"text": 0.0731, "skills": 0.0129, "distance": 0.08}],
    ("suggestions", "reasons"): [REASONS],
    ("questions", "result"): [RESULT, {**RESULT, "outcome": "nothing", "changes": [], "left_out_by": ["mode"]}],
    ("mails", "mail"): [*(code.value for codes in (MailCode, AccountMailCode) for code in codes), "send_invitation"],
    ("log", "actor"): ["person", "anonymous", "link:unsubscribe", "system:retention"],
    ("accesses", "actor"): ["person", "anonymous", "link:unsubscribe", "system:retention"],
    ("log", "action"): list(ACTS),
    ("accesses", "action"): [*TO_HER, *ACTS],
    ("log", "subject_kind"): list(KINDS),
    ("accesses", "subject_kind"): list(KINDS),
    ("log", "reason"): LOGGED,
    ("accesses", "reason"): LOGGED,
}
# Words that are spelled like their code.
SAME = {
    "fr": {"association", "invitation"},
    "en": {"account", "association", "need", "pairing", "volunteer", "branch", "quarantine", "invitation", "backup"},
}
CODE = re.compile(r"[a-z]+_[a-z_]+|[{}\[\]\"]|^[a-z]+:[a-z0-9]")


def columns(reader: Reader) -> list[str]:
    """What the copy of her data holds of one kind."""
    named = register().exported_columns(reader.table)
    return [*(name for name in named if reader.only is None or name in reader.only), *reader.beside]


def codes(reader: Reader, column: str) -> list[Json]:
    """Every code that a column may hold; none for one of words, numbers or moments."""
    known = CODED.get((reader.name, column))
    held = Base.metadata.tables[reader.table].columns.get(column)
    if known is None and held is not None and isinstance(held.type, sa.Enum):
        return [*held.type.enums]
    return known or []


def impl(column: sa.Column[object]) -> object:
    """The type of the database under one of ours."""
    return column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type


def test_every_column_has_a_word_of_its_own() -> None:
    named = {(reader.name, column) for reader in READERS for column in columns(reader)}

    assert {(kind, column) for kind, column in named if column not in COLUMNS.keys() | REPEATED} == set()
    assert set(OF_KIND) <= named


def test_every_column_of_codes_or_lists_is_tried() -> None:
    held = {(reader.name, name): Base.metadata.tables[reader.table].columns.get(name)
            for reader in READERS for name in columns(reader)}  # fmt: skip
    lists = {key for key, column in held.items() if column is not None and isinstance(impl(column), sa.JSON)}

    assert lists <= set(CODED)
    assert set(CODED) <= set(held)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_is_said_in_words(app: Flask, language: str) -> None:
    asked = [(reader.name, column, code) for reader in READERS for column in columns(reader)
             for code in codes(reader, column)]  # fmt: skip
    assert len(asked) > 300

    with app.test_request_context(headers={"Cookie": f"language={language}"}):
        sections = tuple(Section(kind, ({column: code},)) for kind, column, code in asked)
        said = [told.rows[0][0] for told in sections_in_words(sections)]

    raw = [
        (asked_of, words)
        for asked_of, (_name, words) in zip(asked, said, strict=True)
        if not words or CODE.search(words) or (words == str(asked_of[2]) and words not in SAME[language])
    ]
    assert raw == []


def one_of_everything(world: World) -> Account:
    """Somebody with a profile, pairings in every state, suggestions, mails, an association, a branch and a right."""
    slot = WeeklySlot(0, time(18), time(20))
    volunteer = world.volunteer(skills=[OfferedSkill("Excel", 3)], weekly=(slot,), commitment=Commitment.WEEKLY)
    account = volunteer.account
    for status in PairingStatus:
        pairing = world.pairing(status, volunteer=volunteer)
        world.suggest(pairing.need, [volunteer])
    own = world.association()
    world.join(own, account)
    world.act(rights.appoint_coordinator, world.administrator(), account_id=account.id, branch_id=world.home.id)
    with transaction(world.session) as session:
        session.execute(sa.update(Suggestion).values(reasons=REASONS))
        outbox.add(session, outbox.SendMail("still_true", account.id), world.now)
    return account


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_of_somebody_with_everything_shows_no_code(world: World, app: Flask, language: str) -> None:
    account = one_of_everything(world)

    answer = Visitor(app, account, language=language).post("/account/data/page", page="/account/data")

    main = BeautifulSoup(answer.html, "html.parser").main
    assert main is not None
    said = [(name.get_text(), name.find_next("dd").get_text()) for name in main.find_all("dt")]
    person = Person(world.session.get_one(Account, account.id))
    told = {section.name: section.rows for section in read(world.session, person)}
    kinds = {"profile", "skills", "pairings", "steps", "deadlines", "suggestions", "memberships", "branches", "mails"}
    assert {kind for kind, rows in told.items() if rows} >= kinds
    raw = {row[column] for reader in READERS for row in told[reader.name] for column in columns(reader)
           if codes(reader, column) and isinstance(row[column], str)}  # fmt: skip
    assert {words for _name, words in said} & raw - SAME[language] == set()
    assert [fact for fact in said if CODE.search(" ".join(fact))] == []
