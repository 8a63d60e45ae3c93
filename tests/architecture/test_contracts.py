"""The arrows between the packages, and the tables that must be complete."""

import inspect
from importlib import import_module
from importlib.metadata import entry_points

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from matcher import errors, outbox
from matcher.errors import DomainError
from matcher.i18n import translations
from matcher.links import PAGES, PATHS
from matcher.models.deadline import Clock
from matcher.models.link import LinkPurpose
from matcher.models.states import NEED_MOVES, PAIRING_MOVES, NeedStep, PairingStep
from matcher.services.notices import CLOCK_NOTICES, NEED_NOTICES, PAIRING_NOTICES, Nobody
from tests.architecture.source import ROOT, functions, modules, name
from web.errors import PRESENTATION
from workers.dispatch import HANDLERS

# What the caller was allowed to read before: the query tells more of that same thing.
READ_BEFORE = {"need", "pairing", "pairings", "subject"}
WORKERS_ONLY = {"matcher/queries/ranking_inputs.py"}
# Counts and ages for machines: they show nobody, so there is nobody from whom to keep anything.
WITHOUT_PEOPLE = {"matcher/queries/health.py", "matcher/queries/figures.py"}


def test_the_import_contracts_hold():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_every_kind_of_outbox_row_has_one_handler_and_the_reverse():
    assert set(HANDLERS) == set(outbox.MESSAGES)


def _situations() -> list[type[DomainError]]:
    found = [one for _, one in inspect.getmembers(errors, inspect.isclass)]
    return [one for one in found if issubclass(one, DomainError) and one is not DomainError]


@pytest.mark.parametrize("situation", _situations(), ids=lambda one: one.__name__)
def test_every_situation_has_a_status_and_a_sentence_in_both_languages(situation):
    status, sentence = PRESENTATION[situation]
    assert 400 <= status < 600
    assert translations("en").gettext(sentence) == sentence
    assert translations("fr").gettext(sentence) != sentence


def test_every_situation_has_its_own_code():
    codes = [one.code for one in _situations()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("steps", "moves", "notices"),
    [(NeedStep, NEED_MOVES, NEED_NOTICES), (PairingStep, PAIRING_MOVES, PAIRING_NOTICES), (Clock, None, CLOCK_NOTICES)],
)
def test_every_transition_and_clock_has_its_mail_or_a_written_nobody(steps, moves, notices):
    assert set(notices) == set(steps)
    assert moves is None or set(moves) == set(steps)
    for told in notices.values():
        assert told.because if isinstance(told, Nobody) else len(told) > 0


def test_reads_take_the_actor_after_the_session():
    wrong = []
    for path in modules("matcher"):
        if not name(path).startswith("matcher/queries/") or name(path) in WORKERS_ONLY | WITHOUT_PEOPLE:
            continue
        for function in functions(path):
            arguments = [a.arg for a in function.args.args]
            takes_session = not function.name.startswith("_") and arguments[:1] == ["session"]
            if takes_session and arguments[1] not in {"actor", *READ_BEFORE}:
                wrong.append(f"{name(path)}:{function.name}")
    assert wrong == []


@pytest.mark.parametrize("path", [*PATHS.values(), *PAGES.values()])
def test_every_address_of_a_mail_resolves_in_the_web(app, path):
    adapter = app.url_map.bind("localhost")
    endpoint, _ = adapter.match(path.format(token="1.abc", id=1), method="GET")
    assert endpoint


def test_every_purpose_of_a_link_has_its_address():
    assert set(PATHS) == set(LinkPurpose)


def test_every_command_loads():
    for point in entry_points(group="binome.commands"):
        module, _, attribute = point.value.partition(":")
        assert callable(getattr(import_module(module), attribute)), point.name
