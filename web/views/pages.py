"""The standing pages: ranking, legal notice, privacy, accessibility, contact."""

from flask import Blueprint, render_template
from flask_babel import gettext

from matcher.privacy_register import register
from matcher.privacy_words import activities
from matcher.queries.branches import branch_contacts
from matcher.queries.catalogues import list_catalogues
from matcher.queries.weights import in_force
from matcher.services import retention
from matcher.settings import Publisher
from web.auth import actor, public
from web.extensions import db
from web.i18n import locale
from web.ranking_pages import formula_of
from web.runtime import runtime
from web.weight_pages import origin_words

blueprint = Blueprint("pages", __name__)


@blueprint.get("/how-it-ranks")
@public
def ranking() -> str:
    """Tell how the ranking works, from its live weights."""
    live = in_force(db.session(), actor())
    return render_template(
        "pages/ranking.html",
        formula=formula_of(live.weights),
        origin=origin_words(live),
        source_url=runtime().settings.source_url,
    )


@blueprint.get("/legal")
@public
def legal() -> str:
    """Show the legal notice."""
    settings = runtime().settings
    return render_template(
        "pages/legal.html",
        publisher=_facts(settings.publisher),
        source_url=settings.source_url,
        catalogues=[(each.name, each.source) for each in list_catalogues(db.session(), actor())],
    )


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """Show the privacy notice; its table is the register's, with the periods that are in force here."""
    told = activities(locale(), register().with_periods(retention.periods(runtime().settings)))
    return render_template("pages/privacy.html", rows=[(a.what, a.why, a.how_long, a.seen_by) for a in told])


@blueprint.get("/accessibility")
@public
def accessibility() -> str:
    """Show the accessibility statement."""
    return render_template("pages/accessibility.html")


@blueprint.get("/contact")
@public
def contact() -> str:
    """Tell how to reach a person."""
    branches = branch_contacts(db.session(), actor(), locale())
    return render_template("pages/contact.html", branches=branches)


def _facts(publisher: Publisher | None) -> list[tuple[str, str]]:
    """Name what is known of the publisher; what was not given has no line."""
    if publisher is None:
        return []
    facts = (
        (gettext("Publisher"), publisher.name),
        (gettext("Address"), publisher.address),
        (gettext("Director of publication"), publisher.director),
        (gettext("Contact"), publisher.email),
        (gettext("Host"), publisher.host),
    )
    return [(label, fact) for label, fact in facts if fact]
