"""The name of a person in texts and addresses that are not about that person alone."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.store.interface import Subject, Term
from kgtool.transactions.forgetting.rules import Rules
from kgtool.transactions.forgetting.statements import Statements
from kgtool.vocabulary import PROVENANCE, iri

_TYPE: Final = iri("rdf", "type")
#: Stands where a name stood.
REMOVED: Final = "[…]"
_BETWEEN: Final = r"(?:[\W_]|%20){1,4}"
_SEPARATORS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Mention:
    """A text, or an IRI, in which a name still stands."""

    graph: str
    node: str
    property: str

    def as_json(self) -> dict[str, str]:
        """Give it as JSON."""
        return {"graph": self.graph, "node": self.node, "property": self.property}


@dataclass(frozen=True)
class Mentions:
    """What is done about the mentions of people.

    :param removed, added: quads that go, and those that come in their place.
    :param rewritten: how many texts lost a name.
    :param left: where a name still stands.
    :param namesakes: other nodes that bear such a name; they may be others, and because of them no text is touched.
    """

    removed: frozenset[Quad]
    added: frozenset[Quad]
    rewritten: int
    left: tuple[Mention, ...]
    namesakes: tuple[str, ...]


def full_names(people: Iterable[Subject], statements: Statements, rules: Rules) -> set[str]:
    """Give the names of people that have two words or more; one word is no name of somebody."""
    found: set[str] = set()
    for person in people:
        given, family = set(), set()
        for quad in statements.of(person):
            if isinstance(quad.object, Literal):
                if quad.predicate in rules.full_names:
                    found.add(quad.object.value)
                elif quad.predicate in rules.given_names:
                    given.add(quad.object.value)
                elif quad.predicate in rules.family_names:
                    family.add(quad.object.value)
        found |= {f"{first} {last}" for first in given for last in family}
    return {name for name in found if len(words(name)) > 1}


def words(text: str) -> list[str]:
    """Give the words of a text, without case and accents.

    >>> words("François-Xavier PATTOU")
    ['francois', 'xavier', 'pattou']
    """
    return [word for word in _SEPARATORS.split(_plain(text)) if word]


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))


def pattern_of(names: Collection[str], iris: Collection[str] = (), *, escaped: bool = False) -> re.Pattern[str] | None:
    """Give what finds names in a text, whatever the case, the accents, and the marks between words; None for none.

    Two words are found in either order.

    :param iris: are found as they are.
    :param escaped: find letters also as JSON escapes them.

    >>> found = pattern_of(["Zoé Le Gall"])
    >>> [bool(found.search(text)) for text in ("page/zoe_le-gall", "LE GALL, Zoé", "Zoé Le Galliard")]
    [True, True, False]
    """
    texts: dict[str, None] = {}
    for name in names:
        parts = words(name)
        orders = {tuple(parts), (parts[-1], *parts[:-1]), (*parts[1:], parts[0])}
        for order in sorted(orders):
            texts[_BETWEEN.join("".join(_letter(c, escaped) for c in word) for word in order)] = None
    found = [rf"(?<![^\W_])(?:{'|'.join(texts)})(?![^\W_])"] if texts else []
    found += [rf"{re.escape(iri)}(?![\w-])" for iri in sorted(iris, key=len, reverse=True)]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _letter(letter: str, escaped: bool) -> str:
    if not letter.isalpha():
        return re.escape(letter)
    variants = _variants().get(letter, frozenset())
    accents = r"[\u0300-\u036f]*"
    if not escaped:
        return f"[{letter}{''.join(sorted(variants))}]{accents}"
    codes = "|".join(rf"\\u{ord(v):04x}" for v in sorted(variants | ({letter} if not letter.isascii() else set())))
    return rf"(?:{letter}{'|' + codes if codes else ''})(?:\\u03[0-6][0-9a-f])*"


@cache
def _variants() -> dict[str, frozenset[str]]:
    """Give for each plain letter those that are it with an accent."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in chain(range(0xC0, 0x250), range(0x1E00, 0x1F00)):
        plain = _plain(chr(code))
        if len(plain) == 1 and plain.isalpha():
            found[plain].add(chr(code))
    return {letter: frozenset(variants) for letter, variants in found.items()}


def find_mentions(
    quads: Iterable[Quad],
    names: Collection[str],
    iris: Collection[str],
    gone: Collection[Subject],
    statements: Statements,
    rules: Rules,
    *,
    texts: bool,
) -> Mentions:
    """Find where people are named, and take their names out of what tells where facts come from.

    :param quads: those that stay.
    :param names: full names; ``iris`` the IRIs and identifiers of the people, which go from every text.
    :param texts: take the names out of all other texts, too.
    """
    by_name, by_iri = pattern_of(names), pattern_of((), iris)
    if by_name is None and by_iri is None:
        return Mentions(frozenset(), frozenset(), 0, (), ())
    origins: dict[Term, bool] = {}
    sources: set[Term] = set()
    hits: list[tuple[Quad, bool]] = []
    namesakes: set[Subject] = set()
    for quad in quads:
        sources.add(quad.graph_name)  # type: ignore[arg-type]
        named = by_name is not None and any(by_name.search(text) for text in _texts(quad))
        listed = by_iri is not None and any(by_iri.search(text) for text in _texts(quad))
        if named or listed:
            hits.append((quad, listed))
            if named and quad.predicate in rules.full_names and isinstance(quad.object, Literal):
                alone = by_name is not None and by_name.fullmatch(quad.object.value.strip())
                if alone and isinstance(quad.subject, Subject) and quad.subject not in gone:
                    namesakes.add(quad.subject)

    def tells_origin(node: Term) -> bool:
        if node not in origins:
            classes = [q.object for q in statements.of(node, _TYPE)] if isinstance(node, Subject) else []
            origins[node] = node in sources or (bool(classes) and all(c in rules.tells_origin for c in classes))
        return origins[node]

    namesakes = {node for node in namesakes if not tells_origin(node)}
    removed: set[Quad] = set()
    added: set[Quad] = set()
    left: list[Mention] = []
    rewritten = 0
    for quad, listed in hits:
        subject, predicate, value = quad.triple
        free = not namesakes and (quad.graph_name == PROVENANCE or tells_origin(subject))
        if isinstance(value, Literal) and not _in_iri(subject, by_name, by_iri) and (listed or free or texts):
            text = value.value
            if by_iri is not None:
                text = by_iri.sub(REMOVED, text)
            if by_name is not None and (free or texts):
                text = by_name.sub(REMOVED, text)
            removed.add(quad)
            added.add(Quad(subject, predicate, _with(value, text), quad.graph_name))
            rewritten += 1
        elif (not isinstance(value, Literal) and free) or (_in_iri(subject, by_name, by_iri) and free):
            removed.add(quad)
        else:
            left.append(Mention(_name(quad.graph_name), _name(subject), predicate.value))
    return Mentions(
        frozenset(removed), frozenset(added), rewritten, tuple(left), tuple(sorted(_name(n) for n in namesakes))
    )


def _texts(quad: Quad) -> Iterable[str]:
    for term in (quad.subject, quad.object):
        if isinstance(term, NamedNode | Literal):
            yield term.value


def _in_iri(term: object, *patterns: re.Pattern[str] | None) -> bool:
    return isinstance(term, NamedNode) and any(p is not None and p.search(term.value) for p in patterns)


def _with(literal: Literal, text: str) -> Literal:
    if literal.language:
        return Literal(text, language=literal.language)
    return Literal(text)


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)
