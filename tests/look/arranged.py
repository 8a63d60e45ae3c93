"""Pages in states that the demo does not show by itself: by whom they are looked at, and what is done there."""

from dataclasses import replace

from matcher.models.suppression import SuppressionReason
from matcher.models.volunteer import MailPace
from tests.look.finders import at
from tests.look.looked import ADMINISTRATOR, VOLUNTEER, Arranged, Looked, pressed, ticked
from tests.look.moments import (
    ADDRESSES,
    closed,
    mails,
    mails_come_back,
    not_stopped,
    nothing_waits,
    opened_by_her,
    restored,
    set_aside,
    time_to_confirm,
    to_discard,
    too_late,
)


def page(name: str, who: str, arranged: Arranged) -> Looked:
    """A page that is arranged, and at which nothing is done."""
    return Looked(name, who, arranged=arranged)


STOP = "input[name=wish][value=stopped]"
PRESS = "main form button"
S = SuppressionReason

BEHIND_LINKS = (
    page("mail-choices", "", mails()),
    page("mail-choices-many", "", mails(sent=1, rests=True, mail_pace=MailPace.DAILY)),
    page("mail-choices-paused", "", mails(is_paused=True)),
    page("mail-choices-stopped", "", mails(stopped=True)),
    replace(page("mail-choices-stop-pressed", "", mails()), act=ticked(STOP)),
    replace(page("mail-choices-refused", "", mails()), act=ticked("input[value=paused]")),
    replace(page("unsubscribed", "", not_stopped), act=pressed(PRESS)),
    page("still-true-asked", "", time_to_confirm),
    replace(page("still-true-said", "", time_to_confirm), act=pressed(PRESS)),
    page("address-works", "", closed(S.HARD)),
    replace(page("address-works-pressed", "", opened_by_her), act=pressed(PRESS)),
    page("answer-too-late", "", too_late),
)
OWN = (
    page("account-mails-come-back", VOLUNTEER, closed(S.HARD, "/account")),
    page("account-mailbox-full", VOLUNTEER, closed(S.SOFT, "/account")),
    page("profile-mails-come-back", VOLUNTEER, closed(S.HARD, "/profile")),
    Looked("profile-mail-many", VOLUNTEER, at("/profile/mail"), arranged=mails(sent=1, rests=True)),
)
ADMINISTRATION = (
    page("outbox-empty", ADMINISTRATOR, nothing_waits),
    page("outbox", ADMINISTRATOR, set_aside),
    Looked("outbox-discard", ADMINISTRATOR, to_discard(""), arranged=set_aside),
    Looked("addresses-empty", ADMINISTRATOR, at(ADDRESSES)),
    page("addresses", ADMINISTRATOR, mails_come_back),
    Looked("addresses-refused", ADMINISTRATOR, at(ADDRESSES), act=pressed(PRESS)),
    Looked("quarantine-none", ADMINISTRATOR, at("/admin/quarantine")),
    page("quarantine", ADMINISTRATOR, restored("/admin/quarantine")),
    page("quarantine-discard", ADMINISTRATOR, restored("/admin/quarantine/discard")),
    page("quarantine-banner", ADMINISTRATOR, restored("/board")),
)
ARRANGED = BEHIND_LINKS + OWN + ADMINISTRATION
