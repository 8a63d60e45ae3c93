"""The account of one person in ready words, for administrators. No act."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm

from matcher.queries.people import AccountRights, all_branches
from web.auth import actor
from web.extensions import db
from web.forms.people import BranchForm
from web.need_pages import day_words
from web.people_acts import ACTS, offered


@dataclass(frozen=True, slots=True)
class PersonSheet:
    """What the page says: who it is when that is open, facts, acts as (address, words, kind), warnings."""

    account_id: int
    title: str
    is_open: bool
    facts: list[tuple[str, str]]
    acts: list[tuple[str, object, str]]
    alone_in: str


def sheet_of(found: AccountRights) -> PersonSheet:
    """Put an account's rights into words."""
    acts = [(_address(found, name), ACTS[name].title, ACTS[name].kind) for name in offered(found)]
    return PersonSheet(found.account_id, title_of(found), found.email is not None, _facts(found), acts, _alone(found))


def title_of(found: AccountRights) -> str:
    """Return how the page calls an account: by its name only where that is open."""
    return found.name or str(gettext("Account %(number)s", number=found.account_id))


def prepared(form: FlaskForm, name: str, found: AccountRights) -> FlaskForm:
    """Give a form the branches that an act may be about."""
    if isinstance(form, BranchForm):
        own = {branch.id for branch in found.branches}
        others = [each for each in all_branches(db.session(), actor()) if each.id not in own]
        form.offer(list(found.branches) if name == "withdraw" else others, _language())
    return form


def _facts(found: AccountRights) -> list[tuple[str, str]]:
    yes, no = str(gettext("Yes")), str(gettext("No"))
    shut = found.suspended_at
    facts = [
        (gettext("E-mail address"), found.email or ""),
        (gettext("Address confirmed"), yes if found.is_confirmed else no),
        (gettext("Administrator"), yes if found.is_administrator else no),
        (gettext("Coordinates"), ", ".join(each.name(_language()) for each in found.branches) or no),
        (gettext("Second factor"), gettext("Switched on") if found.has_second_factor else gettext("Switched off")),
        (gettext("Suspension"), gettext("since %(day)s", day=day_words(shut)) if shut else no),
    ]
    return [(str(label), str(value)) for label, value in facts if value]


def _alone(found: AccountRights) -> str:
    """Say what nobody else looks after: it cannot be ended before."""
    last = gettext("Nobody else administers this service: appoint somebody else first.")
    alone = [last] if found.is_last_administrator else []
    if found.alone_in:
        branches = ", ".join(each.name(_language()) for each in found.alone_in)
        words = gettext("Nobody else coordinates: %(branches)s. Appoint somebody else there first.", branches=branches)
        alone.append(words)
    return " ".join(map(str, alone))


def _address(found: AccountRights, name: str) -> str:
    return url_for("people.ask", account_id=found.account_id, name=name)


def _language() -> str:
    return str(get_locale())
