"""The codes of the register of personal data in words, and its activities as the page on privacy tells them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matcher.i18n import marked, translate
from matcher.privacy_register import Basis, Kept, Purpose, Register, Seer

WHAT: dict[Purpose, str] = {
    Purpose.ACCOUNT: marked("Account: name, e-mail address, telephone number, language, and that you are an adult"),
    Purpose.SIGN_IN: marked("Sign-ins: the fingerprint of your password, your second factor, the kind of each device"),
    Purpose.PROFILE: marked("Profile: skills, experiences, languages, places, availability"),
    Purpose.INVITATIONS: marked("What you chose about our mails, and when invitations were sent to you"),
    Purpose.NEED: marked("Who acts for an association: its members, who wrote a need, its named contact"),
    Purpose.PAIRING: marked("Pairing: invitations, answers, messages, hours, who decided what and when"),
    Purpose.RANKING: marked("Suggestions: your place for a need, with score and reasons"),
    Purpose.REPLAY: marked("List that was shown for a decision: numbers only, no text"),
    Purpose.QUESTION: marked("Your questions about what would change your place for a need, and their answers"),
    Purpose.MAILS: marked("E-mails that leave, and the links in them"),
    Purpose.CLOSED_ADDRESSES: marked("Addresses to which we do not write any more, as a keyed hash"),
    Purpose.RIGHTS: marked("Who coordinates a branch, who administers this site and what they decided about it"),
    Purpose.LOG: marked("Log of acts: who opened a name or contacts, decided or erased; numbers only"),
    Purpose.PROCESS_LOG: marked(
        "Technical log: which page was asked for, when and by which account, sign-ins right and wrong; numbers only, a"
        " typed address as a keyed hash"
    ),
}
WHY: dict[Purpose, str] = {
    Purpose.ACCOUNT: marked("To recognise you and to write to you: %(basis)s"),
    Purpose.SIGN_IN: marked("To let nobody else in: %(basis)s"),
    Purpose.PROFILE: marked("To compare it with needs: %(basis)s"),
    Purpose.INVITATIONS: marked("To write to you as often as you wish: %(basis)s"),
    Purpose.NEED: marked("To publish the need without its contact, and to find somebody: %(basis)s"),
    Purpose.PAIRING: marked("To follow the mission and to answer for each decision: %(basis)s"),
    Purpose.RANKING: marked("To show a coordinator who may fit, and why: %(basis)s"),
    Purpose.REPLAY: marked("To be able to explain the decision later: %(basis)s"),
    Purpose.QUESTION: marked("To answer you: %(basis)s"),
    Purpose.MAILS: marked("To hand them over to the mail server, again if it was away: %(basis)s"),
    Purpose.CLOSED_ADDRESSES: marked("To write to nobody whom our mails do not reach or do not please: %(basis)s"),
    Purpose.RIGHTS: marked("To know who may do what: %(basis)s"),
    Purpose.LOG: marked("To answer for each look at personal data: %(basis)s"),
    Purpose.PROCESS_LOG: marked("To find faults and attacks: %(basis)s"),
}
BASES: dict[Basis, str] = {
    Basis.CONTRACT: marked("the service that you asked for"),
    Basis.CONSENT: marked("your consent, which you may take back at any time"),
    Basis.LEGITIMATE_INTEREST: marked("our legitimate interest"),
}
KEPT: dict[Kept, str] = {
    Kept.ACCOUNT: marked("Until you erase your account."),
    Kept.UNCONFIRMED: marked(
        "An account whose address is not confirmed is deleted after %(days)s days, with reminders by e-mail after"
        " %(first)s and %(last)s days."
    ),
    Kept.PROFILE: marked("Until you change or erase it; while you pause, it is suggested to nobody."),
    Kept.INACTIVE: marked(
        "The account of somebody who neither signs in nor answers is erased after %(days)s days, with a warning by"
        " e-mail after %(first)s days; not so while that person acts for an association of which a need was touched in"
        " that time, looks after this service or has an invitation or a mission under way."
    ),
    Kept.NEED: marked("As long as the need; a draft left alone closes after six months, with a warning at five."),
    Kept.PAIRING: marked("As long as the need is kept; without your name once your account is erased."),
    Kept.RANKING: marked("Until the need is ranked again."),
    Kept.REPLAY: marked("As long as the pairing; a number that leads to nobody once your account is erased."),
    Kept.LINK: marked("A link: as long as your account, and worthless after its own end."),
    Kept.RIGHT: marked("As long as the right lasts; what was decided keeps the number of the account."),
    Kept.MEMBERSHIP: marked("A membership: as long as it lasts."),
    Kept.INVITED: marked("An invitation to act for an association, or a wish to, without an answer: %(days)s days."),
    Kept.SENT: marked(
        "A mail: %(days)s days after it was handed over or set aside; a link that opens an account, until then."
    ),
    Kept.ASKED: marked("%(days)s days after the question."),
    Kept.SIGNED_OUT: marked("A sign-in: %(days)s days after it ended."),
    Kept.REPORTED: marked("A report of the mail server: %(days)s days."),
    Kept.COUNTED: marked("A mail with invitations: %(days)s days."),
    Kept.NOTED: marked("A note between coordinators: %(days)s days."),
    Kept.LOG: marked("%(days)s days."),
    Kept.PROCESS_LOG: marked("At most %(days)s days, deleted by whoever looks after the machines."),
    Kept.CLOSED: marked("The hash: without end; whose it was, until you erase your account."),
}
SEERS: dict[Seer, str] = {
    Seer.MEMBERS: marked("The members of your association."),
    Seer.ASSOCIATION_AFTER_YES: marked("The association, after your yes and without your name."),
    Seer.OTHER_SIDE: marked("The other side, after two yeses."),
    Seer.COORDINATORS: marked("The coordinators concerned."),
    Seer.COORDINATORS_OF_ASSOCIATION: marked(
        "If you act for an association, or ask to: the coordinators of its branch, your name and your address."
    ),
    Seer.COORDINATORS_LOGGED: marked("Name and contacts: the coordinators concerned; each opening is written down."),
    Seer.ADMINISTRATORS: marked("The administrators."),
    Seer.ADMINISTRATORS_LOGGED: marked("Name and contacts: the administrators; each opening is written down."),
    Seer.HOSTS: marked("Whoever looks after the machines."),
}
NOBODY = marked("Nobody.")


@dataclass(frozen=True, slots=True)
class Activity:
    """One purpose as a reader is told of it."""

    what: str
    why: str
    how_long: str
    seen_by: str


def activities(language: str, register: Register) -> list[Activity]:
    """Put the register into words: one activity for each purpose."""
    return [_activity(language, register, purpose) for purpose in Purpose]


def kept_in_words(language: str, register: Register, kept: Kept) -> str:
    """Say how long, with the numbers of days that the register gives."""
    period = register.periods[kept]
    told: Mapping[str, object] = dict(zip(("first", "last"), period.warned_after_days, strict=False))
    return translate(language, KEPT[kept], {"days": period.days, **told})


def _activity(language: str, register: Register, purpose: Purpose) -> Activity:
    entries = register.for_purpose(purpose)
    kept = {entry.kept for entry in entries} | (register.rules if purpose is Purpose.ACCOUNT else frozenset())
    seers = {seer for entry in entries for seer in entry.seen_by}
    basis = translate(language, BASES[entries[0].basis])
    return Activity(
        what=translate(language, WHAT[purpose]),
        why=translate(language, WHY[purpose], {"basis": basis}),
        how_long=" ".join(kept_in_words(language, register, each) for each in Kept if each in kept),
        seen_by=_sentences(language, [SEERS[seer] for seer in Seer if seer in seers] or [NOBODY]),
    )


def _sentences(language: str, sentences: Iterable[str]) -> str:
    return " ".join(translate(language, sentence) for sentence in sentences)
