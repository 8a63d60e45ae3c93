"""What an administrator may do to an account: what each act is called, what it does, and who does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.queries.people import AccountRights
from matcher.services import rights
from matcher.services.rights import SuspensionReason
from web.forms.people import ActForm, BranchForm, SuspendForm

Run = Callable[[Session, Actor, datetime, int, FlaskForm], None]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: when it makes sense, its form, its words, its service."""

    fits: Callable[[AccountRights], bool]
    form: type[FlaskForm]
    run: Run
    title: object
    effect: tuple[object, ...]
    button: object
    done: object
    kind: str = "primary"


def offered(found: AccountRights) -> list[str]:
    """Return the acts that make sense for an account as it stands."""
    return [name for name, act in ACTS.items() if act.fits(found)]


def _is_usable(found: AccountRights) -> bool:
    return found.is_confirmed and found.suspended_at is None


def _appoint(session: Session, actor: Actor, now: datetime, account_id: int, form: FlaskForm) -> None:
    branch_id = int(form["branch_id"].data)
    rights.appoint_coordinator(session, actor, now, account_id=account_id, branch_id=branch_id)


def _withdraw(session: Session, actor: Actor, now: datetime, account_id: int, form: FlaskForm) -> None:
    branch_id = int(form["branch_id"].data)
    rights.withdraw_coordinator(session, actor, now, account_id=account_id, branch_id=branch_id)


def _appoint_administrator(s: Session, actor: Actor, now: datetime, account_id: int, _form: FlaskForm) -> None:
    rights.appoint_administrator(s, actor, now, account_id=account_id)


def _withdraw_administrator(s: Session, actor: Actor, now: datetime, account_id: int, _form: FlaskForm) -> None:
    rights.withdraw_administrator(s, actor, now, account_id=account_id)


def _suspend(session: Session, actor: Actor, now: datetime, account_id: int, form: FlaskForm) -> None:
    rights.suspend(session, actor, now, account_id=account_id, reason=SuspensionReason(form["reason"].data))


def _lift(session: Session, actor: Actor, now: datetime, account_id: int, _form: FlaskForm) -> None:
    rights.lift_suspension(session, actor, now, account_id=account_id)


def _forget(session: Session, actor: Actor, now: datetime, account_id: int, _form: FlaskForm) -> None:
    rights.forget_second_factor(session, actor, now, account_id=account_id)


def _sign_out(session: Session, actor: Actor, now: datetime, account_id: int, _form: FlaskForm) -> None:
    rights.sign_out(session, actor, now, account_id=account_id)


TOLD = _("The person is told by e-mail, and the act stands in the audit log.")
SIGNED_OUT = _("The person is signed out everywhere, and links in earlier e-mails only stop invitations.")
ACTS = {
    "appoint": Act(
        fits=_is_usable, form=BranchForm, run=_appoint,
        title=_("Entrust a coordination"),
        effect=(_("This person will read and decide about the needs and the volunteers of the branch."), TOLD,
                _("You may end it on the same page.")),
        button=_("Entrust the coordination"), done=_("This person coordinates the branch from now on."),
    ),
    "withdraw": Act(
        fits=lambda found: bool(found.branches), form=BranchForm, run=_withdraw,
        title=_("End a coordination"),
        effect=(_("This person can no longer read or decide anything of the branch, from the next press on."),
                _("The needs that this person followed go to the other coordinators of the branch."), SIGNED_OUT, TOLD,
                _("You may appoint the person again.")),
        button=_("End the coordination"), done=_("This person no longer coordinates the branch."), kind="danger",
    ),
    "make-administrator": Act(
        fits=lambda found: _is_usable(found) and not found.is_administrator, form=ActForm, run=_appoint_administrator,
        title=_("Appoint as administrator"),
        effect=(_("This person will be able to do all that you can do here, also to you."), TOLD,
                _("You may end it on the same page.")),
        button=_("Appoint as administrator"), done=_("This person is an administrator from now on."),
    ),
    "end-administrator": Act(
        fits=lambda found: found.is_administrator, form=ActForm, run=_withdraw_administrator,
        title=_("End the administration"),
        effect=(_("This person can no longer administer anything, from the next press on."), SIGNED_OUT, TOLD,
                _("Whoever administers the service then may appoint the person again.")),
        button=_("End the administration"), done=_("This person is no longer an administrator."), kind="danger",
    ),
    "suspend": Act(
        fits=lambda found: found.suspended_at is None and not found.is_self, form=SuspendForm, run=_suspend,
        title=_("Suspend the account"),
        effect=(_("Nobody can sign in with this account until you lift the suspension. Its roles and its profile "
                  "stay."),
                _("Applications, invitations and answers that wait are taken back. Missions go on: the coordinator of "
                  "each is told and decides."),
                _("Where nobody else acts for an association, its published needs go on hold."), SIGNED_OUT, TOLD,
                _("You may lift it at any time; what was taken back does not come back by itself.")),
        button=_("Suspend the account"), done=_("The account is suspended."), kind="danger",
    ),
    "lift": Act(
        fits=lambda found: found.suspended_at is not None and not found.is_self, form=ActForm, run=_lift,
        title=_("Lift the suspension"),
        effect=(_("The person can sign in again, with the same password and the same rights."), TOLD),
        button=_("Lift the suspension"), done=_("The account is open again."),
    ),
    "end-sign-ins": Act(
        fits=lambda found: found.suspended_at is None and not found.is_self, form=ActForm, run=_sign_out,
        title=_("End all sign-ins"),
        effect=(_("For a lost or stolen device, or when a stranger may be signed in. The account stays open: whoever "
                  "has the password can sign in again."), SIGNED_OUT, TOLD),
        button=_("End all sign-ins"), done=_("All sign-ins of this account are ended."), kind="danger",
    ),
    "second-factor": Act(
        fits=lambda found: found.has_second_factor and not found.is_self, form=ActForm, run=_forget,
        title=_("Take away a lost second factor"),
        effect=(_("Do this only when you have heard the person’s own voice: whoever has the password can then sign "
                  "in."),
                _("The codes of the telephone and the recovery codes open nothing any more. A role that asks for a "
                  "second factor does nothing until a new one is set up."), SIGNED_OUT, TOLD,
                _("This cannot be undone.")),
        button=_("Take the second factor away"), done=_("The second factor is taken away."), kind="danger",
    ),
}  # fmt: skip
