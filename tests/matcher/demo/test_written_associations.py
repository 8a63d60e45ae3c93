"""The associations, members and branches of the written demo world: fictional, reachable by nobody, and complete."""

import re
from collections import Counter

from tests.matcher.demo.written import ASSOCIATIONS, BRANCHES, REACHES_SOMEBODY, doubles, untidy, words

FICTIONAL_TELEPHONE = re.compile(r"\+33 6 39 98 \d\d \d\d")


def test_there_are_enough_associations_of_both_languages() -> None:
    languages = Counter(row["language"] for row in ASSOCIATIONS)
    assert languages["en"] >= 3
    assert languages.total() >= 22


def test_every_association_is_described_in_40_to_80_words() -> None:
    assert [row["id"] for row in ASSOCIATIONS if not 40 <= len(words(row["description"])) <= 80] == []


def test_one_association_is_unverified_and_one_is_suspended() -> None:
    statuses = Counter(row["status"] for row in ASSOCIATIONS)
    assert statuses == {"verified": len(ASSOCIATIONS) - 2, "unverified": 1, "suspended": 1}
    assert all(row["verified"] == (row["status"] != "unverified") for row in ASSOCIATIONS)


def test_people_can_be_reached_by_fictional_means_only() -> None:
    members = [member for row in ASSOCIATIONS for member in row["members"]]
    coordinators = [person["email"] for branch in BRANCHES for person in branch["coordinators"]]
    mailboxes = [member["email"] for member in members] + coordinators + [branch["mailbox"] for branch in BRANCHES]
    assert doubles(mailboxes) == []
    assert [box for box in mailboxes if not re.fullmatch(r"[a-z.-]+@[a-z-]+\.example", box)] == []
    assert doubles([member["phone"] for member in members]) == []
    assert [member["phone"] for member in members if not FICTIONAL_TELEPHONE.fullmatch(member["phone"])] == []


def test_registration_numbers_are_well_formed_and_unique() -> None:
    numbers = [row["registration"] for row in ASSOCIATIONS]
    assert doubles(numbers) == []
    assert all(re.fullmatch(r"W\d{9}", number) for number in numbers)


def test_four_branches_share_no_department_and_one_is_national() -> None:
    assert {branch["id"] for branch in BRANCHES} == {"lyon", "bretagne", "paris", "national"}
    assert [branch["id"] for branch in BRANCHES if branch["is_national"]] == ["national"]
    assert doubles([code for branch in BRANCHES for code in branch["departments"]]) == []
    assert all(len(branch["coordinators"]) == 2 for branch in BRANCHES)


def test_every_branch_closes_for_ranges_that_end_after_they_start() -> None:
    assert all(branch["closures"] for branch in BRANCHES)
    assert all(starts < ends for branch in BRANCHES for starts, ends in branch["closures"])


def test_every_branch_has_associations() -> None:
    served = {code: branch["id"] for branch in BRANCHES for code in branch["departments"]}
    found = Counter(served.get(row["commune"][:2], "national") for row in ASSOCIATIONS)
    assert min(found[branch["id"]] for branch in BRANCHES) >= 4


def test_identifiers_are_slugs_and_unique_among_their_kind() -> None:
    for identifiers in ([row["id"] for row in ASSOCIATIONS], [branch["id"] for branch in BRANCHES]):
        assert doubles(identifiers) == []
        assert all(re.fullmatch(r"[a-z]+(?:-[a-z]+)*", identifier) for identifier in identifiers)


def test_no_description_holds_an_address_a_number_or_a_link() -> None:
    assert [row["description"] for row in ASSOCIATIONS if REACHES_SOMEBODY.search(row["description"])] == []


def test_typography_is_that_of_the_language() -> None:
    texts = [(text, row["language"]) for row in ASSOCIATIONS for text in (row["name"], row["description"])]
    assert [(text, found) for text, language in texts if (found := untidy(text, language))] == []
    assert [name for branch in BRANCHES for tongue, name in branch["name"].items() if untidy(name, tongue)] == []
