"""The forms of administrators, coordinators and writers of needs beside the way of a need. No expectations here."""

from datetime import timedelta

from flask import Flask

from matcher import outbox
from matcher.actors import Person
from matcher.database import transaction
from matcher.mail.codes import MailCode
from matcher.models.association import AssociationStatus
from matcher.models.outbox import OutboxRow, ParkReason
from matcher.models.quarantine import Quarantine
from matcher.models.states import NeedStatus, PairingStatus
from matcher.services import weights
from tests.factories import World
from tests.faults.forms import Form, Prepare
from tests.faults.forms_of_people import closed
from tests.web.test_weights import propose


def _open_address(world: World, app: Flask) -> Form:
    return Form(world.administrator().account, "/admin/addresses", {"email": closed(world, app).email})


def _parked(world: World, reason: ParkReason = ParkReason.MAIL_REFUSED) -> OutboxRow:
    with transaction(world.session) as session:
        outbox.add(session, outbox.SendAccountMail("password_changed", "a@example.org", "fr"), world.now)
        session.flush()
        (row,) = world.messages("send_account_mail")
        outbox.claim(session, row.id, world.now)
        outbox.park(row, world.now, reason=reason, outcome="550")
    return row


def _of_parked(step: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        return Form(world.administrator().account, f"/admin/outbox/{_parked(world).id}/{step}")

    return prepare


def _of_reason(reason: ParkReason) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        _parked(world, reason)
        return Form(world.administrator().account, f"/admin/outbox/retry/{reason.value}")

    return prepare


def _lift(choice: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        with transaction(world.session) as session:
            outbox.add(session, outbox.SendMail(MailCode.NEED_OPENED.value, 1), world.now - timedelta(minutes=2))
            session.add(Quarantine(since=world.now, data_of=world.now - timedelta(days=1), reason="restored"))
        return Form(world.administrator().account, f"/admin/quarantine/{choice}")

    return prepare


def _of_weights(name: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        weights_id, administrator = propose(world), world.administrator()
        if name == "restore":
            world.act(weights.adopt, administrator, weights_id=weights_id, instead_of=None)
        return Form(administrator.account, f"/admin/ranking/{weights_id}/{name}")

    return prepare


def _vouch(world: World, _app: Flask) -> Form:
    need = world.need(NeedStatus.SUBMITTED, association=world.association(status=AssociationStatus.UNVERIFIED))
    return Form(world.coordinator().account, f"/reviews/{need.id}/verify")


def _open_name(world: World, _app: Flask) -> Form:
    need, volunteer = world.need(), world.volunteer()
    world.suggest(need, [volunteer])
    return Form(world.coordinator().account, f"/reviews/{need.id}/people/{volunteer.id}/name")


def _open_contacts(world: World, _app: Flask) -> Form:
    pairing = world.pairing(PairingStatus.CONFIRMED)
    return Form(world.coordinator().account, f"/missions/{pairing.id}/contacts")


def _find_named(world: World, _app: Flask) -> Form:
    need, volunteer = world.need(), world.volunteer(account=world.account(name="Hélène Dupont"))
    return Form(world.coordinator().account, f"/reviews/{need.id}/people/named", {"name": volunteer.account.name})


def _open_members(world: World, _app: Flask) -> Form:
    why = {"why": "asked_by_person"}
    return Form(world.administrator().account, f"/associations/{world.association().id}/members", why)


def _open_closed_names(world: World, app: Flask) -> Form:
    closed(world, app)
    return Form(world.administrator().account, "/admin/addresses/names", {"why": "mail_trouble"})


def _own_place(world: World, _app: Flask) -> Form:
    return Form(world.volunteer().account, f"/needs/{world.need().id}/my-place")


def _written(member: Person, **more: str) -> dict[str, str]:
    typed = {"title": "Tenir nos comptes", "description": "Une année.", "language": "fr", "mode": "remote"}
    contact = str(member.account.id)
    return {
        **typed,
        "times": "preferred",
        "seats": "1",
        "contact_id": contact,
        "form_key": "the-key-of-one-form",
        **more,
    }


def _write(address: str, **more: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        member = world.member(world.association())
        return Form(member.account, f"/my/needs/{address}", _written(member, **more))

    return prepare


def _write_on(step: str, **more: str) -> Prepare:
    def prepare(world: World, _app: Flask) -> Form:
        need = world.need(NeedStatus.DRAFT)
        member = world.member(need)
        return Form(member.account, f"/my/needs/{need.id}/{step}", _written(member, edition=str(need.edition), **more))

    return prepare


def _correct(world: World, _app: Flask) -> Form:
    need = world.need()
    typed = _written(world.member(need), edition=str(need.edition), action="save")
    return Form(world.coordinator().account, f"/reviews/{need.id}/edit", typed)


OFFICES: dict[str, Prepare] = {
    "closed_addresses.open_again": _open_address,
    "outbox.retry": _of_parked("retry"),
    "outbox.discard": _of_parked("discard"),
    **{f"outbox.retry_all {reason.value}": _of_reason(reason) for reason in ParkReason},
    "quarantine.discard": _lift("discard"),
    "quarantine.send": _lift("send"),
    "weights.take adopt": _of_weights("adopt"),
    "weights.take set-aside": _of_weights("set-aside"),
    "weights.take restore": _of_weights("restore"),
    "reviews.verify": _vouch,
    "suggestions.open_name": _open_name,
    "suggestions.find_named": _find_named,
    "associations.open_members": _open_members,
    "closed_addresses.open_names": _open_closed_names,
    "missions.contacts": _open_contacts,
    "my_places.ask": _own_place,
    "my_needs.create": _write("write", action="save"),
    "my_needs.create: and send": _write("write", action="send_without"),
    "my_needs.save": _write_on("edit", action="save"),
    "my_needs.save: and send": _write_on("edit", action="send_without"),
    "corrections.save": _correct,
    "need_drafts.begin": _write("write/draft"),
    "need_drafts.keep": _write_on("draft"),
}
