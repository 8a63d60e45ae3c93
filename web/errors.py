"""How each situation of the domain is told: a status and a sentence; and the pages for HTTP's own errors."""

import structlog
from flask import Flask, render_template
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from matcher import errors
from matcher.errors import DomainError
from matcher.i18n import marked as _
from web import security_events
from web.auth import look_up_nobody
from web.extensions import db
from web.typed_before import typed_before

PRESENTATION: dict[type[DomainError], tuple[int, str]] = {
    errors.BadSettings: (500, _("This service is not set up as it must be.")),
    errors.NotFound: (404, _("There is nothing here, or nothing that you may see.")),
    errors.NotAllowed: (403, _("You may see this, but not do that.")),
    errors.IllegalTransition: (
        409,
        _("This is no longer possible: something has changed meanwhile. Please look again."),
    ),
    errors.NeedIsFilled: (409, _("Thank you. This need has found its people already.")),
    errors.NeedIsNotOpen: (409, _("This need takes no answers at the moment.")),
    errors.AssociationNotVerified: (409, _("The association must be verified before its need can be opened.")),
    errors.AssociationIsSuspended: (409, _("The association is suspended: its needs stay on hold.")),
    errors.ConflictOfInterest: (403, _("You are a party to this case: another coordinator decides it.")),
    errors.OwnAssociation: (409, _("This is a need of this person’s own association.")),
    errors.AddressNotConfirmed: (403, _("Please confirm your e-mail address first: we have sent you a link.")),
    errors.ContactIsMissing: (422, _("Please name a contact among the members of the association.")),
    errors.NeedIsIncomplete: (422, _("Something is still missing in this need.")),
    errors.SeatsBelowEngaged: (422, _("There cannot be fewer places than people already engaged.")),
    errors.CheckIsAwaited: (
        409,
        _(
            "Somebody has said yes or is at work: that this work means meeting minors or vulnerable people stays. If "
            "no check is required, say so on the page of the mission."
        ),
    ),
    errors.SeatsAreHeld: (409, _("Somebody waits for your answer: please confirm or refuse this person first.")),
    errors.NobodyTaken: (409, _("Nobody has been confirmed yet: you can close the need instead.")),
    errors.AlreadyAnswered: (409, _("This has been answered already; the first answer stands.")),
    errors.LinkExpired: (410, _("The time to answer is over.")),
    errors.LinkIsOver: (410, _("The time of this link is over.")),
    errors.LinkRevoked: (410, _("This link is no longer valid.")),
    errors.NoStanding: (410, _("This link is no longer valid.")),
    errors.OnceOnly: (409, _("This can be done once only, and it has been done.")),
    errors.TooLate: (409, _("It is too late for this.")),
    errors.TooEarly: (409, _("It is too early for this.")),
    errors.ProfileIsMissing: (409, _("Please describe your skills first: a coordinator needs your profile.")),
    errors.OnlyByInvitation: (409, _("Only those who are invited can propose their help.")),
    errors.LedgerNotReplayed: (
        409,
        _("People who were erased since the backup are there again: the ledger must be replayed first."),
    ),
    errors.LastMember: (409, _("You are the last member: please name somebody else first, or close the association.")),
    errors.LastAdministrator: (409, _("Nobody else administers this service: appoint somebody else first.")),
    errors.LastCoordinator: (409, _("Nobody else coordinates this branch: appoint somebody else first.")),
    errors.TooManyWaiting: (409, _("Many people are invited already. Please wait for their answers first.")),
    errors.ReasonIsMissing: (422, _("Please say first why you open this.")),
    errors.InvalidHours: (422, _("Please give hours above zero and below a thousand.")),
    errors.CheckNotDeclared: (
        409,
        _("It cannot begin yet: the association first says that it has seen the check, or why none is required."),
    ),
    errors.InvalidDates: (422, _("Please check the dates: the end lies before the start, or a date has gone by.")),
    errors.UnknownSkill: (422, _("This skill is not in the catalogue.")),
    errors.UnknownCommune: (422, _("We do not know this commune.")),
    errors.AddressTaken: (409, _("There is an account with this address already.")),
    errors.TextTooLong: (422, _("The text is too long.")),
    errors.InvalidValue: (422, _("This lies outside of what can be kept. Please check it.")),
    errors.EditedMeanwhile: (
        409,
        _("This need was changed elsewhere since you opened it. Please look at it again first."),
    ),
    errors.DecidedMeanwhile: (409, _("Somebody decided about this person meanwhile. Please look again.")),
    errors.ListChanged: (409, _("The list has changed meanwhile. Please look again.")),
}
log = structlog.get_logger(__name__)
PAGES = frozenset({400, 403, 404, 409, 413, 429, 500, 503})


def sentence(error: DomainError) -> str:
    """Return the words for a situation in the reader's language."""
    return str(gettext(PRESENTATION[type(error)][1]))


def tell_errors(app: Flask) -> None:
    """Answer each error with a page in plain words; never a traceback."""

    @app.errorhandler(DomainError)
    def domain_error(error: DomainError) -> tuple[str, int]:
        db.session.rollback()
        status, _words = PRESENTATION[type(error)]
        return _page(status, sentence(error)), status

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
        security_events.tell_refusal(error)
        status = error.code or 500
        return (_page(status, None), status) if status >= 400 else error

    @app.errorhandler(OperationalError)
    def database_away(error: OperationalError) -> tuple[str, int]:
        db.session.remove()
        look_up_nobody()
        log.error("database away", error=type(error.orig).__name__)
        return _page(503, None), 503

    @app.errorhandler(Exception)
    def unexpected_error(error: Exception) -> tuple[str, int]:
        db.session.rollback()
        log.error("unexpected error", exc_info=error)
        return _page(500, None), 500


def _page(status: int, words: str | None) -> str:
    name = status if status in PAGES else {410: 409, 422: 400, 405: 400}.get(status, 400 if status < 500 else 500)
    typed = typed_before() if name == 429 else None
    return render_template(f"errors/{name}.html", words=words, typed=typed)
