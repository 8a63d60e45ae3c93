"""Mails to coordinators and administrators about a need: promises missed, needs given up, seats free again."""

from collections.abc import Callable

from matcher.mail.codes import MailCode as M
from matcher.mail.context import NeedCase
from matcher.mail.facts import subject_facts
from matcher.mail.letter import Letter
from matcher.models.deadline import Clock


def need_without_member(case: NeedCase) -> Letter:
    """Nobody acts for the association any more: somebody has to be found, or the need ends."""
    return Letter(
        subject=case.say("Nobody acts any more: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The last person who acted for %(association)s has left Binôme.", association=case.association),
            case.say("Its need is on hold: nobody is invited any more. Missions under way go on."),
            case.say(
                "If you know the association, ask it who takes over: this person opens an account and asks to join."
            ),
        ),
        facts=(*subject_facts(case), *case.fact(case.say("Without news, it closes on"), case.due(Clock.EXPIRE_HOLD))),
        button=case.to_review(case.say("See the need")),
    )


def need_gone(case: NeedCase) -> Letter:
    """The association is gone: running missions go to the coordinator."""
    return Letter(
        subject=case.say("The association has left: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("%(association)s has left Binôme; its need is closed.", association=case.association),
            case.say(
                "The people who waited for it have been told. Missions under way, if any, are now yours to follow."
            ),
        ),
        facts=subject_facts(case),
        button=case.to_review(case.say("See the need")),
    )


def need_reopened(case: NeedCase) -> Letter:
    """A seat is free again."""
    return Letter(
        subject=case.say("A place is free again: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Somebody has left this need: it is open again."),
            case.say("The reserve is asked first, then the line. If both are short, put more people in the line."),
        ),
        facts=(*subject_facts(case), (case.say("Free places"), str(max(case.need.free_seats, 0)))),
        button=case.to_review(case.say("See the line")),
    )


def review_late_branch(case: NeedCase) -> Letter:
    """A promised date was missed: the branch is told."""
    promised = case.date_of(case.need.promised_at)
    return Letter(
        subject=case.say("Promise missed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "%(association)s was promised an answer by now and has none. We have told it of a new date.",
                association=case.association,
            ),
            case.say("If this date is missed too, the administrators are told."),
        ),
        facts=(*subject_facts(case), *case.fact(case.say("New date"), promised)),
        button=case.to_review(case.say("Review the need")),
    )


def review_late_administrators(case: NeedCase) -> Letter:
    """A second promised date was missed: administrators are told."""
    return Letter(
        subject=case.say("Need without an answer: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The branch has promised an answer twice, and the need has not been reviewed."),
            case.say("Please find out with the branch who can read it, or read it yourself."),
        ),
        facts=(
            *subject_facts(case),
            (case.say("Branch"), case.branch),
            *case.fact(case.say("Received on"), case.date_of(case.need.submitted_at)),
        ),
        button=case.to_review(case.say("Review the need")),
    )


LETTERS: dict[M, Callable[[NeedCase], Letter]] = {
    M.NEED_WITHOUT_MEMBER_COORDINATOR: need_without_member,
    M.NEED_GONE_COORDINATOR: need_gone,
    M.NEED_REOPENED_COORDINATOR: need_reopened,
    M.REVIEW_LATE_BRANCH: review_late_branch,
    M.REVIEW_LATE_ADMINISTRATORS: review_late_administrators,
}
