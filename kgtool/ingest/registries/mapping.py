"""Any table by a mapping: a SPARQL CONSTRUCT, carried out for each row with ``?column`` bound to what stands in it.

A column's name in lower case and without accents is the name of its variable, with ``_`` for what no variable may hold.
An empty cell binds nothing. Of a JSON object the members are columns: ``address.city`` is ``?address_city``, a list of
values binds its variable to each of them, a list of objects binds the variables of each object together. ``?row`` is
the number of the row, where no column is called so. RML would be one more language, and say no more: who uses kgtool
writes SPARQL already, and that has functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from pyoxigraph import Literal, QueryTriples, Store

from kgtool.errors import InputError, Location, QueryError
from kgtool.ingest.registries.constructed import record_of
from kgtool.ingest.registries.csv_records import csv_records
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.json_records import json_records
from kgtool.ingest.registries.registry import Fault, Record
from kgtool.store.requests import read_query
from kgtool.store.syntax import syntax_error
from kgtool.store.tokens import Token, closing, tokens
from kgtool.vocabulary import PREFIXES

#: Rows of bindings that lists may make of one record, and triples that one record may make.
_MOST_ROWS: Final = 1000
_MOST_TRIPLES: Final = 100_000
_NAME: Final = re.compile(r"\W+")
#: Names of columns to rows of values; the blocks are joined.
Block: TypeAlias = tuple[tuple[str, ...], list[tuple[str, ...]]]


class RowMapping:
    """A mapping that was read.

    :param text: the query.
    :param name: as shown in messages.
    :raises QueryError: if it is no CONSTRUCT query, names a graph, or asks another server.
    """

    def __init__(self, text: str, name: str = "mapping") -> None:
        self.text = text
        words = list(tokens(text))
        form = next((place for place, word in enumerate(words) if word.is_word("CONSTRUCT")), None)
        if form is None or form + 1 >= len(words) or not words[form + 1].is_mark("{"):
            raise QueryError(
                "a mapping is a CONSTRUCT query with a template",
                where=Location(name),
                hint="CONSTRUCT { ?person foaf:name ?name } WHERE { BIND(IRI(CONCAT('…', ?id)) AS ?person) }",
            )
        group = closing(words, form + 1) + 1
        while group < len(words) and not words[group].is_mark("{"):
            group += 1
        if group >= len(words):
            raise QueryError("the mapping has no WHERE { … }", where=Location(name))
        declared = (
            f"PREFIX {prefix}: <{iri}> "
            for prefix, iri in PREFIXES.items()
            if not re.search(rf"(?i)\bPREFIX\s+{prefix}:", text)
        )
        prologue = "".join(declared) + "\n"
        self._before, self._after = prologue + text[: words[group].end], text[words[group].end :]
        self._store = Store()
        self._needed = _needed(words)
        self._columns: dict[str, None] = {}
        request = read_query(text)
        if request.default_graphs is not None or request.named_graphs is not None:
            raise QueryError("a mapping reads the row, and no graph (FROM)", where=Location(name))
        try:
            self._store.query(self._before + self._after)
        except SyntaxError as error:
            raise _said(syntax_error(error, text=prologue + text), name) from error

    def record(self, number: int, blocks: list[Block]) -> Record | Fault:
        """Carry the mapping out on one row."""
        self._columns |= dict.fromkeys(name for names, _ in blocks for name in names)
        values = "".join(_values(block) for block in blocks)
        try:
            found = self._store.query(f"{self._before} {values} {self._after}")
            assert isinstance(found, QueryTriples)
            triples = [triple for _, triple in zip(range(_MOST_TRIPLES + 1), found, strict=False)]
        except (SyntaxError, ValueError, OSError) as error:
            return Fault(number, f"the mapping cannot be carried out on this row: {error}", str(number))
        if not triples:
            bound = " ".join(f"?{name}" for names, _ in blocks for name in names)
            return Fault(number, f"no triple comes of this row, which binds {bound[:200]}", str(number))
        if len(triples) > _MOST_TRIPLES:
            return Fault(number, f"the mapping makes more than {_MOST_TRIPLES:,} triples of this row", str(number))
        # Oxigraph gives the triples of a solution from the last of the template to the first.
        return record_of(number, str(number), reversed(triples))

    def unknown(self) -> tuple[list[str], list[str]]:
        """Give the variables that the mapping needs and no row had, and those that there are; none before any row."""
        return [name for name in self._needed if self._columns and name not in self._columns], list(self._columns)


def _needed(words: list[Token]) -> list[str]:
    """Give the variables of a query that nothing in it gives a value: neither AS, nor VALUES."""
    given: set[str] = set()
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else word
        if word.is_word("AS") and following.kind == "variable":
            given.add(following.text[1:])
        elif word.is_word("VALUES"):
            end = next((at for at in range(place, len(words)) if words[at].is_mark("{")), place)
            given |= {one.text[1:] for one in words[place:end] if one.kind == "variable"}
    named = (word.text[1:] for word in words if word.kind == "variable")
    return [name for name in dict.fromkeys(named) if name not in given]


def _said(error: QueryError, name: str) -> QueryError:
    """Say where in the mapping a fault is: one line of declarations stands before it when it is carried out."""
    where = error.where
    line = where.line - 1 if where is not None and where.line is not None else None
    place = Location(name, line, where.column if where is not None and line else None)
    return QueryError(error.what, where=place, hint=error.hint)


def mapped(source: Input, mapping: RowMapping) -> Iterator[Record | Fault]:
    """Give the records that a mapping makes of the rows of a table (CSV), or of JSON objects.

    :raises InputError: if the file is neither.
    """
    for found in _rows(source):
        if isinstance(found, Fault):
            yield found
            continue
        number, fields = found
        blocks = list(_blocks(fields))
        if not any(_variable(name) == "row" and not isinstance(value, dict) for name, value in fields.items()):
            blocks.insert(0, (("row",), [(_literal(str(number), "integer"),)]))
        size = 1
        for _, rows in blocks:
            size *= len(rows)
        if size > _MOST_ROWS:
            yield Fault(number, f"the lists of this record combine in {size:,} ways; {_MOST_ROWS:,} are allowed")
        else:
            yield mapping.record(number, blocks)


def _rows(source: Input) -> Iterator[tuple[int, Mapping[str, object]] | Fault]:
    head = next(iter(source.blocks()), b"").removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if head in (b"{", b"["):
        yield from json_records(source)
    elif head:
        yield from csv_records(source, (), called=_variable)
    else:
        raise InputError("there is nothing in this file", where=Location(source.name))


def _blocks(fields: Mapping[str, object], prefix: str = "") -> Iterator[Block]:
    """Give the columns with their values: single ones, and blocks of those that go together."""
    for name, value in fields.items():
        variable = prefix + _variable(name)
        match value:
            case dict():
                yield from _blocks(value, f"{variable}_")
            case list() if value and all(isinstance(one, dict) for one in value):
                names = tuple(dict.fromkeys(f"{variable}_{_variable(key)}" for one in value for key in one))
                rows = [{f"{variable}_{_variable(key)}": inner for key, inner in one.items()} for one in value]
                if names:
                    yield names, [tuple(_term(row.get(name)) for name in names) for row in rows]
            case list():
                terms = [term for one in value if (term := _term(one)) != "UNDEF"]
                if terms:
                    yield (variable,), [(term,) for term in terms]
            case _:
                if (term := _term(value)) != "UNDEF":
                    yield (variable,), [(term,)]


def _variable(name: str) -> str:
    """Give the name of the variable of a column.

    >>> _variable("Prénom d'usage"), _variable("St. Œuvre"), _variable("№ 7"), _variable(" ")
    ('prenom_d_usage', 'st_oeuvre', 'no_7', '_')
    """
    decomposed = unicodedata.normalize("NFKD", name.strip()).lower().replace("œ", "oe")
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NAME.sub("_", plain).strip("_") or "_"


def _values(block: Block) -> str:
    names, rows = block
    columns = " ".join(f"?{name}" for name in names)
    return f" VALUES ({columns}) {{ {' '.join('(' + ' '.join(row) + ')' for row in rows)} }}"


def _term(value: object) -> str:
    match value:
        case bool():
            return _literal(str(value).lower(), "boolean")
        case int() if abs(value) < 10**18:
            return _literal(str(value), "integer")
        case float():
            return _literal(repr(value), "double")
        case str() if value.strip():
            return str(Literal(value.strip().encode("utf-8", "replace").decode()))
        case _:
            return "UNDEF"


def _literal(text: str, datatype: str) -> str:
    return f'"{text}"^^<{PREFIXES["xsd"]}{datatype}>'
