"""What the overview of a region shows, made of the views ``region-*``: totals, tables, a map and a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.web.views import Cell, Table

#: Kinds of things that the totals and the matrix count, in the order in which pages show them.
KINDS: Final = ("people", "units", "projects")
#: Rows and columns of the matrix, rows of the list of institutions, and pairs of the graph.
MOST_THEMES: Final = 16
MOST_INSTITUTIONS: Final = 10
MOST_RANKED: Final = 12
MOST_PAIRS: Final = 40
#: Steps of shading of the matrix.
_SHADES: Final = 5


@dataclass(frozen=True)
class Total:
    """How many things of a kind there are on the day, certainly, and possibly beside them."""

    kind: str
    certain: int
    possible: int

    @property
    def all(self) -> int:
        """All of them."""
        return self.certain + self.possible


@dataclass(frozen=True)
class Ranked:
    """An institution with its people, and how long its bars are, in hundredths of the longest."""

    institution: Cell
    certain: int
    all: int
    certain_share: float
    share: float


@dataclass(frozen=True)
class MatrixRow:
    """A theme, and for each institution of the matrix how many things, and how dark that is drawn."""

    theme: Cell
    counts: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Matrix:
    """Themes by institutions.

    :param left_out: themes and institutions that are not shown.
    """

    institutions: tuple[Cell, ...]
    rows: tuple[MatrixRow, ...]
    left_out: tuple[int, int]


@dataclass(frozen=True)
class Spot:
    """A place with what is there, by class."""

    place: Cell
    latitude: float
    longitude: float
    kinds: tuple[tuple[Cell, int], ...]

    @property
    def count(self) -> int:
        """How many things are there."""
        return sum(count for _, count in self.kinds)


@dataclass(frozen=True)
class Pair:
    """Two institutions, and what they share on the day."""

    one: Cell
    other: Cell
    units: int
    projects: int


def totals(table: Table) -> list[Total]:
    """Give the totals of each kind, 0 where there is no row."""
    found = {row["kind"].text: (_number(row["certain"]), _number(row["all"])) for row in table.by_name()}
    sizes = ((kind, *found.get(kind, (0, 0))) for kind in KINDS)
    return [Total(kind, certain, whole - certain) for kind, certain, whole in sizes]


def ranked(table: Table) -> list[Ranked]:
    """Give the institutions with most people."""
    rows = [(row["institution"], _number(row["certain"]), _number(row["all"])) for row in table.by_name()]
    longest = max((whole for _, _, whole in rows), default=0) or 1
    shown = rows[:MOST_RANKED]
    return [
        Ranked(cell, certain, whole, round(100 * certain / longest, 2), round(100 * whole / longest, 2))
        for cell, certain, whole in shown
    ]


def matrix(table: Table, kind: str, theme: str | None, institution: str | None) -> Matrix:
    """Arrange how many things of a kind each institution has of each theme: the largest of both.

    :param theme: IRI of the only theme to show; ``institution`` likewise.
    """
    counts: dict[tuple[str, str], int] = {}
    cells: dict[str, Cell] = {}
    by_theme: defaultdict[str, int] = defaultdict(int)
    by_institution: defaultdict[str, int] = defaultdict(int)
    for row in table.by_name():
        one, other = row["theme"], row["institution"]
        if row["kind"].text != kind or one.iri is None or other.iri is None:
            continue
        if (theme or one.iri) != one.iri or (institution or other.iri) != other.iri:
            continue
        size = _number(row["things"])
        counts[one.iri, other.iri] = size
        cells[one.iri], cells[other.iri] = one, other
        by_theme[one.iri] += size
        by_institution[other.iri] += size
    themes = _largest(by_theme, MOST_THEMES)
    institutions = _largest(by_institution, MOST_INSTITUTIONS)
    most = max((counts.get((one, other), 0) for one in themes for other in institutions), default=0)
    rows = tuple(
        MatrixRow(
            cells[one],
            tuple((count, _shade(count, most)) for count in (counts.get((one, each), 0) for each in institutions)),
        )
        for one in themes
    )
    left_out = (len(by_theme) - len(themes), len(by_institution) - len(institutions))
    return Matrix(tuple(cells[each] for each in institutions), rows, left_out)


def spots(table: Table) -> list[Spot]:
    """Group what is at each place, the fullest first; what has no real coordinates is left out."""
    kinds: defaultdict[str, list[tuple[Cell, int]]] = defaultdict(list)
    where: dict[str, tuple[Cell, float, float]] = {}
    for row in table.by_name():
        place = row["place"]
        try:
            latitude, longitude = float(row["latitude"].text), float(row["longitude"].text)
        except ValueError:
            continue
        if place.iri is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            continue
        where.setdefault(place.iri, (place, latitude, longitude))
        kinds[place.iri].append((row["kind"], _number(row["things"])))
    found = [Spot(*where[each], tuple(kinds[each])) for each in where]
    return sorted(found, key=lambda spot: -spot.count)


def pairs(table: Table) -> list[Pair]:
    """Read which institutions share what, those that share most first."""
    return [
        Pair(row["institution"], row["other"], _number(row["units"]), _number(row["projects"]))
        for row in table.by_name()
    ]


def known_years(table: Table, today: int) -> tuple[int, int]:
    """Give the first and the last year that a reader can move to: those of the data, and this one."""
    row: Mapping[str, Cell] = next(table.by_name(), {})
    years = [int(each.text[:4]) for each in row.values() if each.text[:4].isdigit()]
    return min((*years, today)), max((*years, today))


def _number(cell: Cell) -> int:
    return int(cell.text) if cell.text.isdigit() else 0


def _largest(sizes: Mapping[str, int], most: int) -> Sequence[str]:
    return sorted(sizes, key=lambda each: (-sizes[each], each))[:most]


def _shade(count: int, most: int) -> int:
    """Give how dark a count is drawn: by its root, as a few large ones would leave all others white.

    >>> _shade(0, 100), _shade(1, 100), _shade(100, 100)
    (0, 1, 5)
    """
    return 0 if count <= 0 else max(1, round(_SHADES * (count / most) ** 0.5))
