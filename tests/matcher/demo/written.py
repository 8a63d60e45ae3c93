"""The written demo world as its files hold it, typed, and how its texts are checked. Uses no loader of the service."""

import json
import re
from collections import Counter
from importlib.resources import files
from typing import TypedDict

DEMO = files("matcher.demo")

BAD_FRENCH = re.compile(r"'|\"|[“”]|[^\u202f][;!?»]|«[^\u202f]|[^\u00a0]:|\d [\d%€]|  | [.,]|\.\.\.")
BAD_ENGLISH = re.compile(r"'|\"|[«»]|\s[;:!?.,]|  |\.\.\.")
REACHES_SOMEBODY = re.compile(
    r"@|https?:|www\.|\b[\w-]+\.(?:fr|com|org|net|eu|example|test)\b"
    r"|(?:\+|\b0)\d(?:[\s.\u00a0\u202f-]?\d){6,}|\b\d{5,}\b"
    r"|\b\d+,? (?:bis |ter )?(?:rue|avenue|boulevard|quai|place|impasse|allée)\b"
    r"|\b\d+ [\w’]+ (?:street|road|avenue|lane)\b",
    re.IGNORECASE,
)


class Member(TypedDict):
    email: str
    phone: str


class Association(TypedDict):
    id: str
    name: str
    language: str
    description: str
    commune: str
    registration: str
    members: list[Member]
    verified: bool
    status: str


class Wanted(TypedDict):
    uri: str
    importance: str


class Schedule(TypedDict):
    starts_in_days: int | None
    lasts_days: int | None
    total_hours: int | None
    together_hours: int | None
    times: str
    weekly: list[tuple[str, str, str]]


class Need(TypedDict):
    id: str
    association: str
    contact: str
    title: str
    description: str
    language: str
    domain: str
    skills: list[Wanted]
    working_languages: list[str]
    mode: str
    locations: list[str]
    seats: int
    schedule: Schedule
    urgent: bool


class Branch(TypedDict):
    id: str
    name: dict[str, str]
    departments: list[str]
    mailbox: str
    closures: list[tuple[str, str]]
    coordinators: list[dict[str, str]]
    is_national: bool


ASSOCIATIONS: list[Association] = [
    json.loads(row) for row in DEMO.joinpath("associations.jsonl").read_text("utf-8").splitlines()
]
NEEDS: list[Need] = [json.loads(row) for row in DEMO.joinpath("needs.jsonl").read_text("utf-8").splitlines()]
BRANCHES: list[Branch] = json.loads(DEMO.joinpath("branches.json").read_text("utf-8"))
BY_ID = {association["id"]: association for association in ASSOCIATIONS}


def words(text: str) -> list[str]:
    """Return the words of a text, leaving out its lone punctuation marks."""
    return [token for token in text.split() if any(character.isalnum() for character in token)]


def doubles(values: list[str]) -> list[str]:
    """Return the values that occur more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


def untidy(text: str, language: str) -> list[str]:
    """Return what breaks the typography of the language of the text."""
    return (BAD_FRENCH if language == "fr" else BAD_ENGLISH).findall(text)
