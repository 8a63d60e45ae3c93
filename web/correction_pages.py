"""What was recorded by telephone, as its volunteer reads it. No reads, no writes."""

from dataclasses import dataclass

from flask_babel import gettext

from matcher.models.account import Account
from matcher.models.pairing import Pairing
from matcher.models.states import NeedStatus, PairingStep
from matcher.published import published
from matcher.queries.answers import first_name
from matcher.queries.shown import shown_in
from web.need_cards import language
from web.need_pages import day_words

RECORDED: dict[PairingStep, str] = {
    PairingStep.ACCEPT_BY_TELEPHONE: "yes",
    PairingStep.JOIN_RESERVE_BY_TELEPHONE: "yes",
    PairingStep.DECLINE_BY_TELEPHONE: "no",
}


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """What the template of a correction prints."""

    first_name: str
    facts: list[tuple[str, str]]
    may_correct: bool
    is_corrected: bool
    reply_by: str | None
    mailbox: str


def correction_page(pairing: Pairing, recipient: Account) -> CorrectionPage:
    """Return the page of a pairing for the volunteer whose answer was recorded."""
    last = pairing.events[-1].step
    recorded = next((event for event in reversed(pairing.events) if event.step in RECORDED), None)
    facts = [
        (gettext("Need"), published(language(), pairing.need.title)),
        (gettext("Association"), shown_in(language(), pairing, to_her=True).name),
    ]
    if recorded is not None:
        said = {"yes": gettext("You said yes"), "no": gettext("You said no")}[RECORDED[recorded.step]]
        facts += [(gettext("Recorded answer"), said), (gettext("Recorded on"), day_words(recorded.at) or "")]
    return CorrectionPage(
        first_name=first_name(recipient),
        facts=facts,
        may_correct=last in RECORDED and pairing.need.status in {NeedStatus.OPEN, NeedStatus.ON_HOLD},
        is_corrected=last is PairingStep.CORRECT_TELEPHONE,
        reply_by=day_words(pairing.reply_by),
        mailbox=pairing.need.branch.mailbox,
    )
