"""The relations of a thing as a drawing: nodes and edges, for the script that draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kgtool.web.addresses import address
from kgtool.web.localising import in_language
from kgtool.web.views import Cell
from kgtool.web.workbench.entity.facts import Group
from kgtool.web.workbench.entity.head import Head
from kgtool.web.workbench.entity.relations import Relations

#: Things around the one in the middle.
_MOST = 40
_LONGEST = 60


def picture(
    iri: str, base: str, top: Head, groups: dict[str, Group], related: Sequence[Relations]
) -> dict[str, list[dict[str, object]]]:
    """Give ``nodes`` and ``edges`` as the script takes them; no edges where there is nothing to draw."""
    kind = top.summary[0].text if top.kinds and top.summary else ""
    nodes: dict[str, dict[str, object]] = {iri: {"id": iri, "label": _short(top.name.text), "kind": kind, "weight": 3}}
    edges: dict[tuple[str, str, str], dict[str, object]] = {}
    for other, label, is_inferred, backwards in _ties(groups, related):
        if other.iri is None or other.iri == iri or (other.iri not in nodes and len(nodes) > _MOST):
            continue
        link = address(other.iri, base)
        nodes.setdefault(
            other.iri,
            {"id": other.iri, "label": _short(other.text), "kind": label, "weight": 1}
            | ({"href": in_language(link)} if link else {}),
        )
        ends = (other.iri, iri) if backwards else (iri, other.iri)
        edges.setdefault(
            (*ends, label), {"source": ends[0], "target": ends[1], "label": label, "inferred": is_inferred}
        )
    return {"nodes": list(nodes.values()), "edges": list(edges.values())}


def _ties(groups: dict[str, Group], related: Sequence[Relations]) -> Iterator[tuple[Cell, str, bool, bool]]:
    for relations in related:
        for row in relations.rows:
            yield row.other, relations.heading, False, False
    for key in ("relation", "incoming"):
        for fact in groups[key].facts if key in groups else ():
            for value in fact.values:
                yield value.cell, fact.name.text, value.inferred, fact.backwards


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
