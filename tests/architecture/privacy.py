"""Writes docs/privacy.md from the register of personal data. `python -m tests.architecture.privacy`."""

from collections.abc import Iterable
from itertools import groupby

from matcher.privacy_register import Basis, Entry, Erased, Exported, Kept, Purpose, Register, Whose, register
from matcher.privacy_words import activities, kept_in_words
from tests.architecture.source import ROOT

PAGE = ROOT / "docs" / "privacy.md"
HEAD = """\
# Register of processing

In the sense of article 30 of the GDPR. Made from `matcher/privacy.toml` by `python -m tests.architecture.privacy`; a test holds it true. Do not edit by hand.

**Controller.** The organisation that runs the site, as its legal notice names it (`PUBLISHER_…`). Its contact for these rights is the one of that page.

**Whose data.** People with an account; volunteers; members of associations; coordinators; people whom an association has invited by their address.

**Recipients.** Those of the last column below, and the mail server that the organisation has chosen. Nothing is sold or lent, and no page loads anything from another site. Nothing leaves the organisation's own machines, so no transfer to another country is made by this software.

**Security.** [What protects the data](security.md), [what is promised and tried](trust.md), [backups and their end](production.md).

**Not asked for.** Birth date, gender, photograph and full address have no column; whether somebody is an adult is a tick and its moment.
"""  # noqa: E501
OUTSIDE = (
    "The lines of web and workers go to their standard error, with the fields named here. The application does not"
    " read them again, and nothing of ours deletes them: the host [rotates them](production.md#is-it-well), within a"
    " year at the latest."
)
BASES: dict[Basis, str] = {
    Basis.CONTRACT: "contract, article 6(1)(b)",
    Basis.CONSENT: "consent, article 6(1)(a)",
    Basis.LEGITIMATE_INTEREST: "legitimate interest, article 6(1)(f)",
}
WHOSE: dict[Whose, str] = {
    Whose.HOLDER: "anybody with an account",
    Whose.VOLUNTEER: "volunteers",
    Whose.MEMBER: "members of associations",
    Whose.COORDINATOR: "coordinators",
    Whose.INVITED: "people invited by an association",
}
EXPORTED: dict[Exported, str] = {
    Exported.YES: "yes",
    Exported.SECRET: "no: a secret that opens the account",
    Exported.OTHERS: "no: it speaks of others",
    Exported.HASH: "no: a keyed hash, to which no name leads",
    Exported.MACHINE: "no: a message between machines; what came of it stands elsewhere",
    Exported.OUTSIDE: "no: the application does not read it; the organisation is asked for it",
}
ERASED: dict[Erased, str] = {
    Erased.EMPTIED: "emptied",
    Erased.DELETED: "row deleted",
    Erased.KEPT: "stays: an id, a moment or a code of an account that holds nobody",
    Erased.AGED: "stays until it is old enough: the id of an account that holds nobody, a hash to which no name leads",
}


def page() -> str:
    """Return the whole page."""
    found = register()
    return "\n".join([HEAD, _activities(found), _periods(found), _columns(found), _outside(found), _nobodys(found)])


def _activities(found: Register) -> str:
    rows = ["## What is done, and why", "", "Each row is one activity, in the words of the page « Privacy ».", ""]
    rows += ["| what | why | whose | ground | how long | who may see it besides them |"]
    rows += ["| --- | --- | --- | --- | --- | --- |"]
    for purpose, told in zip(Purpose, activities("en", found), strict=True):
        entries = found.for_purpose(purpose)
        whose = ", ".join(words for code, words in WHOSE.items() if code in {entry.of for entry in entries})
        cells = (told.what, told.why, whose, BASES[entries[0].basis], told.how_long, told.seen_by)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join([*rows, ""])


def _periods(found: Register) -> str:
    rows = ["## How long", "", "| code | rule | days | told before, after days |", "| --- | --- | --- | --- |"]
    for kept in Kept:
        period = found.periods[kept]
        told = ", ".join(map(str, period.warned_after_days))
        rows.append(f"| `{kept}` | {kept_in_words('en', found, kept)} | {period.days or ''} | {told} |")
    return "\n".join([*rows, ""])


def _columns(found: Register) -> str:
    return "\n".join(["## Column by column", "", f"{len(found.entries)} personal columns.", "", *_table(found.entries)])


def _outside(found: Register) -> str:
    return "\n".join(["## In no table", "", OUTSIDE, "", *_table(found.outside)])


def _table(entries: Iterable[Entry]) -> list[str]:
    rows = ["| table | columns | whose | purpose | how long | who may see it | exported | at an erasure |"]
    rows += ["| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for answers, group in groupby(entries, key=_answers):
        alike = list(group)
        columns = ", ".join(f"`{entry.column}`" for entry in alike)
        rows.append(f"| `{alike[0].table}` | {columns} | {' | '.join(answers[1:])} |")
    return [*rows, ""]


def _answers(entry: Entry) -> tuple[str, ...]:
    seen_by = ", ".join(entry.seen_by).replace("_", " ") or "nobody"
    codes = (WHOSE[entry.of], f"`{entry.purpose}`", f"`{entry.kept}`", seen_by)
    return (entry.table, *codes, EXPORTED[entry.exported], ERASED[entry.erased])


def _nobodys(found: Register) -> str:
    rows = ["## Columns that are nobody's", "", "| table | columns |", "| --- | --- |"]
    for table, columns in found.not_personal.items():
        if columns:
            rows.append(f"| `{table}` | {', '.join(f'`{column}`' for column in columns)} |")
    return "\n".join([*rows, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
