"""Associations: one's own, those of a branch, and what everybody may see of a verified one."""

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.models.association import Association, AssociationStatus
from matcher.policies import Action, is_member, may
from matcher.queries import associations as queries
from matcher.services import accesses, associations, memberships
from web.association_pages import STATES, opened, shown
from web.auth import actor, current_account, current_hat, public, signed_in, wearing
from web.extensions import db, limiter
from web.forms.associations import AssociationForm, InviteForm
from web.mail_limits import MAILS_FOR_ONE_ADDRESS, is_done, own_address, typed_address
from web.membership_mails import tell_invited
from web.need_cards import language
from web.opening import Page, asked_why, given_reason
from web.paging import asked_page, pages_of
from web.runtime import now

blueprint = Blueprint("associations", __name__, url_prefix="/associations")
ID = "<int:association_id>"
NAMES_A_MINUTE = "120/minute"
# From one place, and of one account wherever it asks from.
INVITATIONS_A_DAY, INVITATIONS_OF_ONE = "30/day", "15/day"
Answer = str | Response | tuple[str, int]


@blueprint.get("")
@signed_in
def index() -> str | Response:
    """Show a coordinator the associations of her branch, everybody else her own."""
    account = current_account()
    if account is not None and current_hat(account) in {Hat.COORDINATOR, Hat.ADMINISTRATOR}:
        return _coordinated()
    own = queries.own(db.session(), actor())
    if len(own) == 1:
        return redirect(own_url(own[0].id))
    return render_template(
        "associations/own.html",
        associations=[shown(one, actor()) for one in own],
        asked=queries.asked(db.session(), actor()),
        invitations=queries.invitations(db.session(), actor()),
    )


@blueprint.get("/names")
@public
@limiter.limit(NAMES_A_MINUTE)
def names() -> Response:
    """Offer the verified associations whose name holds what is typed."""
    found = queries.named(db.session(), actor(), request.args.get("q", "")[:200])
    return jsonify([{"value": queries.label(one), "label": queries.label(one)} for one in found])


@blueprint.get(f"/{ID}")
@public
def show(association_id: int) -> str:
    """Show an association: to its members, to those who look after it, or to everybody."""
    association = queries.get(db.session(), actor(), association_id)
    if is_member(actor(), association):
        return _members_page(association, InviteForm(formdata=None))
    if may(actor(), Action.VERIFY, association) or _is_administrator():
        return render_template(
            "associations/coordinated.html",
            association=shown(association, actor()),
            waiting=queries.waiting_members(db.session(), actor(), association),
        )
    return render_template(
        "associations/public.html",
        association=shown(association, actor()),
        needs=queries.public_needs(db.session(), actor(), association),
    )


@blueprint.post(f"/{ID}/members")
@wearing(Hat.ADMINISTRATOR)
def open_members(association_id: int) -> Page:
    """Ask an administrator why, write that down, then show her the members and how to reach them."""
    queries.get(db.session(), actor(), association_id)
    question = asked_why(back=own_url(association_id))
    if question is not None:
        return question
    with transaction(db.session()) as session:
        accesses.open_members(session, actor(), now(), association_id=association_id, reason=given_reason())
    association = queries.get(db.session(), actor(), association_id)
    return render_template("associations/opened.html", association=opened(association, actor()))


@blueprint.get("/new")
@signed_in
def new() -> str:
    """Show the form of a new association."""
    return render_template("associations/new.html", form=AssociationForm())


@blueprint.post("/new")
@signed_in
def found() -> Answer:
    """Enter a new association, with the person as its first member."""
    form = AssociationForm()
    if not form.validate():
        return render_template("associations/new.html", form=form), 422
    with transaction(db.session()) as session:
        association = associations.found(session, actor(), now(), content=form.content(language()))
    flash(gettext("Your association is here. A coordinator verifies it; you may write a need meanwhile."), "success")
    return redirect(own_url(association.id), 303)


@blueprint.get(f"/{ID}/edit")
@signed_in
def edit(association_id: int) -> str:
    """Show what an association says about itself, to change it."""
    association = _own(association_id)
    return render_template("associations/edit.html", form=AssociationForm.of(association), association=association)


@blueprint.post(f"/{ID}/edit")
@signed_in
def keep(association_id: int) -> Answer:
    """Keep what an association says about itself."""
    form = AssociationForm()
    if not form.validate():
        return render_template("associations/edit.html", form=form, association=_own(association_id)), 422
    content = form.content(_own(association_id).language)
    with transaction(db.session()) as session:
        was_verified = _own(association_id).is_verified
        association = associations.edit(session, actor(), now(), association_id=association_id, content=content)
        is_asked_again = was_verified and not association.is_verified
    flash(gettext("What your association says is kept."), "success")
    if is_asked_again:
        flash(gettext("A coordinator looks at your association again; nobody new is invited until then."), "info")
    return redirect(own_url(association_id), 303)


@blueprint.post(f"/{ID}/invite")
@signed_in
@limiter.limit(INVITATIONS_A_DAY)
@limiter.limit(INVITATIONS_OF_ONE, key_func=own_address)
@limiter.limit(MAILS_FOR_ONE_ADDRESS, key_func=typed_address, deduct_when=is_done)
def invite(association_id: int) -> Answer:
    """Invite somebody by her address to act for the association too."""
    form = InviteForm()
    if not form.validate():
        return _members_page(_own(association_id), form), 422
    email = form.email.data
    with transaction(db.session()) as session:
        if memberships.invite(session, actor(), now(), association_id=association_id, email=email):
            tell_invited(associations.locked(session, association_id), email)
    flash(gettext("The invitation to %(email)s is on its way.", email=email), "success")
    return redirect(own_url(association_id), 303)


def own_url(association_id: int) -> str:
    """Return the address of an association's page."""
    return url_for("associations.show", association_id=association_id)


def _own(association_id: int) -> Association:
    association = queries.get(db.session(), actor(), association_id)
    if not is_member(actor(), association):
        abort(404)
    return association


def _members_page(association: Association, form: InviteForm) -> str:
    return render_template(
        "associations/members.html",
        association=shown(association, actor()),
        waiting=queries.waiting_members(db.session(), actor(), association),
        form=form,
    )


def _coordinated() -> str:
    wanted = request.args.get("state", "")
    status = AssociationStatus(wanted) if wanted in list(AssociationStatus) else None
    found = queries.coordinated(db.session(), actor(), status=status, number=asked_page())
    return render_template(
        "associations/index.html",
        associations=[shown(one, actor()) for one in found.items],
        page=pages_of(asked_page(), -(-found.total // queries.PAGE_SIZE), found.total),
        states_offered=[(state.value, words) for state, (_kind, words) in STATES.items()],
        wanted=wanted,
    )


def _is_administrator() -> bool:
    account = current_account()
    return account is not None and account.is_administrator
