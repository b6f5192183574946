"""Names as words that can be compared, and how alike two names are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kgtool.link.people.printed_names import HONORIFICS

#: Characters of a name that are looked at, and words.
MAX_NAME: Final = 500
MAX_WORDS: Final = 60
_LETTERS: Final = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
#: What stands above or below a letter, taken apart.
_MARKS: Final = re.compile("[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u064b-\u065f]+")
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
#: Marks between the letters and digits of an identifier.
_BETWEEN: Final = re.compile(r"[\W_]+")
_PARTS: Final = re.compile(r"[/#?=]")
#: An acronym with a point behind each letter; two letters are initials.
_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}[^\W\d_]\b\.?")
#: The name of a register before an identifier, and an address without its scheme.
_REGISTER: Final = re.compile(r"[A-Za-z]{2,12}\s*[:\s]\s*(?!//)(\S{7,}|[\d ]{7,}[\dxX])")
_HOST: Final = re.compile(r"(?:[a-z][\w-]*\.)+[a-z]{2,}/\S", re.IGNORECASE)
#: What tables leave out of names, and before which letters the articles of one letter stand.
_ARTICLES: Final = frozenset({"de", "du", "des", "la", "le", "les", "of", "the", "et", "and", "au", "aux", "en", "for"})
_ELIDED: Final = frozenset({"d", "l"})
_VOWELS: Final = tuple("aeiouyh")
_DIGIT: Final = re.compile(r"\d")
#: Digits of an identifier, at least: ROR ends with two, and has one in front.
_DIGITS: Final = 3
#: From how alike on two words may be one, misspelt.
_ALIKE: Final = 0.75
_BEGINNING: Final = 0.8
_INITIAL: Final = 0.7
#: From how alike on a word that no name has may be one that names have: one letter of five wrong is .8, rounded.
_MISSPELT: Final = 0.79
#: What names are worth that say the same words in another order.
REORDERED: Final = 0.98
#: Most of what names are worth that are not the same.
_NOT_THE_SAME: Final = 0.97
_OTHER_NUMBERS: Final = 0.7
#: What names are worth that are the same but for articles, for titles before them, or for where words end.
_NEARLY_THE_SAME: Final = 0.96

#: What names are worth that are the same but for an acronym.
_OF_ACRONYMS: Final = 0.94
#: Letters of words that acronyms leave out, and of what is no acronym.
_LITTLE: Final = 2
_ARTICLE: Final = 0.3
_NO_WEIGHTS: Final[Mapping[str, float]] = {}


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Give the words of a name: without case and accents, letters and digits apart.

    >>> words("C.H.U. d'Amiens — UMR8199"), words("Cœur & Poumon"), words("J.F. Paul")
    (('chu', 'd', 'amiens', 'umr', '8199'), ('coeur', 'poumon'), ('j', 'f', 'paul'))
    >>> words("\\ud800")
    ()
    """
    cut = _DOTTED.sub(lambda found: found[0].replace(".", "") + " ", text[:MAX_NAME])
    if cut.isascii():
        return tuple(_WORD.findall(cut.lower())[:MAX_WORDS])
    cut = cut.encode("utf-8", "ignore").decode()
    folded = unicodedata.normalize("NFKD", cut).casefold().translate(_LETTERS)
    return tuple(_WORD.findall(_MARKS.sub("", folded))[:MAX_WORDS])


def key(found: Sequence[str]) -> str:
    """Give what two names have in common that say the same words, in whatever order.

    >>> key(words("Pattou, François")) == key(words("FRANCOIS PATTOU"))
    True
    """
    return " ".join(sorted(found))


def likeness(asked: Sequence[str], held: Sequence[str], weights: Mapping[str, float] = _NO_WEIGHTS) -> float:
    """Say how alike two names are, from 0 to 1; only the same words make more than .97.

    Words are paired: the same, misspelt, begun, or an initial. What counts is the weight of the pairs among the words
    of both names. Words with digits are never misspelt: unit 1190 is not unit 1172.

    An acronym stands for the words that it is made of.

    :param weights: of words; what many names have says little. A word without one has 1, or less if it is short, as an
        article is.

    >>> likeness(words("CHU Lille"), words("CHU de Lille")) > likeness(words("CHU Lille"), words("CHU de Rouen"))
    True
    >>> likeness(("u", "1190"), ("u", "1172")) < .5
    True
    >>> likeness(words("CHU Lille"), words("CHU de Lille"))
    0.96
    """
    if not asked or not held:
        return 0.0
    if list(asked) == list(held):
        return 1.0
    if key(asked) == key(held):
        return REORDERED
    if "".join(asked) == "".join(held) or key(without_articles(asked)) == key(without_articles(held)):
        return _NEARLY_THE_SAME
    untitled = without_titles(asked), without_titles(held)
    if (len(untitled[0]), len(untitled[1])) != (len(asked), len(held)):
        return min(_NEARLY_THE_SAME, likeness(*untitled, weights))
    for long, short in ((asked, held), (held, asked)):
        shorter = _with_acronym(tuple(long), tuple(short))
        if shorter is not None:
            return _OF_ACRONYMS * likeness(shorter, short, weights)
    paired = _paired(asked, held)
    of_asked = [weights.get(word) or _weight(word) for word in asked]
    of_held = [weights.get(word) or _weight(word) for word in held]
    covered = sum(of_asked[mine] * worth for mine, _, worth in paired) / sum(of_asked)
    covering = sum(of_held[theirs] * worth for _, theirs, worth in paired) / sum(of_held)
    both = covered + covering
    alike = 2 * covered * covering / both if both else 0.0
    spelt = fuzz.ratio(" ".join(asked), " ".join(held)) / 100
    numbers, others = {word for word in asked if word.isdigit()}, {word for word in held if word.isdigit()}
    found = _NOT_THE_SAME * (alike if numbers or others else max(alike, 0.95 * spelt))
    return found * _OTHER_NUMBERS if numbers and others and not numbers & others else found


def without_articles(found: Sequence[str]) -> tuple[str, ...]:
    """Give the words of a name that are no articles; all where there are no others.

    >>> without_articles(words("Hôpital de l'Oise")), without_articles(words("Vitamine D"))
    (('hopital', 'oise'), ('vitamine', 'd'))
    """
    following = (*found[1:], "")
    kept = tuple(
        word
        for word, after in zip(found, following, strict=True)
        if word not in _ARTICLES and not (word in _ELIDED and after.startswith(_VOWELS))
    )
    return kept or tuple(found)


def without_titles(found: Sequence[str]) -> Sequence[str]:
    """Give the words of a name without the titles before it, as long as two words are left.

    >>> without_titles(words("Prof. Dr. Marie Curie")), without_titles(words("Dr House"))
    (('marie', 'curie'), ('dr', 'house'))
    """
    while len(found) > _LITTLE and found[0] in HONORIFICS:
        found = found[1:]
    return found


def _weight(word: str) -> float:
    return _ARTICLE if len(word) <= _LITTLE and word.isalpha() else 1.0


def _with_acronym(long: tuple[str, ...], short: tuple[str, ...]) -> tuple[str, ...] | None:
    """Put an acronym of the one name in the place of the words of the other that it is made of; None if there is none.

    >>> _with_acronym(words("Centre hospitalier et universitaire d'Amiens"), ("chu", "d", "amiens"))
    ('chu', 'd', 'amiens')
    """
    told = [place for place, word in enumerate(long) if len(word) > _LITTLE]
    initials = "".join(long[place][0] for place in told)
    for acronym in short:
        if len(acronym) > _LITTLE and acronym in initials and acronym not in long and acronym.isalpha():
            start = initials.index(acronym)
            first, last = told[start], told[start + len(acronym) - 1]
            return (*long[:first], acronym, *long[last + 1 :])
    return None


def _paired(asked: Sequence[str], held: Sequence[str]) -> list[tuple[int, int, float]]:
    """Pair words, each once, the best pairs first: place in one, place in the other, worth."""
    where: dict[str, list[int]] = {}
    for place in reversed(range(len(held))):
        where.setdefault(held[place], []).append(place)
    chosen = [(mine, where[word].pop(), 1.0) for mine, word in enumerate(asked) if where.get(word)]
    mine_taken, theirs_taken = {mine for mine, _, _ in chosen}, {theirs for _, theirs, _ in chosen}
    left = [theirs for theirs in range(len(held)) if theirs not in theirs_taken]
    pairs = [
        (worth, mine, theirs)
        for mine in range(len(asked))
        if mine not in mine_taken
        for theirs in left
        if (worth := _alike(asked[mine], held[theirs]))
    ]
    for worth, mine, theirs in sorted(pairs, key=lambda pair: -pair[0]):
        if mine not in mine_taken and theirs not in theirs_taken:
            mine_taken.add(mine)
            theirs_taken.add(theirs)
            chosen.append((mine, theirs, worth))
    return chosen


def _alike(word: str, other: str) -> float:
    if word[0].isdigit() or other[0].isdigit():
        return 0.0
    short, long = (word, other) if len(word) <= len(other) else (other, word)
    size = len(short)
    if size == 1:
        return _INITIAL if long[0] == short else 0.0
    if size >= 3 and long.startswith(short):
        return _BEGINNING
    if size < 4 or size < _ALIKE * len(long):
        return 0.0
    return OSA.normalized_similarity(word, other, score_cutoff=_ALIKE)


def misspellings(word: str, known: Sequence[str]) -> list[tuple[str, float]]:
    """Give the known words that a word may mean, misspelt, with how alike they are, the best first.

    >>> misspellings("universty", ["university", "diversity", "lille"])
    [('university', 0.9)]
    >>> misspellings("irihs", ["irhis"]), misspellings("oubaixr", ["roubaix"])
    ([('irhis', 0.8)], [])
    """
    if len(word) < 4 or word[0].isdigit():
        return []
    found = [
        (other, OSA.normalized_similarity(word, other, score_cutoff=_MISSPELT))
        for other in known
        if abs(len(other) - len(word)) <= 2
    ]
    return sorted((pair for pair in found if pair[1]), key=lambda pair: -pair[1])[:5]


def bare_identifier(text: str) -> str:
    """Give what is compared of an identifier: of an IRI the part with the number, without marks and case.

    >>> bare_identifier("https://ror.org/02PPYFA04"), bare_identifier("0000-0001-2345-678X")
    ('02ppyfa04', '000000012345678x')
    >>> bare_identifier("http://www.idref.fr/026404788/id"), bare_identifier("IdRef: 026404788")
    ('026404788', '026404788')
    >>> bare_identifier("ror.org/02ppyfa04"), bare_identifier("ISNI 0000 0001 2242 678X")
    ('02ppyfa04', '000000012242678x')
    >>> bare_identifier("https://w3id.org/a/rnsr/201523884A/person/jean-paul")
    'httpsw3idorgarnsr201523884apersonjeanpaul'
    """
    text = _without_register(text[:MAX_NAME])
    if "://" in text:
        # A number further ahead is of what the thing belongs to, and one in the host is of nothing.
        parts = [part for part in _PARTS.split(text.partition("://")[2].partition("/")[2]) if part][-2:]
        text = next((part for part in reversed(parts) if _DIGIT.search(part)), text)
    return _BETWEEN.sub("", text.casefold())


def looks_like_identifier(text: str) -> bool:
    """Tell whether a text in the place of a name may be an identifier: an address, or a word or groups with digits.

    >>> [looks_like_identifier(text) for text in ("RNSR 202012345A", "UMR 8199", "ror.org/02ppyfa04", "Lille 2")]
    [True, False, True, False]
    >>> looks_like_identifier("0000 0001 2242 678X"), looks_like_identifier("3 rue de Lille 59000")
    (True, False)
    """
    text = _without_register(text[:MAX_NAME])
    groups = text.split()
    plain = len(groups) == 1 or all(each.rstrip("xX").isdigit() for each in groups)
    return "://" in text or (plain and sum(c.isdigit() for c in text) >= _DIGITS)


def _without_register(text: str) -> str:
    """Leave out the name of a register before an identifier, and write an address in full."""
    text = text.strip()
    found = _REGISTER.fullmatch(text)
    if found and sum(c.isdigit() for c in found[1]) >= _DIGITS:
        text = found[1]
    return f"https://{text}" if _HOST.match(text) else text
