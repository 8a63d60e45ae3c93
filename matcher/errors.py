"""One class for each situation that a user can meet. Codes and data only: the words live with the edges."""

from typing import ClassVar

ErrorValue = str | int | float | bool | None


class DomainError(Exception):
    """Something asked for that the rules refuse; `code` names the situation, `data` fills its sentence."""

    code: ClassVar[str] = "domain_error"

    def __init__(self, **data: ErrorValue) -> None:
        super().__init__(self.code, data)
        self.data = data


class BadSettings(DomainError, ValueError):
    """The installation is not configured as it must be; names the key."""

    code = "bad_settings"

    def __str__(self) -> str:
        return f"{self.data.get('key')}: {self.data.get('why')}"


class NotFound(DomainError):
    """It does not exist, or not for this actor."""

    code = "not_found"


class NotAllowed(DomainError):
    """The actor may see it but not do this."""

    code = "not_allowed"


class IllegalTransition(DomainError):
    """The state that it is in now does not allow this step."""

    code = "illegal_transition"


class NeedIsFilled(DomainError):
    """All seats are held or taken."""

    code = "need_is_filled"


class NeedIsNotOpen(DomainError):
    """The need does not take answers or applications now."""

    code = "need_is_not_open"


class AssociationNotVerified(DomainError):
    """A need opens only when its association has been verified."""

    code = "association_not_verified"


class AssociationIsSuspended(DomainError):
    """A suspended association has nothing open."""

    code = "association_is_suspended"


class ConflictOfInterest(DomainError):
    """A coordinator does not decide a case to which she is a party."""

    code = "conflict_of_interest"


class OwnAssociation(DomainError):
    """Nobody is suggested to, or applies to, her own association."""

    code = "own_association"


class AddressNotConfirmed(DomainError):
    """The account's address must be confirmed first."""

    code = "address_not_confirmed"


class ContactIsMissing(DomainError):
    """A need is submitted with a named contact."""

    code = "contact_is_missing"


class NeedIsIncomplete(DomainError):
    """A field that a submitted need must have is empty; names it."""

    code = "need_is_incomplete"


class SeatsBelowEngaged(DomainError):
    """Seats never go below those held and taken."""

    code = "seats_below_engaged"


class CheckIsAwaited(DomainError):
    """Somebody has said yes to work that asks for a check: it is not taken out of the need behind her back."""

    code = "check_is_awaited"


class SeatsAreHeld(DomainError):
    """Somebody waits for a confirmation: confirm or refuse her first."""

    code = "seats_are_held"


class NobodyTaken(DomainError):
    """'That is enough' needs at least one confirmed person."""

    code = "nobody_taken"


class AlreadyAnswered(DomainError):
    """This was answered before; the first answer stands."""

    code = "already_answered"


class LinkExpired(DomainError):
    """The link is past its date."""

    code = "link_expired"


class LinkIsOver(LinkExpired):
    """The link was opened after its end; names its purpose."""

    code = "link_is_over"


class LinkRevoked(DomainError):
    """The link was withdrawn."""

    code = "link_revoked"


class NoStanding(LinkRevoked):
    """The link's recipient has lost the right that it lent; says how she stands, and to which association."""

    code = "no_standing"


class OnceOnly(DomainError):
    """This step is given once and was used."""

    code = "once_only"


class TooLate(DomainError):
    """The time in which this could be done is over."""

    code = "too_late"


class TooEarly(DomainError):
    """This can be done only from a later date on."""

    code = "too_early"


class OnlyByInvitation(DomainError):
    """A need by invitation only takes no proposal from whoever was not invited."""

    code = "only_by_invitation"


class ProfileIsMissing(DomainError):
    """A volunteer's profile is needed for this."""

    code = "profile_is_missing"


class LedgerNotReplayed(DomainError):
    """A backup was restored, and who was erased since it was made is there again."""

    code = "ledger_not_replayed"


class LastMember(DomainError):
    """The last member of an association cannot leave it in silence."""

    code = "last_member"


class LastAdministrator(DomainError):
    """Somebody must be left who may appoint others."""

    code = "last_administrator"


class LastCoordinator(DomainError):
    """A branch keeps a coordinator: its needs would wait for nobody."""

    code = "last_coordinator"


class TooManyWaiting(DomainError):
    """More people have been invited than may wait for an answer at a time."""

    code = "too_many_waiting"


class ReasonIsMissing(DomainError):
    """An administrator looks at somebody's name or contacts and has not said why."""

    code = "reason_is_missing"


class InvalidHours(DomainError):
    """Hours are a number above zero and below a thousand."""

    code = "invalid_hours"


class CheckNotDeclared(DomainError):
    """Work with minors or vulnerable people begins only when the association has seen the check, or says why not."""

    code = "check_not_declared"


class InvalidDates(DomainError):
    """The end lies before the start, or a date is not where it must be."""

    code = "invalid_dates"


class UnknownSkill(DomainError):
    """The skill is not in the catalogue."""

    code = "unknown_skill"


class UnknownCommune(DomainError):
    """The commune is not known."""

    code = "unknown_commune"


class AddressTaken(DomainError):
    """There is an account with this address already."""

    code = "address_taken"


class TextTooLong(DomainError):
    """The text is longer than what is kept; names the field."""

    code = "text_too_long"


class InvalidValue(DomainError):
    """A number, a choice or the length of a list lies outside of what is kept; names the field."""

    code = "invalid_value"


class EditedMeanwhile(DomainError):
    """Another form has written since this one was shown; neither version is lost."""

    code = "edited_meanwhile"


class DecidedMeanwhile(DomainError):
    """Somebody was quicker: a person stands otherwise than was shown; `status` says how, None for not at all."""

    code = "decided_meanwhile"


class ListChanged(DomainError):
    """What was shown has changed in between; look again."""

    code = "list_changed"
