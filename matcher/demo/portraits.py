"""Chooses the pieces of each profile so that no two profiles have much text in common. Holds no person and no data."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from random import Random

from matcher.demo.pieces import ANY_TRADE, Kind, Piece

# Later in a trade, two experiences of it would mostly have been seen beside the same story.
_FIRST_OF_TRADE = 7
_TWO_EXPERIENCES = 0.5
_MORE_VOLUNTEERING = 0.4


@dataclass(frozen=True)
class Portrait:
    """The pieces of one profile; `description` is the story and perhaps a motivation."""

    headline: Piece
    description: tuple[Piece, ...]
    experiences: tuple[Piece, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Every piece in reading order."""
        return (self.headline, *self.description, *self.experiences)

    @cached_property
    def piece_set(self) -> frozenset[Piece]:
        """Every piece, for comparison."""
        return frozenset(self.pieces)

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return sum(piece.words for piece in self.pieces)


def shared_text(one: Portrait, other: Portrait) -> float:
    """Return the words of the pieces in common over the words of the shorter profile, between 0 and 1."""
    return sum(piece.words for piece in one.piece_set & other.piece_set) / min(one.words, other.words)


class Gallery:
    """Every portrait chosen so far; the next of a trade is the draft that repeats them least.

    Two trades have only motivations and volunteering in common, which never reach half of a profile.
    """

    def __init__(self, pieces: Iterable[Piece], rng: Random) -> None:
        self._rng = rng
        self._shelf: defaultdict[tuple[str, str, Kind], list[Piece]] = defaultdict(list)
        for piece in pieces:
            self._shelf[piece.trade, piece.language, piece.kind].append(piece)
        self._hung: defaultdict[tuple[str, str], list[Portrait]] = defaultdict(list)
        self._decks: defaultdict[tuple[str, str, Kind], list[Piece]] = defaultdict(list)
        self._uses: Counter[Piece] = Counter()

    def next_portrait(self, trade: str, language: str) -> Portrait:
        """Choose the pieces of one more person of a trade; cost is linear in those already chosen."""
        others = self._hung[trade, language]
        portrait = min(
            self._drafts(trade, language),
            key=lambda draft: (
                sum(shared_text(draft, other) ** 4 for other in others),
                sum(self._uses[piece] for piece in draft.pieces),
            ),
        )
        others.append(portrait)
        self._uses.update(portrait.pieces)
        return portrait

    def whole_portrait(self, trade: str, language: str) -> Portrait:
        """Return the portrait that uses every piece of a trade: that of somebody whose text is wholly her own."""
        (headline,), (story,), (motivation,) = (
            self._shelf[trade, language, kind] for kind in (Kind.HEADLINE, Kind.STORY, Kind.MOTIVATION)
        )
        return Portrait(headline, (story, motivation), tuple(self._shelf[trade, language, Kind.EXPERIENCE]))

    def _drafts(self, trade: str, language: str) -> Iterator[Portrait]:
        """Yield a draft for each story with each experience, or with each two; the rest is the same in all."""
        rng = self._rng
        motivation = self._deal(trade, language, Kind.MOTIVATION)
        volunteering = self._deal(trade, language, Kind.VOLUNTEERING)
        early = len(self._hung[trade, language]) < _FIRST_OF_TRADE
        wanted = 2 if early and rng.random() < _TWO_EXPERIENCES else 1
        more = (volunteering,) if wanted == 1 or rng.random() < _MORE_VOLUNTEERING else ()
        experiences = list(combinations(self._shelf[trade, language, Kind.EXPERIENCE], wanted))
        drafts = list(product(self._shelf[trade, language, Kind.STORY], experiences))
        rng.shuffle(drafts)
        for story, chosen in drafts:
            headline = rng.choice(self._shelf[trade, language, Kind.HEADLINE])
            yield Portrait(headline, (story, motivation), (*chosen, *more))

    def _deal(self, trade: str, language: str, kind: Kind) -> Piece:
        """Return a piece of any trade that nobody of this trade has yet, as long as there are enough of them."""
        deck = self._decks[trade, language, kind]
        if not deck:
            deck += [piece for piece in self._shelf[ANY_TRADE, language, kind] if trade not in piece.not_for]
            self._rng.shuffle(deck)
        return deck.pop()
