"""The demo world: written people and needs, and what happened to them, told by real services at past moments."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import NotRequired, TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from matcher.actors import Person
from matcher.catalogue.ranked import ranked_skills
from matcher.catalogue.skills import load_skills
from matcher.database import WEEKDAYS, transaction
from matcher.demo.courier import Office
from matcher.demo.mailbox import Mailbox
from matcher.demo.people import Cast, add_associations, add_branches, add_volunteers, read_lines
from matcher.demo.stories import Scene, Story, play
from matcher.demo.volunteers import build_volunteers
from matcher.links import Links
from matcher.models.account import Account
from matcher.models.states import NeedAudience
from matcher.queries.ranking_inputs import changes_since, load_inputs
from matcher.ranking.ranker import Ranker
from matcher.ranking.types import Importance, Mode, NeededSkill, Times, WeeklySlot
from matcher.services.matching import RankerState
from matcher.services.needs import NeedContent
from matcher.settings import Settings

DEFAULT_STORY = "to_review"


@dataclass(frozen=True, slots=True)
class Making:
    """What the making of the world is told from outside."""

    settings: Settings
    mail_folder: Path
    password_hash: str
    tell: Callable[[str], None]


def is_built(session: Session) -> bool:
    """True when the database holds people already."""
    return session.scalar(sa.select(sa.exists().where(Account.id > 0))) or False


def build_world(session: Session, now: datetime, making: Making) -> None:
    """Write the whole world in one transaction: an interrupted start leaves nothing behind. Its mails come with it."""
    mailbox = Mailbox(making.mail_folder)
    mailbox.clear()
    with transaction(session):
        cast = Cast(now, making.password_hash)
        add_branches(session, cast)
        add_associations(session, cast)
        making.tell(f"  {len(cast.associations)} associations")
        add_volunteers(session, cast, build_volunteers(today=now.date()))
        making.tell(f"  {len(cast.volunteers)} volunteers")
        office = Office(making.settings, Links(making.settings), mailbox, _fitted(session))
        _play_all(session, cast, office, making)
        mailbox.sort_by_date()


def _fitted(session: Session) -> RankerState:
    horizon, _ = changes_since(session, None)
    return RankerState(Ranker(catalogue=ranked_skills()).fit(load_inputs(session)), horizon)


def _play_all(session: Session, cast: Cast, office: Office, making: Making) -> None:
    stories = {name: Story.read(story) for name, story in json.loads("\n".join(read_lines("stories.json"))).items()}
    told = {need_id: name for name, story in stories.items() for need_id in story.needs}
    written: list[WrittenNeed] = [json.loads(line) for line in read_lines("needs.jsonl")]
    written.sort(key=lambda one: -stories[told.get(one["id"], DEFAULT_STORY)].began_days_ago)
    for number, one in enumerate(written, start=1):
        story = stories[told.get(one["id"], DEFAULT_STORY)]
        began = cast.now - timedelta(days=story.began_days_ago, minutes=7 * number)
        association = cast.associations[one["association"]]
        contact = cast.accounts[one["contact"]]
        scene = Scene(session, office, cast, Person(contact), association, content_of(one, contact.id, began))
        play(scene, story, began)
        if number % 20 == 0 or number == len(written):
            making.tell(f"  {number} needs of {len(written)}")


class WrittenSchedule(TypedDict):
    """When a need of the data file is to be done; days count from the day on which its story began."""

    starts_in_days: int | None
    lasts_days: int | None
    total_hours: float | None
    together_hours: float | None
    times: str
    weekly: list[tuple[str, str, str]]


class WrittenSkill(TypedDict):
    """A skill of a need of the data file."""

    uri: str
    importance: str


class WrittenNeed(TypedDict):
    """A need of the data file."""

    id: str
    association: str
    contact: str
    title: str
    description: str
    language: str
    skills: list[WrittenSkill]
    working_languages: list[str]
    mode: str
    locations: list[str]
    seats: int
    schedule: WrittenSchedule
    audience: NotRequired[str]
    meets_vulnerable: NotRequired[bool]


def content_of(one: WrittenNeed, contact_id: int, began: datetime) -> NeedContent:
    """Turn a written need into what its association would have typed, with dates from the day on which it began."""
    schedule = one["schedule"]
    starts = began.date() + timedelta(days=schedule["starts_in_days"] + 10) if schedule["starts_in_days"] else None
    ends = (starts or began.date()) + timedelta(days=schedule["lasts_days"]) if schedule["lasts_days"] else None
    return NeedContent(
        title=one["title"],
        description=one["description"],
        language=one["language"],
        working_languages=tuple(one["working_languages"]),
        mode=Mode(one["mode"]),
        seats=one["seats"],
        skills=tuple(_skill(skill, one["language"]) for skill in one["skills"]),
        communes=tuple(one["locations"]),
        starts_on=starts,
        ends_on=ends,
        total_hours=schedule["total_hours"],
        together_hours=schedule["together_hours"],
        times=Times(schedule["times"]),
        weekly=tuple(
            WeeklySlot(WEEKDAYS.index(day), time.fromisoformat(starts_at), time.fromisoformat(ends_at))
            for day, starts_at, ends_at in schedule["weekly"]
        ),
        contact_id=contact_id,
        meets_vulnerable=one.get("meets_vulnerable", False),
        audience=NeedAudience(one.get("audience", NeedAudience.NAMED)),
    )


def _skill(written: WrittenSkill, language: str) -> NeededSkill:
    skill = load_skills().get(written["uri"])
    if skill is None:
        raise LookupError(written["uri"])
    return NeededSkill(skill.labels[language], Importance(written["importance"]), skill.uri)
