"""Joining and leaving an association, and a coordinator's word on it: each a small page or a button."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from matcher.actors import Hat
from matcher.database import transaction
from matcher.policies import Action, require
from matcher.queries import associations as queries
from matcher.services import associations, memberships, reviews
from web.association_pages import shown
from web.auth import actor, current_account, signed_in, wearing
from web.extensions import db, limiter
from web.forms.associations import JoinForm
from web.mail_limits import MAILS_FOR_ONE_ADDRESS, is_done, own_address
from web.membership_mails import tell_who_answers
from web.runtime import now
from web.views.associations import ID, Answer, own_url

blueprint = Blueprint("memberships", __name__, url_prefix="/associations")
PENDING = "<int:pending_id>"


@blueprint.get("/join")
@signed_in
def join() -> str:
    """Show the form by which one asks to act for an association that is here already."""
    return render_template("associations/join.html", form=JoinForm())


@blueprint.post("/join")
@signed_in
@limiter.limit(MAILS_FOR_ONE_ADDRESS, key_func=own_address, deduct_when=is_done)
def ask() -> Answer:
    """Ask to act for an association; its members decide, or the branch where none of them can."""
    form = JoinForm()
    association = queries.find(db.session(), actor(), form.known.data) if form.validate() else None
    if association is None:
        if not form.errors:
            form.known.errors = [gettext("We know no verified association of this name. Is it perhaps new here?")]
        return render_template("associations/join.html", form=form), 422
    with transaction(db.session()) as session:
        account = current_account()
        is_new = memberships.ask_to_join(session, actor(), now(), association_id=association.id)
        asked = associations.locked(session, association.id)
        if is_new and account is not None and account.is_confirmed:
            tell_who_answers(asked, account)
        has_somebody = bool(asked.reachable_members)
    if has_somebody:
        flash(gettext("Your request is kept. The members of the association decide."), "success")
    else:
        flash(gettext("Your request is kept. Nobody acts for this association: a coordinator decides."), "success")
    return redirect(url_for("associations.index"), 303)


@blueprint.get("/invitations")
@signed_in
def invitations() -> str:
    """Show the associations that have invited one's own address."""
    return render_template("associations/invitations.html", invitations=queries.invitations(db.session(), actor()))


@blueprint.post(f"/invitations/{PENDING}/accept")
@signed_in
def accept(pending_id: int) -> Response:
    """Join the association that has invited one's address."""
    with transaction(db.session()) as session:
        association = memberships.accept_invitation(session, actor(), now(), pending_id=pending_id)
    flash(gettext("You act for %(name)s from now on.", name=association.name), "success")
    return redirect(own_url(association.id), 303)


@blueprint.post(f"/pending/{PENDING}/admit")
@signed_in
def admit(pending_id: int) -> Response:
    """Admit somebody who has asked to join one's association, or one that nobody acts for."""
    with transaction(db.session()) as session:
        association = memberships.admit(session, actor(), now(), pending_id=pending_id)
    flash(gettext("A new member acts for the association, and is told by e-mail."), "success")
    return redirect(own_url(association.id), 303)


@blueprint.post(f"/pending/{PENDING}/drop")
@signed_in
def drop(pending_id: int) -> Response:
    """Withdraw an invitation, turn a request down, or decline for oneself."""
    with transaction(db.session()) as session:
        memberships.drop(session, actor(), now(), pending_id=pending_id)
    flash(gettext("Done. Nothing waits here any more."), "success")
    return redirect(url_for("associations.index"), 303)


@blueprint.get(f"/{ID}/leave")
@signed_in
def leaving(association_id: int) -> str:
    """Say what leaving means, before one does."""
    association = queries.get(db.session(), actor(), association_id)
    require(actor(), Action.WRITE, association)
    return render_template("associations/leave.html", association=shown(association, actor()))


@blueprint.post(f"/{ID}/leave")
@signed_in
def leave(association_id: int) -> Response:
    """Leave an association; its last member may not."""
    with transaction(db.session()) as session:
        memberships.leave(session, actor(), now(), association_id=association_id)
    flash(gettext("You no longer act for this association."), "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post(f"/{ID}/verify")
@wearing(Hat.COORDINATOR)
def verify(association_id: int) -> Response:
    """Vouch for an association."""
    with transaction(db.session()) as session:
        reviews.verify_association(session, actor(), now(), association_id=association_id)
    flash(gettext("The association is verified: its needs may be opened."), "success")
    return redirect(own_url(association_id), 303)


@blueprint.get(f"/{ID}/suspend")
@wearing(Hat.COORDINATOR)
def suspending(association_id: int) -> str:
    """Say what a suspension means, before it is done."""
    association = queries.get(db.session(), actor(), association_id)
    require(actor(), Action.VERIFY, association)
    return render_template("associations/suspend.html", association=shown(association, actor()))


@blueprint.post(f"/{ID}/suspend")
@wearing(Hat.COORDINATOR)
def suspend(association_id: int) -> Response:
    """Suspend an association: its open needs go on hold."""
    with transaction(db.session()) as session:
        reviews.suspend_association(session, actor(), now(), association_id=association_id)
    flash(gettext("The association is suspended: its open needs are on hold, its missions go on."), "success")
    return redirect(own_url(association_id), 303)
