"""`binome evaluate` from a folder to its table, its files and its refusals."""

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from matcher.commands.evaluate import evaluate

WORDS = {"fr": ["comptable", "jardinier", "menuisier"], "en": ["accountant", "gardener", "carpenter"]}
SETS = ["town_en", "town_en, no skills", "town_fr", "town_fr, no skills"]
CROSSED = [f"{pair}{skills}" for pair in ("town_en × town_fr", "town_fr × town_en") for skills in ("", ", no skills")]
GRADES = [{"need_id": f"n{n}", "grades": {f"v{n}": 3, f"v{n + 3}": 1}} for n in range(2)]


def write(path: Path, records: list[dict]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two towns that are one in two languages: three needs, nine people, and nobody graded for the third need."""
    for language, words in WORDS.items():
        needs = [{"id": f"n{n}", "title": f"T{n}", "skills": [words[n]], "language": language} for n in range(3)]
        people = [{"id": f"v{n}", "headline": words[n % 3] if n < 6 else "", "language": language} for n in range(9)]
        write(tmp_path / f"town_{language}_needs.jsonl", needs)
        write(tmp_path / f"town_{language}_volunteers.jsonl", people)
        write(tmp_path / f"town_{language}_qrels.jsonl", GRADES)
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(evaluate, ["--data", str(folder), "--today", "2026-11-02", *arguments])


def figures(folder: Path, *arguments: str) -> dict:
    result = run(folder, "--json", "-", *arguments)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refused(result: Result) -> str:
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr.strip()


def test_the_table_shows_each_set_each_ranker_and_what_was_left_out(folder: Path) -> None:
    result = run(folder, "--ranker", "default", "--ranker", "bm25", "--ranker", "current")

    assert result.exit_code == 0, result.stderr
    for words in [*SETS, *CROSSED, "mean of 4 within a language", "mean of 4 across languages", "bm25", "current"]:
        assert words in result.stdout
    assert "town_fr: 1 of 3 needs have nobody for nDCG@10, left out." in result.stdout
    assert "nDCG@10 against default" in result.stdout


def test_sets_crossings_and_variants_are_found_and_measured(folder: Path) -> None:
    found = figures(folder)

    assert [one["name"] for one in found["sets"]] == SETS + CROSSED
    assert found["sets"][1] | {"counted": None} == {
        "name": "town_en, no skills",
        "needs_of": "town_en",
        "volunteers_of": "town_en",
        "with_skills": False,
        "needs": 3,
        "counted": None,
    }
    assert found["sets"][1]["counted"] == {"ndcg_10": 2, "mrr": 2, "recall_20": 2}
    plain = next(row for row in found["results"] if (row["set"], row["ranker"]) == ("town_fr", "default"))
    assert plain["recall_20"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    assert plain["ndcg_10"]["mean"] > 0.85
    assert plain["differences"] == {"ndcg_10": None, "mrr": None, "recall_20": None}
    crossed = next(row for row in found["results"] if row["set"] == "town_fr × town_en")
    assert crossed["ndcg_10"]["mean"] < plain["ndcg_10"]["mean"]
    assert {row["set"]: row["sets"] for row in found["means"]} == {
        "mean of 4 within a language": SETS,
        "mean of 4 across languages": CROSSED,
    }


def test_two_texts_of_one_language_are_no_crossing(folder: Path) -> None:
    for path in folder.glob("town_en_*"):
        path.write_text(path.read_text().replace('"language": "en"', '"language": "fr"'))

    assert [one["name"] for one in figures(folder)["sets"]] == SETS


def test_two_languages_graded_differently_are_no_crossing(folder: Path) -> None:
    write(folder / "town_en_qrels.jsonl", GRADES[:1])

    assert [one["name"] for one in figures(folder)["sets"]] == SETS


def test_differences_are_against_the_ranker_named_first(folder: Path) -> None:
    plurals = folder / "town_fr_volunteers.jsonl"
    plurals.write_text(plurals.read_text(encoding="utf-8").replace('ier"', 'iers"'), encoding="utf-8")

    rows = figures(folder, "--set", "town_fr", "--ranker", "current", "--ranker", "default")["results"]

    current, default = rows[:2]
    assert (current["ranker"], default["ranker"]) == ("current", "default")
    assert default["ndcg_10"]["mean"] < current["ndcg_10"]["mean"]
    difference = default["ndcg_10"]["mean"] - current["ndcg_10"]["mean"]
    assert default["differences"]["ndcg_10"]["mean"] == pytest.approx(difference, abs=2e-6)


def test_the_same_folder_gives_the_same_bytes_packed_or_plain(folder: Path) -> None:
    before = run(folder, "--json", "-").stdout
    plain = folder / "town_fr_volunteers.jsonl"

    (folder / "town_fr_volunteers.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()

    assert run(folder, "--json", "-").stdout == before


def test_every_output_is_written_and_the_picture_names_every_set(folder: Path) -> None:
    out = {kind: folder / f"out.{kind}" for kind in ("json", "svg", "losses", "markdown")}

    result = run(folder, *(part for kind, path in out.items() for part in (f"--{kind}", str(path))))

    assert result.exit_code == 0, result.stderr
    assert json.loads(out["json"].read_text(encoding="utf-8"))["format"] == "binome-evaluation-1"
    picture = ElementTree.fromstring(out["svg"].read_text(encoding="utf-8"))
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {*SETS, *CROSSED, "default", "current"} <= texts
    assert "nDCG@10 of default, current" in [element.text for element in picture if element.tag.endswith("title")]
    rows = out["markdown"].read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("| needs and volunteers | ranker | nDCG@10 |")
    assert sum(row.startswith("| town_fr, no skills |") for row in rows) == 2


def test_losses_tell_who_was_missed_and_who_stood_there_instead(folder: Path) -> None:
    write(folder / "town_fr_qrels.jsonl", [{"need_id": "n0", "grades": {"v7": 2, "v8": 3, "best": 3}}, *GRADES[1:]])
    crowd = [{"id": f"w{n}", "headline": "comptable " * 40} for n in range(10)]
    crowd.append({"id": "best", "headline": "T0 comptable"})
    with (folder / "town_fr_volunteers.jsonl").open("a", encoding="utf-8") as stream:
        stream.writelines(json.dumps(person) + "\n" for person in crowd)

    result = run(folder, "--set", "town_fr", "--ranker", "default", "--losses", "-")

    worst = json.loads(result.stdout.splitlines()[0])
    assert (worst["set"], worst["title"]) == ("town_fr", "T0")
    assert 0.4 < worst["ndcg_10"] < 0.8
    assert [(one["volunteer_id"], one["grade"]) for one in worst["missed"]] == [("v8", 3), ("v7", 2)]
    assert min(one["rank"] for one in worst["missed"]) > 10
    assert [one["rank"] for one in worst["instead"]] == list(range(2, 11)), "the best one of all came first"
    assert max(len(one["text"]) for one in worst["instead"]) == 120


@pytest.mark.parametrize(
    ("part", "line", "said"),
    [
        ("needs", "{", "line 4: is not JSON"),
        ("volunteers", '{"headline": "x"}', "line 10: field id: is missing"),
        ("qrels", '{"need_id": "n9", "grades": {}}', "line 3: field need_id: there is no need 'n9'"),
        ("qrels", '{"need_id": "n2", "grades": {"v99": 1}}', "line 3: field grades.v99: there is no volunteer 'v99'"),
        ("qrels", '{"need_id": "n2", "grades": {"v1": 4}}', "line 3: field grades.v1: must be between 0 and 3"),
        ("qrels", '{"need_id": "n2", "grades": {"v1": 1.5}}', "line 3: field grades.v1: must be a whole number"),
        ("qrels", '{"need_id": "n1", "grades": {}}', "line 3: field need_id: 'n1' stands on line 2 already"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(folder: Path, part: str, line: str, said: str) -> None:
    with (folder / f"town_fr_{part}.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")

    assert f"town_fr_{part}.jsonl, {said}" in refused(run(folder, "--svg", str(folder / "out.svg")))
    assert not (folder / "out.svg").exists()


def test_a_catalogue_may_come_as_published_in_one_file_for_each_language(folder: Path) -> None:
    header = "conceptType,conceptUri,preferredLabel\n"
    files = []
    for language, labels in WORDS.items():
        rows = [f"KnowledgeSkillCompetence,s{n},{label}\n" for n, label in enumerate(labels)]
        (folder / f"skills_{language}.csv").write_text(header + "".join(rows), encoding="utf-8")
        files += ["--catalogue", str(folder / f"skills_{language}.csv")]
    both = [{"uri": f"s{n}", "labels": {language: WORDS[language][n] for language in WORDS}} for n in range(3)]
    write(folder / "catalogue.jsonl", [{**one, "colour": "red"} for one in both])

    told = run(folder, "--json", "-", "--catalogue", str(folder / "catalogue.jsonl"))

    assert figures(folder, *files) == json.loads(told.stdout) != figures(folder)
    assert f"{folder / 'catalogue.jsonl'}: field colour is not known and was ignored" in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--ranker", "bm52"], "There is no ranker 'bm52'; there are: default, bm25, current"),
        (["--set", "town_de"], "there is no set 'town_de'; there are: town_en, town_fr"),
        (["--json", "-", "--svg", "-"], "two outputs cannot go to the same place"),
        (["--catalogue", "nowhere.jsonl"], "nowhere.jsonl: No such file or directory"),
        (["--svg", "nowhere/out.svg"], "nowhere/out.svg: there is no such folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(folder: Path, arguments: list[str], said: str) -> None:
    told = refused(run(folder, *arguments))

    assert said in told
    assert "\n" not in told


def test_a_folder_without_sets_or_with_half_a_set_is_refused(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert "holds no file NAME_needs.jsonl" in refused(run(folder / "empty"))
    assert "is not a folder" in refused(run(folder / "none"))

    (folder / "town_en_qrels.jsonl.gz").write_bytes(b"")
    assert "town_en_qrels.jsonl: is there twice" in refused(run(folder))

    (folder / "town_en_qrels.jsonl.gz").unlink()
    (folder / "town_fr_qrels.jsonl").unlink()
    assert "town_fr_qrels.jsonl: is not there" in refused(run(folder))


def test_nobody_graded_at_all_gives_a_table_without_figures(folder: Path) -> None:
    write(folder / "town_fr_qrels.jsonl", [])

    found = figures(folder, "--set", "town_fr")

    assert found["results"][0]["ndcg_10"] is None
    assert "–" in run(folder, "--set", "town_fr", "--svg", str(folder / "out.svg")).stdout


def test_only_profiles_of_so_many_words_are_kept_experiences_counted_too(folder: Path) -> None:
    people = [
        {"id": f"v{n}", "headline": "comptable", "experiences": ["bilans " * 9] * (n == 0), "language": "fr"}
        for n in range(9)
    ]
    write(folder / "town_fr_volunteers.jsonl", people)

    result = run(folder, "--set", "town_fr", "--ranker", "current", "--least-words", "10", "--json", "-")

    assert json.loads(result.stdout)["sets"][0]["counted"] == {"ndcg_10": 1, "mrr": 1, "recall_20": 1}
