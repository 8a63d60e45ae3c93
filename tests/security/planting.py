"""People with every relation that the service knows, each with words that stand nowhere else. Expects nothing."""

from dataclasses import asdict, dataclass
from datetime import timedelta

import sqlalchemy as sa

from matcher import outbox
from matcher.actors import Person
from matcher.database import Json, transaction
from matcher.links import Subject, issue
from matcher.models.account import Account
from matcher.models.association import Association, Membership, PendingMembership
from matcher.models.branch import BranchCoordinator
from matcher.models.counterfactual import Counterfactual
from matcher.models.invitation_mail import InvitationMail
from matcher.models.link import LinkPurpose
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.models.pairing import Decision, Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.silence import SilenceTold
from matcher.models.states import NeedStatus, PairingStatus
from matcher.models.suppression import SuppressionReason
from matcher.models.volunteer import Volunteer
from matcher.ranking.score import WEIGHTS
from matcher.ranking.types import OfferedSkill
from matcher.sealed import seal
from matcher.services import mail_choices, names, needs, sign_ins, suppression, volunteers
from matcher.services.mail_choices import MailChoices, MailWish
from matcher.services.needs import NeedContent
from matcher.services.profile_content import ProfileText
from matcher.services.steps import record
from matcher.settings import Settings
from tests.factories import World

LEAVES, STAYS = "zyx", "wvq"
STATES = sorted(PairingStatus)
DRAFTS = (NeedStatus.DRAFT, NeedStatus.SUBMITTED, NeedStatus.CHANGES_REQUESTED, NeedStatus.OPEN, NeedStatus.FILLED)
A_LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Marks:
    """The words of one person: no other person and no page has them."""

    root: str
    number: int

    def word(self, kind: str) -> str:
        """A word of hers."""
        return f"{self.root}{kind}{self.number}q"

    @property
    def name(self) -> str:
        """Her name, of two words."""
        return f"{self.word('n').capitalize()} {self.word('f').capitalize()}"

    @property
    def address(self) -> str:
        """Her address."""
        return f"{self.word('a')}@example.org"

    @property
    def phone(self) -> str:
        """Her telephone number."""
        return f"+3363998{self.number:04d}" if self.root == LEAVES else f"+3363997{self.number:04d}"

    @property
    def spoken_phone(self) -> str:
        """The same as people write it."""
        digits = "0" + self.phone.removeprefix("+33")
        return " ".join(digits[i : i + 2] for i in range(0, 10, 2))


@dataclass(frozen=True, slots=True)
class Planted:
    """One person of the world."""

    marks: Marks
    account: Account
    volunteer: Volunteer

    @property
    def person(self) -> Person:
        """Herself, signed in."""
        return Person(self.account)


def plant(world: World, settings: Settings, number: int, root: str = LEAVES) -> Planted:
    """Enter a person who has everything; which states she stands in follows from her number."""
    marks = Marks(root, number)
    account = world.account(name=marks.name, phone=marks.phone)
    with transaction(world.session):
        account.email, account.password = marks.address, marks.word("p")
        account.tf_totp_secret, account.mf_recovery_codes = marks.word("s"), [marks.word("r")]
    skills = (OfferedSkill(marks.word("k")), OfferedSkill("Comptabilité"))
    volunteer = world.volunteer(account=account, skills=skills)
    planted = Planted(marks, account, volunteer)
    text = ProfileText(marks.word("h"), f"{marks.word('d')} {marks.spoken_phone}", (marks.word("e"), marks.word("x")))
    world.act(volunteers.save_text, planted.person, volunteer_id=volunteer.id, text=text)
    pairing = _pair(world, planted)
    _sign_in_and_choose(world, settings, planted, pairing)
    _write_mails(world, settings, planted)
    _ask_and_count(world, settings, planted, pairing)
    if number % 3 == 0:
        _act_for_an_association(world, planted)
    if number % 10 == 0:
        _coordinate(world, planted)
    return planted


def _pair(world: World, planted: Planted) -> Pairing:
    need = world.need()
    world.suggest(need, [planted.volunteer])
    pairing = world.pairing(STATES[planted.marks.number % len(STATES)], need=need, volunteer=planted.volunteer)
    parts: dict[str, Json] = {name: weight / 2 for name, weight in asdict(WEIGHTS).items()}
    shown: dict[str, Json] = {"version": "test", "weights": asdict(WEIGHTS)}
    with transaction(world.session) as session:
        pairing.motivation, pairing.question = planted.marks.word("m"), planted.marks.word("q")
        pairing.answer = f"Bonjour {planted.marks.name}"
        for decision in session.scalars(sa.select(Decision).where(Decision.pairing_id == pairing.id)):
            decision.shown = {**shown, "list": [[planted.volunteer.id, 1, 0.5, parts]]}
    coordinator = world.coordinator(pairing.need.branch)
    world.act(names.open_name, coordinator, volunteer_id=planted.volunteer.id)
    return pairing


def _sign_in_and_choose(world: World, settings: Settings, planted: Planted, pairing: Pairing) -> None:
    account = planted.account
    with transaction(world.session) as session:
        device = f"Firefox {planted.marks.word('b')}"
        sign_ins.begin(session, world.now, account_id=account.id, device=device, is_remembered=True)
        for purpose in LinkPurpose:
            subject = Subject(pairing_id=pairing.id) if purpose is LinkPurpose.ANSWER else Subject()
            issue(session, world.now, purpose, subject=subject, recipient_id=account.id)
        record(session, planted.person, world.now, action="edit", subject=("account", account.id))
    world.act(mail_choices.choose, planted.person, choices=MailChoices(MailWish.WEEKLY, 4, 3))


def _write_mails(world: World, settings: Settings, planted: Planted) -> None:
    """A mail that waits, one that left, one set aside, one in hand, one to another address of hers, one to a guest."""
    marks = planted.marks
    to_her = {"address": marks.address, "language": "fr", "name": marks.name, "account_id": planted.account.id}
    link = seal(settings, f"https://binome.example.org/{marks.word('l')}")
    with transaction(world.session) as session:
        for code in ("welcome", "reset_password", "confirm_address", "password_changed"):
            outbox.add(session, outbox.SendAccountMail(code=code, sealed_link=link, **to_her), world.now)
        new = {**to_her, "address": f"{marks.word('v')}@example.net"}
        outbox.add(session, outbox.SendAccountMail(code="change_address", sealed_link=link, **new), world.now)
        # Written before she had an account: nothing but the address says that it is hers.
        guest = {"code": "member_invited", "address": marks.address.upper(), "language": "fr"}
        outbox.add(session, outbox.SendAccountMail(sealed_link=link, about="Association", **guest), world.now)
        outbox.add(session, outbox.SendMail("still_true", planted.account.id), world.now)
    kind = outbox.SendAccountMail.kind
    hers = sa.select(OutboxRow).where(OutboxRow.kind == kind, OutboxRow.payload["account_id"].as_integer().is_not(None))
    with transaction(world.session) as session:
        rows = [row for row in session.scalars(hers) if row.payload["account_id"] == planted.account.id]
        outbox.complete(rows[0], world.now, outcome=outbox.SENT, sent_text=f"{marks.name} {marks.word('s')}")
        outbox.park(rows[1], world.now, reason=ParkReason.MAIL_REFUSED, outcome="mail refused: 550")
        rows[2].lease_until = world.now + A_LEASE


def _ask_and_count(world: World, settings: Settings, planted: Planted, pairing: Pairing) -> None:
    volunteer, account = planted.volunteer, planted.account
    other = world.association()
    facts = {"need_id": pairing.need_id, "volunteer_id": volunteer.id, "asked_at": world.now, "ready_at": world.now}
    with transaction(world.session) as session:
        session.add(Counterfactual(result={"skill": planted.marks.word("k")}, version="test", **facts))
        session.add(SilenceTold(volunteer_id=volunteer.id, told_at=world.now))
        session.add(InvitationMail(volunteer_id=volunteer.id, at=world.now))
        reason = (SuppressionReason.HARD, SuppressionReason.COMPLAINT)[planted.marks.number % 2]
        suppression.suppress(session, settings, account.email, world.now, reason=reason)
        suppression.adopt(session, settings, account)
        asked = {"association_id": pairing.need.association_id, "is_asked_by_herself": True}
        session.add(PendingMembership(email=account.email, created_at=world.now, **asked))
        session.add(PendingMembership(association_id=other.id, email=account.email.upper(), created_at=world.now))


def _act_for_an_association(world: World, planted: Planted) -> None:
    """Alone, or beside another; needs in each state of writing, with her contacts in what they say."""
    number, marks = planted.marks.number, planted.marks
    association = world.association(members=1)
    if number % 2:
        with transaction(world.session) as session:
            association.memberships.append(Membership(account=planted.account, joined_at=world.now))
    else:
        _replace_member(world, association, planted.account)
    status = DRAFTS[number // 3 % len(DRAFTS)]
    need = world.need(status, association=association, **_said(marks))
    guest = f"{STAYS}guest{marks.number}@example.net"
    with transaction(world.session) as session:
        need.contact_id = need.author_id = planted.account.id
        association.description = f"Écrivez à {marks.name}, {marks.address}."
        session.add(
            PendingMembership(
                association_id=association.id, email=guest, invited_by_id=planted.account.id, created_at=world.now
            )
        )
        mail = outbox.SendAccountMail("member_invited", address=guest, language="fr", about=association.name)
        outbox.add(session, mail, world.now)
    if not number % 2:  # what she wrote for an association in which others stay is theirs
        world.act(needs.create_draft, planted.person, association_id=association.id, content=_draft(world, marks))


def _replace_member(world: World, association: Association, account: Account) -> None:
    with transaction(world.session):
        association.memberships = [Membership(account=account, joined_at=world.now)]


def _said(marks: Marks) -> dict[str, object]:
    words = f"Nous cherchons quelqu’un. Appelez {marks.name} au {marks.spoken_phone} ou {marks.address}."
    return {"description": words}


def _draft(world: World, marks: Marks) -> NeedContent:
    return world.content(title=f"Brouillon {marks.word('t')}", description=f"{marks.word('w')} {marks.phone}")


def _coordinate(world: World, planted: Planted) -> None:
    with transaction(world.session) as session:
        session.add(BranchCoordinator(branch_id=world.home.id, account_id=planted.account.id))
        quarantine = Quarantine(since=world.now, data_of=world.now, reason="restored from a backup")
        quarantine.lift(world.now, planted.account.id)
        session.add(quarantine)
