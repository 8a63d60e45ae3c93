"""From the import of a catalogue to the worker's ranking: an English profile answers a French need."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from matcher.commands.catalogue import catalogue
from matcher.models.need import Need
from matcher.models.suggestion import RankingRun, Suggestion
from tests.factories import World
from tests.workers.conftest import environment
from workers.dispatch import HANDLERS
from workers.runtime import Runtime

HEADER = "conceptType,conceptUri,preferredLabel,altLabels\n"
ROW = "KnowledgeSkillCompetence,u{0},{1},\n"
FRENCH = ("dompter des fauves", "soigner des fauves", "dompter des chevaux")
ENGLISH = ("tame beasts", "treat beasts", "tame horses")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """ESCO as it would be of a circus, in two languages."""
    for language, labels in {"fr": FRENCH, "en": ENGLISH}.items():
        rows = (ROW.format(number, label) for number, label in enumerate(labels))
        (tmp_path / f"skills_{language}.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return [str(tmp_path / "skills_fr.csv"), str(tmp_path / "skills_en.csv")]


def command(world: World, url: str, *arguments: str) -> None:
    """Run `binome catalogue` on this test's database; the command reads the real clock, so the world follows it."""
    result = CliRunner().invoke(catalogue, arguments, env=environment(DATABASE_URL=url))
    assert result.exit_code == 0, result.output
    world.now = max(world.now, datetime.now(UTC))


def handle_all(runtime: Runtime, world: World, kind: str) -> None:
    """Let a worker handle all rows of a kind that are not done."""
    world.session.rollback()
    for row in world.messages(kind):
        if row.done_at is None:
            HANDLERS[kind].handle(runtime, row.id)
    world.session.rollback()


def suggestions(world: World) -> dict[int, Suggestion]:
    """The suggestions of now, by volunteer."""
    world.session.rollback()
    rows = world.session.scalars(sa.select(Suggestion).execution_options(populate_existing=True))
    return {row.volunteer_id: row for row in rows}


def reason(suggestion: Suggestion, code: str) -> dict[str, object] | None:
    """One reason of a suggestion."""
    told = suggestion.reasons["list"]
    assert isinstance(told, list)
    return next((one for one in told if isinstance(one, dict) and one["code"] == code), None)


def french_need(world: World) -> Need:
    """A need in French, for which French is spoken."""
    return world.need(
        title="Dompter nos fauves", description="Notre ménagerie cherche une main sûre.", skills=(),
        language="fr", working_languages=("fr",),
    )  # fmt: skip


def crowd(world: World) -> None:
    """Twenty people who share one word with the need, and so stand before whoever shares none."""
    for _ in range(20):
        world.volunteer(headline="Gardienne de ménagerie", description="Balayer, ranger.")


def english(world: World, *languages: str) -> int:
    """Somebody who writes in English and shares no word with the need."""
    spoken = {"language": "en", "languages": languages}
    return world.volunteer(headline="I tame beasts", description="Years on the road.", **spoken).id


def test_a_french_need_finds_the_english_speaker_after_the_import_and_not_before(
    runtime: Runtime, any_world: World, any_database_url: str, files: list[str]
) -> None:
    crowd(any_world)
    bilingual, english_only = english(any_world, "en", "fr"), english(any_world, "en")
    french_need(any_world)
    handle_all(runtime, any_world, "rank_need")
    assert bilingual not in suggestions(any_world)

    command(any_world, any_database_url, "import", *files)
    handle_all(runtime, any_world, "rank_open_needs")
    handle_all(runtime, any_world, "rank_need")

    after = suggestions(any_world)
    assert after[bilingual].rank == 1
    words = reason(after[bilingual], "translated_words")
    assert words is not None
    assert (words["words"], words["said"]) == (["dompter", "fauves"], ["tame", "beasts"])
    assert english_only not in after
    run = any_world.session.scalars(sa.select(RankingRun).order_by(RankingRun.id.desc())).first()
    assert run is not None
    assert run.excluded["language"] == 1

    command(any_world, any_database_url, "remove", "ESCO")
    handle_all(runtime, any_world, "rank_open_needs")
    handle_all(runtime, any_world, "rank_need")
    assert bilingual not in suggestions(any_world)


def test_catalogues_are_learnt_once_and_only_when_their_skills_change(
    runtime: Runtime, any_world: World, any_database_url: str, files: list[str]
) -> None:
    french_need(any_world)
    command(any_world, any_database_url, "import", *files)
    handle_all(runtime, any_world, "rank_need")
    learnt = runtime.ranker.ranker

    command(any_world, any_database_url, "import", *files, "--source", "In other words")
    french_need(any_world)
    handle_all(runtime, any_world, "rank_need")
    assert runtime.ranker.ranker is learnt

    command(any_world, any_database_url, "import", files[0], "--name", "French only")
    french_need(any_world)
    handle_all(runtime, any_world, "rank_need")
    assert runtime.ranker.ranker is not learnt
    assert len(runtime.ranker.catalogues) == 2
