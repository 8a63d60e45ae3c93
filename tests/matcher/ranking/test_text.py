"""What becomes of free text before it is compared."""

import time

import pytest

from matcher.ranking.text import Document, analyze, guess_language, plain, spoken_language, tokens


def terms(text: str, language: str | None = "fr") -> list[str]:
    return analyze(Document(text, language))


@pytest.mark.parametrize(
    ("inclusive", "usual"),
    [
        ("développeur·se", "développeur"),
        ("développeuse", "développeur"),
        ("un.e salarié.e.s", "un salarié"),
        ("bénévole(s)", "bénévoles"),
        ("chargé(e)(s) de mission", "chargé de mission"),
        ("Régleur(se)", "régleur"),
        ("formateur/trice", "formatrice"),
        ("conseiller/ère", "conseillère"),
        ("salarié-e-s", "salariés"),
        ("acteur•rices", "acteurs"),
        ("animateur·ice", "animateur"),
        ("lecteurices", "lecteurs"),
        ("autrice", "auteur"),
        ("chef·fe de projet", "chef de projet"),
        ("chef(fe)", "cheffe"),
        ("sportif/ive", "sportive"),
        ("créatif·ve", "créatif"),
        ("franc·che", "franche"),
        ("professionnel·le·s", "professionnels"),
        ("développeurs/euses", "développeurs"),
        ("heureux·se", "heureuse"),
        ("une bénévole motivée", "un bénévole motivé"),
        ("étudiant‧e‧s", "étudiantes"),
        ("tou·te·s et iels", ""),
    ],
)
def test_inclusive_and_feminine_forms_are_the_usual_word(inclusive: str, usual: str) -> None:
    assert terms(inclusive) == terms(usual)


@pytest.mark.parametrize("name", ["C++", "C#", ".NET"])
def test_names_of_languages_keep_their_signs(name: str) -> None:
    assert terms(f"Je code en {name}.")[-1] == name.lower()


@pytest.mark.parametrize(
    ("masculine", "feminine"),
    [
        ("engagé", "engagée"), ("retraité", "retraitée"), ("sérieux", "sérieuse"), ("créatif", "créative"),
        ("acteur", "actrice"), ("ambassadeur", "ambassadrice"), ("chef", "cheffe"), ("public", "publique"),
        ("vendeur", "vendeuse"), ("musicien", "musicienne"), ("infirmier", "infirmière"), ("maître", "maîtresse"),
        ("activé", "activée"), ("nouveau", "nouvelle"), ("avocat", "avocate"), ("nombreux", "nombreuses"),
    ],
)  # fmt: skip
def test_both_genders_are_one_term(masculine: str, feminine: str) -> None:
    assert terms(masculine) == terms(feminine)


def test_words_that_only_look_feminine_keep_to_themselves() -> None:
    assert terms("matrice archives enjeux") == ["matric", "archiv", *terms("enjeu")]


@pytest.mark.parametrize(
    ("written", "usual"),
    [
        ("R.G.P.D.", "RGPD"), ("S.A.R.L.", "sarl"), ("l’A.G. du club", "AG club"), ("O.N.G", "ONG"),
        ("e-mail", "email"), ("e‑mails", "mail"), ("week-end", "weekend"), ("prud’hommes", "prud'hommes"),
        ("entr’aide", "entraide"), ("porte-à-porte", "porte à porte"), ("chef-d’œuvre", "chef-d'oeuvre"),
        ("NodeJS", "Node.js"), ("C♯", "C#"), ("OCR", "ocr"),
    ],
)  # fmt: skip
def test_what_is_written_in_several_ways_is_one_term(written: str, usual: str) -> None:
    assert terms(written) == terms(usual) != []


def test_dots_and_signs_stay_where_they_are_part_of_a_name() -> None:
    text = "ASP.NET, Vue.js et Node.js. R&D en F#, c/c++"

    assert terms(text) == ["asp", ".net", "vue.js", "node.js", "r&d", "f#", "c", "c++"]


def test_scripts_styles_and_hidden_signs_are_not_words() -> None:
    text = "<style>p{color:red}</style>comp&#8203;table<script>alert(1)</script> &lt;b&gt;paie&lt;/b&gt;"

    assert terms(text) == terms("comptable paie")


def test_a_script_that_is_never_closed_hides_nothing() -> None:
    assert terms("avant <script> comptable") == terms("avant comptable")


def test_a_sentence_ending_before_a_word_is_not_inclusive_writing() -> None:
    assert terms("Un site.Les pages") == terms("Un site. Les pages")


def test_accents_case_and_forms_of_letters_do_not_matter() -> None:
    assert terms("ÉLÈVE e\u0301le\u0300ve eleve ｅｌｅｖｅ œuvre") == [*["elev"] * 4, *terms("oeuvre")]


def test_elisions_and_hyphens_part_words() -> None:
    assert terms("l’équipe d'accueil porte-parole qu’on") == ["equip", "accueil", "port", "parol"]


def test_markdown_html_and_addresses_are_not_words() -> None:
    text = "## Rôle\n<!--more--> <b>**Écrire**</b> [ici](https://example.org/a) ou ecrire@example.org &eacute;crire"

    assert terms(text) == terms("rôle écrire écrire")


def test_an_unclosed_comment_hides_nothing() -> None:
    assert terms("avant <!-- comptable") == terms("avant comptable")


def test_invisible_characters_part_nothing() -> None:
    assert plain("comp\u00adta\u200bble") == "comptable"


def test_english_is_stemmed_as_english() -> None:
    assert terms("The accountants were reporting", "en-GB") == ["account", "report"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We are looking for a designer", "en"), ("Nous cherchons une graphiste", "fr"), ("Excel", "fr"), ("", "fr"),
        ("grant writing", "en"), ("web developer", "en"), ("comptabilité", "fr"), ("chauffeur livreur", "fr"),
    ],
)  # fmt: skip
def test_language_is_guessed_by_stop_words_and_by_look(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("text", "tag", "language"),
    [
        ("I am an accountant and I would like to help you with your books.", "fr", "en"),
        ("Je suis comptable et je voudrais vous aider pour vos comptes.", "en", "fr"),
        ("Project manager", "fr", "fr"),
        ("Je gère les réseaux. Keywords: we are what we do and how we do it", "fr", "en"),
        ("Je suis dans une équipe pour les jeunes. Motto: we are what we do", "fr", "fr"),
        ("Nous parlons anglais", None, "fr"),
        ("with the team", "", "en"),
        ("the accountants", "xx", "en"),
        ("la paie", "FR_fr", "fr"),
    ],
)
def test_a_tag_holds_unless_the_text_is_plainly_in_the_other_language(
    text: str, tag: str | None, language: str
) -> None:
    assert spoken_language(text, tag) == language


def test_an_unknown_language_tag_is_guessed() -> None:
    assert terms("the accountants", "tlh") == ["account"]


def test_each_term_remembers_its_word() -> None:
    assert [(token.term, token.word) for token in tokens(Document("Les Métiers", "fr"))] == [("meti", "métiers")]


@pytest.mark.parametrize(
    "unit",
    [
        "a\u0301\u0316",
        "\u0301\u0316",
        "<a ",
        "<!--",
        "](",
        "ab(",
        "a.b+",
        "ab·e",
        "&",
        "l'",
        "😀",
        "\u05d0\u05b0",
        "<script",
        "<script>",
        "a.",
        "A.",
        "e-",
        "·",
        "b-e",
        ".net",
        "r&",
        "\u200b",
        "x.js",
        "ée",
    ],
)
def test_time_is_linear_in_the_length_of_hostile_text(unit: str) -> None:
    """Linear work on so long a text took 0.3 s at most, quadratic work 12 s and more.

    The time is that of the processor, and the bound far from both: regular expressions count no steps to look at.
    """
    text = Document(unit * (160_000 // len(unit)))

    started = time.process_time()
    analyze(text)

    assert time.process_time() - started < 4
