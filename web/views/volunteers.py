"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("volunteers", __name__)


@blueprint.get("/profile")
@public
def profile(**_values: object) -> str:
    """To be replaced."""
    return ""
