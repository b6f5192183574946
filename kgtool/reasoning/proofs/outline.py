"""Proofs in the order in which they are told: steps are numbered, and each is told once, however often it is used.

The steps of a proof may share others, and stand on each other by the hundred. Written out as a tree a proof could be of
any length and depth; an outline is never longer than the proofs have steps, nor deeper than was asked for.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kgtool.reasoning.language import Fact
from kgtool.reasoning.proofs.proof import Said, Step


@dataclass(frozen=True)
class Reference:
    """Stands for a step that is told elsewhere.

    :param below: whether that is further down.
    """

    number: int
    fact: Fact
    below: bool


@dataclass(frozen=True)
class Told:
    """A step where it is told.

    :param number: from 1, over all proofs of an outline.
    :param size: steps and leaves, counted as often as they are used; ``depth``: how many steps stand one on the other.
    :param like: the number of an earlier step that concludes something else by the same rule from the same premises.
    """

    number: int
    step: Step
    size: int
    depth: int
    premises: tuple[Told | Reference | Said, ...]
    like: int | None = None


@dataclass(frozen=True)
class OutlinedProof:
    """A proof in parts: its conclusion with what stands on it, then what is too deep to stand there.

    :param steps: how many different steps it has, those of earlier proofs included.
    """

    parts: tuple[Told, ...]
    steps: int


_Identity: TypeAlias = int


def outline(proofs: Sequence[Step], deepest: int) -> tuple[OutlinedProof, ...]:
    """Put proofs in order.

    :param deepest: how many steps may stand one on the other before the rest is told further down.
    """
    return tuple(_Outline(proofs, deepest).told())


class _Outline:
    """An outline under way."""

    def __init__(self, proofs: Sequence[Step], deepest: int) -> None:
        self._proofs = proofs
        self._deepest = deepest
        self._identities: dict[int, _Identity] = {}
        self._known: dict[Hashable, _Identity] = {}
        self._sizes: dict[_Identity, tuple[int, int]] = {}
        self._numbers: dict[_Identity, int] = {}
        self._told: set[_Identity] = set()
        self._reasons: dict[_Identity, Hashable] = {}
        self._first_by_reason: dict[Hashable, _Identity] = {}
        self._waiting: list[Step] = []
        for proof in proofs:
            self._identify(proof)

    def told(self) -> list[OutlinedProof]:
        found = []
        for proof in self._proofs:
            self._waiting = [proof]
            parts = []
            while self._waiting:
                step = self._waiting.pop(0)
                # The whole of a proof may be a part of an earlier one, and is told again: it is what was asked for.
                if step is proof or self._identities[id(step)] not in self._told:
                    parts.append(self._tell(step, 1))
            found.append(OutlinedProof(tuple(parts), self._count(proof)))
        return found

    def _tell(self, step: Step, level: int) -> Told:
        identity = self._identities[id(step)]
        self._told.add(identity)
        number = self._number(identity)
        premises: list[Told | Reference | Said] = []
        for premise in step.premises:
            if isinstance(premise, Said):
                premises.append(premise)
                continue
            other = self._identities[id(premise)]
            if other in self._told:
                premises.append(Reference(self._number(other), premise.fact, below=False))
            elif level >= self._deepest:
                premises.append(Reference(self._number(other), premise.fact, below=True))
                self._waiting.append(premise)
            else:
                premises.append(self._tell(premise, level + 1))
        first = self._first_by_reason.setdefault(self._reasons[identity], identity)
        like = self._numbers[first] if first != identity and step.premises else None
        return Told(number, step, *self._sizes[identity], tuple(premises), like)

    def _number(self, identity: _Identity) -> int:
        return self._numbers.setdefault(identity, len(self._numbers) + 1)

    def _count(self, proof: Step) -> int:
        found: set[_Identity] = set()
        waiting = [proof]
        while waiting:
            step = waiting.pop()
            if self._identities[id(step)] not in found:
                found.add(self._identities[id(step)])
                waiting += [premise for premise in step.premises if isinstance(premise, Step)]
        return len(found)

    def _identify(self, proof: Step) -> None:
        """Give steps that say the same for the same reasons the same identity, premises first: proofs may be deep."""
        waiting = [proof]
        while waiting:
            step = waiting[-1]
            steps = [premise for premise in step.premises if isinstance(premise, Step)]
            open_steps = [premise for premise in steps if id(premise) not in self._identities]
            if open_steps:
                waiting += open_steps
                continue
            waiting.pop()
            below = [self._identities[id(premise)] for premise in steps]
            facts = tuple(premise.fact for premise in step.premises)
            reason = (step.rule, facts, tuple(below), step.denied, step.lists)
            identity = self._known.setdefault((step.fact, reason), len(self._known))
            self._reasons[identity] = reason
            self._identities[id(step)] = identity
            sizes = [self._sizes[other] for other in below]
            size = 1 + len(step.premises) - len(steps) + sum(size for size, _ in sizes)
            self._sizes[identity] = (size, 1 + max((depth for _, depth in sizes), default=0))
