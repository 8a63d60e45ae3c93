"""Whether a word is written in the masculine, the feminine or both must not decide who is found. Knows words only.

Inclusive endings are cut off before words are split; feminine words become the form that both are stemmed from.
"""

import re

_DOTS = "·•‧⋅∙・"
_FEMININE = r"(?:e|se|esse|euse|rice|trice|drice|ice|ère|ière|ve|ive|ne|enne|ienne|le|elle|te|ète|fe|che|sse|resse|x)s?"
_AFTER_LETTERS = r"(?<=[^\W\d_]{2}.)"  # behind the sign: a pattern that begins with a sign is found faster
_INCLUSIVE = re.compile(
    rf"(?:[{_DOTS}]{_AFTER_LETTERS}{_FEMININE}?(?:[{_DOTS}]?s)?|\.{_AFTER_LETTERS}{_FEMININE}(?:\.s)?"
    rf"|\({_AFTER_LETTERS}{_FEMININE}?(?:\)\()?s?\)s?"
    rf"|/{_AFTER_LETTERS}-?(?:e|se|euse|rice|trice|ice|ère|ière|ne|enne|ienne|ive|ve|fe)(?:[/-]?s)?"
    rf"|-{_AFTER_LETTERS}(?:e|euse|rice|trice|ère|ière|ne|ive|ve)(?:-s|s)?)(?!\w)"
)
_FEMININE_WORD = re.compile(
    r"(?<=\w{2})(?:(?P<t>trice)|(?P<d>drice))s?$"
    r"|(?<=\w{3})(?:(?P<eur>euse|eurice|eux)|(?P<er>ere)|(?P<ien>ienne)|(?P<e>ee)|(?P<if>ive))s?$"
)
_MASCULINE = {"t": "teur", "d": "deur", "eur": "eur", "er": "er", "ien": "ien", "e": "e", "if": "if"}
_MASCULINE_ALREADY = ("ivé", "ivés")
_IRREGULAR = {
    "cheffe": "chef", "maitresse": "maitre", "hotesse": "hote", "poetesse": "poete", "doctoresse": "docteur",
    "publique": "public", "laique": "laic", "franche": "franc", "longue": "long", "douce": "doux", "rousse": "roux",
    "fausse": "faux", "jalouse": "jaloux", "gentille": "gentil", "favorite": "favori", "nouvelle": "nouveau",
    "belle": "beau", "vieille": "vieux", "blanche": "blanc", "seche": "sec", "fraiche": "frais", "grecque": "grec",
    "matrice": "matrice", "cicatrice": "cicatrice", "archive": "archive", "enjeux": "enjeu", "milieux": "milieu",
    "cheveux": "cheveu", "adieux": "adieu",
}  # fmt: skip
_ANY_FORM = {form: word for one, word in _IRREGULAR.items() for form in (one, f"{one}s")}


def without_inclusive_endings(text: str) -> str:
    """Return a text in lower case, « développeur·se » written as « développeur ».

    Examples
    --------
    >>> without_inclusive_endings("un.e chef·fe motivé(e)s, sportif/ive")
    'un chef motivé, sportif'
    """
    return _INCLUSIVE.sub("", text)


def masculine(folded: str, word: str) -> str:
    """Return the form of a French word from which its feminine and its masculine are both stemmed, without accents.

    « -eux » and « -euse » become « -eur », as « -euse » belongs to both « -eux » and « -eur ».

    Examples
    --------
    >>> [masculine(word, word) for word in ("redactrice", "rigoureuse", "rigoureux", "cheffes", "creative")]
    ['redacteur', 'rigoureur', 'rigoureur', 'chef', 'creatif']
    >>> masculine("motivee", "motivée"), masculine("motive", "motivé")
    ('motive', 'motive')
    """
    if folded in _ANY_FORM:
        return _ANY_FORM[folded]
    ending = _FEMININE_WORD.search(folded)
    if ending is None or ending.lastgroup is None or word.endswith(_MASCULINE_ALREADY):
        return folded
    return folded[: ending.start()] + _MASCULINE[ending.lastgroup]
