"""The findings for very many nodes that a constraint refuses alike, from what pySHACL says of a few of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias

from pyoxigraph import NamedNode
from rdflib.namespace import SH

from kgtool.store.ntriples import terms_of_texts
from kgtool.validate.bulk.columns import Columns
from kgtool.validate.bulk.refused import Refused
from kgtool.validate.check import finding_with
from kgtool.validate.report import Finding, Report
from kgtool.validate.shapes import Shapes
from kgtool.validate.terms import Term, to_rdflib

#: The properties of a ``sh:ValidationResult``.
Result: TypeAlias = dict[Any, Any]
_ONE: Final = NamedNode("urn:kgtool:one")
_OTHER: Final = NamedNode("urn:kgtool:other")


def alike(columns: Columns, shapes: Shapes, refused: Refused, samples: Sequence[Result]) -> list[Finding] | None:
    """Give the findings for all that a constraint refuses.

    :param samples: pySHACL's results for some of the nodes.
    :returns: None if these do not say what is expected, so that nothing is known of the others.
    """
    found = [
        result
        for result in samples
        if (result[SH.sourceShape], result[SH.sourceConstraintComponent]) == (refused.shape, refused.component)
    ]
    if not found:
        return None
    rows = columns.database.rows(refused.results())
    texts = list({text for row in rows for text in row if text is not None})
    terms = dict(zip(texts, terms_of_texts(texts), strict=True))
    findings = list(_like(shapes, found[0], [tuple(map(terms.get, row)) for row in rows]))
    expected = Report(tuple(finding_with(shapes, result) for result in found))
    looked_at = {finding.focus for finding in expected.findings}
    same = Report(tuple(finding for finding in findings if finding.focus in looked_at))
    return findings if same.ordered() == expected.ordered() else None


def _like(shapes: Shapes, result: Result, rows: Sequence[tuple[Term | None, ...]]) -> Iterator[Finding]:
    """Make findings of a result, each with another focus, value and path."""

    def about(focus: Term | None, value: Term | None, path: Term | None) -> Finding:
        said = {SH.focusNode: None if focus is None else to_rdflib(focus)}
        said[SH.value] = None if value is None else to_rdflib(value)
        if path is not None:
            said[SH.resultPath] = to_rdflib(path)
        return finding_with(shapes, {**result, **said})

    finding = about(_ONE, _ONE, None)
    names_them = finding.message != about(_OTHER, _OTHER, None).message
    if names_them or any(path is not None for _, _, path in rows):
        yield from (about(*row) for row in rows)
    else:
        yield from (replace(finding, focus=focus, value=value) for focus, value, _ in rows)
