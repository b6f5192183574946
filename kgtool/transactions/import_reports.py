"""What an import says of itself: which entities it brought, changed and took away, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from kgtool.ingest.registries.passes import Faults
from kgtool.ingest.registries.registry import Fault

#: Entities that a report names, of each kind of change.
NAMED: Final = 1000


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    :param read: records read, those outside the region included.
    :param described: records that are in the graph now.
    :param added: entities that were not in the graph before, by IRI; ``removed`` and ``changed`` likewise.
    :param triples_added: triples new to the graph.
    :param forgotten: statements about people who were forgotten, which were left out.
    :param inferred: size of the inferred graph now; None where nothing is inferred (``-o``).
    """

    registry: str
    graph: str
    date: str | None
    read: int
    described: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    triples_added: int
    triples_removed: int
    inferred: int | None
    commit: str | None
    faults: Faults = field(default_factory=Faults)
    seconds: dict[str, float] = field(default_factory=dict)
    forgotten: int = 0

    def as_json(self) -> dict[str, object]:
        """Give the report as JSON; of the entities, and of what was left out, the first are named and all counted."""
        named = {"added": self.added, "removed": self.removed, "changed": self.changed}
        return {
            "source": self.registry,
            "graph": self.graph,
            "date": self.date,
            "read": self.read,
            "described": self.described,
            "entities": {name: len(iris) for name, iris in named.items()},
            **{name: list(iris[:NAMED]) for name, iris in named.items()},
            "triples": {"added": self.triples_added, "removed": self.triples_removed},
            "inferred": self.inferred,
            "leftOut": {"records": self.faults.records, "parts": self.faults.parts},
            "faults": [fault.as_json() for fault in self.faults.kept],
            **({"forgotten": self.forgotten} if self.forgotten else {}),
            "commit": self.commit,
            "seconds": self.seconds,
        }


def fault_text(fault: Fault) -> str:
    """Write a fault for a person.

    >>> fault_text(Fault(7, "'x' is no ROR identifier"))
    "row 7: 'x' is no ROR identifier; left out"
    >>> fault_text(Fault(7, "no triple comes of it", "7"))
    'row 7: no triple comes of it; left out'
    """
    key = fault.key if fault.key != str(fault.number) else ""  # the rows of a table have no key of their own
    place = ", ".join(filter(None, (f"row {fault.number}" if fault.number else "", key)))
    return f"{place or 'input'}: {fault.what}; {'that part is ' if fault.part else ''}left out"
