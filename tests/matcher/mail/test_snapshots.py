"""Every mail in both languages, to the byte, against the copy that somebody has reviewed.

A change of words, links or headers fails here until the copies are renewed and their difference is read:
`python -m tests.matcher.mail.reviewed`, then `git diff tests/matcher/mail/snapshots`. A new mail fails until it has
its copies.
"""

import pytest

from matcher.mail.codes import AccountMailCode
from tests.matcher.mail.reviewed import ALL, FOLDER, NAMES, written
from tests.matcher.mail.told import Told


@pytest.mark.parametrize("mail", ALL, ids=str)
def test_a_mail_is_the_one_that_was_reviewed(mail: Told | AccountMailCode) -> None:
    for name, content in written(mail):
        reviewed = FOLDER / name
        assert reviewed.is_file(), f"{name} has no reviewed copy"
        assert content.decode() == reviewed.read_bytes().decode(), f"{name} is not as it was reviewed"


def test_no_copy_is_left_of_a_mail_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.eml")} == set(NAMES)
