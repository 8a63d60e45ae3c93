"""One letter as a text and as HTML, through one template each. Holds no sentence of a mail."""

from dataclasses import dataclass, replace
from functools import cache

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from matcher.i18n import TRANSLATIONS
from matcher.mail.letter import Footer, Letter

TEMPLATES = TRANSLATIONS.parent / "mail" / "templates"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What stands on the screen of whoever opens the mail; `html` is a whole document."""

    subject: str
    text: str
    html: str


def render(letter: Letter, footer: Footer, language: str) -> Rendered:
    """Return both forms of a letter: the same facts and the same links."""
    complete = replace(letter, preheader=letter.preheader or letter.paragraphs[0])
    values = {"letter": complete, "footer": footer, "language": language}
    text = _templates().get_template("letter.txt").render(values)
    html = _templates().get_template("letter.html").render(values)
    return Rendered(letter.subject, text.strip() + "\n", _inliner().inline(html))


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)
