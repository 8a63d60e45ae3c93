"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("reviews", __name__)


@blueprint.get("/reviews")
@public
def index(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.get("/reviews/<int:need_id>")
@public
def show(**_values: object) -> str:
    """To be replaced."""
    return ""
