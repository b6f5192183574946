"""Affiliations in time, as a drawing: where each begins and ends, in per cent of its width.

A drawing is SVG whose places are percentages, so it is as wide as its page and its letters keep their form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kgtool.web.views import Cell
from kgtool.web.workbench.entity.dates import interval

#: Heights in pixels: of a row, and of the axis above the rows.
ROW: Final = 46
AXIS: Final = 26
_MOST_TICKS: Final = 7
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


@dataclass(frozen=True)
class Affiliation:
    """An affiliation with its bounds as YYYY-MM-DD, empty where they are not known.

    :param main: whom or what it is with; ``through``: the organisation that it passes through, if that is another one.
    :param mode: ``certain`` or ``possible`` on the day that was asked for; empty where none was.
    """

    main: Cell
    through: Cell | None
    possible_from: str = ""
    possible_until: str = ""
    certain_from: str = ""
    certain_until: str = ""
    mode: str = ""
    why: str | None = None

    @property
    def is_dated(self) -> bool:
        """Whether any bound is known."""
        return bool(self.possible_from or self.possible_until or self.certain_from)

    @property
    def possible(self) -> str:
        """The possible interval, in words."""
        return interval(self.possible_from, self.possible_until)

    @property
    def certain(self) -> str:
        """The certain interval, in words; empty where there is none."""
        return interval(self.certain_from, self.certain_until) if self.certain_from else ""


@dataclass(frozen=True)
class Bar:
    """A row of the drawing: its parts as (left, width) in per cent."""

    affiliation: Affiliation
    top: int
    possible: tuple[float, float]
    certain: tuple[float, float] | None
    opens: bool
    stays: bool


@dataclass(frozen=True)
class Timeline:
    """A drawing: its rows, the years at its ticks, and where a day stands that is marked."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    marked: float
    height: int


def drawn(affiliations: Sequence[Affiliation], marked: str) -> Timeline:
    """Lay out affiliations.

    :param marked: a day that has a line, YYYY-MM-DD.
    """
    day = date.fromisoformat(marked)
    first, last = _span(affiliations, day)
    width = last - first

    def place(text: str, *, after: bool = False) -> float:
        return round(100 * (date.fromisoformat(text).toordinal() + after - first) / width, 3)

    def part(start: str, end: str) -> tuple[float, float]:
        left = place(start) if start else 0.0
        right = place(end, after=True) if end else 100.0
        return left, round(max(right - left, 0.4), 3)

    bars = tuple(
        Bar(
            each,
            AXIS + number * ROW,
            part(each.possible_from, each.possible_until),
            part(each.certain_from, each.certain_until) if each.certain_from and each.certain_until else None,
            opens=not each.possible_from,
            stays=not each.possible_until,
        )
        for number, each in enumerate(affiliations)
    )
    return Timeline(bars, _ticks(first, last), place(marked), AXIS + len(bars) * ROW + 4)


def _span(affiliations: Iterable[Affiliation], day: date) -> tuple[int, int]:
    texts = (
        text
        for each in affiliations
        for text in (each.possible_from, each.possible_until, each.certain_from, each.certain_until)
        if text
    )
    days = sorted({day.toordinal(), *(date.fromisoformat(text).toordinal() for text in texts)})
    margin = max(366, (days[-1] - days[0]) // 20)
    return days[0] - margin, days[-1] + margin + 1


def _ticks(first: int, last: int) -> tuple[tuple[float, int], ...]:
    start, end = (date.fromordinal(min(max(day, 1), date.max.toordinal())).year for day in (first, last))
    step = next((each for each in _STEPS if (end - start) / each <= _MOST_TICKS), _STEPS[-1])
    years = (year for year in range(start - start % step, end + 1, step) if 1 <= year <= date.max.year)
    places = ((round(100 * (date(year, 1, 1).toordinal() - first) / (last - first), 3), year) for year in years)
    return tuple((place, year) for place, year in places if 0 <= place <= 94)
