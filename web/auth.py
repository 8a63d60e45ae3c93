"""Who is asking, under which hat, and what each view demands. Every view is marked; a test refuses an unmarked one."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, cast

import sqlalchemy as sa
from flask import current_app, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from matcher.actors import Actor, Anonymous, Hat, Person
from matcher.errors import NotAllowed
from matcher.models.account import Account
from matcher.models.association import Membership
from matcher.models.branch import BranchCoordinator
from matcher.models.volunteer import Volunteer
from web.extensions import db

P = ParamSpec("P")
R = TypeVar("R")
PUBLIC = "public"


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view as open to everybody."""
    view.guard = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let a view answer signed-in people only; others are sent to sign in and come back."""
    return _guard(view, ())


def wearing(*hats: Hat) -> Callable[[Callable[P, R]], Callable[P, R | Response]]:
    """Let a view answer only people who own one of these hats."""

    def mark(view: Callable[P, R]) -> Callable[P, R | Response]:
        return _guard(view, hats)

    return mark


def _guard(view: Callable[P, R], hats: tuple[Hat, ...]) -> Callable[P, R | Response]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        account = current_account()
        if account is None:
            return redirect(url_for("security.login", next=request.full_path if request.method == "GET" else "/"))
        if hats and not set(hats) & set(hats_of(account)):
            raise NotAllowed
        return view(*args, **kwargs)

    guarded.guard = [hat.value for hat in hats] or ["signed_in"]  # type: ignore[attr-defined]
    return guarded


def current_account() -> Account | None:
    """Return the account of the session, None when nobody is signed in or the database is not to be asked."""
    if g.get("database_is_not_asked"):
        return None
    if not current_user or not current_user.is_authenticated:
        return None
    return cast(Account, current_user._get_current_object())


def look_up_nobody() -> None:
    """Answer this request as that of a stranger: the session cookie leads to no question to the database."""
    g.database_is_not_asked = True
    # Flask-Login asks for it wherever somebody may be named, even while an error is told.
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def actor() -> Actor:
    """Return who asks: the signed-in person under her hat, or Anonymous."""
    account = current_account()
    return Anonymous() if account is None else Person(account, current_hat(account))


def hats_of(account: Account) -> list[Hat]:
    """Return the hats that an account owns, in the order of the menu; read once a request."""
    known: dict[int, list[Hat]] = g.setdefault("hats", {})
    if account.id not in known:
        known[account.id] = _read_hats(account)
    return known[account.id]


def _read_hats(account: Account) -> list[Hat]:
    owned = db.session.execute(
        sa.select(
            sa.exists().where(Volunteer.account_id == account.id).label("volunteer"),
            sa.exists().where(Membership.account_id == account.id).label("member"),
            sa.exists().where(BranchCoordinator.account_id == account.id).label("coordinator"),
        )
    ).one()
    hats = [hat for hat in (Hat.VOLUNTEER, Hat.MEMBER, Hat.COORDINATOR) if getattr(owned, hat.value)]
    return [*hats, Hat.ADMINISTRATOR] if account.is_administrator else hats


def current_hat(account: Account) -> Hat | None:
    """Return the hat that the account wears: the one chosen last, else its first."""
    hats = hats_of(account)
    if account.hat in hats:
        return Hat(account.hat)
    return hats[-1] if hats else None


def is_demo() -> bool:
    """True in the demo world."""
    return bool(current_app.extensions["binome"].settings.is_demo)
