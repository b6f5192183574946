"""Constraints that look at a value and at nothing else: each distinct value is shown to pySHACL once."""

from __future__ import annotations

from typing import Any, Final

import rdflib
from pyshacl.pytypes import SHACLExecutor
from rdflib.namespace import RDF, RDFS, SH, XSD

from kgtool.reasoning.bulk.dialect import ID, quoted
from kgtool.store.ntriples import terms_of_texts
from kgtool.validate.bulk.columns import Columns
from kgtool.validate.bulk.refused import Refused
from kgtool.validate.shapes import Shape
from kgtool.validate.terms import to_rdflib
from kgtool.validate.view import DataGraph

DATATYPE: Final = SH.datatype
#: The first parameters of these constraints.
LOOK_AT_A_VALUE: Final = frozenset(
    {DATATYPE, SH.pattern, SH.languageIn, SH["in"], SH.minLength, SH.maxLength}
    | {SH.minInclusive, SH.minExclusive, SH.maxInclusive, SH.maxExclusive}
)
#: Datatypes that are not written behind each of their literals.
_UNWRITTEN: Final = frozenset({XSD.string, RDF.langString, RDFS.Literal, RDFS.Datatype})
_BATCH: Final = 10_000
_SOMETHING: Final = rdflib.URIRef("urn:kgtool:any")


def by_value(columns: Columns, data: DataGraph, shape: Shape, component: Any, values: str) -> Refused:
    """Give what a constraint refuses that looks at each value alone.

    :param component: pySHACL's class of the constraint component.
    :param values: a table (focus, value).
    :raises Exception: what pySHACL raises for a constraint that is none.
    """
    asked = columns.make(f"SELECT id, text FROM terms WHERE id IN (SELECT value FROM {values})")
    if not columns.size(asked):
        return Refused(columns.make(f"SELECT focus, value FROM {values} WHERE false"), certain=True)
    datatypes = set(shape.objects(DATATYPE)) if component.constraint_parameters()[0] == DATATYPE else set()
    unlike = " OR ".join(f"NOT ends_with(text, {quoted(f'^^<{each}>')})" for each in datatypes - _UNWRITTEN) or "false"
    wrong = [number for (number,) in columns.database.rows(f"SELECT id FROM {asked} WHERE {unlike}")]
    constraint, executor = component(shape), SHACLExecutor(advanced_mode=True)
    for batch in columns.database.batches(f"SELECT id, text FROM {asked} WHERE NOT ({unlike})", _BATCH):
        terms = map(to_rdflib, terms_of_texts([text for _, text in batch]))
        numbers = dict(zip(terms, (number for number, _ in batch), strict=True))
        results = constraint.evaluate(executor, data, {_SOMETHING: list(numbers)}, [shape, constraint])[1]
        wrong += {numbers[value] for _, _, said in results for _, kind, (_, value) in _values(said)}
    columns.database.fill("wrong_values", f"value {ID}", ((number,) for number in wrong))
    table = columns.make(f"SELECT focus, value FROM {values} SEMI JOIN wrong_values USING (value)")
    return Refused(table, True, shape.node, component.shacl_constraint_component)


def _values(said: Any) -> list[Any]:
    return [triple for triple in said if triple[1] == SH.value]
