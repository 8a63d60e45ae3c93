"""What was typed into a form that came too often: shown again with one button, so that nothing is lost."""

from flask import request

# Never written into a page again: they are typed anew.
SECRETS = ("password", "code", "token")
MOST = 200


def typed_before() -> list[tuple[str, str]] | None:
    """Return the fields of the form that was sent, without its secrets; None where no form was sent."""
    if request.method != "POST":
        return None
    fields = [(name, value) for name, values in request.form.lists() for value in values]
    return [(name, value) for name, value in fields if not any(each in name for each in SECRETS)][:MOST]
