"""What every template may use: who looks, under which hat, in which language."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import get_locale

from matcher.actors import Hat
from matcher.models.account import Account
from matcher.queries.quarantines import held_since
from web.auth import actor, current_account, current_hat, hats_of, is_demo
from web.closed_addresses import mails_come_back
from web.extensions import db
from web.waiting import waiting_count


@dataclass(frozen=True, slots=True)
class Viewer:
    """The signed-in person as the frame of a page shows her."""

    name: str
    email: str
    is_confirmed: bool
    hats: list[str]


def provide(app: Flask) -> None:
    """Add the values of the frame to every template."""

    @app.context_processor
    def frame() -> dict[str, object]:
        account = current_account()
        hat = current_hat(account) if account else None
        return {
            "current_account": _viewer(account) if account else None,
            "current_hat": hat.value if hat else None,
            "locale": str(get_locale()),
            "is_demo": is_demo(),
            "mails_come_back": mails_come_back,
            "waiting_count": waiting_count(account, hat),
            "quarantine_is_in_force": _is_held() if hat is Hat.ADMINISTRATOR else False,
        }


def _is_held() -> bool:
    return held_since(db.session(), actor()) is not None


def _viewer(account: Account) -> Viewer:
    hats = [hat.value for hat in hats_of(account)]
    return Viewer(account.name or account.email, account.email, account.is_confirmed, hats)
