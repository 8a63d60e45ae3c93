"""Mails to the people paired with a need when the need itself changes: filled, on hold, closed, changed."""

from collections.abc import Callable
from datetime import date

from matcher.labels import code_label
from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.facts import need_facts, similar
from matcher.mail.letter import Letter
from matcher.models.states import ENGAGED, PairingStatus


def need_filled(case: PairingCase) -> Letter:
    """Thanks and two similar needs."""
    found = similar(case)
    applied = bool(case.pairing.events) and case.pairing.events[-1].source is PairingStatus.APPLIED
    thanks = case.say("Thank you for applying for %(need)s.", need=case.title)
    interest = case.say(
        "We had written to you about %(need)s: thank you for the attention you gave it.", need=case.title
    )
    return Letter(
        subject=case.say("People found, thank you: %(need)s", need=case.brief_title),
        paragraphs=(
            thanks if applied else interest,
            case.say(
                "%(association)s has now found all the people it was looking for. You need do nothing.",
                association=case.association,
            ),
        ),
        leads_to_offers=_offer(case, bool(found)),
        button=case.page(case.say("See the open needs"), "needs"),
        offers=found,
    )


def reserve_waits(case: PairingCase) -> Letter:
    """All seats are taken; the reserve waits until the work has started."""
    return Letter(
        subject=case.say("You stay in reserve: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for your yes to %(need)s.", need=case.title),
            case.say(
                "All its seats are taken for now. You stay in reserve until the work has started everywhere: if a seat "
                "becomes free before, we ask you first."
            ),
            case.say("You need do nothing. If you would rather not wait, one press of a button is enough."),
        ),
        button=case.to_answer(case.say("See my answer")),
    )


def need_on_hold(case: PairingCase) -> Letter:
    """A pause: nothing is asked of her meanwhile; a mission that runs goes on."""
    if case.pairing.status in ENGAGED:
        return _mission_goes_on(
            case,
            case.say(
                "The need %(need)s of %(association)s is on hold: nobody else is invited for now.",
                need=case.title,
                association=case.association,
            ),
        )
    returns = case.need.returns_on or _date(case.context.data.get("returns_on"))
    reason = code_label(case.language, case.need.hold_reason) if case.need.hold_reason else ""
    return Letter(
        subject=case.say("On hold: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The need %(need)s of %(association)s is on hold.", need=case.title, association=case.association),
            case.say("You need do nothing: nothing is lost, and no time to answer runs meanwhile."),
            case.say("If it is closed, we write to you; when it opens again, your time to answer runs on."),
        ),
        facts=(*case.fact(case.say("Why"), reason), *case.fact(case.say("Expected back on"), case.day(returns))),
        button=case.to_answer(case.say("See where it stands")),
    )


def need_closed(case: PairingCase) -> Letter:
    """Closed before a mission: nobody's fault, two similar needs; a mission that runs goes on."""
    if case.pairing.status in ENGAGED:
        return _mission_goes_on(
            case,
            case.say(
                "The need %(need)s of %(association)s is closed: nobody else is invited.",
                need=case.title,
                association=case.association,
            ),
        )
    found = similar(case)
    reason = code_label(case.language, case.need.end_reason) if case.need.end_reason else ""
    return Letter(
        subject=case.say("Closed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Thank you for being ready to help %(association)s.", association=case.association),
            case.say(
                "Its need %(need)s is closed. It has nothing to do with you, and you need do nothing more.",
                need=case.title,
            ),
        ),
        leads_to_offers=_offer(case, bool(found)),
        facts=case.fact(case.say("Why"), reason),
        button=case.page(case.say("See the open needs"), "needs"),
        offers=found,
    )


def need_changed(case: PairingCase) -> Letter:
    """After a change of what matters: « toujours d'accord ? »; at work she is told, and may stop."""
    if case.pairing.status is PairingStatus.ACTIVE:
        return _changed_at_work(case)
    return Letter(
        subject=case.say("This need has changed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "The need %(need)s of %(association)s has changed since you said yes. This is how it stands now.",
                association=case.association,
                need=case.title,
            ),
            case.say("If it still suits you, tell us so. If not, you may leave freely, without giving a reason."),
        ),
        facts=need_facts(case),
        button=case.to_answer(case.say("See and answer")),
        after=(case.say("If we do not hear from you, your yes stands, and a coordinator may call you."),),
    )


def _changed_at_work(case: PairingCase) -> Letter:
    return Letter(
        subject=case.say("Your mission has changed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "The need %(need)s of %(association)s now says that you meet minors or vulnerable people. The "
                "association says on the page of your mission that it has seen the check that it must make, or why "
                "none is required.",
                association=case.association,
                need=case.title,
            ),
            case.say("If this does not suit you, you may stop at any time, on the same page."),
        ),
        facts=need_facts(case),
        button=case.page(case.say("See my mission"), "mission", id=case.pairing.id),
    )


def _mission_goes_on(case: PairingCase, news: str) -> Letter:
    return Letter(
        subject=case.say("Your mission goes on: %(need)s", need=case.brief_title),
        paragraphs=(
            news,
            case.say("Nothing changes for you: what the two of you have agreed goes on to its own end."),
        ),
        button=case.page(case.say("See my mission"), "mission", id=case.pairing.id),
    )


def _offer(case: PairingCase, found: bool) -> str:
    if found:
        return case.say("Here are open needs that ask for much the same skills; they may suit you:")
    return case.say("Other associations are looking for somebody: have a look when you like.")


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


LETTERS: dict[M, Callable[[PairingCase], Letter]] = {
    M.NEED_FILLED: need_filled,
    M.RESERVE_WAITS: reserve_waits,
    M.NEED_ON_HOLD: need_on_hold,
    M.NEED_CLOSED: need_closed,
    M.NEED_CHANGED: need_changed,
}
