"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("demo", __name__)


@blueprint.get("/demo/inbox")
@public
def inbox() -> str:
    """To be replaced."""
    return ""
