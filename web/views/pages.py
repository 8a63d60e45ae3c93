"""The standing pages: ranking, legal notice, privacy, accessibility, contact."""

from flask import Blueprint, render_template
from flask_babel import gettext

from matcher.queries.branches import branch_contacts
from matcher.ranking.score import WEIGHTS
from web.auth import actor, public
from web.extensions import db
from web.i18n import locale
from web.pictures import percent

blueprint = Blueprint("pages", __name__)


@blueprint.get("/how-it-ranks")
@public
def ranking() -> str:
    """Tell how the ranking works, from its live weights."""
    parts = (
        (gettext("Words of the texts"), WEIGHTS.text),
        (gettext("Skills"), WEIGHTS.skills),
        (gettext("Time"), WEIGHTS.availability),
        (gettext("Distance"), WEIGHTS.distance),
    )
    return render_template("pages/ranking.html", weights=[(label, percent(share)) for label, share in parts])


@blueprint.get("/legal")
@public
def legal() -> str:
    """Show the legal notice."""
    return render_template("pages/legal.html")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """Show the privacy notice."""
    return render_template("pages/privacy.html")


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
