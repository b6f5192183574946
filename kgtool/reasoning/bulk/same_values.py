"""Literals that are written differently and have the same value (dt-eq), where a rule asks for the same thing twice.

Rules such as that of inverse functional properties compare the objects of triples. The graph holds each triple as it
was told, so these rules look at tables in which literals of one value have one number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from kgtool.reasoning.bulk.dialect import ID, Database
from kgtool.reasoning.bulk.tables import FACTS
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Atom, Var
from kgtool.reasoning.owl.datatypes import variants
from kgtool.vocabulary import PREFIXES, iri

_NOT_ASKED: Final = frozenset({iri("rdf", "type"), iri("owl", "sameAs"), iri("owl", "differentFrom")})
_BATCH: Final = 20_000
#: Datatypes whose values mostly are written otherwise; of two literals with one value, one is of these.
_UNUSUAL: Final = (
    *("normalizedString", "token", "language", "Name", "NCName", "NMTOKEN", "dateTimeStamp", "hexBinary"),
    *("base64Binary", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger", "negativeInteger"),
)
_WHOLE_DECIMAL: Final = r'"[+-]?[0-9]+(\.0*)?"\^\^<' + PREFIXES["xsd"] + "decimal>"


def compares_objects(body: Sequence[Atom], known: Sequence[Var] = ()) -> bool:
    """Tell whether a body asks for the same object in several triples; classes are no literals, nor is what is equal.

    :param known: variables that the axioms settle.
    """
    objects = (atom.object for atom in body if atom.predicate not in _NOT_ASKED and isinstance(atom.object, Var))
    return any(times > 1 for name, times in Counter(objects).items() if name not in known)


class SameValues:
    """Literals of the same value among the objects of facts, in the table ``same_value(id, name)``."""

    def __init__(self, database: Database, terms: Terms) -> None:
        self._database = database
        self._terms = terms
        self._names: dict[int, int] = {}

    def survey(self) -> None:
        """Look for them."""
        names = ", ".join(f"'{PREFIXES['xsd']}{name}>'" for name in _UNUSUAL)
        plain = f"'{PREFIXES['rdf']}PlainLiteral>'"
        unusual = f"split_part(text, '\"^^<', -1) IN ({names}, {plain}) OR regexp_full_match(text, '{_WHOLE_DECIMAL}')"
        used = f"id < 0 AND id IN (SELECT o FROM {FACTS} WHERE o < 0)"
        self._names = {}
        for batch in self._database.batches(f"SELECT id FROM terms WHERE {used} AND ({unusual})", _BATCH):
            self._name([number for (number,) in batch])
        self._database.fill("same_value", f"id {ID}, name {ID}", self._names.items())

    def _name(self, numbers: list[int]) -> None:
        """Give literals and those of the same value one name."""
        self._terms.recall(numbers)
        others = {number: variants(self._terms.term(number)) for number in numbers}
        texts = {str(term) for terms in others.values() for term in terms}
        self._database.fill("wanted_texts", "text VARCHAR", ((text,) for text in texts))
        found = dict(self._database.rows("SELECT t.text, t.id FROM terms t JOIN wanted_texts w ON t.text = w.text"))
        for number, terms in others.items():
            group = [number, *(found[str(term)] for term in terms if str(term) in found)]
            name = min(self._names.get(member, member) for member in group)
            if len(group) > 1:
                self._names |= dict.fromkeys(group, name)

    def seen_through(self, source: str) -> str:
        """Give a table of facts as one in which literals of one value are the same."""
        if not self._names:
            return source
        return f"(SELECT f.s, f.p, coalesce(v.name, f.o) AS o FROM {source} f LEFT JOIN same_value v ON v.id = f.o)"
