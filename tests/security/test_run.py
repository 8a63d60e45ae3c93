"""The report counts what ran: cases as a test tells them, failures, files that cannot be read; and forgets no file."""

import pytest

from tests.security.counting import Counter
from tests.security.families import ROOT, SECURITY, families, name_of

FAMILIES = {"links": ("tests/a.py",), "forms": ("tests/b.py", "tests/c.py")}


def report(
    path: str, outcome: str = "passed", when: str = "call", told: tuple[tuple[str, object], ...] = ()
) -> pytest.TestReport:
    reason = "E   assert 1 == 2" if outcome == "failed" else None
    return pytest.TestReport(
        f"{path}::test_it", (path, 1, "it"), {}, outcome, reason, when, user_properties=told, duration=0.5
    )


def counted(ended: list[str] | None = None) -> Counter:
    told = [] if ended is None else ended
    return Counter(FAMILIES, lambda name, _tally: told.append(name))


def test_cases_are_those_that_ran() -> None:
    counter = counted()

    counter.pytest_runtest_logreport(report("tests/a.py", when="setup"))
    counter.pytest_runtest_logreport(report("tests/a.py", told=(("cases", 44), ("told", "no door"))))
    counter.pytest_runtest_logreport(report("tests/a.py", when="teardown"))
    counter.pytest_runtest_logreport(report("tests/b.py"))
    counter.pytest_runtest_logreport(report("tests/c.py"))

    assert [(each.cases, each.failed, each.told) for each in counter.tallies.values()] == [
        (44, 0, ["no door"]), (2, 0, [])
    ]  # fmt: skip
    assert (counter.cases, counter.failed, counter.tallies["links"].seconds) == (46, 0, 1.5)


@pytest.mark.parametrize("when", ["setup", "call", "teardown"])
def test_a_failure_is_counted_wherever_it_happens(when: str) -> None:
    counter = counted()

    counter.pytest_runtest_logreport(report("tests/b.py", "failed", when))

    assert counter.failed == 1
    assert counter.tallies["forms"].broken == ["tests/b.py::test_it: assert 1 == 2"]


def test_a_test_that_is_left_out_has_not_kept_anything() -> None:
    counter = counted()

    counter.pytest_runtest_logreport(report("tests/b.py", "skipped", "setup"))

    assert counter.failed == 1


def test_a_file_that_cannot_be_read_is_a_failure() -> None:
    counter = counted()

    counter.pytest_collectreport(pytest.CollectReport("tests/b.py", "failed", "E   no such name", []))

    assert (counter.failed, counter.elsewhere) == (1, ["tests/b.py: no such name"])


def test_a_family_is_told_of_as_soon_as_its_last_test_has_ended() -> None:
    ended: list[str] = []
    counter = counted(ended)
    for _process in range(2):
        counter.pytest_xdist_node_collection_finished([f"tests/{name}.py::test_it" for name in "abc"])

    for name, when, told in (
        ("b", "teardown", []),
        ("a", "call", []),
        ("a", "teardown", ["links"]),
        ("c", "teardown", ["links", "forms"]),
    ):
        counter.pytest_runtest_logreport(report(f"tests/{name}.py", when=when))
        assert ended == told


def test_a_family_that_did_not_come_to_its_end_is_told_of_too() -> None:
    ended: list[str] = []
    counter = counted(ended)
    counter.pytest_xdist_node_collection_finished(["tests/a.py::test_it"])

    counter.pytest_sessionfinish()
    counter.pytest_sessionfinish()

    assert ended == ["links"]


def test_each_family_has_its_files_and_each_file_a_family() -> None:
    known = families()
    paths = [path for files in known.values() for path in files]

    assert [path for path in paths if not (ROOT / path).is_file()] == []
    assert len(paths) == len(set(paths))
    assert {f"{SECURITY}{path.name}" for path in (ROOT / SECURITY).glob("test_*.py")} <= set(paths)
    assert name_of(f"{SECURITY}test_mass_assignment.py") == "mass assignment"
