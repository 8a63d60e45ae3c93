"""Mails to coordinators and administrators about a pairing: what waits for them, what has happened."""

from collections.abc import Callable

from matcher.labels import code_label
from matcher.mail.codes import MailCode as M
from matcher.mail.context import PairingCase
from matcher.mail.facts import person_facts, subject_facts
from matcher.mail.letter import Letter
from matcher.models.deadline import Clock
from matcher.models.states import ENGAGED, PairingStatus, PairingStep


def application_waits_administrators(case: PairingCase) -> Letter:
    """An application has waited for ten working days."""
    return Letter(
        subject=case.say("An application is waiting: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The branch has not answered this application. The person has been told of it."),
            case.say("Please find out with the branch who can answer, or answer yourself."),
        ),
        facts=(*subject_facts(case), *person_facts(case), (case.say("Branch"), case.branch)),
        button=case.to_review(case.say("Answer the application")),
    )


def yes_received(case: PairingCase) -> Letter:
    """A yes: the association's turn, or one more in reserve."""
    in_reserve = case.pairing.status is PairingStatus.RESERVE
    reserve = case.say(
        "This person says yes. No place is free: they are in reserve, and are asked first when one becomes free."
    )
    turn = case.say(
        "This person says yes. The contact of %(association)s has been told and now has the last word.",
        association=case.association,
    )
    return Letter(
        subject=case.say("A yes: %(need)s", need=case.brief_title),
        paragraphs=(reserve if in_reserve else turn, case.say("You need do nothing for now.")),
        facts=(
            *subject_facts(case),
            *person_facts(case),
            *case.fact(case.say("If no answer comes, we write to you on"), case.due(Clock.YES_WAITS_LONG)),
        ),
        button=case.to_review(case.say("See the need")),
    )


def question(case: PairingCase) -> Letter:
    """A volunteer's question: the clock stands still until the answer."""
    return Letter(
        subject=case.say("A question: %(need)s", need=case.brief_title),
        paragraphs=(case.say("Before answering the invitation, %(person)s asks you:", person=case.person),),
        quote=case.free_text(case.pairing.question),
        facts=(*subject_facts(case), *case.fact(case.say("To be answered by"), case.due(Clock.QUESTION_WAITS))),
        button=case.to_review(case.say("Answer the question")),
        after=(case.say("Until then, the time to answer the invitation does not run."),),
    )


def confirmed(case: PairingCase) -> Letter:
    """Both have said yes."""
    return Letter(
        subject=case.say("A pair is formed: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say(
                "%(association)s wishes to meet this person. Both sides now see each other’s contacts.",
                association=case.association,
            ),
            case.say("In a week we will ask both whether they have talked. You need do nothing."),
        ),
        facts=(*subject_facts(case), *person_facts(case)),
        button=case.to_mission(case.say("See the mission")),
    )


def start_contested(case: PairingCase) -> Letter:
    """One side says that it began, the other that it did not."""
    return Letter(
        subject=case.say("Begun or not? %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("One side said that the work had begun, the other that it had not."),
            case.say("They are back to getting to know each other. A call to each often settles it."),
        ),
        facts=(*subject_facts(case), *person_facts(case)),
        button=case.to_mission(case.say("See the mission")),
    )


def ended_after_talk(case: PairingCase) -> Letter:
    """« Finalement non »: which side, why, the seat is free."""
    by_her = case.pairing.status is PairingStatus.WITHDRAWN
    hers = case.say("After a first talk, the volunteer has preferred to stop there.")
    theirs = case.say("After a first talk, %(association)s has preferred to stop there.", association=case.association)
    return Letter(
        subject=case.say("In the end, no: %(need)s", need=case.brief_title),
        paragraphs=(
            hers if by_her else theirs,
            case.say("It is nobody’s fault. The place is free again: the reserve, then the line are asked."),
        ),
        facts=(*subject_facts(case), *person_facts(case), *_why(case)),
        button=case.to_review(case.say("See the line")),
    )


def abandoned(case: PairingCase) -> Letter:
    """A mission has stopped before its end."""
    return Letter(
        subject=case.say("A mission has stopped: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("This mission has stopped. The hours done are kept, and the place is free again."),
            case.say("A word to both sides is welcome; put more people in the line if the work is to go on."),
        ),
        facts=(*subject_facts(case), *person_facts(case), *_why(case)),
        button=case.to_review(case.say("See the line")),
    )


def withdrawn(case: PairingCase) -> Letter:
    """An application or a yes was taken back, or an answer by telephone contradicted."""
    corrected = bool(case.pairing.events) and case.pairing.events[-1].step is PairingStep.CORRECT_TELEPHONE
    wrong = case.say("The answer recorded by telephone was not what this person meant: it is undone, and asked again.")
    left = case.say("This person has taken the application or the yes back. Any place held is free again.")
    return Letter(
        subject=case.say("An answer was taken back: %(need)s", need=case.brief_title),
        paragraphs=(
            wrong if corrected else left,
            case.say("The reserve, then the line are asked for each free place. You need do nothing."),
        ),
        facts=(*subject_facts(case), *person_facts(case)),
        button=case.to_review(case.say("See the line")),
    )


def invitation_returned(case: PairingCase) -> Letter:
    """Her e-mails do not arrive: the line has moved on."""
    return Letter(
        subject=case.say("Invitation not arrived: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("Our e-mails to this person come back: nobody has told them that they were put forward."),
            case.say("The next in the line is asked at once. You need do nothing; a call may still reach them."),
        ),
        facts=(*subject_facts(case), *person_facts(case), *_why(case)),
        button=case.to_review(case.say("See the line")),
        after=(case.say("Once the address works again, you may put this person in the line once more."),),
    )


def suspended(case: PairingCase) -> Letter:
    """An administrator has suspended the volunteer's account: what is left to decide."""
    is_engaged = case.pairing.status in ENGAGED
    goes_on = case.say("The mission goes on until you decide: talk to the association, then keep it or end it.")
    is_over = case.say("The answer is taken back. The reserve, then the line are asked for each free place.")
    return Letter(
        subject=case.say("An account is suspended: %(need)s", need=case.brief_title),
        paragraphs=(
            case.say("The account of this person is suspended: they can neither sign in nor answer for now."),
            goes_on if is_engaged else is_over,
        ),
        facts=(*subject_facts(case), *person_facts(case)),
        button=case.to_mission(case.say("See the mission")) if is_engaged else case.to_review(case.say("See the line")),
    )


def _why(case: PairingCase) -> tuple[tuple[str, str], ...]:
    return case.fact(case.say("Why"), code_label(case.language, case.pairing.reason) if case.pairing.reason else "")


LETTERS: dict[M, Callable[[PairingCase], Letter]] = {
    M.APPLICATION_WAITS_ADMINISTRATORS: application_waits_administrators,
    M.YES_COORDINATOR: yes_received,
    M.QUESTION_COORDINATOR: question,
    M.CONFIRMED_COORDINATOR: confirmed,
    M.START_CONTESTED_COORDINATOR: start_contested,
    M.ENDED_AFTER_TALK_COORDINATOR: ended_after_talk,
    M.ABANDONED_COORDINATOR: abandoned,
    M.WITHDRAWN_COORDINATOR: withdrawn,
    M.INVITATION_RETURNED: invitation_returned,
    M.SUSPENDED_COORDINATOR: suspended,
}
