"""The findings for very many nodes that a constraint refuses alike, from what pySHACL says of a few of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from rdflib.namespace import SH

from kgtool.store.ntriples import terms_of_texts
from kgtool.validate.bulk.columns import Columns
from kgtool.validate.bulk.refused import Refused
from kgtool.validate.check import finding_with
from kgtool.validate.report import Finding, Report
from kgtool.validate.shapes import Shapes
from kgtool.validate.terms import to_rdflib

#: The properties of a ``sh:ValidationResult``.
Result: TypeAlias = dict[Any, Any]


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
    terms = dict(zip(texts, map(to_rdflib, terms_of_texts(texts)), strict=True))
    findings = [_like(shapes, found[0], *map(terms.get, row)) for row in rows]
    expected = Report(tuple(finding_with(shapes, result) for result in found))
    looked_at = {finding.focus for finding in expected.findings}
    same = Report(tuple(finding for finding in findings if finding.focus in looked_at))
    return findings if same.ordered() == expected.ordered() else None


def _like(shapes: Shapes, result: Result, focus: Any, value: Any, path: Any) -> Finding:
    said = {SH.focusNode: focus, SH.value: value}
    return finding_with(shapes, {**result, **said} if path is None else {**result, **said, SH.resultPath: path})
