"""The needs of the written demo world: told in full, each in its own words, and all that they name exists."""

import gzip
import json
import re
from collections import Counter
from importlib.resources import files
from itertools import combinations

from tests.matcher.demo.written import ASSOCIATIONS, BY_ID, NEEDS, REACHES_SOMEBODY, doubles, untidy, words

CATALOGUE = files("matcher.catalogue")
TIME_OF_DAY = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
DAYS = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}


def sentences(text: str) -> set[str]:
    parts = re.split(r"(?<=[.!?…])\s+", text)
    return {" ".join(re.findall(r"\w+", part.casefold())) for part in parts}


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text.casefold())
    return {tuple(tokens[start : start + length]) for start in range(len(tokens) - length + 1)}


def known_communes() -> set[str]:
    table = gzip.decompress(CATALOGUE.joinpath("communes.jsonl.gz").read_bytes())
    return {json.loads(row)[0] for row in table.splitlines()}


def test_there_are_enough_needs_in_both_languages() -> None:
    languages = Counter(need["language"] for need in NEEDS)
    assert languages["fr"] >= 46
    assert languages["en"] >= 16


def test_identifiers_are_slugs_and_unique() -> None:
    identifiers = [need["id"] for need in NEEDS]
    assert doubles(identifiers) == []
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", identifier) for identifier in identifiers)


def test_every_need_is_told_in_80_to_200_words() -> None:
    assert [need["id"] for need in NEEDS if not 80 <= len(words(need["description"])) <= 200] == []


def test_titles_are_unique_and_fit_80_characters() -> None:
    assert doubles([need["title"].casefold() for need in NEEDS]) == []
    assert [need["title"] for need in NEEDS if not 12 <= len(need["title"]) <= 80] == []


def test_no_two_needs_share_a_sentence() -> None:
    told = [(need["id"], sentences(need["description"])) for need in NEEDS]
    assert all(len(parts) >= 4 for _, parts in told)
    assert [(one, two) for (one, first), (two, second) in combinations(told, 2) if first & second] == []


def test_no_two_needs_share_seven_words_in_a_row() -> None:
    told = [(need["id"], runs(need["description"], 7)) for need in NEEDS]
    assert [(one, two, first & second) for (one, first), (two, second) in combinations(told, 2) if first & second] == []


def test_needs_cover_at_least_fourteen_domains_of_the_catalogue() -> None:
    known = {row["id"] for row in json.loads(CATALOGUE.joinpath("domains.json").read_text("utf-8"))}
    used = {need["domain"] for need in NEEDS}
    assert len(used) >= 14
    assert used <= known


def test_every_skill_is_in_the_catalogue() -> None:
    known = {json.loads(row)["uri"] for row in CATALOGUE.joinpath("skills.jsonl").read_text("utf-8").splitlines()}
    wanted = {skill["uri"] for need in NEEDS for skill in need["skills"]}
    assert wanted - known == set()


def test_every_need_wants_three_to_six_skills_and_one_at_least_is_required() -> None:
    for need in NEEDS:
        importances = [skill["importance"] for skill in need["skills"]]
        assert 3 <= len(importances) <= 6, need["id"]
        assert "required" in importances, need["id"]
        assert set(importances) <= {"required", "useful"}, need["id"]
        assert doubles([skill["uri"] for skill in need["skills"]]) == [], need["id"]


def test_one_required_skill_at_least_is_of_the_domain_of_the_need() -> None:
    for need in NEEDS:
        required = {skill["uri"].split("/")[1] for skill in need["skills"] if skill["importance"] == "required"}
        assert need["domain"] in required, need["id"]


def test_the_contact_of_a_need_is_a_member_of_its_association() -> None:
    for need in NEEDS:
        members = BY_ID[need["association"]]["members"]
        assert need["contact"] in {member["email"] for member in members}, need["id"]


def test_every_association_posts_a_need_and_has_one_to_three_members() -> None:
    assert {need["association"] for need in NEEDS} == set(BY_ID)
    assert all(1 <= len(row["members"]) <= 3 for row in ASSOCIATIONS)


def test_no_text_holds_an_address_a_number_or_a_link() -> None:
    texts = [need["title"] for need in NEEDS] + [need["description"] for need in NEEDS]
    assert [text for text in texts if REACHES_SOMEBODY.search(text)] == []


def test_typography_is_that_of_the_language() -> None:
    texts = [(text, need["language"]) for need in NEEDS for text in (need["title"], need["description"])]
    assert [(text, found) for text, language in texts if (found := untidy(text, language))] == []


def test_every_commune_is_in_the_table() -> None:
    used = {row["commune"] for row in ASSOCIATIONS} | {code for need in NEEDS for code in need["locations"]}
    assert used - known_communes() == set()


def test_only_remote_needs_have_no_location() -> None:
    for need in NEEDS:
        assert need["mode"] in {"remote", "on_site", "hybrid"}, need["id"]
        assert (need["mode"] == "remote") == (need["locations"] == []), need["id"]
        assert len(need["locations"]) <= 5, need["id"]


def test_every_mode_seat_count_and_urgency_occurs() -> None:
    assert min(Counter(need["mode"] for need in NEEDS).values()) >= 15
    assert {need["seats"] for need in NEEDS} == {1, 2, 3}
    assert 3 <= sum(need["urgent"] for need in NEEDS) <= len(NEEDS) // 6


def test_working_languages_are_known() -> None:
    assert {language for need in NEEDS for language in need["working_languages"]} == {"fr", "en"}
    assert all(need["language"] in need["working_languages"] for need in NEEDS)


def test_hours_done_together_never_exceed_the_total() -> None:
    for need in NEEDS:
        total, together = need["schedule"]["total_hours"], need["schedule"]["together_hours"]
        assert total is None or together is None or 0 < together <= total, need["id"]


def test_some_needs_leave_hours_start_or_end_open() -> None:
    schedules = [need["schedule"] for need in NEEDS]
    assert sum(schedule["total_hours"] is None for schedule in schedules) >= 3
    assert sum(schedule["starts_in_days"] is None for schedule in schedules) >= 3
    assert sum(schedule["lasts_days"] is None for schedule in schedules) >= 3


def test_weekly_times_are_real_and_fixed_ones_are_stated() -> None:
    for need in NEEDS:
        schedule = need["schedule"]
        assert schedule["times"] in {"fixed", "preferred"}, need["id"]
        assert schedule["times"] == "preferred" or schedule["weekly"], need["id"]
        for day, starts, ends in schedule["weekly"]:
            assert day in DAYS, need["id"]
            assert all(map(TIME_OF_DAY.fullmatch, (starts, ends))), need["id"]
            assert starts < ends, need["id"]


def test_some_fixed_times_are_on_saturday_and_some_on_a_weekday() -> None:
    fixed = [slot for need in NEEDS if need["schedule"]["times"] == "fixed" for slot in need["schedule"]["weekly"]]
    assert sum(day == "sat" for day, _, _ in fixed) >= 2
    assert sum(day != "sat" and starts < "17:00" for day, starts, _ in fixed) >= 2
