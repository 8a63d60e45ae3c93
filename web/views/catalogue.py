"""Look-ups while somebody types: skills and communes, as small JSON lists. Open to all, a little slowed."""

from flask import Blueprint, Response, jsonify, request

from matcher.catalogue import communes
from matcher.catalogue.skills import load_skills
from matcher.i18n import LANGUAGES
from web.auth import public
from web.extensions import limiter
from web.forms.communes import commune_label
from web.need_cards import language

blueprint = Blueprint("catalogue", __name__, url_prefix="/catalogue")
PACE = "240 per minute"
LONGEST = 80


@blueprint.get("/skills")
@public
@limiter.limit(PACE)
def skills() -> Response:
    """Return the skills nearest to what was typed."""
    asked = request.args.get("language", "")
    reads = asked if asked in LANGUAGES else language()
    found = load_skills().find(_typed(), reads) if _typed() else ()
    return jsonify([{"value": skill.uri, "label": skill.labels[reads]} for skill in found])


@blueprint.get("/communes")
@public
@limiter.limit(PACE)
def places() -> Response:
    """Return the communes that begin with what was typed, or bear the postcode."""
    found = communes.find(_typed()) if _typed() else []
    return jsonify([{"value": commune.code, "label": commune_label(commune)} for commune in found])


def _typed() -> str:
    return request.args.get("q", "").strip()[:LONGEST]
