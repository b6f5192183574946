"""Terms and their numbers: what the columns hold is numbers, in a table beside them the text of each.

Literals have negative numbers, so that a rule's SQL sees a literal without looking at its text. The text is that of
N-Triples, as Oxigraph writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kgtool.reasoning.bulk.dialect import ID, TEXT, Database, quoted
from kgtool.reasoning.bulk.known_terms import KNOWN_TERMS
from kgtool.reasoning.language import Fact, Term
from kgtool.reasoning.owl.datatypes import OBVIOUSLY_WELL_FORMED
from kgtool.store.ntriples import terms_of_texts


def create_terms(database: Database) -> None:
    """Make the table ``terms(id, text)``, with the terms that every database holds."""
    database.run(f"CREATE TABLE terms (id {ID}, text {TEXT})")
    database.insert("terms", ((number, str(term)) for term, number in KNOWN_TERMS.items()))


class Terms:
    """The numbers of terms in a database's table ``terms``, see :func:`create_terms`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._numbers = dict(KNOWN_TERMS)
        self._terms = {number: term for term, number in KNOWN_TERMS.items()}

    def number(self, term: Term) -> int:
        """Give the number of a term; one that the table lacks gets a new one."""
        if term not in self._numbers:
            self.learn([term])
        return self._numbers[term]

    def learn(self, terms: Iterable[Term]) -> None:
        """Find or give the numbers of many terms at once."""
        by_text = {str(term): term for term in terms if term not in self._numbers}
        for text, number in self._database.having("terms", "text", by_text, "text, id"):
            self._note(by_text.pop(text), number)
        if not by_text:
            return
        down, up = self._database.rows("SELECT min(id), max(id) FROM terms")[0]
        down = min(down, 0)
        for text, term in by_text.items():
            if text.startswith('"'):
                down -= 1
            else:
                up += 1
            self._note(term, down if text.startswith('"') else up)
        self._database.insert("terms", ((self._numbers[term], text) for text, term in by_text.items()))

    def term(self, number: int) -> Term:
        """Give the term of a number."""
        if number not in self._terms:
            self.recall([number])
        return self._terms[number]

    def recall(self, numbers: Iterable[int]) -> None:
        """Find the terms of many numbers at once."""
        new = {number for number in numbers if number not in self._terms}
        rows = self._database.having("terms", "id", new, "id, text")
        for (number, _), term in zip(rows, terms_of_texts([text for _, text in rows]), strict=True):
            self._note(term, number)

    def facts(self, rows: Sequence[tuple[int, int, int]]) -> list[Fact]:
        """Give rows of numbers as facts."""
        self.recall(number for row in rows for number in row)
        known = self._terms
        return [(known[s], known[p], known[o]) for s, p, o in rows]

    def _note(self, term: Term, number: int) -> None:
        self._numbers[term] = number
        self._terms[number] = term


#: IRIs that need no second look: ASCII, without user, odd port, or address in brackets (RFC 3986, appendix A).
_SIGN = r"[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}"
_AFTER = rf"(\?({_SIGN}|[/?])*)?(#({_SIGN}|[/?])*)?"
_WITH_HOST = rf"//[A-Za-z0-9._~-]+(:[0-9]{{1,4}})?(/({_SIGN}|/)*)?"
OBVIOUS_IRI = rf"[A-Za-z][A-Za-z0-9+.-]*:({_WITH_HOST}|({_SIGN})({_SIGN}|/)*){_AFTER}"


def obviously_valid(text: str) -> str:
    """Write the SQL condition that the text of a term needs no second look: Oxigraph would take it.

    :param text: SQL of the text.
    """
    iri = f"regexp_full_match({text}, {quoted(f'<{OBVIOUS_IRI}>')})"
    ends = r'"(@[a-z]{2,3}(-[a-z]{2})?|\^\^<http://www\.w3\.org/2001/XMLSchema#[A-Za-z]+>)$'
    literal = f"{text}[-1] = '\"' OR regexp_matches({text}, {quoted(ends)})"
    return f"CASE {text}[1] WHEN '<' THEN {iri} WHEN '_' THEN true ELSE {literal} END"


def obviously_well_formed(text: str) -> str:
    """Write the SQL condition that the text of a typed literal needs no second look.

    It is one of its datatype, and in the form in which the store keeps it.

    :param text: SQL of the text.
    """
    return " OR ".join(
        f"regexp_full_match({text}, {quoted(_pattern(datatype, form))})"
        for datatype, form in sorted(OBVIOUSLY_WELL_FORMED.items())
    )


def _pattern(datatype: str, form: str) -> str:
    return f'"({form})"\\^\\^<{re.escape(datatype)}>'
