"""What is installed is what was locked, it is listed, and bandit finds nothing that nobody has read."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.security.supply import ROOT, RUNTIME, components, heard, judged, locked

LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-build.txt", "requirements-servers.txt")
# assert tells the type checker what is so; importing subprocess is no act: each call is judged by itself.
NEVER_SAID = "B101,B404"
# What bandit says, and why it is so all the same.
READ = {
    ("dev.py", "B603"): "the commands are written there",
    ("dev.py", "B606"): "the commands are written there",
    ("matcher/backups/sqlite.py", "B608"): "names of tables, from the database itself",
    ("matcher/demo/tour.py", "B105"): "the password of the demo, shown on its first page",
    ("matcher/demo/volunteers.py", "B311"): "dice for a demo world that is the same each time",
    ("matcher/mail/codes.py", "B105"): "codes of mails",
    ("matcher/migrations/versions/0013_keep_the_audit_log_from_change.py", "B608"): "a condition written beside it",
    ("matcher/models/sign_in.py", "B105"): "the reason why a sign-in ended",
    ("matcher/privacy_register.py", "B105"): "a code of the register",
    ("matcher/settings.py", "B104"): "compared with, never bound",
    ("web/accounts_setup.py", "B105"): "the name of the way to hash; an address",
    ("web/commands/up.py", "B603"): "our own worker, by its module’s name",
    ("web/security_events.py", "B105"): "names of what was typed wrong, for the log",
    ("web/sign_ins.py", "B105"): "the name of a key in the cookie",
}


@pytest.mark.parametrize("name", LOCKS)
def test_each_line_of_a_lock_names_one_version_and_its_hashes(
    name: str, record_property: Callable[[str, object], None]
) -> None:
    lines = list(locked(ROOT / name))

    record_property("cases", len(lines))
    assert lines
    assert [each.name for each in lines if not each.digests] == []


def test_a_line_without_a_version_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "lock.txt").write_text("flask>=3\n", encoding="utf-8")

    with pytest.raises(ValueError, match="flask>=3"):
        list(locked(tmp_path / "lock.txt"))


def test_each_component_of_the_lock_is_listed_with_its_hashes() -> None:
    listed = json.loads(json.dumps(components()))

    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    pairs = {(each["name"], each["version"]) for each in listed["components"]}
    assert pairs == {(each.name, each.version) for each in locked(RUNTIME)}
    assert all(each["hashes"] and each["purl"].startswith("pkg:pypi/") for each in listed["components"])
    flask = next(each for each in listed["components"] if each["name"] == "flask")
    assert flask["licenses"] == [{"expression": "BSD-3-Clause"}]


def test_bandit_finds_nothing_that_nobody_has_read() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-m",
            "bandit",
            "-q",
            "-f",
            "json",
            "-s",
            NEVER_SAID,
            "-r",
            "matcher",
            "web",
            "workers",
            "dev.py",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    report = json.loads(told.stdout)
    assert report["errors"] == []
    found = {(each["filename"].removeprefix("./"), each["test_id"]) for each in report["results"]}
    assert found == set(READ)


def test_the_answer_of_the_advisories_is_told_as_it_is() -> None:
    unknown = {"name": "flask", "skip_reason": "not found"}
    sound = {"name": "jinja2", "version": "3.1", "vulns": []}
    weak = {"name": "celery", "version": "5", "vulns": [{"id": "PYSEC-1"}]}

    assert judged([unknown]) == (True, "pip-audit: not run (the advisory service knows none of 1 components)")
    assert judged([unknown, sound]) == (True, "pip-audit: 1 of 2 components asked for, 0 with a known weakness")
    assert judged([weak]) == (
        False, "pip-audit: 1 of 1 components asked for, 1 with a known weakness: celery 5 (PYSEC-1)"
    )  # fmt: skip


def test_an_auditor_that_fails_by_itself_is_no_silence() -> None:
    away = "ERROR:pip_audit._cli:Could not connect to PyPI's vulnerability feed"
    crashed = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'pip_audit'"

    assert heard(1, "", away) == (True, "pip-audit: not run (the advisory service cannot be reached)")
    assert heard(2, "", "usage …\npip-audit: error: unrecognized arguments: --x")[0] is False
    assert heard(1, "", crashed) == (
        False,
        "pip-audit: ended by itself with status 1: ModuleNotFoundError: No module named 'pip_audit'",
    )
    assert heard(1, "[]", "") == (False, "pip-audit: ended by itself with status 1: it said nothing")
