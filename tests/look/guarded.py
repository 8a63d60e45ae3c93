"""Pages about rights, accesses and one's own data, in states that the demo does not show by itself."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import sqlalchemy as sa
from playwright.sync_api import Page

from matcher.models.association import Membership, PendingMembership
from matcher.models.need import Need, NeedEvent
from matcher.models.note import Note
from matcher.models.pairing import Pairing
from matcher.models.quarantine import Quarantine
from matcher.models.states import Door, HoldReason, NeedAudience, NeedStatus, NeedStep, PairingStatus
from tests.look.backstage import Backstage
from tests.look.finders import at, first_link
from tests.look.looked import (
    ADMINISTRATOR,
    COORDINATOR,
    MEMBER,
    SEND,
    VOLUNTEER,
    Act,
    Arranged,
    Looked,
    pressed,
    typed,
)

HEALTH = "Je suis diabétique et je connais bien la comptabilité associative."
WHY = "input[name=why]"


def found(email: str) -> Act:
    """Type the whole address of an account, say why, press."""

    def act(page: Page) -> None:
        page.fill("main input[name=email]", email)
        page.locator(WHY).first.check()
        page.locator(SEND).first.click()

    return act


def act_on(email: str, act: str) -> Arranged:
    """The page that asks before an act about an account; whoever is found has a second factor meanwhile."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        account = stage.account(email)
        shut = act in {"lift", ""}
        values = {"active": not shut, "suspended_at": stage.now - timedelta(days=3) if shut else None}
        with stage.changed(account, tf_primary_method="authenticator", tf_totp_secret="x", **values):
            yield f"/admin/people/{account.id}" + (f"/{act}" if act else "")

    return arrange


@contextmanager
def age_not_said(stage: Backstage) -> Iterator[str]:
    """Her account was opened for her: nobody has said that she is of age."""
    with stage.changed(stage.account(VOLUNTEER), adult_declared_at=None):
        yield "/account/age"


@contextmanager
def awaits_ledger(stage: Backstage) -> Iterator[str]:
    """A quarantine which the ledger of erasures has not been replayed in."""
    since, data_of = stage.now - timedelta(minutes=20), stage.now - timedelta(hours=9)
    with stage.added([Quarantine(since=since, data_of=data_of, reason="restored", awaits_ledger=True)]):
        yield "/admin/quarantine"


@contextmanager
def noted(stage: Backstage) -> Iterator[str]:
    """Two notes about one person, one by the reader, one by somebody who has left, with a word that is too long."""
    her, desk = stage.volunteer(VOLUNTEER), stage.account(COORDINATOR)
    need = stage.session.scalars(sa.select(Need).where(Need.title.startswith("Refaire notre suivi"))).one()
    pairing = stage.session.scalars(sa.select(Pairing).where(Pairing.volunteer_id == her.id)).first()
    assert pairing is not None
    said = (
        ("Préfère être appelée le soir ; ne veut pas conduire de nuit.", desk.id, pairing.id),
        ("https://" + "une-adresse-sans-aucune-espace/" * 4, None, None),
    )
    rows = [
        Note(volunteer_id=her.id, pairing_id=on, branch_id=her.branch_id, author_id=by, text=text, at=stage.now)
        for text, by, on in said
    ]
    with stage.added(rows):
        yield f"/reviews/{need.id}/people/{her.id}/notes"


def audience(which: NeedAudience, path: str = "/needs/{}") -> Arranged:
    """An open need that not everybody reads whole."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        query = sa.select(Need).where(Need.status == NeedStatus.OPEN).order_by(Need.opened_at.desc())
        need = stage.session.scalars(query).first()
        assert need is not None
        with stage.changed(need, audience=which, meets_vulnerable=True):
            yield path.format(need.id)

    return arrange


@contextmanager
def held_for_long(stage: Backstage) -> Iterator[str]:
    """A need that its association put on hold without a day, forty days ago, while people wait for it."""
    need = stage.session.scalars(sa.select(Need).where(Need.title.startswith("Construire un parcours"))).one()
    held = NeedEvent(
        need_id=need.id, at=stage.now - timedelta(days=40), step=NeedStep.HOLD, source=NeedStatus.OPEN,
        target=NeedStatus.ON_HOLD, door=Door.PAGE,
    )  # fmt: skip
    with (
        stage.changed(need, status=NeedStatus.ON_HOLD, hold_reason=HoldReason.MEMBER_ASKED, returns_on=None),
        stage.added([held]),
    ):
        yield "/reviews"


def left_alone(path: str) -> Arranged:
    """An association that nobody acts for any more, since all accounts are shut, and a request to act for it."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        hers = sa.select(Membership.association_id).where(Membership.account_id == stage.account(MEMBER).id)
        links = stage.session.scalars(sa.select(Membership).where(Membership.association_id.in_(hers))).all()
        number, asker = links[0].association_id, stage.account(VOLUNTEER)
        asked = PendingMembership(
            association_id=number, email=asker.email, is_asked_by_herself=True, created_at=stage.now
        )
        with ExitStack() as stack:
            for link in links:
                stack.enter_context(stage.changed(link.account, active=False, suspended_at=stage.now))
            stack.enter_context(stage.added([asked]))
            yield path.format(number)

    return arrange


def mission(path: str, **values: object) -> Arranged:
    """A mission of the member's association whose work awaits the check."""

    @contextmanager
    def arrange(stage: Backstage) -> Iterator[str]:
        member = stage.account(MEMBER)
        own = stage.session.scalars(sa.select(Membership).where(Membership.account_id == member.id)).first()
        confirmed = sa.select(Pairing).where(Pairing.status == PairingStatus.CONFIRMED)
        pairing = stage.session.scalars(confirmed.order_by(Pairing.id)).first()
        assert own is not None
        assert pairing is not None
        before = {"check_seen_on": None, "check_waived": None}
        with ExitStack() as stack:
            stack.enter_context(stage.changed(pairing.need, association_id=own.association_id, meets_vulnerable=True))
            stack.enter_context(stage.changed(pairing, **{**before, **values}))
            yield f"/missions/{pairing.id}{path}"

    return arrange


GUARDED = (
    Looked("own-data-page", VOLUNTEER, at("/account/data"), act=pressed(SEND)),
    Looked("own-data-member", MEMBER, at("/account/data"), act=pressed(SEND)),
    Looked("age", VOLUNTEER, arranged=age_not_said),
    Looked("age-refused", VOLUNTEER, arranged=age_not_said, act=pressed(SEND)),
    Looked(
        "special-data",
        VOLUNTEER,
        at("/profile/text"),
        act=typed("textarea[name=description]", HEALTH, "main form .button-primary"),
    ),
    Looked("association-accesses", MEMBER, first_link("/associations", "/associations/", ending="/accesses")),
    Looked("people-unknown", ADMINISTRATOR, at("/admin/people"), act=found("personne@binome.example")),
    Looked("people-refused", ADMINISTRATOR, at("/admin/people"), act=pressed(SEND)),
    Looked("people-found", ADMINISTRATOR, at("/admin/people"), act=found(COORDINATOR)),
    Looked("people-appoint", ADMINISTRATOR, arranged=act_on(VOLUNTEER, "appoint")),
    Looked("people-withdraw", ADMINISTRATOR, arranged=act_on(COORDINATOR, "withdraw")),
    Looked("people-suspend", ADMINISTRATOR, arranged=act_on(COORDINATOR, "suspend")),
    Looked("people-suspend-refused", ADMINISTRATOR, arranged=act_on(VOLUNTEER, "suspend"), act=pressed(SEND)),
    Looked("people-lift", ADMINISTRATOR, arranged=act_on(MEMBER, "lift")),
    Looked("people-suspended", ADMINISTRATOR, arranged=act_on(MEMBER, "")),
    Looked("people-end-sign-ins", ADMINISTRATOR, arranged=act_on(COORDINATOR, "end-sign-ins")),
    Looked("people-second-factor", ADMINISTRATOR, arranged=act_on(COORDINATOR, "second-factor")),
    Looked("quarantine-ledger", ADMINISTRATOR, arranged=awaits_ledger),
    Looked("notes", COORDINATOR, arranged=noted),
    Looked("need-unnamed", "", arranged=audience(NeedAudience.UNNAMED)),
    Looked("needs-unnamed", "", arranged=audience(NeedAudience.UNNAMED, "/needs")),
    Looked("reviews-held", COORDINATOR, arranged=held_for_long),
    Looked("reviews-left-alone", COORDINATOR, arranged=left_alone("/reviews")),
    Looked("association-left-alone", COORDINATOR, arranged=left_alone("/associations/{}")),
    Looked("need-by-invitation", COORDINATOR, arranged=audience(NeedAudience.INVITATION, "/reviews/{}")),
    Looked("mission-check", MEMBER, arranged=mission("")),
    Looked("check", MEMBER, arranged=mission("/check")),
    Looked("check-refused", MEMBER, arranged=mission("/check"), act=pressed(SEND)),
)
