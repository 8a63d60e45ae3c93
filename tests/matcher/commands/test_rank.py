"""`binome rank` from its arguments to its bytes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from matcher.commands.rank import rank

NEEDS = [{"id": "n1", "title": "Comptable", "language": "fr", "skills": ["ferronnerie"]}, {"id": "n2", "title": "Web"}]
VOLUNTEERS = [
    {"id": f"v{n}", "headline": "Comptable" if n == 7 else "Jardin", "skills": ["blacksmithing"] if n == 9 else []}
    for n in range(30)
]
CATALOGUE = [{"uri": "s1", "labels": {"fr": "ferronnerie", "en": "blacksmithing"}}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, records in {"needs": NEEDS, "volunteers": VOLUNTEERS, "catalogue": CATALOGUE}.items():
        (tmp_path / name).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, stdin: str = "") -> Result:
    given = ["--needs", str(folder / "needs"), "--volunteers", str(folder / "volunteers"), "--today", "2026-11-02"]
    return CliRunner().invoke(rank, [*given, *arguments], input=stdin)


def records(result: Result) -> list[dict]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_need_gets_its_suggestions_in_order(folder: Path) -> None:
    first, second = records(run(folder))

    assert (first["need_id"], second["need_id"]) == ("n1", "n2")
    assert first["excluded"] == {"mode": 0, "distance": 0, "language": 0, "availability": 0}
    assert [one["rank"] for one in first["suggestions"]] == list(range(1, 21))
    assert len(second["suggestions"]) == 20
    best = first["suggestions"][0]
    assert best["volunteer_id"] == "v7"
    assert best["reasons"][0] == {"code": "matched_words", "words": ["comptable"]}
    names = "volunteer_id rank score text_score availability_score distance_km reasons"
    assert set(best) == set(names.split())


def test_explained_contributions_sum_to_the_score(folder: Path) -> None:
    for record in records(run(folder, "--explain", "--top", "3")):
        assert len(record["suggestions"]) == 3
        for one in record["suggestions"]:
            assert sum(one["contributions"].values()) == pytest.approx(one["score"], abs=1e-9)


def test_a_catalogue_joins_labels_of_two_languages(folder: Path) -> None:
    without, linked = run(folder), run(folder, "--catalogue", str(folder / "catalogue"))

    def matching(result: Result) -> list[str]:
        suggestions = records(result)[0]["suggestions"]
        return [s["volunteer_id"] for s in suggestions if any(r["code"] == "translated_skills" for r in s["reasons"])]

    assert matching(without) == []
    assert matching(linked) == ["v9"]


def test_a_catalogue_may_come_as_published_in_one_file_for_each_language(folder: Path) -> None:
    header = "conceptType,conceptUri,preferredLabel\n"
    for language, label in {"fr": "ferronnerie", "en": "blacksmithing"}.items():
        row = f"KnowledgeSkillCompetence,s1,{label}\n"
        (folder / f"skills_{language}.csv").write_text(header + row, encoding="utf-8")
    files = [option for name in ("skills_fr.csv", "skills_en.csv") for option in ("--catalogue", str(folder / name))]

    assert records(run(folder, *files)) == records(run(folder, "--catalogue", str(folder / "catalogue")))
    assert records(run(folder, *files)) != records(run(folder))

    (folder / "skills_en.csv").write_text(header + "KnowledgeSkillCompetence,s1,\n", encoding="utf-8")
    refused = run(folder, *files)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "skills_en.csv, row 2, column preferredLabel: is empty" in refused.stderr


def test_the_same_files_give_the_same_bytes_in_any_order_of_people(folder: Path) -> None:
    before = run(folder).stdout_bytes
    lines = (folder / "volunteers").read_text(encoding="utf-8").splitlines(keepends=True)

    (folder / "volunteers").write_text("".join(reversed(lines)), encoding="utf-8")

    assert run(folder).stdout_bytes == before


def test_needs_may_come_from_standard_input(folder: Path) -> None:
    result = run(folder, "--needs", "-", stdin='{"id": "n9", "title": "Jardin"}\n')

    assert [record["need_id"] for record in records(result)] == ["n9"]


def test_an_output_file_is_written_whole(folder: Path) -> None:
    out = folder / "out.jsonl"

    result = run(folder, "--output", str(out))

    assert (result.exit_code, result.stdout) == (0, "")
    assert out.read_text(encoding="utf-8") == run(folder).stdout


@pytest.mark.parametrize("bad", ["{", '{"id": "v1"}', '{"id": "v99", "radius_km": "near"}'])
def test_a_bad_line_is_named_and_nothing_is_written(folder: Path, bad: str) -> None:
    with (folder / "volunteers").open("a", encoding="utf-8") as stream:
        stream.write(bad + "\n")

    result = run(folder, "--output", str(folder / "out.jsonl"))

    assert result.exit_code == 2
    assert f"{folder / 'volunteers'}, line 31: " in result.stderr
    assert not (folder / "out.jsonl").exists()


def test_an_unknown_field_is_named_once_and_ignored(folder: Path) -> None:
    (folder / "needs").write_text('{"id": "a", "title": "A", "x": 1}\n{"id": "b", "title": "B", "x": 2}\n')

    result = run(folder)

    assert len(records(result)) == 2
    assert result.stderr.count("field x is not known and was ignored") == 1


def test_a_folder_that_is_not_there_is_named(folder: Path) -> None:
    result = run(folder, "--output", str(folder / "none" / "out.jsonl"))

    assert result.exit_code == 2
    assert "out.jsonl" in result.stderr


@pytest.mark.parametrize("arguments", [("--top", "0"), ("--today", "tomorrow"), ("--needs", "-", "--volunteers", "-")])
def test_arguments_that_make_no_sense_are_refused(folder: Path, arguments: tuple[str, ...]) -> None:
    assert run(folder, *arguments).exit_code == 2
