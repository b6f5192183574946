"""An rdflib graph that answers the same look-up faster the second time.

rdflib takes ten microseconds and more for each, and pySHACL reads a shape's triples anew for each node.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import rdflib
from rdflib.paths import Path


class Remembering(rdflib.Graph):
    """A graph that remembers what it was asked, for as long as nothing is added."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self._answers: dict[Any, list[Any]] = {}

    def triples(self, triple: Any) -> Iterator[Any]:  # type: ignore[override]
        """Give the triples that match a pattern."""
        if isinstance(triple[1], Path):
            return iter(super().triples(triple))
        found = self._answers.get(triple)
        if found is None:
            found = self._answers[triple] = list(self._look(triple))
        return iter(found)

    def _look(self, triple: Any) -> Iterator[Any]:
        return super().triples(triple)

    def add(self, triple: Any) -> Any:
        """Add a triple, and forget."""
        self._answers.clear()
        return super().add(triple)

    def remove(self, triple: Any) -> Any:
        """Remove triples, and forget."""
        self._answers.clear()
        return super().remove(triple)
