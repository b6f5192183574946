"""What is remembered of a store between two changes, so that a check need not go through the store for it.

Two things depend on more than a node's neighbourhood: which identifiers are the same but for their spelling, and
whether some triple among the thousands of a hub makes it a target. Both are computed once for a store that is open, and
then follow its changes.

What is remembered may be too much, never too little: a change adds to it when it is examined, whether it is then
committed or refused, and nothing is taken away. Who uses it looks again at what it gives. It holds for one commit; the
next one is taken for the change that was examined last if the store holds what that change adds, and else (``kgtool
reason`` commits without examining) all is forgotten.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from kgtool.store.change import QuadDelta
from kgtool.store.interface import QuadStore
from kgtool.store.layout import State
from kgtool.validate.terms import AnyTerm, Term

Key = tuple[Term, ...]

#: After a larger change, it is faster to compute anew what is remembered than to see whether the store holds it.
_MANY = 2000


@dataclass
class Memory:
    """What is known of a store as of a commit and the changes examined since.

    :param shapes: the shapes that it was computed for.
    :param state: the commit.
    :param examined: the change examined last.
    :param untargeted: by target, nodes that are none.
    :param alike: by target, the nodes that share a key.
    :param above: by graphs and class, the classes above it, and itself.
    """

    shapes: object = None
    state: State | None = None
    examined: QuadDelta = field(default_factory=QuadDelta)
    untargeted: dict[Hashable, set[AnyTerm]] = field(default_factory=dict)
    alike: dict[Hashable, dict[Key, set[Term]]] = field(default_factory=dict)
    above: dict[Hashable, dict[AnyTerm, frozenset[AnyTerm]]] = field(default_factory=dict)

    def of(self, shapes: object) -> Memory:
        """Give this memory, emptied if it is of other shapes."""
        if self.shapes is not shapes:
            self.shapes = shapes
            self.untargeted, self.alike = {}, {}
        return self


_MEMORIES: WeakKeyDictionary[QuadStore, Memory] = WeakKeyDictionary()


def memory_of(store: QuadStore, state: State, change: QuadDelta) -> Memory:
    """Give what is remembered of a store, a change of which is going to be examined.

    :param state: its last commit.
    :param change: source quads added and removed; what it adds is to be remembered by who examines it.
    """
    memory = _MEMORIES.get(store)
    if memory is None or not _still_holds(memory, store, state):
        memory = Memory()
    if len(change.added) + len(change.removed) > _MANY:
        _MEMORIES.pop(store, None)
        return memory
    _MEMORIES[store] = memory
    memory.state, memory.examined = state, change
    return memory


def _still_holds(memory: Memory, store: QuadStore, state: State) -> bool:
    before, examined = memory.state, memory.examined
    if before is None or before.store_id != state.store_id:
        return False
    if before.commit == state.commit:
        return True
    return (
        before.commit + 1 == state.commit
        and bool(examined)
        and all(quad in store for quad in examined.added)
        and not any(quad in store for quad in examined.removed)
    )
