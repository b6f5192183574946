"""Rules that look alike, as one: what the engines run.

``cax-sco`` and ``cax-eqc1`` both say "what is in this class is in that one"; which pairs of classes is a table. Rules
whose body and head are the same up to the names of variables become one shape with the rows of all, so that each pair
is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kgtool.reasoning.language import Atom, Node, Rule, Term, Var
from kgtool.reasoning.matching.solve import NO_ROWS, Rows
from kgtool.reasoning.owl.specialise import Specialised
from kgtool.vocabulary import iri

_TYPE = iri("rdf", "type")


@dataclass(frozen=True)
class Shape:
    """A body and a head, with a table of what some of their variables stand for.

    :param names: the rules that it comes from.
    :param rule: the first of them. A rule file, with its conditions and the rest, is a shape of its own.
    :param is_file: whether it is a rule file, which sees the graph as SPARQL does: not what the contract leaves out.
    """

    names: tuple[str, ...]
    rule: Rule
    body: tuple[Atom, ...]
    head: tuple[Atom, ...]
    rows: Rows = NO_ROWS
    is_file: bool = False


def shapes_of(rules: Iterable[Specialised], files: Iterable[Specialised] = ()) -> tuple[Shape, ...]:
    """Merge the OWL rules that look alike; rule files stay as they are."""
    merged: dict[tuple[object, ...], tuple[list[str], Rule, list[tuple[Term, ...]], Shape]] = {}
    for rule in rules:
        shape = _canonical(rule)
        key = (shape.body, shape.head, shape.rows.columns)
        names, _, rows, _ = merged.setdefault(key, ([], rule.rule, [], shape))
        if rule.rule.name not in names:
            names.append(rule.rule.name)
        rows += shape.rows.rows
    found = [
        Shape(tuple(names), first, shape.body, shape.head, Rows(shape.rows.columns, rows))
        for names, first, rows, shape in merged.values()
    ]
    found = [_without_implied_rows(shape, found) for shape in found]
    files_found = [Shape((r.rule.name,), r.rule, r.body, r.head, NO_ROWS, is_file=True) for r in files]
    return (*found, *files_found)


def shape_of(rule: Specialised) -> Shape:
    """Take a rule for a shape as it is, with its own variables."""
    return Shape((rule.rule.name,), rule.rule, rule.body, rule.head, rule.rows)


def class_hierarchy(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    """Give the shape among some that says of what is in a class that it is in another; none if there is none."""
    return tuple(shape for shape in shapes if (shape.body, shape.head) == _CLASSES)


def with_closed_hierarchy(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    """Let the class hierarchy say of each class all that are above it: it need not look at what it concluded.

    The axioms close ``rdfs:subClassOf``, but not together with what else leads from one class to one other, as an
    intersection of a single class does.
    """
    return tuple(_closed(shape) if (shape.body, shape.head) == _CLASSES else shape for shape in shapes)


def _closed(hierarchy: Shape) -> Shape:
    above = _above(hierarchy)
    rows: list[tuple[Term, ...]] = []
    for narrow in above:
        seen, waiting = {narrow}, [narrow]
        while waiting:
            further = sorted(above.get(waiting.pop(), set()) - seen, key=str)
            seen.update(further)
            waiting += further
            rows += ((narrow, broad) for broad in further)
    return replace(hierarchy, rows=Rows((Var("v1"), Var("v2")), rows))


def _above(hierarchy: Shape) -> dict[Term, set[Term]]:
    """Give for each class those that a hierarchy leads to in one step."""
    above: dict[Term, set[Term]] = {}
    for narrow, broad in hierarchy.rows.project((Var("v1"), Var("v2"))):
        above.setdefault(narrow, set()).add(broad)
    return above


def _canonical(rule: Specialised) -> Shape:
    """Rename variables by their order in body and head, and keep the columns that these mention."""
    names: dict[Var, Var] = {}

    def renamed(node: Node | None) -> Node | None:
        if not isinstance(node, Var):
            return node
        return names.setdefault(node, Var(f"v{len(names)}"))

    def atoms(given: Iterable[Atom]) -> tuple[Atom, ...]:
        return tuple(Atom(*(renamed(node) for node in atom)) for atom in given)  # type: ignore[arg-type]

    body, head = atoms(rule.body), atoms(rule.head)
    kept = [column for column in names if column in rule.rows.columns]
    rows = Rows(tuple(names[column] for column in kept), rule.rows.project(kept)) if kept else NO_ROWS
    return Shape((rule.rule.name,), rule.rule, body, head, rows)


_CLASSES = ((Atom(Var("v0"), _TYPE, Var("v1")),), (Atom(Var("v0"), _TYPE, Var("v2")),))


def _without_implied_rows(shape: Shape, shapes: Iterable[Shape]) -> Shape:
    """Leave out conclusions that follow from narrower ones of the same premises.

    The axioms say of a property all classes that its domain is below; the nearest ones are enough, as what is in them
    is in the broader ones by the class hierarchy, which is a shape of its own. This halves the work in bulk.
    """
    hierarchy = next((other for other in shapes if (other.body, other.head) == _CLASSES), None)
    (atom,) = shape.head if len(shape.head) == 1 else (None,)
    if hierarchy is None or shape is hierarchy or atom is None or atom.predicate != _TYPE:
        return shape
    if atom.object not in shape.rows.columns:
        return shape
    broader = _above(hierarchy)
    place = shape.rows.columns.index(atom.object)
    together: dict[tuple[Term, ...], list[Term]] = {}
    for row in shape.rows.rows:
        together.setdefault(row[:place] + row[place + 1 :], []).append(row[place])
    kept = []
    for others, classes in together.items():
        nearest: list[Term] = []
        for one in sorted(classes, key=lambda term: (-len(broader.get(term, ())), str(term))):
            if not any(one in broader.get(other, ()) for other in nearest):
                nearest.append(one)
        kept += [(*others[:place], one, *others[place:]) for one in nearest]
    return replace(shape, rows=Rows(shape.rows.columns, kept))
