"""What is wrong with a SPARQL text, in words for who wrote it.

Oxigraph says how far its parser came and what it expected there, which is exact and seldom helps; what it names is
looked up in the text, and the usual slips are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from kgtool.errors import Location, QueryError
from kgtool.store.declarations import prologue
from kgtool.store.tokens import Token, place_in, tokens
from kgtool.vocabulary import PREFIXES

_QUERY_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
#: The words that an operation of an update starts with.
UPDATE_FORMS = ("INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP", "ADD", "MOVE", "COPY")
_SENTENCE = re.compile(r"(?:expected |one of |, )([A-Z][a-z]+ [^,\[]+[a-zA-Z])")
_KEYWORDS = (
    "WHERE", "OPTIONAL", "UNION", "FILTER", "MINUS", "GRAPH", "BIND", "VALUES", "EXISTS", "DISTINCT", "REDUCED",
    "ORDER", "GROUP", "HAVING", "LIMIT", "OFFSET", "PREFIX", "BASE", "FROM", "NAMED", "USING", "SELECT", "CONSTRUCT",
    "INSERT", "DELETE", "DATA", "SILENT", "UNDEF", "BOUND", "REGEX", "COUNT", "COALESCE", "CONCAT", "LANGMATCHES",
    "CONTAINS", "STRSTARTS", "STRENDS", "SAMPLE", "GROUP_CONCAT", "REPLACE", "DATATYPE", "ISIRI", "ISBLANK",
    "ISLITERAL",
)  # fmt: skip
#: Words that are right in some place, and none of the above.
_OTHERS = frozenset(
    re.findall(
        r"\w+",
        """
        A AS ASC ASK DESC BY NOT IN IF AND TRUE FALSE STR LANG IRI URI BNODE RAND ABS CEIL FLOOR ROUND STRLEN SUBSTR
        UCASE LCASE STRBEFORE STRAFTER ENCODE_FOR_URI YEAR MONTH DAY HOURS MINUTES SECONDS TIMEZONE TZ NOW UUID STRUUID
        MD5 SHA1 SHA256 SHA384 SHA512 STRLANG STRDT SAMETERM ISURI ISNUMERIC SUM MIN MAX AVG SEPARATOR SERVICE DESCRIBE
        INTO TO ALL DEFAULT ADD MOVE COPY CLEAR DROP CREATE LOAD WITH TRIPLE SUBJECT PREDICATE OBJECT ISTRIPLE HASLANG
        HASLANGDIR LANGDIR STRLANGDIR VERSION
        """,
    )
)
_SPARQL = "see https://www.w3.org/TR/sparql11-query/"


def syntax_error(error: SyntaxError, name: str = "query", text: str = "") -> QueryError:
    """Say what is wrong with a SPARQL text, where, and what to do.

    :param error: as Oxigraph raises it.
    :param name: ``query`` or ``update``.
    :param text: the SPARQL text.

    >>> unknown = SyntaxError("error at 1:11: expected one of Prefix not found, ['.']")
    >>> str(syntax_error(unknown, text="ASK { ?s kg:a 1 }"))
    'query:1:10: the prefix kg: is not declared; add PREFIX kg: <https://w3id.org/kgtool/ontology#>'
    >>> str(syntax_error(SyntaxError("error at 1:10: expected CONSTRUCT"), text="SELEC * {}"))
    "query:1:1: a query does not start with 'SELEC'; did you mean SELECT?"
    """
    message = str(error.msg or error)
    line = column = None
    found = re.match(r"error at (\d+):(\d+): ", message)
    if found:
        line, column, message = int(found[1]), int(found[2]), message[found.end() :]
    where = Location(name, line, column)
    words = list(tokens(text))
    slips = (look(words, text, name) for look in (_wrong_start, _not_closed, _misspelt, _not_declared))
    sentence, near = _SENTENCE.search(message), _last_before(words, _offset(text, where))
    fact = f"this cannot be read as SPARQL, near {near.text[:40]!r}" if near else f"this is no {name}"
    if sentence and "not found" not in sentence[1] and "failed" not in sentence[1]:
        fact = sentence[1]
    return next((slip for slip in slips if slip), QueryError(fact, where=where, hint=_SPARQL))


def _wrong_start(words: Sequence[Token], text: str, name: str) -> QueryError | None:
    """Look at the first word after the declarations."""
    end = len(prologue(words, text))
    first = next((word for word in words if word.start >= end), None)
    if first is None:
        return QueryError(f"the {name} is empty", hint=f"start with {_QUERY_FORMS[0] if name == 'query' else 'INSERT'}")
    where = place_in(text, first.start, name)
    forms, others = (_QUERY_FORMS, UPDATE_FORMS) if name == "query" else (UPDATE_FORMS, _QUERY_FORMS)
    if first.is_word(*others):
        other = "an update" if name == "query" else "a query"
        hint = f"use kgtool {other.split()[1]}; over HTTP send it as {other.split()[1]}="
        return QueryError(f"this is {other}", where=where, hint=hint)
    if first.is_word(*forms):
        return None
    meant = get_close_matches(first.text.upper(), (*forms, "PREFIX", "BASE"), 1)
    hint = f"did you mean {meant[0]}?" if meant else f"start with {', '.join(forms[:4])}, …"
    return QueryError(f"{_A[name]} does not start with {first.text[:40]!r}", where=where, hint=hint)


_A = {"query": "a query", "update": "an update"}


def _misspelt(words: Sequence[Token], text: str, name: str) -> QueryError | None:
    """Look for a word that is none of SPARQL's and nearly one: names have a colon there, and variables a mark."""
    for word in words:
        upper = word.text.upper()
        if word.kind != "word" or upper in _OTHERS or upper in _KEYWORDS:
            continue
        meant = get_close_matches(upper, _KEYWORDS, 1, 0.7)
        hint = f"did you mean {meant[0]}?" if meant else f"a name has a prefix, as in ex:{word.text[:40]}"
        return QueryError(f"{word.text[:40]!r} is no word of SPARQL", where=place_in(text, word.start, name), hint=hint)
    return None


def _not_closed(words: Sequence[Token], text: str, name: str) -> QueryError | None:
    """Look for a bracket or a string that is not closed."""
    closers = {"{": "}", "(": ")", "[": "]"}
    opened: list[Token] = []
    for word in words:
        if word.kind == "string" and (len(word.text) == 1 or word.text[0] != word.text[-1]):
            return QueryError("a string is not closed", where=place_in(text, word.start, name), hint="close the quotes")
        if word.kind != "mark":
            continue
        if word.text in closers:
            opened.append(word)
        elif word.text in closers.values():
            if not opened or closers[opened[-1].text] != word.text:
                where = place_in(text, word.start, name)
                return QueryError(f"a {word.text!r} that closes nothing", where=where, hint="count the brackets")
            opened.pop()
    if opened:
        where = place_in(text, opened[-1].start, name)
        return QueryError(f"a {opened[-1].text!r} is not closed", where=where, hint="count the brackets")
    return None


def _not_declared(words: Sequence[Token], text: str, name: str) -> QueryError | None:
    """Look for a prefix without PREFIX, and for a relative IRI without BASE; Oxigraph does not always name them."""
    declared = {words[i + 1].text for i in range(len(words) - 1) if words[i].is_word("PREFIX")}
    based = any(word.is_word("BASE") for word in words)
    for word in words:
        prefix = word.text.partition(":")[0]
        if word.kind == "pname" and f"{prefix}:" not in declared and word.text not in declared:
            hint = _declaration_hint(prefix, [name.removesuffix(":") for name in declared])
            return QueryError(
                f"the prefix {prefix}: is not declared", where=place_in(text, word.start, name), hint=hint
            )
        if word.kind == "iri" and not based and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", word.text):
            hint = "give an absolute IRI, or declare BASE"
            return QueryError(f"{word.text} is not absolute", where=place_in(text, word.start, name), hint=hint)
    return None


def _declaration_hint(prefix: str, declared: Sequence[str]) -> str:
    """Say what to do about a prefix that is not declared: declare a known one, or write one that is meant.

    >>> _declaration_hint("foat", []), _declaration_hint("exx", ["ex"])
    ('did you mean foaf:? then add PREFIX foaf: <http://xmlns.com/foaf/0.1/>', 'did you mean ex:?')
    """
    if prefix in PREFIXES:
        return f"add PREFIX {prefix}: <{PREFIXES[prefix]}>"
    if near := get_close_matches(prefix, declared, 1):
        return f"did you mean {near[0]}:?"
    if near := get_close_matches(prefix.lower(), PREFIXES, 1):
        return f"did you mean {near[0]}:? then add PREFIX {near[0]}: <{PREFIXES[near[0]]}>"
    return "declare it with PREFIX"


def _last_before(words: Sequence[Token], offset: int) -> Token | None:
    """Give the last word that starts before an offset."""
    return next((word for word in reversed(words) if word.start < offset), None)


def _offset(text: str, where: Location) -> int:
    """Give the character offset of a line and column."""
    lines = text.split("\n")[: (where.line or 1) - 1]
    return sum(len(line) + 1 for line in lines) + (where.column or 1) - 1
