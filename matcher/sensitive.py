"""Which texts seem to speak of a person's health, beliefs or other special data (GDPR, articles 9 and 10).

A phrase counts when a text says it of somebody: « je suis diabétique », not « aide aux personnes diabétiques ».
What it does not find may be there all the same: it is made to be quiet about texts on causes and trades.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

# Words between what says of whom a text speaks and what it says of her; no further than the sentence goes.
_BETWEEN = r"(?:\s+[\w’'\-]+){0,2}?\s+"
_ARTICLE = r"(?:un|une|le|la|les|des|du|de|d['’]une?|a|an|the|had|eu|été|atteinte?|grave|longue)\b"
_ARTICLES = rf"(?:\s+{_ARTICLE}|\s+[dl]['’]){{0,4}}\s*"


class SpecialData(StrEnum):
    """What a text seems to speak of."""

    HEALTH = "health"
    BELIEF = "belief"
    POLITICS = "politics"
    UNION = "union"
    SEX_LIFE = "sex_life"
    ORIGIN = "origin"
    OFFENCE = "offence"


@dataclass(frozen=True, slots=True)
class Found:
    """A place of a text: of what it seems to speak, and its words."""

    kind: SpecialData
    words: str


# What stands after « je suis »: regular expressions, French then English; `e?` and the like hold the genders.
_IS = {
    SpecialData.HEALTH: (
        r"malades?|handicapée?|dépressi(?:f|ve)|enceinte|diabétique|épileptique|séropositi(?:f|ve)|bipolaire|autiste"
        r"|asperger|dyslexique|schizophrène|alcoolique|toxicomane|invalide|hospitalisée?|malentendante?|malvoyante?"
        r"|sourde?|aveugle|asthmatique|tétraplégique|paraplégique|en\s+(?:fauteuil|dépression|burn[\s-]?out|chimio\w*)"
        r"|sous\s+antidépresseurs?|en\s+invalidité|travailleu(?:r|se)\s+handicapée?"
        r"|ill|sick|disabled|depressed|pregnant|diabetic|epileptic|hiv[\s-]positive|bipolar|autistic|dyslexic"
        r"|alcoholic|deaf|blind|asthmatic|in\s+a\s+wheelchair|on\s+antidepressants|hospitali[sz]ed"
    ),
    SpecialData.BELIEF: (
        r"musulmane?|chrétien(?:ne)?|catholique|protestante?|évangélique|juif|juive|bouddhiste|hindou(?:e|iste)?|athée"
        r"|croyante?|témoin\s+de\s+jéhovah"
        r"|muslim|christian|catholic|protestant|jewish|buddhist|hindu|atheist|religious"
    ),
    SpecialData.POLITICS: (
        r"communiste|socialiste|anarchiste|royaliste|encartée?|de\s+(?:gauche|droite)|d['’]extrême[\s-](?:gauche|droite)"
        r"|militante?\s+(?:politique|communiste|socialiste|insoumise?)"
        r"|communist|socialist|anarchist|left[\s-]wing|right[\s-]wing|a\s+(?:conservative|liberal|party\s+member)"
    ),
    SpecialData.UNION: (
        r"syndiquée?|syndicaliste|déléguée?\s+syndicale?|(?:membre|adhérente?|élue?)\s+(?:de\s+la\s+)?(?:cgt|cfdt|cftc|fo|unsa|sud)"
        r"|unioni[sz]ed|trade\s+unionist|shop\s+steward|(?:trade\s+)?union\s+member"
    ),
    SpecialData.SEX_LIFE: (
        r"homosexuel(?:le)?|gay|lesbienne|bisexuel(?:le)?|transgenre|asexuel(?:le)?|hétérosexuel(?:le)?|homosexual|lesbian"
        r"|bisexual|transgender|asexual|heterosexual"
    ),
    SpecialData.ORIGIN: (
        r"d['’]origine\s+\w+|rom|gitane?|noire?\s+de\s+peau|sans[\s-]papiers|of\s+\w+\s+(?:origin|descent)|undocumented"
    ),
    SpecialData.OFFENCE: (
        r"condamnée?|incarcérée?|détenue?|en\s+(?:prison|probation)|en\s+liberté\s+conditionnelle|sous\s+bracelet|fichée?"
        r"|convicted|imprisoned|in\s+(?:prison|jail)|on\s+(?:parole|probation)"
    ),
}
# What stands after « mon », « ma », « j'ai » or « je souffre de ».
_HAS = {
    SpecialData.HEALTH: (
        r"handicap|maladie(?:\s+chronique)?|cancer|leucémie|dépression|diabète|épilepsie|séropositivité|vih|schizophrénie"
        r"|autisme|dyslexie|alcoolisme|grossesse|fausse\s+couche|chimiothérapie|traitement\s+médical|burn[\s-]?out"
        r"|problèmes?\s+(?:de\s+santé|psy\w*)|santé\s+(?:fragile|mentale)|rqth|aah|sclérose\s+en\s+plaques|avc|infarctus"
        r"|disability|illness|leuk[ae]emia|depression|diabetes|epilepsy|hiv|schizophrenia|autism|dyslexia|alcoholism"
        r"|pregnancy|miscarriage|chemotherapy|medical\s+treatment|(?:mental\s+)?health\s+(?:problems?|issues?|condition)"
        r"|multiple\s+sclerosis|heart\s+attack|stroke"
    ),
    SpecialData.BELIEF: r"religion|foi\s+\w+|confession|église|mosquée|synagogue|faith|religious\s+beliefs|church",
    SpecialData.POLITICS: (
        r"parti(?:\s+politique|(?!\s+pris))|(?:opinions?|idées?|convictions?)\s+politiques?"
        r"|(?:political\s+)?party|political\s+(?:views?|opinions?)"
    ),
    SpecialData.UNION: r"syndicat|(?:engagement|mandat)\s+syndical|(?:trade\s+)?union",
    SpecialData.SEX_LIFE: (
        r"homosexualité|orientation\s+sexuelle|transition\s+de\s+genre|homosexuality|sexual\s+orientation"
    ),
    SpecialData.ORIGIN: r"origines?\s+ethniques?|race|ethnicity",
    SpecialData.OFFENCE: r"casier(?:\s+judiciaire)?|condamnations?|peine\s+de\s+prison|criminal\s+record|conviction",
}
# What says it by itself, of whomever.
_ALWAYS = {
    SpecialData.HEALTH: (
        r"en\s+arrêt\s+(?:maladie|de\s+travail)|en\s+(?:longue\s+maladie|mi[\s-]temps\s+thérapeutique|congé\s+maternité)"
        r"|reconnue?\s+(?:travailleu(?:r|se)\s+handicapée?|en\s+invalidité)|on\s+sick\s+leave|on\s+maternity\s+leave"
    ),
    SpecialData.OFFENCE: r"sortie?s?\s+de\s+prison\s+(?:en|depuis)|released\s+from\s+prison\s+in",
}
_SELF_IS = (
    r"je\s+suis|j['’]étais|j['’]ai\s+été|je\s+me\s+dis|étant(?:\s+moi[\s-]même)?|i\s+am|i['’]m|i\s+was"
    r"|i\s+have\s+been|i['’]ve\s+been|as\s+i\s+am"
)
_OTHER_IS = (
    r"(?:elle|il|iel)\s+(?:est|était|a\s+été|serait|semble|paraît)|(?:she|he)\s+(?:is|was|has\s+been|seems)|(?:she|he)['’]s"
    r"|they\s+(?:are|seem)"
)
_SELF_HAS = (
    r"j['’]ai|je\s+vis\s+avec|je\s+souffre|mon|ma|mes|i\s+have|i['’]ve|i\s+live\s+with|i\s+suffer(?:ed)?\s+from|my"
)
_OTHER_HAS = (
    r"(?:elle|il|iel)\s+(?:a|souffre|vit\s+avec)|son|sa|ses"
    r"|(?:she|he)\s+(?:has|suffers\s+from|lives\s+with)|her|his|their"
)


def special_data_in(text: str, *, about_others: bool = False) -> tuple[Found, ...]:
    """Return what of a text seems to be special data, in its order: at most one place of each kind.

    `about_others`: the text is about one person whom its writer names « elle » or « il », as a note is.
    """
    found: dict[SpecialData, re.Match[str]] = {}
    for kind, pattern in _patterns(about_others):
        match = pattern.search(text)
        if match is not None and (kind not in found or match.start() < found[kind].start()):
            found[kind] = match
    in_order = sorted(found.items(), key=lambda each: each[1].start())
    return tuple(Found(kind, re.sub(r"\s+", " ", match.group())) for kind, match in in_order)


@cache
def _patterns(about_others: bool) -> tuple[tuple[SpecialData, re.Pattern[str]], ...]:
    is_, has = (f"{_SELF_IS}|{_OTHER_IS}", f"{_SELF_HAS}|{_OTHER_HAS}") if about_others else (_SELF_IS, _SELF_HAS)
    written = [
        *((kind, rf"\b(?:{is_}){_BETWEEN}(?:{said})\b") for kind, said in _IS.items()),
        *((kind, rf"\b(?:{has})\b{_ARTICLES}\b(?:{said})\b") for kind, said in _HAS.items()),
        *((kind, rf"\b(?:{said})\b") for kind, said in _ALWAYS.items()),
    ]
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in written)
