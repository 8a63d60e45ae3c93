"""Every sentence of the source stands in the French catalogue, whole and with the same named places."""

import ast
import re

import polib
import pytest
from babel.messages.extract import extract_from_dir

from matcher.i18n import TRANSLATIONS
from tests.architecture.source import ROOT, modules, name, tree

KEYWORDS = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "marked": None,
    "say": None,
    "say_plural": (1, 2),
    "translate": (2,),
    "translate_plural": (2, 3),
}
METHODS = [("**/migrations/**", "ignore"), ("**.py", "python"), ("**/templates/**.html", "jinja2")]
PLACE = re.compile(r"%\((\w+)\)")
CATALOGUE = polib.pofile(str(TRANSLATIONS / "fr" / "LC_MESSAGES" / "messages.po"))


def _sentences():
    found = set()
    for package in ("matcher", "web", "workers"):
        for _file, _line, message, _comments, _context in extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def test_every_sentence_is_translated():
    known = {entry.msgid for entry in CATALOGUE if entry.translated() and not entry.fuzzy and not entry.obsolete}
    assert sorted(_sentences() - known) == []


def test_no_translation_is_left_over():
    assert sorted({entry.msgid for entry in CATALOGUE} - _sentences()) == []


def _says(call):
    return getattr(call.func, "id", getattr(call.func, "attr", "")) in KEYWORDS


def _within(node):
    """The sentences within a formatted string, or within the call that says another one."""
    if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and _says(node)):
        inner = [each for child in ast.iter_child_nodes(node) for each in ast.walk(child)]
        return [each for each in inner if isinstance(each, ast.Call) and _says(each) and _is_literal(each)]
    return []


def _is_literal(call):
    return any(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in call.args)


def test_no_sentence_hides_where_it_would_not_be_found():
    hidden = {
        f"{name(path)}:{call.lineno}" for path in modules() for node in ast.walk(tree(path)) for call in _within(node)
    }
    assert sorted(hidden) == []


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.msgid[:40])
def test_a_translation_fills_the_same_named_places(entry):
    wanted = set(PLACE.findall(entry.msgid)) | set(PLACE.findall(entry.msgid_plural or ""))
    for text in [entry.msgstr, *entry.msgstr_plural.values()]:
        assert set(PLACE.findall(text)) <= wanted
        if text and not entry.msgid_plural:
            assert set(PLACE.findall(text)) == wanted


# One word for one thing: « se connecter », « e-mail », « connexion ».
OTHER_WORDS = re.compile(r"identifi(?:er|ez|é)|courriel|(?:adresse|courrier) électronique|votre session", re.IGNORECASE)


def test_french_calls_one_thing_by_one_word():
    said = {
        text: OTHER_WORDS.findall(text) for entry in CATALOGUE for text in [entry.msgstr, *entry.msgstr_plural.values()]
    }
    assert {text: words for text, words in said.items() if words} == {}


def test_french_typography_is_kept():
    wrong = [
        entry.msgid
        for entry in CATALOGUE
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if re.search(r"« | »| [:;?!](\s|$)|[^\s  ][?!;](\s|$)|\w'\w", text)
    ]
    assert wrong == []
