"""Published catalogues are read as they come, and the first bad row is named with its column and the reason."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest

from matcher.catalogue.imports import read_catalogues
from matcher.catalogue.sheets import LONGEST_LABEL
from matcher.ranking.files import FileError

ESCO = ("conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels", "hiddenLabels", "status")
ROME_4 = ("code_ogr", "nature", "libelle_competence", "definition")
SAVOIR = ("code_ogr_savoir", "libelle_savoir", "categorie_savoir")


def esco_row(uri: str, label: str, others: str = "", kind: str = "KnowledgeSkillCompetence") -> list[str]:
    """One row of ESCO."""
    return [kind, uri, "skill/competence", "cross-sector", label, others, "", "released"]


def sheet(path: Path, *rows: list[str] | tuple[str, ...], separator: str = ",", encoding: str = "utf-8") -> str:
    """Write a comma-separated file and return its path."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return str(path)


def lines(path: Path, *records: object) -> str:
    """Write JSON Lines and return the path."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return str(path)


def refusal(*paths: str, languages: tuple[str, ...] = ()) -> str:
    """Why files are refused."""
    with pytest.raises(FileError) as refused:
        read_catalogues(paths, languages)
    return str(refused.value)


def test_esco_in_two_files_gives_skills_with_labels_in_both_languages(tmp_path: Path) -> None:
    french = sheet(
        tmp_path / "skills_fr.csv", ESCO, esco_row("u1", "tenir les comptes", "faire les comptes\ncompter\n")
    )
    english = sheet(tmp_path / "skills_en.csv", ESCO, esco_row("u1", "keep books"), esco_row("u2", "sing"))

    read = read_catalogues([french, english])

    both, alone = read.skills
    assert (both.uri, both.labels) == ("u1", {"fr": "tenir les comptes", "en": "keep books"})
    assert both.alternatives["fr"] == ("faire les comptes", "compter")
    assert (alone.uri, alone.labels) == ("u2", {"en": "sing"})
    assert [(one.format, one.languages, one.skills) for one in read.files] == [
        ("ESCO", ("fr",), 1),
        ("ESCO", ("en",), 2),
    ]
    assert read.languages == ("en", "fr")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_rome_is_french_whatever_its_separator_and_encoding(tmp_path: Path, separator: str, encoding: str) -> None:
    row = ["100068", "Compétence", "Étudier l’évolution de la faune", ""]
    known = sheet(tmp_path / "competence.csv", ROME_4, row, separator=separator, encoding=encoding)
    savoir = sheet(tmp_path / "savoir.csv", SAVOIR, ["100076", "Droit forestier", "Normes"], separator=separator)

    read = read_catalogues([known, savoir])

    labels = {skill.uri: skill.labels for skill in read.skills}
    assert labels == {
        "rome:100068": {"fr": "Étudier l’évolution de la faune"},
        "rome:100076": {"fr": "Droit forestier"},
    }
    assert {one.format for one in read.files} == {"ROME"}


def test_json_lines_are_read_packed_or_not(tmp_path: Path) -> None:
    record = {"uri": "s1", "labels": {"fr": "paie", "en": "payroll"}, "alternatives": {"fr": ["salaires"]}}
    packed = tmp_path / "skills.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps(record).encode()))

    plain_read, packed_read = read_catalogues([lines(tmp_path / "skills", record)]), read_catalogues([str(packed)])

    assert plain_read.skills == packed_read.skills
    assert plain_read.skills[0].labels == {"fr": "paie", "en": "payroll"}
    assert plain_read.skills[0].alternatives["fr"] == ("salaires",)
    assert plain_read.files[0].format == "JSON Lines"


def test_the_language_is_said_where_the_name_does_not(tmp_path: Path) -> None:
    path = sheet(tmp_path / "skills.csv", ESCO, esco_row("u1", "keep books"))

    assert "--language" in refusal(path)
    assert read_catalogues([path], ["en"]).languages == ("en",)
    assert "is not a language" in refusal(path, languages=("English",))
    assert "more languages" in refusal(path, languages=("en", "fr"))


BAD_ROWS = {
    "is empty": (esco_row("u2", " "), ", row 3, column preferredLabel: is empty"),
    "no uri": (esco_row("", "sing"), ", row 3, column conceptUri: is empty"),
    "short": (esco_row("u2", "sing")[:5], ", row 3: has 5 fields, and the first row has 8"),
    "long": ([*esco_row("u2", "sing"), "more"], ", row 3: has 9 fields, and the first row has 8"),
    "NUL": (esco_row("u2", "si\x00ng"), ", row 3, column preferredLabel: holds a NUL character"),
    "too long": (esco_row("u2", "s" * (LONGEST_LABEL + 1)), ", row 3, column preferredLabel: has 501 characters"),
    "long uri": (esco_row("u" * 301, "sing"), ", row 3, column conceptUri: has 301 characters"),
    "alternative": (esco_row("u2", "sing", "a" * 501), ", row 3, column altLabels: has 501 characters"),
    "occupation": (esco_row("u2", "singer", kind="Occupation"), ", row 3, column conceptType: is 'Occupation'"),
    "twice": (esco_row("u1", "sing"), ", row 3: u1 has a label in en already ("),
}


@pytest.mark.parametrize(("row", "why"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_named_with_its_column_and_the_reason(tmp_path: Path, row: list[str], why: str) -> None:
    path = sheet(tmp_path / "skills_en.csv", ESCO, esco_row("u1", "keep books"), row)

    assert refusal(path).startswith(f"{path}{why}")


def test_the_row_is_told_apart_from_the_line_where_a_cell_has_several(tmp_path: Path) -> None:
    path = sheet(tmp_path / "skills_en.csv", ESCO, esco_row("u1", "keep books", "count\nadd"), esco_row("u2", ""))

    assert refusal(path).startswith(f"{path}, row 3 (line 4), column preferredLabel: is empty")


def test_the_same_skill_in_two_files_of_one_language_is_refused(tmp_path: Path) -> None:
    first = sheet(tmp_path / "competence.csv", ROME_4, ["7", "", "Chanter", ""])
    other = sheet(tmp_path / "savoir.csv", SAVOIR, ["7", "Chant", ""])

    assert refusal(first, other) == f"{other}, row 2: rome:7 has a label in fr already ({first}, row 2)"


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (("skill", "level"), "row 1: these are the columns of no catalogue that is known: ESCO (conceptUri"),
        (ESCO[:4], "row 1, column preferredLabel: is missing, and ESCO has it"),
        (("code_ogr", "libelle_appellation"), "row 1, column libelle_competence: is missing, and ROME has it"),
    ],
)
def test_wrong_columns_are_named(tmp_path: Path, header: tuple[str, ...], why: str) -> None:
    path = sheet(tmp_path / "skills_en.csv", header, ["x"] * len(header))

    assert refusal(path).startswith(f"{path}, {why}")


def test_what_cannot_be_read_as_text_is_named_by_its_line(tmp_path: Path) -> None:
    esco = sheet(
        tmp_path / "skills_fr.csv", ESCO, esco_row("u1", "compter"), esco_row("u2", "épeler"), encoding="cp1252"
    )
    broken = tmp_path / "skills_en.csv"
    broken.write_text(",".join(ESCO) + '\nKnowledgeSkillCompetence,"u1', encoding="utf-8")
    rome = sheet(tmp_path / "rome.csv", ROME_4, ["7", "", "Chanter", ""])
    Path(rome).write_bytes(Path(rome).read_bytes() + b"8,,\x81,\r\n")

    assert "skills_fr.csv, line 3: is not UTF-8 (byte " in refusal(esco)
    assert "skills_en.csv, row 2: cannot be read (unexpected end of data)" in refusal(str(broken))
    assert "rome.csv, line 3: is not UTF-8 (byte " in refusal(rome)


def test_files_that_are_not_there_not_whole_or_empty_are_refused(tmp_path: Path) -> None:
    cut = tmp_path / "skills_fr.csv.gz"
    cut.write_bytes(gzip.compress(b"conceptUri,preferredLabel\n" * 100)[:-10])
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")

    assert "No such file" in refusal(str(tmp_path / "none_fr.csv"))
    assert "is not a whole gzip file" in refusal(str(cut))
    assert refusal(str(empty)) == f"{empty}: holds no skill"
    assert refusal(sheet(tmp_path / "head_fr.csv", ESCO)).endswith("head_fr.csv: holds no skill")


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"labels": {"fr": "paie"}}, "field uri: is missing"),
        ({"uri": "s2", "labels": {}}, "field labels: is missing"),
        ({"uri": "s2", "labels": {"fr": " "}}, "field labels.fr: is empty"),
        ({"uri": "s2", "labels": {"French": "paie"}}, "field labels.French: is not under a language"),
        ({"uri": "s2", "labels": {"fr": "p" * 501}}, "field labels.fr: has 501 characters"),
        ({"uri": "s2", "labels": {"fr": "pa\x00ie"}}, "field labels.fr: holds a NUL character"),
        (
            {"uri": "s2", "labels": {"fr": "paie"}, "alternatives": {"fr": ["x" * 501]}},
            "field alternatives.fr: has 501",
        ),
        ({"uri": "s1", "labels": {"fr": "paie"}}, "field uri: 's1' stands on line 1 already"),
        ([], "field (record): must be an object"),
    ],
)
def test_a_bad_line_of_json_lines_is_named_with_its_field(tmp_path: Path, record: object, why: str) -> None:
    path = lines(tmp_path / "skills.jsonl", {"uri": "s1", "labels": {"fr": "comptabilité"}}, record)

    assert refusal(path).startswith(f"{path}, line 2: {why}")
