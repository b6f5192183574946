"""What a constraint refuses among the nodes that it is about, as a table."""

from __future__ import annotations

from dataclasses import dataclass

import rdflib

from kgtool.reasoning.bulk.dialect import ID
from kgtool.validate.bulk.columns import Columns


@dataclass(frozen=True)
class Refused:
    """Nodes that a constraint refuses, or may refuse.

    :param table: pairs of a node, and the value for which it is refused or NULL (focus, value).
    :param certain: whether each of these nodes is refused.
    :param shape: the shape that the results for these nodes name, and ``component`` the constraint component; None
        where it is not known that there is one for each pair.
    :param texts: a query for what the results say (focus, value, path), where the pairs do not say it.
    """

    table: str
    certain: bool
    shape: rdflib.term.Node | None = None
    component: rdflib.term.Node | None = None
    texts: str | None = None

    def results(self) -> str:
        """Write a query for the texts of what the results say (focus, value, path)."""
        return self.texts or (
            f"SELECT f.text AS focus, v.text AS value, NULL AS path FROM {self.table} r JOIN terms f ON f.id = r.focus"
            " LEFT JOIN terms v ON v.id = r.value"
        )


def pairs(nodes: str) -> str:
    """Write a query for nodes (node) as pairs without a value."""
    return f"SELECT node AS focus, NULL::{ID} AS value FROM {nodes}"


def all_of(columns: Columns, nodes: str) -> Refused:
    """Say of nodes (node) that each may be refused, for all that is known."""
    return Refused(columns.make(pairs(nodes)), certain=False)
