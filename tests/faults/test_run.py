"""A run of the campaign sums up in its last line, and one that is resumed plays only what is not done."""

from tests.faults import campaign, publishing
from tests.faults.campaign import Family, Findings, Kept, begin
from tests.faults.run import last_line

FAMILY = Family("none", "nothing", lambda _stage, _part: Findings(), ("one", "two"), {}, {})
SEED = 7


def kept(*figures: dict[str, int], breaches: tuple[str, ...] = ()) -> Kept:
    """The results of a family whose parts came to these figures."""
    parts = {
        f"part {number}": {"figures": each, "breaches": list(breaches), "seconds": 1.5}
        for number, each in enumerate(figures)
    }
    return Kept("none", "short", "abc1234", SEED, "2026-11-23T03:00:00+00:00", parts)


def test_the_last_line_adds_up_the_accounts_of_all_parts_that_keep_any() -> None:
    mails = kept(
        {"attempted": 5, "handed": 4, "lost": 1, "unexpected": 2, "copies": 3}, {"attempted": 10, "handed": 10}
    )

    assert last_line([mails, kept({"races": 500})]) == (
        "kept: 2 families, short form, seed 7, commit abc1234, "
        "attempted 15, handed 14, lost 1, unexpected 2, copies 3, 0 breaches, 4 s"
    )


def test_the_last_line_says_what_is_broken() -> None:
    line = last_line([kept({}, breaches=("lost: account.1",))])

    assert line.startswith("BROKEN: 1 families")
    assert ", 1 breaches, " in line


def test_a_resumed_run_keeps_the_parts_of_the_same_commit_and_seed() -> None:
    before = begin(FAMILY, "short", SEED)
    before.parts["one"] = {"figures": {"attempted": 3}, "breaches": [], "seconds": 1.0}

    assert begin(FAMILY, "short", SEED, resumed=before).parts == before.parts
    assert begin(FAMILY, "short", SEED + 1, resumed=before).parts == {}
    assert begin(FAMILY, "short", SEED).parts == {}


def test_a_resumed_run_keeps_nothing_of_another_commit() -> None:
    before = kept({"attempted": 3})

    assert before.commit != campaign.commit()
    assert begin(FAMILY, "short", SEED, resumed=before).parts == {}


def test_a_family_that_was_not_played_here_keeps_its_lines_on_the_page() -> None:
    old = ["| redis: away | full | cc1bf66, 1 | faults 5 | 0 | 397.3 s |", "| redistributed | full | x | y | 0 | 1 s |"]

    assert publishing.kept_lines("redis", old) == old[:1]
    assert publishing.kept_lines("weeks", old) == ["| weeks | | | no figures are kept | | |"]
