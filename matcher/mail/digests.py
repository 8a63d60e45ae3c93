"""The coordinator's morning mail: what waits for her, and where each thing is done. Nobody is named in it."""

from collections.abc import Callable
from datetime import date

from matcher import wording
from matcher.actors import Hat, Person
from matcher.i18n import marked
from matcher.mail.codes import MailCode as M
from matcher.mail.letter import Letter, Section
from matcher.mail.letter import Line as Linked
from matcher.mail.reader import BranchCase, MailContext
from matcher.models.branch import Branch
from matcher.queries import digests
from matcher.queries.digests import Line
from matcher.queries.tasks import Task

HEADINGS: dict[Task, str] = {
    Task.NEED: marked("Needs to review"),
    Task.APPLICATION: marked("Applications to decide"),
    Task.QUESTION: marked("Questions to answer"),
    Task.LINE: marked("Lines that wait after a change"),
    Task.YES: marked("Yeses without an answer from the association"),
    Task.MISSION: marked("Missions without news"),
    Task.UNMATCHED: marked("Needs that nobody matches"),
    Task.QUIET: marked("Open for three weeks, nobody in sight: the association has been told"),
    Task.STUCK: marked("Needs on hold that wait for somebody to act"),
    Task.HELD: marked("On hold without a date for 30 days, while people wait: ask the association"),
    Task.GIVEN_UP: marked("Given up before your review: nothing to do"),
}
# When what waits has a date; what has none says since when it waits.
DUE: dict[Task, str] = {
    Task.NEED: marked("promised by %(day)s"),
    Task.APPLICATION: marked("without an answer, administrators are told on %(day)s"),
    Task.YES: marked("ends without news on %(day)s"),
    Task.MISSION: marked("ends without news on %(day)s"),
    Task.STUCK: marked("closes without news on %(day)s"),
}
SINCE: dict[Task, str] = {
    Task.UNMATCHED: marked("open since %(day)s"),
    Task.QUIET: marked("open since %(day)s"),
    Task.HELD: marked("on hold since %(day)s"),
    Task.GIVEN_UP: marked("given up on %(day)s"),
}
WAITING = marked("waiting since %(day)s")
PAGES: dict[Task, str] = {
    Task.APPLICATION: "line",
    Task.QUESTION: "line",
    Task.LINE: "line",
    Task.YES: "line",
    Task.MISSION: "mission",
}


def coordinator_digest(context: MailContext) -> tuple[BranchCase, Letter] | None:
    """What waits this morning; None when nothing does any more, or the day is over."""
    home = context.session.get(Branch, context.data.get("branch_id", 0))
    day = _day(context.data.get("day"))
    if home is None or day is None:
        return None
    case = BranchCase(context, home)
    if case.today > day or not home.is_coordinated_by(context.recipient.id):
        return None
    reader = Person(context.recipient, Hat.COORDINATOR)
    found = digests.digest(context.session, reader, now=context.now, since=digests.news_since(home, day))
    if not found:
        return None
    waiting = sum(section.total for section in found if section.task is not Task.GIVEN_UP)
    return case, Letter(
        subject=_subject(case, waiting),
        paragraphs=(case.say("Here is what waits for you on %(day)s.", day=case.day(day)),),
        sections=tuple(_section(case, section) for section in found),
        button=case.page(case.say("See what waits for me"), "reviews"),
        after=(case.say("This e-mail comes once, on the morning of each working day, and only when something waits."),),
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _subject(case: BranchCase, waiting: int) -> str:
    if not waiting:
        return case.say("This morning: nothing waits for you, but a need was given up")
    return case.say_plural(
        "This morning: %(n)s thing waits for you", "This morning: %(n)s things wait for you", waiting
    )


def _section(case: BranchCase, section: digests.Section) -> Section:
    left = section.total - len(section.lines)
    more = case.say_plural("and %(n)s more on the page", "and %(n)s more on the page", left) if left else ""
    lines = tuple(_line(case, section.task, line) for line in section.lines)
    return Section(case.say(HEADINGS[section.task]), lines, more)


def _line(case: BranchCase, task: Task, line: Line) -> Linked:
    title = wording.quoted(case.language, case.free_text(line.title) or case.say("need without a title"))
    beside = [case.free_text(line.association), *_number(case, line), _when(case, task, line)]
    subject = line.pairing_id if task is Task.MISSION else line.need_id
    address = case.context.links.page(PAGES.get(task, "review"), id=subject or 0)
    return Linked(title, address, " · ".join(part for part in beside if part))


def _number(case: BranchCase, line: Line) -> list[str]:
    if line.number == 1:
        return []
    return [case.say_plural("%(n)s person", "%(n)s people", line.number)]


def _when(case: BranchCase, task: Task, line: Line) -> str:
    if line.due_at is None:
        return case.say(SINCE.get(task, WAITING), day=case.date_of(line.since))
    sentence = DUE.get(task, marked("to be answered by %(day)s"))
    if task is Task.NEED and line.due_at < case.context.now:
        sentence = marked("promised by %(day)s: late")
    return case.say(sentence, day=case.date_of(line.due_at))


LETTERS: dict[M, Callable[[MailContext], tuple[BranchCase, Letter] | None]] = {M.COORDINATOR_DIGEST: coordinator_digest}
