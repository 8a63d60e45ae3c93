"""Background work for administrators: what is set aside is seen, tried again or given up; no address is shown."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher import outbox
from matcher.database import transaction
from matcher.mail.codes import AccountMailCode, MailCode
from matcher.models.alert import Alert, AlertCode
from matcher.models.audit import AuditEntry
from matcher.models.deadline import Clock, Deadline
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.models.states import PairingStatus
from matcher.services import alerts, line
from matcher.services.invariants import Broken
from matcher.services.sending import SendingRules
from tests.factories import World
from tests.web.visiting import Visitor
from web.mail_names import NAMES
from web.outbox_words import ALERTS, CLOCKS, KINDS, REASONS, SHORT

PAGE = "/admin/outbox"
ADDRESS = "marie.curie@example.org"


@pytest.fixture
def administrator(app: Flask, world: World) -> Visitor:
    """An administrator at her browser."""
    return Visitor(app, world.administrator().account)


def park(world: World, message: outbox.Message, reason: ParkReason, outcome: str = "mail refused: 550") -> OutboxRow:
    """A row of this message that was set aside."""
    with transaction(world.session):
        outbox.add(world.session, message, world.now)
        row = world.messages(message.kind)[-1]
        outbox.claim(world.session, row.id, world.now)
        outbox.park(row, world.now, reason=reason, outcome=outcome)
    return row


def account_mail() -> outbox.SendAccountMail:
    """A mail of an account, which holds an address."""
    return outbox.SendAccountMail("confirm_address", ADDRESS, "fr", name="Marie", sealed_link="sealed")


def acts(world: World) -> list[tuple[str, int, str | None]]:
    """What the audit log says of rows."""
    world.session.rollback()
    rows = sa.select(AuditEntry.action, AuditEntry.subject_id, AuditEntry.reason).order_by(AuditEntry.id)
    return [tuple(row) for row in world.session.execute(rows.where(AuditEntry.subject_kind == "outbox"))]


def read(world: World, row: OutboxRow) -> OutboxRow:
    """The row as it stands now."""
    world.session.rollback()
    world.session.refresh(row)
    return row


def test_every_kind_reason_and_alert_has_its_words() -> None:
    assert set(KINDS) == set(outbox.MESSAGES)
    assert set(REASONS) == set(SHORT) == set(ParkReason)
    assert set(ALERTS) == set(AlertCode)
    assert set(CLOCKS) == set(Clock)
    assert set(NAMES) == {*MailCode, *AccountMailCode}


def test_an_empty_page_says_what_will_appear(administrator: Visitor) -> None:
    answer = administrator.get(PAGE)
    assert "Nothing is set aside" in answer.text
    assert "Nothing waits" in answer.text
    assert "Something is not right" not in answer.text


def test_a_parked_row_is_shown_with_its_need_and_without_any_address(administrator: Visitor, world: World) -> None:
    need = world.need()
    park(world, outbox.SendMail("need_opened", 1, need_id=need.id), ParkReason.MAIL_REFUSED)
    park(world, account_mail(), ParkReason.MAIL_NOT_TAKEN, "mail not taken: 451")

    answer = administrator.get(PAGE)

    assert answer.page.select_one(f'main a[href="/needs/{need.id}"]').get_text() == need.title
    assert "E-mail “need published”:" in answer.text
    assert "E-mail “confirm your address”" in answer.text
    assert "The mail server refused it for good. (550)" in answer.text
    assert "set aside on Monday 7 September at 10:00" in answer.text
    assert "1 attempt" in answer.text
    assert ADDRESS not in answer.html
    assert "Marie" not in answer.html


def test_what_waits_is_counted_by_kind_with_the_age_of_the_oldest(administrator: Visitor, world: World) -> None:
    with transaction(world.session):
        outbox.add(world.session, outbox.RankNeed(1), world.now - timedelta(hours=1))
        outbox.add(world.session, outbox.RankNeed(2), world.now, not_before=world.now + timedelta(days=1))

    rows = administrator.get(PAGE).page.select("main table tbody tr")

    assert [[cell.get_text().strip() for cell in row.select("th, td")] for row in rows] == [
        ["Ranking for a need", "2", "1", "Monday 7 September at 09:00"]
    ]


def test_trying_again_is_done_once_and_recorded(administrator: Visitor, world: World) -> None:
    row = park(world, account_mail(), ParkReason.MAIL_REFUSED)

    first = administrator.post(f"{PAGE}/{row.id}/retry", page=PAGE)
    assert "will be tried again" in administrator.get(PAGE).text
    administrator.post(f"{PAGE}/{row.id}/retry", page="/how-it-ranks")

    assert (first.status, first.location) == (303, PAGE)
    assert "dealt with already" in administrator.get(PAGE).text
    assert read(world, row).parked_at is None
    assert [each.id for each in outbox.due(world.session, world.now)] == [row.id]
    assert acts(world) == [("retry_row", row.id, "mail_refused")]


def test_a_row_under_a_key_is_tried_again_beside_a_newer_one(administrator: Visitor, world: World) -> None:
    row = park(world, outbox.RankNeed(7), ParkReason.ERROR)
    with transaction(world.session):
        outbox.add(world.session, outbox.RankNeed(7), world.now)

    assert administrator.post(f"{PAGE}/{row.id}/retry", page=PAGE).status == 303
    assert read(world, row).parked_at is None


def test_all_of_one_reason_are_tried_again(administrator: Visitor, world: World) -> None:
    refused = [park(world, account_mail(), ParkReason.MAIL_REFUSED) for _ in range(3)]
    failed = park(world, outbox.RankNeed(1), ParkReason.ERROR)

    page = administrator.get(f"{PAGE}?reason=mail_refused")
    assert len(page.page.select("main ul.rows > li")) == 3
    administrator.post(f"{PAGE}/retry/mail_refused", page=f"{PAGE}?reason=mail_refused")

    assert "3 tasks will be tried again." in administrator.get(PAGE).text
    assert [read(world, row).parked_at for row in refused] == [None] * 3
    assert read(world, failed).parked_at is not None
    assert [act[0] for act in acts(world)] == ["retry_row"] * 3


def test_discarding_asks_first_and_is_done_once(administrator: Visitor, world: World) -> None:
    row = park(world, account_mail(), ParkReason.MAIL_REFUSED)
    address = f"{PAGE}/{row.id}/discard"

    assert "cannot be undone" in administrator.get(address).text
    assert read(world, row).done_at is None
    administrator.post(address)
    administrator.post(address, page="/how-it-ranks")

    assert "dealt with already" in administrator.get(PAGE).text
    assert (read(world, row).outcome, row.payload["sealed_link"]) == ("discarded", None)
    assert acts(world) == [("discard_row", row.id, "mail_refused")]
    assert administrator.get(address).location == PAGE


def test_a_discarded_invitation_gives_the_turn_back(administrator: Visitor, world: World) -> None:
    pairing = world.pairing(PairingStatus.APPROVED)
    world.run(line.advance, SendingRules(), need_id=pairing.need_id)
    row = world.messages("send_invitation")[0]
    with transaction(world.session):
        outbox.park(row, world.now, reason=ParkReason.MAIL_REFUSED, outcome="mail refused: 550")

    assert "gives the turn back" in administrator.get(f"{PAGE}/{row.id}/discard").text
    administrator.post(f"{PAGE}/{row.id}/discard")

    world.session.rollback()
    world.session.refresh(pairing)
    assert pairing.queued_at is None
    assert world.messages("advance_line")[-1].done_at is None


def test_open_alerts_are_shown_and_closed_ones_are_not(administrator: Visitor, world: World) -> None:
    with transaction(world.session):
        for subject, closed_at in (("send_mail", None), ("rank_need", world.now)):
            facts = {"code": AlertCode.ROWS_LATE, "subject": subject, "count": 2, "ids": {"list": [4, 8]}}
            world.session.add(Alert(opened_at=world.now, seen_at=world.now, closed_at=closed_at, **facts))

    answer = administrator.get(PAGE)

    assert "2 tasks have been due for too long (Mail). Is a worker running?" in answer.text
    assert "number 4, number 8" in answer.text
    assert "(Ranking for a need)" not in answer.text


def test_what_an_alert_is_about_can_be_looked_at(administrator: Visitor, world: World) -> None:
    need, invited = world.need(), world.pairing(PairingStatus.INVITED)
    clock = world.session.scalars(sa.select(Deadline).where(Deadline.pairing_id == invited.id)).first()
    found = [
        Broken(AlertCode.NEEDS_FULL, "need", (need.id,), 1),
        Broken(AlertCode.CLOCKS_MISSING, "invited", (invited.id,), 4),
        Broken(AlertCode.CLOCKS_MISSING, "open", (need.id,), 2),
        Broken(AlertCode.CLOCKS_MISSING, "draft", (need.id,), 1),
        Broken(AlertCode.CLOCKS_LATE, "expire_invited", (clock.id, 999), 2),
        Broken(AlertCode.LEDGER_UNWRITTEN, "PermissionError", (), 7),
    ]
    with transaction(world.session) as session:
        alerts.note(session, world.now, found)

    answer = administrator.get(PAGE)

    links = [str(link["href"]) for link in answer.page.select("main ul.rows .meta a")]
    line = f"/reviews/{invited.need_id}/line"
    assert links == [f"/reviews/{need.id}", line, f"/reviews/{need.id}", line]
    assert [administrator.get(link).status for link in links] == [200] * 4
    assert "2 needs stand in a state that nothing would end (Open)." in answer.text
    assert "1 need stands in a state that nothing would end (Draft)." in answer.text
    assert "4 pairings stand in a state that nothing would end (Invited)." in answer.text
    assert "2 time limits have passed without effect (end of an invitation)." in answer.text
    assert f"pairing {invited.id} and 3 more" in answer.text
    assert "cannot be written (PermissionError): after a restore 7 lines" in answer.text
    assert f"pairing {invited.id} , number 999" in answer.text


def test_what_narrows_the_list_stays_through_an_act(administrator: Visitor, world: World) -> None:
    for _ in range(2):
        park(world, account_mail(), ParkReason.MAIL_REFUSED)
    row = park(world, outbox.RankNeed(1), ParkReason.ERROR)
    page = f"{PAGE}?reason=error"

    action = administrator.get(page).page.select_one("main ul.rows form")["action"]

    assert action == f"{PAGE}/{row.id}/retry?reason=error"
    assert administrator.post(str(action), page=page).location == page
    assert administrator.get(page).location == PAGE, "nothing is left of this reason: all others are shown"


@pytest.mark.parametrize("who", ["coordinator", "member", "volunteer"])
def test_nobody_else_sees_or_touches_it(app: Flask, world: World, who: str) -> None:
    row = park(world, account_mail(), ParkReason.MAIL_REFUSED)
    pairing = world.pairing(PairingStatus.INVITED)
    people = {
        "coordinator": world.coordinator(),
        "member": world.member(pairing),
        "volunteer": world.volunteer_of(pairing),
    }
    visitor = Visitor(app, people[who].account)

    assert visitor.get(PAGE).status == 403
    assert visitor.get(f"{PAGE}/{row.id}/discard").status == 403
    for act in ("retry", "discard"):
        assert visitor.post(f"{PAGE}/{row.id}/{act}", page="/how-it-ranks").status == 403
    assert read(world, row).parked_at is not None


def test_a_full_page_takes_the_same_number_of_statements(administrator: Visitor, world: World) -> None:
    need = world.need()
    park(world, outbox.SendMail("need_opened", 1, need_id=need.id), ParkReason.MAIL_REFUSED)
    few = administrator.count(PAGE)
    for _ in range(25):
        park(world, outbox.SendMail("need_opened", 1, need_id=world.need().id), ParkReason.MAIL_REFUSED)

    assert administrator.count(PAGE) == few
    assert len(administrator.get(PAGE).page.select("main ul.rows > li")) == 20
    assert len(administrator.get(f"{PAGE}?page=2").page.select("main ul.rows > li")) == 6
