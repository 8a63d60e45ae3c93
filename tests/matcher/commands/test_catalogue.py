"""`binome catalogue` on a database: what is stored, what is said, and that a bad row imports nothing."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from matcher.commands.catalogue import catalogue
from matcher.models.catalogue import ImportedCatalogue, ImportedSkill
from matcher.models.outbox import OutboxRow
from matcher.settings import SECRETS
from tests.factories import World

HEADER = "conceptType,conceptUri,preferredLabel,altLabels\n"
FRENCH = HEADER + 'KnowledgeSkillCompetence,u1,dompter des fauves,"dresser des lions"\n'
ENGLISH = HEADER + "KnowledgeSkillCompetence,u1,tame wild beasts,\n"
ESCO = "This service uses the ESCO classification of the European Commission."


@pytest.fixture
def environment(sqlite_url: str) -> dict[str, str]:
    """The settings of this test's database."""
    secrets = {name.upper(): f"{name}-of-a-test-and-long-enough-for-one" for name in SECRETS}
    return {"ENVIRONMENT": "development", "SMTP_SECURITY": "none", "DATABASE_URL": sqlite_url, **secrets}


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """ESCO in two languages."""
    for language, text in {"fr": FRENCH, "en": ENGLISH}.items():
        (tmp_path / f"skills_{language}.csv").write_text(text, encoding="utf-8")
    return [str(tmp_path / "skills_fr.csv"), str(tmp_path / "skills_en.csv")]


def run(environment: dict[str, str], *arguments: str) -> Result:
    """Run the command in an environment."""
    return CliRunner().invoke(catalogue, arguments, env=environment)


def stored(world: World) -> list[tuple[str, str, int]]:
    """The catalogues that are stored, each with the number of its skills."""
    world.session.rollback()
    skills = sa.select(sa.func.count(ImportedSkill.id)).where(ImportedSkill.catalogue_id == ImportedCatalogue.id)
    rows = sa.select(ImportedCatalogue.name, ImportedCatalogue.source, skills.scalar_subquery())
    return [(row[0], row[1], row[2]) for row in world.session.execute(rows.order_by(ImportedCatalogue.name))]


def asked(world: World) -> int:
    """How often a new ranking of the open needs was asked for."""
    world.session.rollback()
    return len(world.messages("rank_open_needs"))


def test_what_was_imported_and_learnt_is_told_and_credited(
    world: World, environment: dict[str, str], files: list[str]
) -> None:
    result = run(environment, "import", *files)

    assert result.exit_code == 0, result.output
    assert f"{files[0]}: ESCO, 1 skills in fr" in result.output
    assert "1 skills in en, fr." in result.output
    assert "en → fr " in result.output
    assert "“ESCO” is imported, in " in result.output
    assert stored(world) == [("ESCO", ESCO, 1)]
    assert asked(world) == 1
    listed = run(environment, "list").output
    assert listed.startswith("ESCO: 1 skills in en, fr, imported on ")
    assert listed.rstrip().endswith(ESCO)


def test_a_catalogue_of_the_same_name_is_replaced_and_the_same_skills_rank_nothing_anew(
    world: World, environment: dict[str, str], files: list[str]
) -> None:
    run(environment, "import", *files)

    run(environment, "import", *files, "--source", "ESCO, version 1.2")
    assert stored(world) == [("ESCO", "ESCO, version 1.2", 1)]
    assert asked(world) == 1

    with Path(files[1]).open("a", encoding="utf-8") as stream:
        stream.write("KnowledgeSkillCompetence,u2,sing,\n")
    run(environment, "import", *files)
    assert stored(world) == [("ESCO", ESCO, 2)]
    assert asked(world) == 2


def test_a_bad_row_is_named_and_nothing_is_imported(
    world: World, environment: dict[str, str], files: list[str]
) -> None:
    run(environment, "import", *files, "--name", "Before")
    Path(files[1]).write_text(ENGLISH + "KnowledgeSkillCompetence,u2,,\n", encoding="utf-8")

    for name in ("Before", "Other"):
        result = run(environment, "import", *files, "--name", name)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr == f"{files[1]}, row 3, column preferredLabel: is empty\n"

    assert stored(world) == [("Before", ESCO, 1)]
    assert asked(world) == 1


def test_json_lines_must_be_named_and_credited(world: World, environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "ours.jsonl"
    path.write_text('{"uri": "s1", "labels": {"fr": "dompter"}, "colour": "red"}\n', encoding="utf-8")

    assert "Say --name" in run(environment, "import", str(path)).stderr
    assert "Say --source" in run(environment, "import", str(path), "--name", "Ours").stderr
    assert "80 characters at most" in run(environment, "import", str(path), "--name", "n" * 81).stderr
    assert stored(world) == []

    told = run(environment, "import", str(path), "--name", "Ours", "--source", "We wrote it").output
    assert "field colour is not known and was ignored" in told
    assert stored(world) == [("Ours", "We wrote it", 1)]


def test_a_removed_catalogue_leaves_nothing_and_needs_are_ranked_anew(
    world: World, environment: dict[str, str], files: list[str]
) -> None:
    run(environment, "import", *files)
    world.session.execute(sa.update(OutboxRow).values(done_at=world.now))
    world.session.commit()

    assert run(environment, "remove", "ESCO").exit_code == 0
    assert stored(world) == []
    assert world.session.scalar(sa.select(sa.func.count(ImportedSkill.id))) == 0
    assert [row.done_at for row in world.messages("rank_open_needs")] == [world.now, None]
    assert run(environment, "list").output.startswith("No catalogue has been imported")

    again = run(environment, "remove", "ESCO")
    assert again.exit_code == 2
    assert "There is no imported catalogue of the name 'ESCO'" in again.stderr
