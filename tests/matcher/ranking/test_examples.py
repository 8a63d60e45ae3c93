"""The examples in the docstrings of the ranking are true."""

import doctest
import importlib
import pkgutil

import pytest

import matcher.ranking

MODULES = sorted(module.name for module in pkgutil.iter_modules(matcher.ranking.__path__, "matcher.ranking."))

# Values without arithmetic, and what is shown by tests over many random people.
SILENT = ("changes", "fitted", "recipe", "rescoring", "schema", "stopwords", "types")


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_each_module_are_true(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))

    assert results.failed == 0


def test_the_modules_that_compute_have_an_example() -> None:
    silent = {"matcher.ranking." + name for name in SILENT}

    finder = doctest.DocTestFinder(exclude_empty=True)
    without = {name for name in MODULES if not any(t.examples for t in finder.find(importlib.import_module(name)))}

    assert without == silent
