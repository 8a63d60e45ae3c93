"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("boards", __name__)


@blueprint.get("/board")
@public
def index(**_values: object) -> str:
    """To be replaced."""
    return ""
