"""Only a yes, a question or a problem reaches a coordinator at once; the morning mail says the rest."""

import ast
from collections.abc import Iterator
from pathlib import Path

import matcher.services
from matcher.mail.codes import MailCode
from matcher.mail.digests import HEADINGS
from matcher.queries.tasks import Task
from matcher.services.audiences import Audience
from matcher.services.coordinator_mails import AT_ONCE
from matcher.services.notices import CLOCK_NOTICES, NEED_NOTICES, PAIRING_NOTICES, InDigest, Nobody, Notice

TABLES = (NEED_NOTICES, PAIRING_NOTICES, CLOCK_NOTICES)
HERS = {Audience.COORDINATOR, Audience.BRANCH}


def _rows() -> Iterator[Notice | InDigest]:
    for table in TABLES:
        for notices in table.values():
            yield from () if isinstance(notices, Nobody) else notices


def _sent_by_services() -> set[str]:
    """The names of the mails for which a service itself names a coordinator: `Notice(MailCode.X, Audience.Y)`."""
    found = set()
    for path in Path(matcher.services.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Notice":
                code, audience = node.args
                if isinstance(code, ast.Attribute) and isinstance(audience, ast.Attribute):
                    found |= {code.attr} if audience.attr in {each.name for each in HERS} else set()
    return found


def test_each_mail_to_a_coordinator_is_a_yes_a_question_or_a_problem() -> None:
    by_tables = {row.code for row in _rows() if isinstance(row, Notice) and row.audience in HERS}
    sent = by_tables | {MailCode[name] for name in _sent_by_services()}

    assert len(sent) > 10, "the search finds them"
    assert sent == set(AT_ONCE)


def test_what_waits_until_the_morning_has_its_heading_there() -> None:
    said = {row.task for row in _rows() if isinstance(row, InDigest)}

    assert said == {Task.APPLICATION, Task.YES, Task.MISSION, Task.STUCK, Task.GIVEN_UP}
    assert set(HEADINGS) == set(Task)
