"""Every transition and every clock has its mail or a written « nobody »; every mail is sent by somebody."""

import ast
from pathlib import Path

import matcher.services
from matcher.mail.codes import MailCode
from matcher.models.deadline import Clock
from matcher.models.states import NeedStep, PairingStep
from matcher.services import clock_actions, clocks
from matcher.services.audiences import RESOLVERS, Audience
from matcher.services.notices import CLOCK_NOTICES, NEED_NOTICES, PAIRING_NOTICES, Nobody

TABLES = (NEED_NOTICES, PAIRING_NOTICES, CLOCK_NOTICES)
SENT_BY_WORKERS = {MailCode.INVITATION}


def _codes_named_by_services() -> set[str]:
    names = set()
    for path in Path(matcher.services.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in {"M", "MailCode"}
            ):
                names.add(node.attr)
    return names


def test_every_step_and_every_clock_has_a_mail_or_a_written_nobody() -> None:
    assert (set(NEED_NOTICES), set(PAIRING_NOTICES), set(CLOCK_NOTICES)) == (
        set(NeedStep),
        set(PairingStep),
        set(Clock),
    )
    for table in TABLES:
        for step, notices in table.items():
            told = len(notices.because) > 10 if isinstance(notices, Nobody) else len(notices) > 0
            assert told, f"{step} says neither whom nor why nobody"


def test_every_mail_has_a_sender() -> None:
    sent = _codes_named_by_services() | {code.name for code in SENT_BY_WORKERS} | {MailCode.RELEASED.name}

    assert {code.name for code in MailCode} == sent


def test_every_audience_is_resolved() -> None:
    assert set(RESOLVERS) == set(Audience)


def test_every_clock_is_started_somewhere_and_has_an_effect() -> None:
    in_tables = {d.clock for table in (clocks.NEED_CLOCKS, clocks.PAIRING_CLOCKS) for ds in table.values() for d in ds}
    in_tables |= {d.clock for d in (*clocks.AFTER_END, clocks.QUESTION, clocks.FINISH_OBJECTION, clocks.SILENCE)}
    by_hand = {
        Clock.REVIEW_MISSED, Clock.REVIEW_MISSED_AGAIN, Clock.WARN_HOLD,
        Clock.EXPIRE_HOLD, Clock.REMIND_INVITED, Clock.EXPIRE_INVITED,
    }  # fmt: skip
    acting = set(clock_actions.NEED_ACTIONS) | set(clock_actions.PAIRING_ACTIONS)

    assert in_tables | by_hand == set(Clock)
    for clock in Clock:
        assert clock in acting or not isinstance(CLOCK_NOTICES[clock], Nobody), f"{clock} does nothing"
