"""The demo world holds a need and a pairing in every state, its mails, and is written whole or not at all."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from matcher.demo.mailbox import Mailbox
from matcher.demo.world import Making, build_world, is_built
from matcher.models.need import Need
from matcher.models.note import Note
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import NeedAudience, NeedStatus, PairingStatus
from tests.settings import make_settings

NOW = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)  # a Sunday night


def _making(folder, tell=lambda _text: None):
    settings = make_settings("sqlite://", environment="demo", sending_window=False, invitation_cap=False)
    return Making(settings, folder / "mail", password_hash="-", tell=tell)


def test_the_world_shows_every_state_and_holds_its_mails(session, tmp_path):
    build_world(session, NOW, _making(tmp_path))

    assert is_built(session)
    assert set(session.scalars(sa.select(Need.status))) == set(NeedStatus)
    assert set(session.scalars(sa.select(Pairing.status))) == set(PairingStatus)
    assert set(session.scalars(sa.select(Need.audience))) == set(NeedAudience)
    checks = {
        (one.status, one.waits_for_check) for one in session.scalars(sa.select(Pairing)) if one.need.meets_vulnerable
    }
    assert {(PairingStatus.CONFIRMED, True), (PairingStatus.ACTIVE, False)} <= checks
    assert session.scalar(sa.select(sa.func.count(Note.id)))
    assert session.scalar(sa.select(sa.func.count(OutboxRow.id)).where(OutboxRow.done_at.is_(None))) == 0
    subjects = {Mailbox(tmp_path / "mail").read(name).message["Subject"] for name in Mailbox(tmp_path / "mail").list()}
    assert len(subjects) > 100


def test_an_interrupted_start_leaves_nothing_behind(session, tmp_path):
    def interrupt(text):
        if "needs" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_world(session, NOW, _making(tmp_path, interrupt))

    assert not is_built(session)
