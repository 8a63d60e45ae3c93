"""Pages on which somebody is told less, or more, than usual: by invitation only, few people, a role, a declared check.

What is arranged here is taken back after its picture.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import timedelta

import sqlalchemy as sa

from matcher.messages import SendMail
from matcher.models.account import ADMINISTRATOR as ADMINISTRATORS_ROLE
from matcher.models.account import Account, Role
from matcher.models.branch import Branch, BranchCoordinator
from matcher.models.link import LinkPurpose
from matcher.models.need import Need
from matcher.models.outbox import OutboxRow
from matcher.models.pairing import Pairing
from matcher.models.states import CheckWaiver, NeedAudience, NeedStatus, PairingStatus
from tests.look.backstage import Backstage
from tests.look.finders import at, first_link
from tests.look.guarded import HEALTH, act_on, audience, mission, noted
from tests.look.looked import (
    ADMINISTRATOR,
    COORDINATOR,
    MEMBER,
    SEND,
    VOLUNTEER,
    Arranged,
    Looked,
    pressed,
    typed,
)

DATA = "/account/data"
FEW = "/board?branch=mayotte"
SAID = """\
Bonjour Marie,

Les Jardins de la Duchère cherchent quelqu’un pour 12 heures : « Refaire notre suivi de trésorerie ».
Vous pouvez répondre jusqu’au vendredi 4 décembre.

Voir et répondre : […]

Binôme, antenne de Lyon : […]"""


def only_invited(path: str = "") -> Arranged:
    """A need by invitation only, to which she is invited; without a path, the page behind her invitation’s link."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        her = stage.volunteer(VOLUNTEER)
        invited = (
            sa.select(Pairing)
            .join(Need)
            .where(Pairing.status == PairingStatus.INVITED, Need.status == NeedStatus.OPEN)
            .order_by(Pairing.id)
        )
        pairing = stage.session.scalars(invited).first()
        assert pairing is not None
        with ExitStack() as stack:
            readers = {"audience": NeedAudience.INVITATION, "meets_vulnerable": True}
            stack.enter_context(stage.changed(pairing.need, **readers))
            stack.enter_context(stage.changed(pairing, volunteer_id=her.id, is_known_to_her=True))
            yield path.format(pairing.need_id) or stage.path(LinkPurpose.ANSWER, her.account, pairing.id)

    return arrange


def administers(email: str, act: str) -> Arranged:
    """The page that asks before an act about an account which administers as well."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        account = stage.account(email)
        role = stage.session.scalars(sa.select(Role).where(Role.name == ADMINISTRATORS_ROLE)).one()
        with stage.changed(account, roles=[role]):
            yield f"/admin/people/{account.id}/{act}"

    return arrange


def own_page(act: str) -> Arranged:
    """The page that asks before an act about the only administrator: herself."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        yield f"/admin/people/{stage.account(ADMINISTRATOR).id}/{act}"

    return arrange


@contextmanager
def new_branch(stage: Backstage) -> Iterator[Branch]:
    """A branch that has just opened, without a need."""
    names = {"name_fr": "Antenne de Mayotte", "name_en": "Mayotte branch"}
    branch = Branch(slug="mayotte", mailbox="mayotte@binome.example", **names)
    with ExitStack() as stack:
        stack.enter_context(stage.added([branch]))
        coordinates = BranchCoordinator(branch_id=branch.id, account_id=stage.account(COORDINATOR).id)
        stack.enter_context(stage.added([coordinates]))
        yield branch


@contextmanager
def nobody_yet(stage: Backstage) -> Iterator[str]:
    """Its board."""
    with new_branch(stage):
        yield FEW


@contextmanager
def few_people(stage: Backstage) -> Iterator[str]:
    """Its board with one need and those who were asked for it."""
    need = stage.session.scalars(sa.select(Need).where(Need.status == NeedStatus.FILLED).order_by(Need.id)).first()
    assert need is not None
    asked = stage.session.scalars(sa.select(Pairing).where(Pairing.need_id == need.id)).all()
    with ExitStack() as stack:
        branch = stack.enter_context(new_branch(stage))
        stack.enter_context(stage.changed(need, branch_id=branch.id))
        for pairing in asked[:3]:
            stack.enter_context(stage.changed(pairing.volunteer, branch_id=branch.id))
        yield FEW


@contextmanager
def written_to(stage: Backstage) -> Iterator[str]:
    """What two mails told her, as it is kept for a while."""
    her = stage.account(VOLUNTEER)
    with stage.added([_sent(stage, her, days) for days in (2, 5)]):
        yield DATA


def _sent(stage: Backstage, account: Account, days: int) -> OutboxRow:
    message, at_ = SendMail("still_true", account.id), stage.now - timedelta(days=days)
    return OutboxRow(
        kind=message.kind, key=None, payload=asdict(message), created_at=at_, not_before=at_, attempts=1,
        done_at=at_ + timedelta(minutes=1), outcome="sent", sent_text=SAID,
    )  # fmt: skip


def declared(who: str, **values: object) -> Arranged:
    """A mission whose check was declared, as one of those concerned reads it."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        with ExitStack() as stack:
            path = stack.enter_context(mission("", **values)(stage))
            if who == VOLUNTEER:
                pairing = stage.session.get_one(Pairing, int(path.rpartition("/")[2]))
                stack.enter_context(stage.changed(pairing, volunteer_id=stage.volunteer(VOLUNTEER).id))
            yield path

    return arrange


def seen(who: str) -> Arranged:
    """The check was seen some days ago."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        with declared(who, check_seen_on=stage.now.date() - timedelta(days=4))(stage) as path:
            yield path

    return arrange


A_DESK = first_link("/reviews", "/reviews/", "Refaire notre suivi")
TOLD = (
    Looked("need-only-invited-stranger", "", arranged=only_invited("/needs/{}")),
    Looked("answer-only-invited", "", arranged=only_invited()),
    Looked("need-only-invited", VOLUNTEER, arranged=only_invited("/needs/{}")),
    Looked(
        "mail-only-invited",
        COORDINATOR,
        first_link(A_DESK, "/reviews/", ending="/preview"),
        arranged=audience(NeedAudience.INVITATION),
    ),
    Looked("board-few", COORDINATOR, arranged=few_people),
    Looked("board-nobody", COORDINATOR, arranged=nobody_yet),
    Looked("people-make-administrator", ADMINISTRATOR, arranged=act_on(VOLUNTEER, "make-administrator")),
    Looked("people-end-administrator", ADMINISTRATOR, arranged=administers(COORDINATOR, "end-administrator")),
    Looked("people-end-last-administrator", ADMINISTRATOR, arranged=own_page("end-administrator")),
    Looked("own-data-mails", VOLUNTEER, at(DATA), arranged=written_to, act=pressed(SEND)),
    Looked("check-seen", MEMBER, arranged=seen(MEMBER)),
    Looked("check-waived", MEMBER, arranged=declared(MEMBER, check_waived=CheckWaiver.ACCOMPANIED)),
    Looked("check-seen-volunteer", VOLUNTEER, arranged=seen(VOLUNTEER)),
    Looked("second-factor", MEMBER, at("/account/second-factor")),
    Looked("second-factor-device", MEMBER, at("/account/second-factor"), act=pressed(SEND)),
    Looked("recovery-codes", MEMBER, at("/account/recovery-codes")),
    Looked("password-again", MEMBER, at("/account/verify")),
    Looked("password-again-refused", MEMBER, at("/account/verify"), act=pressed(SEND)),
    Looked("end-other-sign-ins", MEMBER, at("/account/sign-ins/end-others")),
    Looked(
        "note-special",
        COORDINATOR,
        arranged=noted,
        act=typed("textarea[name=text]", HEALTH, "main form:has(textarea) button[type=submit]"),
    ),
)
