"""The page on privacy tells what the register of personal data holds, in both languages."""

import pytest
from flask import Flask

from matcher.privacy_register import Purpose, register
from matcher.privacy_words import activities
from tests.web.visiting import Visitor


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_table_on_privacy_is_the_registers(app: Flask, language: str) -> None:
    page = Visitor(app, language=language).get("/privacy").page

    rows = [tuple(cell.get_text() for cell in row.select("th, td")) for row in page.select("main tbody tr")]

    told = activities(language, register())
    assert len(told) == len(Purpose)
    assert rows == [(each.what, each.why, each.how_long, each.seen_by) for each in told]
