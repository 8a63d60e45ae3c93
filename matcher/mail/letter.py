"""What a mail says, as a value: one template renders all of them. Holds no sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """Words that lead to an address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """Words that lead to an address, and what stands beside them."""

    label: str
    address: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, the lines under it that lead to something, and what is said of those left out."""

    heading: str
    lines: tuple[Line, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that a mail tells, with its own heading, facts and button."""

    title: str
    facts: tuple[tuple[str, str], ...]
    button: Button


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in its reader's language; each text is plain, without markup.

    `offers` stand above the button, behind the words that lead to them.

    An empty preheader (what an inbox shows beside the subject) and an empty greeting are filled in when it is composed.
    """

    subject: str
    paragraphs: tuple[str, ...]
    preheader: str = ""
    greeting: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    quote: str = ""
    leads_to_offers: str = ""
    offers: tuple[Button, ...] = ()
    sections: tuple[Section, ...] = ()
    button: Button | None = None
    also: tuple[Button, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Footer:
    """Who writes, why this reader is written to, and where she changes that."""

    lines: tuple[str, ...]
    links: tuple[Button, ...] = ()
