"""What an atom may match at all: its predicate, and the class where it asks for members of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from kgtool.reasoning.language import Atom, Term, Var
from kgtool.reasoning.matching.solve import Rows
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
#: A predicate, and for types a class; None is any.
Key: TypeAlias = tuple[Term | None, Term | None]


def keys_of(atom: Atom, rows: Rows) -> Sequence[Key]:
    """Give what an atom may match: predicate, and class for types; None is any."""
    named = [node for node in (atom.predicate, atom.object) if isinstance(node, Var) and node in rows.columns]
    keys: dict[Key, None] = {}
    for row in rows.project(named) if named else [()]:
        values = dict(zip(named, row, strict=True))
        predicate = values.get(atom.predicate) if isinstance(atom.predicate, Var) else atom.predicate
        value = values.get(atom.object) if isinstance(atom.object, Var) else atom.object
        keys[predicate, value if predicate == _TYPE else None] = None
    return list(keys)


def overlap(one: Key, other: Key) -> bool:
    """Tell whether two keys may mean the same facts.

    >>> overlap((_TYPE, None), (_TYPE, iri("kg", "Team"))), overlap((_TYPE, None), (iri("kg", "project"), None))
    (True, False)
    """
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))
