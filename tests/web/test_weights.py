"""The weights of the ranking on pages: everybody sees those in force, administrators decide on what is proposed."""

from dataclasses import asdict

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.actors import System
from matcher.database import Json, transaction
from matcher.labels import PARTS
from matcher.models.audit import AuditEntry
from matcher.models.weights import RankingWeights
from matcher.queries.weights import in_force
from matcher.ranking.score import WEIGHTS, Weights
from matcher.services import weights
from tests.decided import other_weights
from tests.factories import World
from tests.web.visiting import Answer, Visitor

PAGE = "/admin/ranking"
BETTER: Json = [0.08, 0.02, 0.14]
UNCLEAR: Json = [0.01, -0.03, 0.05]
WORSE: Json = [-0.05, -0.08, -0.02]


def propose(world: World, learnt: Weights | None = None, gain: Json = BETTER, **changes: Json) -> int:
    """A proposal that waits, with its measures."""
    shares: dict[str, Json] = dict(asdict(learnt or other_weights()))
    measures: dict[str, Json] = {
        "needs": 80,
        "pairs": 640,
        "prior": dict(asdict(WEIGHTS)),
        "weights": {name: [share, 0.012, 0.5] for name, share in shares.items()},
        "old": {"agreement": [0.7, 0.65, 0.75], "mean_rank": [4.5, 4.0, 5.0]},
        "new": {"agreement": [0.78, 0.74, 0.82], "mean_rank": [4.1, 3.8, 4.4]},
        "gains": {"agreement": gain, "mean_rank": [-0.4, -0.6, -0.2]},
    }
    with transaction(world.session):
        made = {"weights": shares, "measures": measures, **changes}
        return weights.propose(world.session, System("tune"), world.now, decisions=412, **made).id  # type: ignore[arg-type]


@pytest.fixture
def administrator(app: Flask, world: World) -> Visitor:
    """An administrator at her browser."""
    return Visitor(app, world.administrator().account)


def table(answer: Answer, number: int = 0) -> list[list[str]]:
    """The rows of a table of the page."""
    rows = answer.page.select("main table")[number].select("tbody tr")
    return [[cell.get_text().strip() for cell in row.select("th, td")] for row in rows]


def live(world: World) -> Weights:
    """The weights in force."""
    world.session.rollback()
    return in_force(world.session, System("tune")).weights


def acts(world: World) -> list[str]:
    """What the audit log says of weights since they were proposed."""
    rows = sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "ranking_weights").order_by(AuditEntry.id)
    return list(world.session.scalars(rows))[1:]


def test_every_part_of_the_score_has_its_words() -> None:
    assert list(PARTS) == list(Weights.names())


def test_everybody_sees_the_weights_of_origin_while_nothing_is_adopted(app: Flask, world: World) -> None:
    propose(world)
    answer = Visitor(app).get("/how-it-ranks")
    assert [row[1] for row in table(answer)] == [f"{round(100 * share)}%" for share in asdict(WEIGHTS).values()]
    assert "These weights are those of origin: nothing has been learnt from decisions." in answer.text


def test_everybody_sees_adopted_weights_and_what_they_were_learnt_from(app: Flask, world: World) -> None:
    weights_id = propose(world)
    world.act(weights.adopt, world.administrator(), weights_id=weights_id, instead_of=None)
    answer = Visitor(app).get("/how-it-ranks")
    assert [row[1] for row in table(answer)] == [f"{round(100 * share)}%" for share in asdict(other_weights()).values()]
    assert "These weights count since Monday 7 September 2026. They were learnt from 412 decisions" in answer.text


def test_an_administrator_reads_a_proposal_beside_what_is_in_force(administrator: Visitor, world: World) -> None:
    propose(world)
    answer = administrator.get(PAGE)
    name, now, then = (
        next(iter(PARTS.values())),
        next(iter(asdict(WEIGHTS).values())),
        next(iter(asdict(other_weights()).values())),
    )
    assert table(answer)[0] == [name, f"{100 * now:.1f}%", f"{100 * then:.1f}%", "1.2% to 50.0%"]
    assert table(answer, 1) == [
        ["Pairs in the order of the decision", "70.0%", "78.0%", "+8.0 points (+2.0 to +14.0)"],
        ["Mean place of those approved", "4.50", "4.10", "−0.40 (−0.60 to −0.20)"],
    ]
    assert "Learnt from 412 decisions on 80 needs: 640 pairs" in answer.text


@pytest.mark.parametrize(
    ("gain", "words"), [(BETTER, "agree better with"), (UNCLEAR, "No clear difference"), (WORSE, "agree less with")]
)
def test_the_page_says_what_the_measures_come_to(administrator: Visitor, world: World, gain: Json, words: str) -> None:
    propose(world, gain=gain)
    assert words in administrator.get(PAGE).text


def test_adopting_asks_first_and_is_done_once(administrator: Visitor, world: World) -> None:
    address = f"{PAGE}/{propose(world)}/adopt"
    assert "made anew with these weights" in administrator.get(address).text
    assert live(world) == WEIGHTS

    first = administrator.post(address)
    twice = administrator.post(address, page="/how-it-ranks")

    assert (first.status, first.location, twice.status) == (303, PAGE, 303)
    assert live(world) == other_weights()
    assert acts(world) == ["adopt_weights"]
    assert "The weights are adopted." in administrator.get(PAGE).html


def test_setting_a_proposal_aside_leaves_the_ranking(administrator: Visitor, world: World) -> None:
    address = f"{PAGE}/{propose(world)}/set-aside"
    administrator.post(address)
    assert live(world) == WEIGHTS
    assert acts(world) == ["set_weights_aside"]
    answer = administrator.get(PAGE)
    assert "No proposal waits" in answer.text
    assert "Proposed, not adopted" in answer.text
    assert administrator.get(address).location == PAGE


def test_the_weights_of_origin_are_two_presses_away(administrator: Visitor, world: World) -> None:
    weights_id = propose(world)
    assert f"{PAGE}/{weights_id}/restore" not in administrator.get(PAGE).html
    administrator.post(f"{PAGE}/{weights_id}/adopt")
    assert f"{PAGE}/{weights_id}/restore" in administrator.get(PAGE).html

    administrator.post(f"{PAGE}/{weights_id}/restore")

    assert live(world) == WEIGHTS
    assert acts(world) == ["adopt_weights", "restore_weights"]
    assert "Was in force" in administrator.get(PAGE).text


def test_a_page_that_was_open_for_too_long_adopts_nothing(app: Flask, world: World) -> None:
    first, second = (Visitor(app, world.administrator().account) for _ in range(2))
    old = propose(world)
    world.act(weights.adopt, world.administrator(), weights_id=old, instead_of=None)
    address = f"{PAGE}/{propose(world, WEIGHTS)}/adopt"
    opened = first.get(address).page.select_one("input[name=instead_of]")
    assert opened is not None
    second.post(f"{PAGE}/{old}/restore")

    answer = first.post(address, {"instead_of": opened["value"]})

    assert answer.status == 303
    assert "The list has changed meanwhile" in first.get(PAGE).html
    assert world.session.scalars(sa.select(RankingWeights.id).where(RankingWeights.is_live)).all() == []


def test_a_proposal_for_another_formula_cannot_be_adopted(administrator: Visitor, world: World) -> None:
    weights_id = propose(world, weights={"text": 1.0})
    answer = administrator.get(PAGE)
    assert "cannot be adopted any more" in answer.text
    assert f"{PAGE}/{weights_id}/adopt" not in answer.html


def test_adopted_weights_of_an_older_formula_no_longer_count(administrator: Visitor, world: World) -> None:
    weights_id = propose(world)
    world.act(weights.adopt, world.administrator(), weights_id=weights_id, instead_of=None)
    with transaction(world.session):
        world.session.get_one(RankingWeights, weights_id).weights = {"text": 1.0}

    text = administrator.get(PAGE).text
    assert "These weights are those of origin" in text
    assert "Made for an older formula: no longer counts" in text


def test_a_proposal_measured_against_other_weights_says_so(administrator: Visitor, world: World) -> None:
    world.act(weights.adopt, world.administrator(), weights_id=propose(world), instead_of=None)
    propose(world)
    assert "Let it be measured anew first" in administrator.get(PAGE).text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_pages_say_all_in_both_languages(app: Flask, world: World, language: str) -> None:
    propose(world)
    visitor = Visitor(app, world.administrator().account, language=language)
    assert visitor.get(PAGE).status == visitor.get("/how-it-ranks").status == 200
    assert ("Adopter" in visitor.get(PAGE).text) == (language == "fr")


def test_nobody_else_opens_the_page_or_decides(app: Flask, world: World) -> None:
    address = f"{PAGE}/{propose(world)}/adopt"
    for account in (world.coordinator().account, world.volunteer().account):
        visitor = Visitor(app, account)
        assert [visitor.get(PAGE).status, visitor.get(address).status] == [403, 403]
        assert visitor.post(address, page="/how-it-ranks").status == 403
    assert Visitor(app).get(PAGE).status == 302
    assert live(world) == WEIGHTS


def test_the_page_takes_few_statements(administrator: Visitor, world: World) -> None:
    propose(world)
    few = administrator.count(PAGE)
    for _ in range(5):
        propose(world)
    assert administrator.count(PAGE) == few
