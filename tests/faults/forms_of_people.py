"""The forms of accounts, associations and profiles, each with somebody who may send it. No expectations here."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from flask_security import hash_password

from matcher.database import transaction
from matcher.models.account import Account
from matcher.models.association import Association, AssociationStatus, PendingMembership
from matcher.models.link import LinkPurpose
from matcher.models.sign_in import SignIn
from matcher.models.suppression import SuppressionReason
from matcher.models.volunteer import Volunteer
from matcher.services import memberships, sign_ins, suppression
from tests.factories import World
from tests.faults.forms import Form, Prepare
from tests.web import mailed
from tests.web.linking import path_of
from tests.web.visiting import Visitor
from web.extensions import db

PASSWORD, NEW = "tour bleue sous la pluie", "un tout nouveau secret"
MARIE = {"name": "Marie Dupont", "email": "marie@example.org", "password": PASSWORD, "is_adult": "y"}
LAC = {"description": "Nous nageons.", "commune": "Lyon"}
CHOICE = {"wish": "daily", "most": "4", "weekday": "1"}


def _of_account(address: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        return Form(world.account(), address, typed or {})

    return prepare


def _of_nobody(address: str, typed: dict[str, str]) -> Prepare:
    def prepare(_world: World, _app: Flask) -> Form:
        return Form(None, address, typed)

    return prepare


def with_password(world: World, app: Flask) -> Account:
    account = world.account()
    with app.app_context(), transaction(world.session):
        account.password = hash_password(PASSWORD)
    return account


def _end_sign_in(world: World, app: Flask) -> Form:
    account = world.account()
    with app.app_context(), transaction(db.session()) as session:
        sign_ins.begin(session, world.now, account_id=account.id, device="Safari, iPhone", is_remembered=False)
        other = session.scalars(sa.select(SignIn.id).where(SignIn.account_id == account.id)).one()
    return Form(account, f"/account/sign-ins/{other}/end")


def _revoke_links(world: World, app: Flask) -> Form:
    account = world.volunteer().account
    path_of(app, world, LinkPurpose.MAIL_CHOICES, account, None)
    return Form(account, "/account/mail-links")


def _change_password(world: World, app: Flask) -> Form:
    typed = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    return Form(with_password(world, app), "/account/password", typed)


def _reset_password(world: World, app: Flask) -> Form:
    Visitor(app).post("/reset", {"email": with_password(world, app).email})
    return Form(None, mailed.link(app, world, "reset_password"), {"password": NEW, "password_confirm": NEW})


def _confirm_address(world: World, app: Flask) -> Form:
    account = with_password(world, app)
    with transaction(world.session):
        account.confirmed_at = None
    Visitor(app, account).post("/confirm/again", page="/account")
    return Form(None, mailed.link(app, world, "confirm_address"), {"password": PASSWORD})


def _confirm_new_address(world: World, app: Flask) -> Form:
    account, visitor = with_password(world, app), Visitor(app)
    visitor.post("/sign-in", {"email": account.email, "password": PASSWORD})
    visitor.post("/account/address", {"email": "marie.new@example.org"})
    return Form(account, mailed.link(app, world, "change_address"))


def _hat(world: World, _app: Flask) -> Form:
    account = world.coordinator().account
    world.volunteer(account=account)
    return Form(account, "/hat", {"hat": "volunteer"})


def closed(world: World, app: Flask) -> Account:
    """Somebody from whose address a mail came back."""
    account, settings = world.volunteer().account, app.extensions["binome"].settings
    with transaction(world.session) as session:
        reason = SuppressionReason.HARD
        suppression.suppress(session, settings, account.email, world.now, reason=reason, until=None)
        suppression.adopt(session, settings, account)
    return account


def _address_works(world: World, app: Flask) -> Form:
    return Form(None, path_of(app, world, LinkPurpose.ADDRESS_WORKS, closed(world, app), None))


def _of_association(step: str, typed: dict[str, str] | None = None) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        association = world.association(members=2)
        return Form(world.member(association).account, f"/associations/{association.id}/{step}", typed or {})

    return prepare


def _coordinated(step: str, status: AssociationStatus) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        association = world.association(status=status)
        return Form(world.coordinator().account, f"/associations/{association.id}/{step}")

    return prepare


def _pending(world: World) -> int:
    return world.session.scalars(sa.select(PendingMembership.id)).one()


def _asked(world: World) -> Association:
    """An association for which somebody has asked to act."""
    association = world.association()
    world.act(memberships.ask_to_join, world.person(), association_id=association.id)
    return association


def _accept(world: World, _app: Flask) -> Form:
    association, invited = world.association(), world.account()
    world.act(memberships.invite, world.member(association), association_id=association.id, email=invited.email)
    return Form(invited, f"/associations/invitations/{_pending(world)}/accept")


def _answer_asked(step: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        return Form(world.member(_asked(world)).account, f"/associations/pending/{_pending(world)}/{step}")

    return prepare


def _ask_to_join(world: World, _app: Flask) -> Form:
    return Form(world.account(), "/associations/join", {"known": world.association().name})


def _resting(world: World) -> Volunteer:
    return world.volunteer(rests_until=world.now + timedelta(days=10))


def _ask_again(world: World, _app: Flask) -> Form:
    return Form(_resting(world).account, "/profile/ask-again")


def _ask_again_by_link(world: World, app: Flask) -> Form:
    return Form(None, path_of(app, world, LinkPurpose.MAIL_CHOICES, _resting(world).account, None) + "/ask-again")


def _choose_by_link(world: World, app: Flask) -> Form:
    return Form(None, path_of(app, world, LinkPurpose.MAIL_CHOICES, world.volunteer().account, None), CHOICE)


def _still_true(world: World, app: Flask) -> Form:
    her = world.volunteer(confirmed_on=world.now.date() - timedelta(days=200))
    return Form(None, path_of(app, world, LinkPurpose.STILL_TRUE, her.account, None))


def _of_profile(section: str, typed: dict[str, str]) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        return Form(world.volunteer().account, f"/profile/{section}", typed)

    return prepare


PEOPLE: dict[str, Prepare] = {
    "mail_links.revoke": _revoke_links,
    "account.end_other_sign_ins": _of_account("/account/sign-ins/end-others"),
    "own_data.file": _of_account("/account/data/file"),
    "own_data.page": _of_account("/account/data/page"),
    "account.end_sign_in": _end_sign_in,
    "account.declare_age": _of_account("/account/age", {"is_adult": "y"}),
    "account.become_volunteer": _of_account("/account/volunteer", {"takes_invitations": "y"}),
    "account.keep": _of_account("/account", {"name": "Marie Dupont", "phone": "", "language": "en"}),
    "accounts.confirm_address_now": _confirm_address,
    "accounts.confirm_new_address_now": _confirm_new_address,
    "accounts.hat": _hat,
    "address_works.confirm": _address_works,
    "home.language": _of_account("/language", {"language": "en"}),
    "security.change_password": _change_password,
    "security.reset_password": _reset_password,
    "associations.found": _of_account("/associations/new", {"name": "Les Amis du Lac", **LAC}),
    "associations.keep": _of_association("edit", {"name": "Les Amis du Lac", **LAC}),
    "associations.invite": _of_association("invite", {"email": "new@example.org"}),
    "memberships.accept": _accept,
    "memberships.admit": _answer_asked("admit"),
    "memberships.drop": _answer_asked("drop"),
    "memberships.ask": _ask_to_join,
    "memberships.leave": _of_association("leave"),
    "memberships.verify": _coordinated("verify", AssociationStatus.UNVERIFIED),
    "memberships.suspend": _coordinated("suspend", AssociationStatus.VERIFIED),
    "mail_choices.keep": _choose_by_link,
    "mail_choices.ask_again": _ask_again_by_link,
    "mail_choices.say_still_true": _still_true,
    "volunteers.ask_again": _ask_again,
    "volunteers.keep text": _of_profile(
        "text", {"headline": "Jardinière", "description": "Des arbres.", "language": "fr"}
    ),
    "volunteers.keep skills": _of_profile("skills", {"skills-0-word": "Comptabilité", "skills-0-level": ""}),
    "volunteers.keep places": _of_profile("places", {"lives": "here", "modes": "remote"}),
    "volunteers.keep time": _of_profile("time", {"commitment": "weekly", "hours": "3", "missions_at_once": "1"}),
    "volunteers.keep mail": _of_profile("mail", CHOICE),
    "volunteers.leave": _of_profile("erase", {"is_sure": "y"}),
    "accounts.register_volunteer": _of_nobody("/register/volunteer", MARIE),
    "accounts.register_association": _of_nobody(
        "/register/association", {**MARIE, "which": "new", "association_name": "Les Amis du Lac", **LAC}
    ),
}
