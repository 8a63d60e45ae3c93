"""What a coordinator signed with her name and number while she was one: nothing of it says who she was, once erased."""

import pytest
import sqlalchemy as sa

from matcher.models.branch import BranchCoordinator
from matcher.models.note import Note
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import answers, notes, privacy, reviews
from tests.factories import World

SIGNED = "Appelez-moi : Hélène Dupont-Cachée, 06 39 98 00 01."
GONE = ("Dupont-Cachée", "06 39 98 00 01")


@pytest.fixture
def coordinator(any_world: World):
    """One of two coordinators of the home branch."""
    colleague = any_world.person(name="Hélène Dupont-Cachée", phone="+33639980001")
    any_world.home.coordinators.append(BranchCoordinator(account=colleague.account))
    any_world.session.commit()
    return colleague


def test_an_erased_coordinator_stands_in_no_answer_point_or_note(any_world: World, coordinator) -> None:
    world = any_world
    asked = world.pairing(PairingStatus.INVITED)
    world.act(answers.ask, world.volunteer_of(asked), pairing_id=asked.id, question="Le soir ?")
    world.act(answers.reply, coordinator, pairing_id=asked.id, answer=SIGNED)
    submitted = world.need(NeedStatus.SUBMITTED)
    world.act(reviews.request_changes, coordinator, need_id=submitted.id, points=SIGNED)
    about = {"need_id": asked.need_id, "volunteer_id": asked.volunteer_id, "text": SIGNED}
    world.act(notes.write, coordinator, **about)

    world.act(privacy.erase_account, coordinator)

    world.session.expire_all()
    said = [asked.answer, submitted.review_points, *world.session.scalars(sa.select(Note.text))]
    assert all(text and text.startswith("Appelez-moi") for text in said)
    assert [text for text in said for word in GONE if word in text] == []
