"""Bodies and queries made by lot: texts, numbers, days and bytes that nobody types, keys twice, keys that no form has.

They are bytes as a browser, or something that is none, would send them. Expects nothing.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, time
from operator import mul
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.security.form import IS_FULL, SEED


def as_bytes(text: str) -> bytes:
    """A text as it is sent, half surrogates and all."""
    return text.encode("utf-8", "surrogatepass")


# Of each test on each of two databases: together 300 in the short form and 10,000 in the long one.
DRAWN = 2_500 if IS_FULL else 75
Pairs = list[tuple[bytes, bytes]]
ANY = st.characters(exclude_categories=())  # half surrogates are among them
# Controls, marks that turn the direction of reading, half surrogates, breaks of lines, marks that sit on others.
UNSEEN = st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Mn"))
NUMBERS: SearchStrategy[object] = st.one_of(
    st.integers(-(10**40), 10**40),
    st.builds(lambda bits, step: 2**bits + step, st.integers(0, 70), st.integers(-1, 1)),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.complex_numbers(),
)
MOMENTS = st.one_of(st.dates().map(str), st.datetimes().map(datetime.isoformat), st.times().map(time.isoformat))
NO_DAYS = st.builds("{:04}-{:02}-{:02}".format, st.integers(0, 99999), st.integers(0, 40), st.integers(0, 40))
NO_HOURS = st.builds("{:02}:{:02}".format, st.integers(0, 99), st.integers(0, 99))
LONG = st.builds(mul, st.text(ANY, min_size=1, max_size=4), st.integers(500, 20_000))
NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
VALUES: SearchStrategy[bytes] = st.one_of(
    st.text(ANY, max_size=60).map(as_bytes),
    st.text(UNSEEN, min_size=1, max_size=20).map(as_bytes),
    LONG.map(as_bytes),
    NUMBERS.map(lambda number: as_bytes(str(number))),
    st.one_of(MOMENTS, NO_DAYS, NO_HOURS).map(as_bytes),
    NESTED.map(lambda value: as_bytes(json.dumps(value))),
    st.binary(max_size=40),
)


def pairs_of(typed: Mapping[str, str]) -> SearchStrategy[Pairs]:
    """What is sent in the place of what is typed: each key as it should be, odd, missing or many times; and others."""
    fields = [_field(name, value) for name, value in typed.items()]
    return st.tuples(*fields, _others(list(typed))).map(lambda each: [pair for pairs in each for pair in pairs])


def _field(name: str, value: str) -> SearchStrategy[Pairs]:
    key, right = as_bytes(name), as_bytes(value)
    odd = VALUES.map(lambda each: [(key, each)])
    many = st.lists(VALUES, max_size=4).map(lambda each: [(key, one) for one in (right, *each)])
    return st.one_of(st.just([(key, right)]), odd, many, st.just([]))


def _others(names: list[str]) -> SearchStrategy[Pairs]:
    """Keys as other frameworks read lists from them, and keys made by lot."""
    lists = st.builds(
        "{}{}".format, st.sampled_from(names or ["id"]), st.sampled_from(("[]", "[0]", "-0", ".a", "[a]"))
    )
    keys = st.one_of(lists.map(as_bytes), VALUES.map(lambda value: value[:40]))
    return st.lists(st.tuples(keys, VALUES), max_size=3)


def written(pairs: Pairs) -> bytes:
    """The pairs as a form or a query carries them."""
    return "&".join(f"{quote_from_bytes(key)}={quote_from_bytes(value)}" for key, value in pairs).encode()


def played(play: Callable[[st.DataObject], None]) -> None:
    """Play it with as many things drawn by lot as the form asks for; the same seed draws the same."""
    bounded = settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # what was found is told as it was found: the world is not the same twice
    )

    def each(data: st.DataObject) -> None:
        play(data)

    seed(SEED)(bounded(given(st.data())(each)))()
