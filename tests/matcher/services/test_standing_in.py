"""What waits for somebody with several hats goes, hat by hat, to whoever acts in her place, however she leaves."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from matcher.actors import Person
from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.messages import SendMail
from matcher.models.account import Account
from matcher.models.states import PairingStatus
from matcher.outbox import add
from matcher.services import memberships, privacy, rights
from matcher.services.audiences import Audience
from matcher.services.notices import CLOCK_NOTICES, NEED_NOTICES, PAIRING_NOTICES, Notice
from matcher.services.rights import SuspensionReason
from matcher.services.standing_in import TO_ADMINISTRATORS
from tests.factories import World
from tests.faults.forms_of_rights import coordinate

M = MailCode
AS_MEMBER, AS_COORDINATOR, AS_VOLUNTEER = M.NEED_OPENED, M.YES_COORDINATOR, M.INVITATION_REMINDER
# A mail to a coordinator about her own candidacy; a mail that both sides of a mission get.
OF_HER_OWN, OF_BOTH_SIDES = M.WITHDRAWN_COORDINATOR, M.INTRODUCED


@dataclass(frozen=True)
class Hats:
    """She is a volunteer, a member and a coordinator of one need; each hat has a colleague."""

    world: World
    her: Account
    colleague: Account
    member: Account
    association_id: int

    def waits_for(self) -> dict[MailCode, str]:
        """For whom each mail waits: by name, or nobody."""
        self.world.session.expire_all()
        names = {self.her.id: "her", self.colleague.id: "colleague", self.member.id: "member"}
        return {
            MailCode(str(row.payload["code"])): names[int(str(row.payload["recipient_id"]))] if not row.done_at else ""
            for row in self.world.messages("send_mail")
            if row.payload["code"] in {AS_MEMBER, AS_COORDINATOR, AS_VOLUNTEER, OF_HER_OWN, OF_BOTH_SIDES}
        }


@pytest.fixture
def hats(any_world: World) -> Hats:
    world = any_world
    need, her = world.need(), world.volunteer()
    own = world.pairing(PairingStatus.INVITED, need=need, volunteer=her)
    others = world.pairing(PairingStatus.INVITED, need=need)
    colleague, member = world.coordinator().account, world.member(need, 0).account
    world.join(need.association, her.account)
    coordinate(world, her.account)
    world.forget_mails()
    with transaction(world.session) as session:
        need.contact_id = need.coordinator_id = her.account_id
        waiting = ((AS_MEMBER, None), (AS_COORDINATOR, others.id), (AS_VOLUNTEER, own.id), (OF_HER_OWN, own.id))
        for code, pairing_id in (*waiting, (OF_BOTH_SIDES, others.id)):
            add(session, SendMail(code.value, her.account_id, need.id, pairing_id), world.now)
    return Hats(world, her.account, colleague, member, need.association_id)


def _leaves(hats: Hats) -> None:
    hats.world.act(memberships.leave, Person(hats.her), association_id=hats.association_id)


def _withdrawn(hats: Hats) -> None:
    ids = {"account_id": hats.her.id, "branch_id": hats.world.home.id}
    hats.world.act(rights.withdraw_coordinator, hats.world.administrator(), **ids)


def _suspended(hats: Hats) -> None:
    reason = SuspensionReason.CONDUCT
    hats.world.act(rights.suspend, hats.world.administrator(), account_id=hats.her.id, reason=reason)


def _erased(hats: Hats) -> None:
    hats.world.act(privacy.erase_account, Person(hats.her))


TO_MEMBER = {AS_MEMBER: "member", OF_BOTH_SIDES: "member"}
TO_COLLEAGUE = {AS_COORDINATOR: "colleague", OF_HER_OWN: "colleague"}
AT_FIRST = dict.fromkeys((AS_MEMBER, AS_COORDINATOR, AS_VOLUNTEER, OF_HER_OWN, OF_BOTH_SIDES), "her")


@pytest.mark.parametrize(
    ("goes", "moved"),
    [
        (_leaves, TO_MEMBER),
        (_withdrawn, TO_COLLEAGUE),
        (_suspended, TO_MEMBER | TO_COLLEAGUE),
        (_erased, TO_MEMBER | TO_COLLEAGUE),
    ],
)
def test_each_mail_that_waits_goes_by_the_hat_under_which_it_was_written(
    hats: Hats, goes: Callable[[Hats], None], moved: dict[MailCode, str]
) -> None:
    assert hats.waits_for() == AT_FIRST

    goes(hats)

    assert hats.waits_for() == AT_FIRST | moved


@pytest.mark.parametrize("goes", [_suspended, _erased])
def test_nobody_who_is_shut_out_herself_is_given_what_waits(hats: Hats, goes: Callable[[Hats], None]) -> None:
    with transaction(hats.world.session):
        hats.colleague.active = hats.member.active = False

    goes(hats)

    given_up = dict.fromkeys(TO_MEMBER | TO_COLLEAGUE, "")
    assert hats.waits_for() == AT_FIRST | given_up


def test_the_mails_to_administrators_are_known_as_such() -> None:
    tables = [*NEED_NOTICES.values(), *PAIRING_NOTICES.values(), *CLOCK_NOTICES.values()]
    rows = [row for notices in tables if isinstance(notices, tuple) for row in notices if isinstance(row, Notice)]

    assert {row.code for row in rows if row.audience is Audience.ADMINISTRATORS} == TO_ADMINISTRATORS
