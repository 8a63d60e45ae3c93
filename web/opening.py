"""Before an administrator sees names or contacts she says why; everybody else is not asked. Opens nothing itself."""

from flask import render_template, request
from werkzeug.wrappers import Response

from matcher.access_codes import AccessReason
from matcher.services.accesses import must_say_why
from web.auth import actor
from web.forms.accesses import WhyForm

Page = str | tuple[str, int] | Response
NOT_KEPT = frozenset({"why", "csrf_token"})


def asked_why(back: str) -> Page | None:
    """Return the page that asks for the reason, as long as one must be given; its button posts what was posted."""
    if not must_say_why(actor()):
        return None
    is_given = "why" in request.form
    form = WhyForm() if is_given else WhyForm(formdata=None)
    if is_given and form.validate():
        return None
    kept = {name: value for name, value in request.form.items() if name not in NOT_KEPT}
    page = render_template("accesses/why.html", form=form, kept=kept, back=back)
    return (page, 422) if is_given else page


def given_reason() -> AccessReason | None:
    """Return the reason in the form; None for somebody who need not give one."""
    return AccessReason(request.form["why"]) if must_say_why(actor()) else None
