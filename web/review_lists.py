"""The two lists of a coordinator's first page: what waits for her and her needs by state, ready for the template."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from matcher.actors import Actor
from matcher.i18n import marked as _
from matcher.labels import status_label
from matcher.mail.digests import DUE, HEADINGS, PAGES, SINCE, WAITING
from matcher.models.states import NeedStatus
from matcher.published import published
from matcher.queries import reviews
from matcher.queries.digests import own_news_since
from matcher.queries.reviews import ReviewedNeed, ReviewTask
from matcher.queries.tasks import Task
from matcher.wording import pseudonym_of
from web import row_ids
from web.desk import day_of
from web.need_cards import KINDS, language
from web.paging import Pages, asked_page, pages_of
from web.runtime import LOCAL, now

ENDPOINTS = {"review": "reviews.show", "line": "lines.show", "mission": "missions.show"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow a list: its words, how many, its address."""

    words: str
    number: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One thing that waits."""

    url: str
    title: str
    association: str
    who: str
    due: str
    due_kind: str


@dataclass(frozen=True, slots=True)
class TasksList:
    """What waits, in groups with a heading, and how to narrow it; what is only told is not counted in `waiting`."""

    waiting: int
    choices: list[Choice]
    groups: list[tuple[str, list[TaskRow]]]
    pages: Pages


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A need with how far its line has come, in words."""

    url: str
    title: str
    association: str
    state: str
    state_kind: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class NeedsList:
    """The needs of a state, and how to choose another one."""

    choices: list[Choice]
    rows: list[NeedRow]
    pages: Pages


def tasks_list(session: Session, actor: Actor, today: date) -> TasksList:
    """Read what the actor's morning mail tells of, as the address narrows it; three statements."""
    since = own_news_since(session, actor, now())
    counts = reviews.count_tasks(session, actor, now(), since=since)
    chosen = next((task for task in counts if task.name.lower() == request.args.get("task")), None)
    everything = sum(counts.values())
    pages = _pages(counts[chosen] if chosen else everything)
    groups: dict[str, list[TaskRow]] = {}
    for one in reviews.list_tasks(session, actor, now(), since=since, task=chosen, number=pages.number):
        groups.setdefault(_title(one.task), []).append(_task_row(one, today))
    tasks = [
        Choice(_title(task), count, _address(task=task.name.lower()), task is chosen) for task, count in counts.items()
    ]
    choices = [Choice(gettext("Everything"), everything, _address(task=None), chosen is None), *tasks]
    return TasksList(everything - counts.get(Task.GIVEN_UP, 0), choices, list(groups.items()), pages)


def needs_list(session: Session, actor: Actor) -> NeedsList:
    """Read the actor's needs in the state that the address names, open ones when it names none; two statements."""
    counts = reviews.count_needs(session, actor)
    asked = request.args.get("status", NeedStatus.OPEN.value)
    status = next((each for each in reviews.LISTED if each.value == asked), NeedStatus.OPEN)
    number = request.args.get("needs_page", 1, type=row_ids.number)
    number = number if 0 < number < 10**6 else 1
    found = reviews.list_needs(session, actor, status=status, number=number)
    choices = [
        Choice(status_label(language(), each), count, _address(status=each.value), each is status)
        for each, count in counts.items()
    ]
    pages = max(1, -(-counts.get(status, 0) // reviews.PER_PAGE))
    neighbours = Pages(
        number, pages, found.total,
        _address(status=status.value, needs_page=number - 1) if number > 1 else None,
        _address(status=status.value, needs_page=number + 1) if number < pages else None,
    )  # fmt: skip
    return NeedsList(choices, [_need_row(one) for one in found.needs], neighbours)


def _title(task: Task) -> str:
    return str(gettext(HEADINGS[task]))


def _task_row(one: ReviewTask, today: date) -> TaskRow:
    late = one.due_at is not None and one.due_at.astimezone(LOCAL).date() < today
    return TaskRow(
        url=_task_url(one),
        title=published(language(), one.title),
        association=one.association,
        who=_who(one),
        due=_due_words(one, late, today),
        due_kind="bad" if late else "warn",
    )


def _who(one: ReviewTask) -> str:
    if one.volunteer_id is None or one.came_at is None:
        return ""
    return pseudonym_of(language(), one.volunteer_id, one.came_at, need_id=one.need_id)


def _task_url(one: ReviewTask) -> str:
    endpoint = ENDPOINTS[PAGES.get(one.task, "review")]
    subject = {"pairing_id": one.pairing_id} if one.task is Task.MISSION else {"need_id": one.need_id}
    return url_for(endpoint, **subject)


def _due_words(one: ReviewTask, late: bool, today: date) -> str:
    if one.due_at is None:
        return str(gettext(SINCE.get(one.task, WAITING), day=day_of(one.since, today)))
    sentence = DUE.get(one.task, _("to be answered by %(day)s"))
    if late and one.task is Task.NEED:
        sentence = _("promised by %(day)s: late")
    return str(gettext(sentence, day=day_of(one.due_at, today)))


def _need_row(one: ReviewedNeed) -> NeedRow:
    counted = (
        (one.taken, ngettext("%(num)s place taken", "%(num)s places taken", one.taken)),
        (one.held, ngettext("%(num)s yes to be confirmed", "%(num)s yeses to be confirmed", one.held)),
        (one.invited, ngettext("%(num)s person invited", "%(num)s people invited", one.invited)),
        (one.approved, ngettext("%(num)s person in the line", "%(num)s people in the line", one.approved)),
    )
    places = ngettext("%(num)s place", "%(num)s places", one.seats)
    waits = [gettext("the line waits for you")] if one.line_waits else []
    return NeedRow(
        url=url_for("reviews.show", need_id=one.need_id),
        title=published(language(), one.title),
        association=one.association,
        state=status_label(language(), one.status),
        state_kind=KINDS[one.status],
        notes=[places, *(words for number, words in counted if number), *waits],
    )


def _pages(total: int) -> Pages:
    pages = max(1, -(-total // reviews.PER_PAGE))
    return pages_of(min(asked_page(), pages), pages, total)


def _address(**changed: str | int | None) -> str:
    """Return the address of this page with some filters changed, from the first page of what they narrow."""
    dropped = {"page"} if "task" in changed else {"needs_page"}
    kept = {name: value for name, value in request.args.items() if name not in dropped | set(changed) and value}
    asked = {**kept, **{name: value for name, value in changed.items() if value is not None}}
    return f"{request.path}?{urlencode(asked)}" if asked else request.path
