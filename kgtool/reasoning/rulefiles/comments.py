"""What a rule says in its leading comments: its label, and which of the nodes that it builds remain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from kgtool.reasoning.language import Var, Widest
from kgtool.reasoning.language.sentence import Sentence, read_sentence
from kgtool.reasoning.rulefiles.words import Words

_COMMENT: Final = re.compile(r"#[^\n\r]*")
_LABEL: Final = re.compile(r"#\s*(fr|en):\s*(\S.*?)\s*")
_IN_WORDS: Final = re.compile(r"#\s*(fr|en), in words:\s*(.*?)\s*")
_FURTHER_IN: Final = re.compile(r"#\s{2,}(\S.*?)\s*")
_SENTENCE_FORM: Final = "write ?name, {?from - ?until} and [one | other], and close what is open"
_DIRECTIVE: Final = re.compile(r"#\s*widest\s*:\s*")
_SHAPE: Final = re.compile(r"\?(?P<node>\w+)\s+by(?P<group>(?:\s+\?\w+)+)\s+over\s+(?P<intervals>.+)")
_INTERVAL: Final = re.compile(r"\s*\?(\w+)\s+-\s+\?(\w+)\s+(unbounded|empty)\s*")
_FORM: Final = "write # widest: ?node by ?group over ?from - ?until unbounded, ?first - ?last empty"


class Directive(NamedTuple):
    """Which nodes remain, and the offset in the text where that is said."""

    widest: Widest
    offset: int


def read_labels(words: Words) -> dict[str, str]:
    """Give a rule's label, by language.

    :raises ParseError: if it lacks one in French or English, or has two.

    >>> read_labels(Words("# fr: Voisin\\n# en: Neighbour\\nCONSTRUCT", "near.rq"))
    {'fr': 'Voisin', 'en': 'Neighbour'}
    """
    labels: dict[str, str] = {}
    for offset, comment in _leading(words):
        found = _LABEL.fullmatch(comment)
        if found is not None:
            if found[1] in labels:
                raise words.refuse(f"a second label in {found[1]}", "give one sentence in each language", offset)
            labels[found[1]] = found[2]
    if set(labels) != {"fr", "en"}:
        raise words.refuse(
            "a rule without its label in French and English", "start it with the lines “# fr: …” and “# en: …”", 0
        )
    return labels


def read_sentences(words: Words, known: Collection[Var]) -> dict[str, Sentence]:
    """Give what a rule says in words of what it concludes, by language; nothing if it says nothing.

    :param known: the variables that may have a value.
    :raises ParseError: if one cannot be read, comes twice or in one language only, or names an unknown variable.

    >>> text = "# fr, in words: ?a\\n# en, in words:\\n#   ?a is here\\nCONSTRUCT"
    >>> read_sentences(Words(text, "near.rq"), {"a"})["en"].parts
    (?a, ' is here')
    """
    found: dict[str, Sentence] = {}
    for language, text, offset in _sentences(words):
        if language in found:
            raise words.refuse(f"a second sentence in {language}", "give one in each language", offset)
        try:
            found[language] = read_sentence(text)
        except ValueError as error:
            raise words.refuse(f"a sentence in which {error}", _SENTENCE_FORM, offset) from error
        for name in found[language].variables():
            if name not in known:
                raise words.refuse(f"a sentence that names ?{name}, which the rule does not", "name another", offset)
    if found and set(found) != {"fr", "en"}:
        raise words.refuse("a sentence in one language only", "give it in French and in English", 0)
    return found


def _sentences(words: Words) -> Iterator[tuple[str, str, int]]:
    """Give language, text and offset of each sentence; it goes on in comments that are further in."""
    said: tuple[str, str, int] | None = None
    for offset, comment in _leading(words):
        begun, more = _IN_WORDS.fullmatch(comment), _FURTHER_IN.fullmatch(comment)
        if said is not None and more is not None:
            said = (said[0], f"{said[1]} {more[1]}".strip(), said[2])
            continue
        if said is not None:
            yield said
        said = (begun[1], begun[2], offset) if begun is not None else None
    if said is not None:
        yield said


def read_directive(words: Words) -> Directive | None:
    """Give what ``# widest: …`` says, if it is there.

    :raises ParseError: if it stands below the start of the query, twice, or cannot be read.

    >>> said = read_directive(Words("# widest: ?n by ?a ?b over ?from - ?until unbounded\\nCONSTRUCT", "near.rq"))
    >>> said.widest.group, said.widest.intervals, said.widest.empty_if_unbound
    ((?a, ?b), ((?from, ?until),), (False,))
    """
    directive: Directive | None = None
    leading = set(_leading(words))
    for offset, comment in _comments(words, len(words.all)):
        found = _DIRECTIVE.match(comment)
        if found is None:
            continue
        if (offset, comment) not in leading:
            raise words.refuse("“widest” inside the query", "write it above CONSTRUCT", offset)
        if directive is not None:
            raise words.refuse("a second “widest”", "a rule builds one kind of node; write two rules", offset)
        directive = Directive(_widest(words, comment[found.end() :].rstrip(), offset + found.end()), offset)
    return directive


def _widest(words: Words, said: str, offset: int) -> Widest:
    shape = _SHAPE.fullmatch(said)
    if shape is None:
        raise words.refuse("“widest” cannot be read", _FORM, offset)
    intervals: list[tuple[Var, Var]] = []
    empty: list[bool] = []
    place = offset + shape.start("intervals")
    for part in shape["intervals"].split(","):
        found = _INTERVAL.fullmatch(part)
        if found is None:
            raise words.refuse(f"{part.strip()[:80]!r} is no interval", _FORM, place)
        intervals.append((Var(found[1]), Var(found[2])))
        empty.append(found[3] == "empty")
        place += len(part) + 1
    group = tuple(Var(name.removeprefix("?")) for name in shape["group"].split())
    return Widest(Var(shape["node"]), group, tuple(intervals), tuple(empty))


def _leading(words: Words) -> Iterator[tuple[int, str]]:
    """Give the comments above the query, and their offsets."""
    return _comments(words, words.start)


def _comments(words: Words, end: int) -> Iterator[tuple[int, str]]:
    """Give the comments before a word: what stands between two words is white space and comments."""
    position = 0
    for index in range(end + 1):
        following = words.all[index].start if index < len(words.all) else len(words.text)
        for found in _COMMENT.finditer(words.text, position, following):
            yield found.start(), found.group()
        position = words.all[index].end if index < len(words.all) else following
