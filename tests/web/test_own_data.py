"""One's own data to take along: whole by the register, nobody else's, written down, asked for with the password."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher import outbox
from matcher.access_codes import Opened
from matcher.database import transaction
from matcher.models.association import Association
from matcher.models.audit import AuditEntry
from matcher.models.note import Note
from matcher.models.pairing import Pairing
from matcher.models.sign_in import SignIn
from matcher.models.states import NeedAudience, NeedStatus, PairingReason, PairingStatus, PairingStep
from matcher.models.suggestion import Suggestion
from matcher.models.volunteer import Experience, Volunteer
from matcher.pairing_words import Reader
from matcher.privacy_register import Exported, register
from matcher.queries import accesses, known
from matcher.queries.own_data import READERS, Row, read
from matcher.services import line
from matcher.services.line import Choice
from matcher.services.steps import record
from tests.factories import World
from tests.web.visiting import Visitor
from web.own_data_words import SECTIONS

HERS, OTHERS, THEIRS = "Zyxomma", "Quodlibet", "Ornithorynque"


def planted(world: World, word: str, of: Association | None = None) -> tuple[Volunteer, Pairing]:
    """A volunteer whose every text holds a word of her own, with a pairing that she knows of."""
    volunteer = world.volunteer(headline=f"{word} a", description=f"{word} b")
    volunteer.account.name = f"{word} c"
    volunteer.account.email = f"{word.lower()}@example.org"
    volunteer.experiences = [Experience(position=0, text=f"{word} d")]
    world.session.commit()
    need = world.need(NeedStatus.OPEN) if of is None else world.need(NeedStatus.OPEN, association=of)
    pairing = world.pairing(PairingStatus.ACCEPTED, need=need, volunteer=volunteer)
    pairing.motivation, pairing.question, pairing.answer = f"{word} e", f"{word} f", f"{word} g"
    pairing.is_known_to_her = True
    world.session.commit()
    return volunteer, pairing


def test_a_file_holds_what_is_hers_and_no_word_of_others(world: World, app: Flask) -> None:
    volunteer, pairing = planted(world, HERS)
    planted(world, OTHERS, pairing.need.association)
    member = world.member(pairing)
    member.account.name = THEIRS
    coordinator = world.coordinator(pairing.need.branch)
    coordinator.account.name = f"{THEIRS} 2"
    world.session.commit()

    answer = Visitor(app, volunteer.account).post("/account/data/file", page="/account/data")

    told = json.loads(answer.html)
    assert [letter for letter in "abcdefg" if f"{HERS} {letter}" not in answer.html] == []
    assert OTHERS.lower() not in answer.html.lower()
    assert THEIRS not in answer.html
    assert told["account"][0]["email"] == "zyxomma@example.org"
    assert told["pairings"][0]["id"] == pairing.id
    acts = world.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.account_id == volunteer.account_id))
    assert "export_data" in acts.all()


def test_whoever_looked_at_her_data_is_told_without_a_number(world: World, app: Flask) -> None:
    volunteer, _pairing = planted(world, HERS)
    looked = AuditEntry(at=world.now, account_id=987654, actor="person", action="open_name",
                        subject_kind="volunteer", subject_id=volunteer.id)  # fmt: skip
    world.session.add(looked)
    world.session.commit()

    answer = Visitor(app, volunteer.account).post("/account/data/file", page="/account/data")

    assert [each["actor"] for each in json.loads(answer.html)["accesses"]] == ["person"]
    assert "987654" not in answer.html


def test_an_unnamed_need_does_not_tell_in_her_copy_how_far_it_lies(world: World, app: Flask) -> None:
    volunteer = world.volunteer()
    unnamed, named = world.need(audience=NeedAudience.UNNAMED), world.need()
    for need in (unnamed, named):
        world.suggest(need, [volunteer])
    told = {"distance_km": 4.217, "score": 0.4217, "contributions": {"distance": 0.4217},
            "reasons": {"list": [{"code": "distance", "km": 4.217}]}}  # fmt: skip
    with transaction(world.session):
        world.session.execute(sa.update(Suggestion).values(**told))

    answer = Visitor(app, volunteer.account).post("/account/data/file", page="/account/data")

    rows = {row["need_id"]: row for row in json.loads(answer.html)["suggestions"]}
    assert set(rows) == {unnamed.id, named.id}
    assert rows[unnamed.id]["need"] == unnamed.title
    assert "4217" not in json.dumps(rows[unnamed.id]).replace(".", "")
    assert {name: rows[named.id][name] for name in told} == told


def test_what_mails_told_her_is_in_it_and_those_to_others_are_not(world: World, app: Flask) -> None:
    volunteer, pairing = planted(world, HERS)
    stranger, _theirs = planted(world, OTHERS, pairing.need.association)
    with transaction(world.session) as session:
        for account, word in ((volunteer.account, HERS), (stranger.account, OTHERS)):
            outbox.add(session, outbox.SendMail("still_true", account.id), world.now)
            outbox.complete(world.messages("send_mail")[-1], world.now, outcome=outbox.SENT, sent_text=f"{word} sent")
        outbox.add(session, outbox.SendInvitation(pairing.id), world.now)
        outbox.complete(
            world.messages("send_invitation")[-1], world.now, outcome=outbox.SENT, sent_text=f"{HERS} invited"
        )

    answer = Visitor(app, volunteer.account).post("/account/data/file", page="/account/data")

    assert f"{HERS} sent" in answer.html
    assert f"{HERS} invited" in answer.html
    assert OTHERS not in answer.html


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_tells_the_same_in_words(world: World, app: Flask, language: str) -> None:
    volunteer, pairing = planted(world, HERS)
    planted(world, OTHERS, pairing.need.association)

    answer = Visitor(app, volunteer.account, language=language).post("/account/data/page", page="/account/data")

    assert answer.status == 200
    assert [letter for letter in "abcdefg" if f"{HERS} {letter}" not in answer.text] == []
    assert OTHERS not in answer.text


def test_a_member_and_a_coordinator_take_their_own_data(world: World, app: Flask) -> None:
    _volunteer, pairing = planted(world, OTHERS)
    member, coordinator = world.member(pairing), world.coordinator(pairing.need.branch)

    for person, kind in ((member, "memberships"), (coordinator, "branches")):
        answer = Visitor(app, person.account).post("/account/data/file", page="/account/data")
        assert json.loads(answer.html)[kind]
        assert OTHERS not in answer.html


def test_what_she_does_not_know_of_yet_is_not_in_it(any_world: World) -> None:
    volunteer, pairing = planted(any_world, HERS)
    pairing.is_known_to_her = False
    any_world.session.commit()

    told = {section.name: section.rows for section in read(any_world.session, any_world.volunteer_of(volunteer))}

    assert told["pairings"] == told["steps"] == told["decisions"] == told["deadlines"] == ()


def told_of(world: World, volunteer: Volunteer) -> dict[str, tuple[Row, ...]]:
    """Her own data, by kind."""
    world.session.expire_all()
    return {section.name: section.rows for section in read(world.session, world.volunteer_of(volunteer))}


def test_a_second_round_of_which_nobody_has_told_her_is_not_in_it(any_world: World) -> None:
    pairing = any_world.pairing(PairingStatus.EXPIRED)
    before = told_of(any_world, pairing.volunteer)
    any_world.now += timedelta(days=400)
    choice = Choice(pairing.need_id, pairing.volunteer_id)
    any_world.act(line.approve, any_world.coordinator(), choice)
    any_world.session.refresh(pairing)
    assert (pairing.status, pairing.is_known_to_her) == (PairingStatus.APPROVED, True)

    after = told_of(any_world, pairing.volunteer)

    kinds = ("pairings", "steps", "decisions", "deadlines")
    assert {kind: after[kind] for kind in kinds} == {
        kind: before[kind] if kind != "pairings" else ({**before[kind][0], "was_renewed": None},) for kind in kinds
    }
    assert after["pairings"][0]["status"] == "expired"


def test_why_she_was_set_aside_in_a_second_round_is_in_it_and_on_her_pages(any_world: World) -> None:
    pairing = any_world.pairing(PairingStatus.EXPIRED)
    any_world.now += timedelta(days=400)
    choice, her = Choice(pairing.need_id, pairing.volunteer_id), any_world.volunteer_of(pairing)
    any_world.act(line.approve, any_world.coordinator(), choice)
    any_world.now += timedelta(days=1)
    any_world.forget_mails()
    any_world.act(line.set_aside, any_world.coordinator(), choice, reason=PairingReason.TOO_OFTEN_ASKED)

    told = told_of(any_world, pairing.volunteer)

    (event,) = [each for each in pairing.events if each.step is PairingStep.SET_ASIDE]
    assert known.known_status(Reader.VOLUNTEER, pairing) is PairingStatus.SET_ASIDE
    assert known.reason_of(her, pairing, event) is PairingReason.TOO_OFTEN_ASKED
    assert [(each["status"], each["reason"]) for each in told["pairings"]] == [("set_aside", "too_often_asked")]
    assert (told["steps"][-1]["step"], told["steps"][-1]["reason"]) == ("set_aside", "too_often_asked")
    assert "renew" not in {each["step"] for each in told["steps"]}
    assert [each.action for each in accesses.own(any_world.session, her, number=1).rows].count("set_aside") == 1
    assert any_world.mails() == set()


def test_status_steps_and_reasons_are_those_that_pages_tell(any_world: World) -> None:
    silent = {PairingStatus.APPROVED, PairingStatus.SET_ASIDE}
    for status in PairingStatus:
        pairing = any_world.pairing(status)
        volunteer = pairing.volunteer
        if status in {PairingStatus.APPLIED, PairingStatus.APPROVED, PairingStatus.INVITED}:
            choice = Choice(pairing.need_id, volunteer.id)
            any_world.act(line.set_aside, any_world.coordinator(), choice, reason=PairingReason.TOO_OFTEN_ASKED)

        told = told_of(any_world, volunteer)

        assert pairing.is_known_to_her == (status not in silent)
        events = known.known_events(Reader.VOLUNTEER, pairing) if pairing.is_known_to_her else ()
        actor = any_world.volunteer_of(volunteer)
        assert [(each["step"], each["reason"]) for each in told["steps"]] == [
            (event.step, known.reason_of(actor, pairing, event)) for event in events
        ]
        assert [(each["status"], each["reason"]) for each in told["pairings"]] == [
            (known.known_status(Reader.VOLUNTEER, pairing), known.last_reason(any_world.coordinator(), pairing))
        ] * bool(events)
        assert {each["step"] for each in told["decisions"]} <= {event.step for event in events}


def test_it_tells_of_the_same_looks_as_the_page(any_world: World) -> None:
    mission = any_world.pairing(PairingStatus.CONFIRMED)
    member = any_world.member(mission)
    mission.need.contact_id = member.account.id
    any_world.session.commit()
    others = any_world.coordinator()
    subjects = {"association": mission.need.association_id, "account": member.account.id}
    for kind, number in subjects.items():
        record(any_world.session, others, any_world.now, action=Opened.CONTACTS.value, subject=(kind, number))
    any_world.session.commit()

    told = {section.name: section.rows for section in read(any_world.session, member)}

    page = accesses.own(any_world.session, member, number=1)
    assert {(row.subject_kind, row.subject_id) for row in page.rows} == set(subjects.items())
    assert {(each["subject_kind"], each["subject_id"]) for each in told["accesses"]} >= set(subjects.items())


def test_a_note_does_not_tell_of_a_line_that_she_does_not_know(any_world: World) -> None:
    known_one, silent = any_world.pairing(PairingStatus.INVITED), any_world.pairing(PairingStatus.APPROVED)
    for pairing in (known_one, silent):
        any_world.session.add(
            Note(volunteer_id=pairing.volunteer_id, pairing_id=pairing.id, branch_id=any_world.home.id,
                 at=any_world.now, text="Free on Mondays.")
        )  # fmt: skip
    any_world.session.commit()

    numbers = [told_of(any_world, pairing.volunteer)["notes"][0]["pairing_id"] for pairing in (known_one, silent)]

    assert numbers == [known_one.id, None]


def test_the_password_is_asked_again_and_nothing_is_told_before(world: World, app: Flask) -> None:
    volunteer, _pairing = planted(world, HERS)
    visitor = Visitor(app, volunteer.account)
    with transaction(world.session) as session:
        session.execute(sa.update(SignIn).values(verified_at=world.now - timedelta(minutes=16)))

    for kind in ("file", "page"):
        answer = visitor.post(f"/account/data/{kind}", page="/account/data")
        assert answer.status == 303
        assert "/verify" in str(answer.location)
        assert HERS not in answer.html


def test_every_exported_column_has_a_reader_and_every_reader_its_words() -> None:
    read_by = {
        (each.table, column)
        for each in READERS
        for column in register().exported_columns(each.table)
        if each.only is None or column in each.only
    }
    assert {(e.table, e.column) for e in register().entries if e.exported is Exported.YES} == read_by
    assert {each.name for each in READERS} == set(SECTIONS)


def test_the_number_of_statements_does_not_grow_with_what_is_kept(any_world: World) -> None:
    volunteer, _pairing = planted(any_world, HERS)
    asked: list[str] = []
    person = any_world.volunteer_of(volunteer)
    engine = any_world.session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))

    counts = []
    for _round in range(2):
        any_world.pairing(PairingStatus.ACCEPTED, volunteer=volunteer)
        any_world.session.commit()
        assert not person.account.is_administrator  # whose account it is was loaded by the page
        asked.clear()
        read(any_world.session, person)
        counts.append(sum(statement.startswith("SELECT") for statement in asked))

    assert counts == [len(READERS)] * 2
