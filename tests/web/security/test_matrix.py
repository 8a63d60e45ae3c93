"""Everything is asked as everybody: what is answered is what permissions.toml says, and nothing is missing there."""

import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask

from tests.settings import make_settings
from tests.web.security import walking
from tests.web.security.principals import ANONYMOUS, PRINCIPALS, SUSPENDED, UNCONFIRMED
from tests.web.security.walking import Outcomes, Walk
from web import create_app

TABLE = tomllib.loads((Path(__file__).parent / "permissions.toml").read_text(encoding="utf-8"))
LETTERS = {
    "+": walking.MAY,
    ">": walking.ELSEWHERE,
    "S": walking.SIGN_IN,
    "F": walking.NO_FUNCTION,
    "0": walking.NOT_FOUND,
}
COLUMNS = tuple(each for each in PRINCIPALS if each not in {UNCONFIRMED, SUSPENDED})
BY_TOKEN = "by its own token"
WAYS: Mapping[str, str] = {way: kind for way, kind in TABLE["ways"].items() if kind != BY_TOKEN}
CASES = [(way, principal) for way in WAYS for principal in PRINCIPALS]


@pytest.fixture(scope="module")
def walk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    path = tmp_path_factory.mktemp("matrix") / "walked.db"
    shutil.copyfile(sqlite_template, path)
    walked = Walk(f"sqlite:///{path}")
    yield walked
    walked.close()


@pytest.fixture
def whole_app(tmp_path: Path) -> Flask:
    """The application with every route there is: the demo's too."""
    settings = make_settings(f"sqlite:///{tmp_path / 'empty.db'}", environment="demo", demo_folder=str(tmp_path))
    return create_app(settings)


def expected(way: str) -> Outcomes:
    """What the table says of one way."""
    letters = TABLE["kinds"][WAYS[way]].split()
    return {principal: LETTERS[letter] for principal, letter in zip(COLUMNS, letters, strict=True)}


@pytest.mark.parametrize("way", WAYS)
def test_everybody_is_answered_as_the_table_says(
    way: str, walk: Walk, record_property: Callable[[str, object], None]
) -> None:
    asked = walk.asked_by_all(way)
    record_property("cases", len(asked.outcomes))

    told = expected(way)
    assert {principal: asked.outcomes[principal] for principal in COLUMNS} == told
    assert asked.outcomes[SUSPENDED] == told[ANONYMOUS]
    if way in TABLE["confirmed"]:
        assert asked.outcomes[UNCONFIRMED] == LETTERS[TABLE["confirmed"][way]]
    elif asked.unconfirmed_is is not None:
        assert asked.outcomes[UNCONFIRMED] == told[asked.unconfirmed_is]


def test_each_way_of_the_address_map_has_a_row_and_no_row_is_left_over(whole_app: Flask) -> None:
    demo = {name for name in walking.names(whole_app) if name.startswith("GET demo.")}

    assert set(walking.names(whole_app)) - demo == set(TABLE["ways"])


def test_the_demo_shows_its_mailbox_only_in_the_demo(walk: Walk, whole_app: Flask) -> None:
    assert not [name for name in walking.names(walk.app) if "demo." in name]
    assert [name for name in walking.names(whole_app) if "demo." in name]


def test_each_kind_of_answer_is_used_and_only_link_ways_let_a_link_in() -> None:
    assert {*TABLE["kinds"]} == {*TABLE["ways"].values()}
    lets_a_link_in = {kind for kind, letters in TABLE["kinds"].items() if letters.split()[-1] in "+>"}
    assert lets_a_link_in == {"everybody", "visitors", "holder of the link", "led by the link"}
