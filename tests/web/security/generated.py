"""Bodies and queries made by lot: texts, numbers, days and bytes that nobody types, keys twice, keys that no form has.

They are bytes as a browser, or something that is none, would send them. Expects nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from itertools import cycle
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


@dataclass(frozen=True)
class Recipe:
    """What becomes of each field in turn, whichever form it is: whether it is sent as it should be, and what else is.

    `others` are keys that no form has: as other frameworks read lists from them, or made by lot.
    """

    changes: list[tuple[bool, list[bytes]]]
    endings: list[str]
    others: Pairs

    def of(self, typed: Mapping[str, str]) -> Pairs:
        """The pairs that are sent in the place of what is typed."""
        pairs = list(self.others)
        for (name, value), (is_kept, odd) in zip(typed.items(), cycle(self.changes), strict=False):
            values = [as_bytes(value)] * is_kept + odd
            pairs += [(as_bytes(name), each) for each in values]
        names = list(typed) or ["id"]
        return pairs + [(as_bytes(names[0] + ending), b"1") for ending in self.endings]


ODD_FIELD: SearchStrategy[tuple[bool, list[bytes]]] = st.one_of(
    VALUES.map(lambda value: (False, [value])),
    st.just((True, list[bytes]())),
    st.lists(VALUES, max_size=3).map(lambda values: (True, values)),
    st.just((False, list[bytes]())),
)
RECIPES = st.builds(
    Recipe,
    st.lists(ODD_FIELD, min_size=1, max_size=8),
    st.lists(st.sampled_from(("[]", "[0]", "-0", ".a", "[a]")), max_size=2),
    st.lists(st.tuples(VALUES.map(lambda value: value[:40]), VALUES), max_size=2),
)


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
