"""What makes two answers the same: bags of rows, blank nodes matched jointly across them, literals by value.

Every answer becomes a sorted list of lines that is equal for equal answers, so that pytest shows what differs.
A table is written as a graph (one node for each distinct row, with how often it comes) and made canonical as graphs
are.
"""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Quad, Triple

Term = NamedNode | BlankNode | Literal
Row = tuple[Term | None, ...]

XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGERS = {
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
}
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)T24:00:00(\.0+)?(.*)")
SECONDS = re.compile(r"(:\d\d)\.(\d*?)0*(?!\d)")


def by_value(term: Term) -> Term:
    """Give a term with one spelling for each value; ill-typed literals and other types stay as they are.

    The types derived from xsd:integer share its value space, so their values become xsd:integer.
    """
    if not isinstance(term, Literal):
        return term
    if term.language:
        return Literal(term.value, language=term.language.lower())
    datatype = term.datatype.value
    text = term.value.strip()
    if datatype in INTEGERS and re.fullmatch(r"[+-]?\d+", text):
        return Literal(int(text))
    elif datatype == XSD + "decimal" and DECIMAL.fullmatch(text):
        text = _plain(Decimal(text))
    elif datatype in (XSD + "double", XSD + "float"):
        text = _floating(text, single=datatype.endswith("float"))
    elif datatype == XSD + "boolean":
        text = {"1": "true", "0": "false"}.get(text, text)
    elif datatype in (XSD + "dateTime", XSD + "date", XSD + "time"):
        text = _moment(text)
    else:
        return term
    return Literal(text, datatype=term.datatype)


def _plain(number: Decimal) -> str:
    return format(number.normalize() if number else Decimal(0), "f")


def _floating(text: str, *, single: bool) -> str:
    spelled = {"INF": "inf", "+INF": "inf", "-INF": "-inf", "NaN": "nan"}
    try:
        number = float(spelled.get(text, text))
    except ValueError:
        return text
    if not single or not math.isfinite(number):
        return repr(number)
    number = _single(number)
    return next(short for digits in range(1, 10) if _single(float(short := f"{number:.{digits}g}")) == number)


def _single(number: float) -> float:
    (nearest,) = struct.unpack("<f", struct.pack("<f", number))
    assert isinstance(nearest, float)
    return nearest


def _moment(text: str) -> str:
    if midnight := MIDNIGHT.fullmatch(text):
        day = datetime.fromisoformat(midnight[1]) + timedelta(days=1)
        text = f"{day:%Y-%m-%d}T00:00:00{midnight[3]}"
    text = SECONDS.sub(lambda found: f"{found[1]}.{found[2]}".removesuffix("."), text)
    return re.sub(r"[+-]00:00$", "Z", text)


def graph_lines(quads: Iterable[Quad | Triple]) -> list[str]:
    """Write a graph or dataset so that equal ones (up to blank node names) give equal lines."""
    return sorted(str(quad) for quad in _canonical(quads))


def _canonical(quads: Iterable[Quad | Triple]) -> Dataset:
    dataset = Dataset()
    for found in quads:
        graph = found.graph_name if isinstance(found, Quad) else DefaultGraph()
        value = found.object if isinstance(found.object, Triple) else by_value(found.object)
        dataset.add(Quad(found.subject, found.predicate, value, graph))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def table_lines(variables: Sequence[str], rows: Iterable[Row], *, ordered: bool) -> list[str]:
    """Write a table of solutions so that equal ones give equal lines: the order of columns does not count.

    :param ordered: whether the order of rows counts.
    """
    quads: list[Quad] = []
    for index, (row, times) in enumerate(_distinct([tuple(map(_value, row)) for row in rows], ordered=ordered)):
        node = BlankNode(f"row{index}")
        quads.append(Quad(node, NamedNode("row:place"), Literal(index if ordered else 0)))
        quads.append(Quad(node, NamedNode("row:times"), Literal(times)))
        quads += [
            Quad(node, NamedNode(f"value:{name}"), term)
            for name, term in zip(variables, row, strict=True)
            if term is not None
        ]
    cells: dict[str, list[tuple[str, str]]] = {}
    for quad in _canonical(quads):
        cells.setdefault(str(quad.subject), []).append((quad.predicate.value, str(quad.object)))
    lines = sorted(" ".join(f"{name}={text}" for name, text in sorted(row)) for row in cells.values())
    return [f"variables: {' '.join(sorted(variables))}", *lines]


def _distinct(rows: list[Row], *, ordered: bool) -> Iterable[tuple[Row, int]]:
    return ((row, 1) for row in rows) if ordered else Counter(rows).items()


def _value(term: Term | None) -> Term | None:
    if isinstance(term, BlankNode):
        return BlankNode(f"value{term.value}")  # no blank node of the answer is taken for a row
    return term if term is None else by_value(term)


def csv_term(cell: str) -> Term | None:
    """Read a CSV cell as far as the format tells: nothing, a blank node, a number by its value, else a text.

    :param cell: as in the file, after unquoting (SPARQL 1.1 CSV results, section 3).
    """
    if not cell:
        return None
    if cell.startswith("_:"):
        return BlankNode(cell.removeprefix("_:"))
    try:
        number = Decimal(cell)
    except InvalidOperation:
        return Literal(cell)
    return Literal(_plain(number) if number.is_finite() else cell.lower())


def plain_term(term: Term | None) -> Term | None:
    """Give what `csv_term` would read where a term is written as CSV."""
    return term if term is None or isinstance(term, BlankNode) else csv_term(by_value(term).value)
