"""The page of contacts names each branch, what it serves and how to reach it."""

import pytest

from tests.web.visiting import Visitor


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_branch_can_be_reached(world, app, language):
    branches = (world.home, world.national)
    page = Visitor(app, language=language).get("/contact").text
    for branch in branches:
        assert branch.name(language) in page
        assert branch.mailbox in page
