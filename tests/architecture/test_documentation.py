"""What the documentation says is true: the reference is the code's, each link leads somewhere, no place is named."""

import re

import pytest

from tests.architecture import privacy, reference
from tests.architecture.source import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_reference_is_made_from_the_code():
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page()


def test_the_register_of_processing_is_made_from_the_list_of_columns():
    assert privacy.PAGE.read_text(encoding="utf-8") == privacy.page()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_the_documentation_leads_to_a_file(page):
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http://", "https://", "mailto:")):
            assert (page.parent / target).exists(), target


def test_the_readme_shows_both_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "python3 dev.py demo" in text
    assert "python3 dev.py test" in text
