"""How well chosen organisations agree with labels: correct, wrong and missed ones, and the kinds of error.

The rule, as `docs/linking-affiliations.md` has it: in a set whose strings have several labels every chosen
organisation counts. In a set with one label a string, labels leave out what the string names as well: where the label
is
chosen, up to two more chosen ones are not judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: Chosen organisations beside the label that are not judged, where strings have one label.
NOT_JUDGED: Final = 2


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts, and what follows from them."""

    correct: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.correct + other.correct, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        """The part of judged choices that is right; 1 where nothing was chosen."""
        return self.correct / (self.correct + self.wrong) if self.correct + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The part of labels that was chosen; 1 where there is none."""
        return self.correct / (self.correct + self.missed) if self.correct + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = 2 * self.correct + self.wrong + self.missed
        return 2 * self.correct / both if both else 1.0


def judged(chosen: Iterable[str], labels: Sequence[str], *, several: bool) -> Tally:
    """Judge what was chosen for one string.

    >>> judged(["a", "b", "c", "d"], ["a"], several=False)
    Tally(correct=1, wrong=1, missed=0)
    >>> judged(["b", "c"], ["a"], several=False)
    Tally(correct=0, wrong=2, missed=1)
    >>> judged(["a", "b"], ["a", "c"], several=True)
    Tally(correct=1, wrong=1, missed=1)
    """
    picked, right = set(chosen), set(labels)
    correct = len(picked & right)
    wrong = len(picked) - correct
    if not several and correct:
        wrong = max(0, wrong - NOT_JUDGED)
    return Tally(correct, wrong, len(right) - correct)
