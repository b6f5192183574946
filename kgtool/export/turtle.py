"""Turtle and TriG for people: sorted, with prefixes, blank nodes and lists written where they belong.

Order: graphs (the default graph first), subjects, predicates (``a`` first) and objects by the code points of their
canonical N-Triples tokens: literals, then IRIs, then blank nodes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final

from kgtool.export.names import Names
from kgtool.export.nesting import Nesting, Pair
from kgtool.export.tokens import RDF_NIL, RDF_TYPE, XSD, is_blank, is_literal, literal_parts, subjects

_INDENT: Final = "    "
#: A list that fits stands on one line.
_WIDTH: Final = 100
# RDF 1.1 Turtle, section 2.5 has forms that keep the text of any number; of these the ones that a reader which keeps
# numbers rather than texts (rdflib takes +1 for 1, 0.0000001 for 1E-7) gives back too.
_SHORT_FORMS: Final = {
    f"{XSD}boolean": re.compile("true|false"),
    f"{XSD}integer": re.compile("0|-?[1-9][0-9]*"),
    f"{XSD}decimal": re.compile(r"-?(?:[1-9][0-9]*\.[0-9]+|0\.[0-9]{1,6})"),
}
_ESCAPED = re.compile(r"\\(.)")
_NO_NESTING: Final = Nesting()


def write_turtle(
    rows: Iterable[str], nestings: Mapping[str, Nesting], names: Names, write: Callable[[str], None]
) -> int:
    """Write the body of a Turtle or TriG document, and give the number of statements.

    :param rows: sorted ``graph subject predicate object`` rows; graphs other than "" make TriG.
    :param nestings: by graph, for graphs with blank nodes.
    """
    count, open_graph, nesting = 0, "", nestings.get("", _NO_NESTING)
    for graph, subject, pairs in subjects(rows):
        count += len(pairs)
        if graph != open_graph:
            write("\n}\n" if open_graph else "")
            write(f"\n{graph if is_blank(graph) else names.short(graph)} {{")
            open_graph, nesting = graph, nestings.get(graph, _NO_NESTING)
        if subject not in nesting.inline:
            margin = _INDENT if graph else ""
            write(f"\n{margin}{_Block(nesting, names).statement(subject, pairs, margin)} .")
            write("" if graph else "\n")
    write("\n}\n" if open_graph else "")
    return count


def turtle_prefixes(names: Names) -> str:
    """Give the prefix lines that stand before the body.

    >>> names = Names({"ex": "urn:x:", "no": "urn:y:"})
    >>> _ = names.short("<urn:x:a>")
    >>> turtle_prefixes(names)
    '@prefix ex: <urn:x:> .\\n'
    """
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in names.declarations())


def turtle_literal(token: str, names: Names) -> str:
    r"""Write a literal: short where nothing is lost, over several lines where it holds line feeds.

    >>> [turtle_literal(f'"{text}"^^<{XSD}decimal>', Names({"xsd": XSD})) for text in ("1.50", "1.")]
    ['1.50', '"1."^^xsd:decimal']
    >>> len(turtle_literal('"a\\nb"@fr', Names({})).splitlines())
    2
    """
    escaped, language, datatype = literal_parts(token)
    form = _SHORT_FORMS.get(datatype)
    if form and form.fullmatch(escaped):
        return escaped
    quoted = f'"{escaped}"'
    if "\\n" in escaped:
        text = _ESCAPED.sub(lambda match: "\n" if match.group(1) == "n" else match.group(), escaped)
        quoted = f'"""{text}"""' if "\n" in text else quoted
    if language:
        return f"{quoted}@{language}"
    return f"{quoted}^^{names.short(f'<{datatype}>')}" if datatype else quoted


class _Block:
    """Writes what a graph says about a subject, with all that nests inside it."""

    def __init__(self, nesting: Nesting, names: Names) -> None:
        self._nesting = nesting
        self._names = names

    def statement(self, subject: str, pairs: list[Pair], margin: str) -> str:
        if subject in self._nesting.unnamed:
            start = "[]"
        else:
            start = subject if is_blank(subject) else self._names.short(subject)
        return f"{start}\n{self._pairs(pairs, margin + _INDENT)}"

    def _pairs(self, pairs: list[Pair], margin: str) -> str:
        ordered = sorted(pairs, key=lambda pair: (pair[0] != RDF_TYPE, pair))
        lines = []
        for predicate, group in groupby(ordered, key=itemgetter(0)):
            verb = "a" if predicate == RDF_TYPE else self._names.short(predicate)
            values = [value for _, value in group]
            inner = margin + _INDENT if len(values) > 1 else margin
            lines.append(f"{margin}{verb} " + f",\n{inner}".join(self._object(value, inner) for value in values))
        return " ;\n".join(lines)

    def _object(self, token: str, margin: str) -> str:
        if is_literal(token):
            return turtle_literal(token, self._names)
        if token == RDF_NIL:
            return "()"
        if token in self._nesting.lists:
            return self._list(self._nesting.lists[token], margin)
        if token in self._nesting.inline:
            pairs = self._nesting.described.get(token)
            return f"[\n{self._pairs(pairs, margin + _INDENT)}\n{margin}]" if pairs else "[]"
        return token if is_blank(token) else self._names.short(token)

    def _list(self, members: list[str], margin: str) -> str:
        written = [self._object(member, margin + _INDENT) for member in members]
        line = f"( {' '.join(written)} )"
        if len(line) <= _WIDTH and "\n" not in line:
            return line
        return "(" + "".join(f"\n{margin}{_INDENT}{member}" for member in written) + f"\n{margin})"
