"""Texts that say special data of somebody are found; those about causes, trades and skills are left in peace."""

from importlib.resources import files

import pytest

from matcher.sensitive import SpecialData, special_data_in

K = SpecialData
SAID = {
    "Je suis diabétique.": K.HEALTH,
    "je suis moi-même malentendante": K.HEALTH,
    "J’ai un handicap": K.HEALTH,
    "Je souffre d'une dépression": K.HEALTH,
    "J'ai eu un cancer": K.HEALTH,
    "Je vis avec le VIH": K.HEALTH,
    "Étant aveugle, je préfère le téléphone": K.HEALTH,
    "Je suis reconnue travailleuse handicapée": K.HEALTH,
    "Notre trésorière est en arrêt maladie": K.HEALTH,
    "I'm pregnant": K.HEALTH,
    "I have a disability": K.HEALTH,
    "I suffer from depression": K.HEALTH,
    "Je suis très croyante": K.BELIEF,
    "I am a Muslim": K.BELIEF,
    "Je suis plutôt de gauche": K.POLITICS,
    "my political views": K.POLITICS,
    "Je suis membre de la CGT": K.UNION,
    "I am a trade unionist": K.UNION,
    "Je suis gay": K.SEX_LIFE,
    "I am transgender": K.SEX_LIFE,
    "Je suis d’origine algérienne": K.ORIGIN,
    "J'ai été condamné en 2012": K.OFFENCE,
    "I have a criminal record": K.OFFENCE,
}
SAID_OF_OTHERS = {
    "Elle est enceinte": K.HEALTH,
    "il a une sclérose en plaques": K.HEALTH,
    "She seems depressed": K.HEALTH,
    "Elle semble très croyante": K.BELIEF,
    "his criminal record": K.OFFENCE,
}
NOT_SAID = (
    "",
    "J'accompagne des personnes malades",
    "Je suis infirmière auprès de personnes handicapées",
    "J'ai travaillé dix ans sur le handicap. Malade ou non, chacun vient",
    "Droit des étrangers et des sans-papiers",
    "Je suis comptable d'un syndicat de copropriété",
    "Je suis formatrice en santé mentale",
    "J'ai géré les arrêts maladie et la paie",
    "Mon parti pris : la sobriété",
    "Elle est enceinte",  # not about the writer
    "I work with disabled people",
    "I have run a church choir",
)


@pytest.mark.parametrize(("text", "kind"), SAID.items())
def test_what_a_text_says_of_its_writer_is_found(text: str, kind: SpecialData) -> None:
    (found,) = special_data_in(f"Bonjour. {text} Merci !")

    assert found.kind is kind
    assert found.words in text


@pytest.mark.parametrize(("text", "kind"), SAID_OF_OTHERS.items())
def test_what_a_note_says_of_somebody_is_found(text: str, kind: SpecialData) -> None:
    assert [each.kind for each in special_data_in(text, about_others=True)] == [kind]


@pytest.mark.parametrize("text", NOT_SAID)
def test_causes_and_trades_are_no_special_data(text: str) -> None:
    assert special_data_in(text) == ()


def test_the_demo_has_nothing_to_be_warned_of() -> None:
    demo = files("matcher.demo")
    written = "\n".join(demo.joinpath(name).read_text() for name in ("pieces.jsonl", "needs.jsonl", "stories.json"))

    assert len(written.splitlines()) > 100
    assert [said for line in written.splitlines() if (said := special_data_in(line, about_others=True))] == []


def test_each_kind_is_told_once_in_the_order_of_the_text() -> None:
    text = "Je suis syndiquée, je suis diabétique, j'ai un cancer\net ma\n religion"

    assert [(each.kind, each.words) for each in special_data_in(text)] == [
        (K.UNION, "Je suis syndiquée"),
        (K.HEALTH, "je suis diabétique"),
        (K.BELIEF, "ma religion"),
    ]
