"""To be replaced."""

from flask import Blueprint

from web.auth import public

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in-stub")
@public
def sign_in(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.post("/sign-out-stub")
@public
def sign_out(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.get("/register")
@public
def register(**_values: object) -> str:
    """To be replaced."""
    return ""


@blueprint.post("/hat")
@public
def hat(**_values: object) -> str:
    """To be replaced."""
    return ""
