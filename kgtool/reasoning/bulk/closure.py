"""A closure from scratch: rounds of SQL, each looking only at what the round before found, until nothing is new.

Source: semi-naive evaluation, as in Abiteboul, Hull and Vianu, Foundations of Databases, 1995, section 13.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from kgtool.errors import LimitError
from kgtool.reasoning.bulk import tables
from kgtool.reasoning.bulk.axioms import AXIOM_TERMS, StoredAxioms
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.equality import Equality
from kgtool.reasoning.bulk.files import RuleFile
from kgtool.reasoning.bulk.joins import NumberedRows, join
from kgtool.reasoning.bulk.tables import COLUMNS, DERIVED, FACTS, FOUND, FRESH, FRESH_HIDDEN, HIDDEN
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.bulk.widest import WidestNodes
from kgtool.reasoning.language import Fact, Node, Rule, Term, Var
from kgtool.reasoning.owl.datatypes import DATATYPES, is_in
from kgtool.reasoning.program import EQUALITY, Place, Program, program_of
from kgtool.reasoning.shapes import Shape, shapes_of
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")
#: A rule that builds new terms from its own results would never end.
MAX_BUILDING_ROUNDS: Final = 1_000
_FEW_PREDICATES: Final = 50

#: Told about the progress: a few words, and how many facts were new.
Tell = Callable[[str, int], None]


class Closure:
    """The closure of the quads of a database, computed into its tables, see :mod:`kgtool.reasoning.bulk.tables`.

    :param database: with the tables ``terms`` and ``quads``.
    :param files: the store's rule files.
    :raises LimitError: if rules go on building new terms.
    :raises MemoryLimitError: if it does not fit.
    """

    def __init__(self, database: Database, files: Sequence[Rule], tell: Tell | None = None) -> None:
        self._database = database
        self._files = tuple(files)
        self._tell = tell or (lambda words, count: None)
        self.terms = Terms(database)
        self.terms.learn({*tables.LOOKED_FOR, *AXIOM_TERMS})
        self._axioms = StoredAxioms(database, self.terms)
        self._number = self.terms.number
        self._type = self._number(_TYPE)
        self._hides = False
        self._unwritable: set[int] = set()
        self._start()
        self._axioms_equated = False
        self.program = self._program()
        self._run()

    def _start(self) -> None:
        several = self._database.value("SELECT min(g) <> max(g) FROM quads")
        self._database.make(FACTS, f"SELECT {'DISTINCT ' if several else ''}s, p, o FROM quads")
        for name in (DERIVED, HIDDEN, FRESH, FRESH_HIDDEN):
            self._database.run(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS})")
        self._equality = Equality(self._database, self.terms)

    def _program(self) -> Program:
        """Read the axioms as they are known now, and what they make of the rules."""
        program = program_of(self._axioms.read(), self._files)
        self._shapes = shapes_of((rule for rule in program.owl if rule.head), program.files)
        self.terms.learn(_terms_of(self._shapes))
        return program

    def _run(self) -> None:
        """Run the rules to their fixpoint; axioms that turn up on the way change the rules: all is looked at again.

        What looks at the class hierarchy and denies something, or at nodes that compete, has then looked too early:
        the closure starts again, with these axioms known.
        """
        early = any(
            rule.widest is not None or any(a.graph is None for n in rule.absent for a in n.atoms)
            for rule in self._files
        )
        while True:
            self._tell("axioms", len(self.program.facts))
            self._conclude_facts(self.program.facts)
            self._types_of_literals()
            if not self._rounds():
                return
            if early:
                self._database.make("axioms_found", f"SELECT s, p, o FROM {FACTS} WHERE {self._axioms.condition}")
                self._start()
                for name in (DERIVED, FACTS):
                    self._database.run(f"INSERT INTO {name} SELECT * FROM axioms_found EXCEPT SELECT * FROM {FACTS}")
            self.program = self._program()

    def _rounds(self) -> bool:
        """Run rounds until nothing is new; give True as soon as an axiom is."""
        shapes = self._shapes
        files = [RuleFile(s, self._database, self.terms) for s in shapes if s.is_file and s.rule.widest is None]
        plain = [shape for shape in shapes if shape.rule.name not in EQUALITY and not shape.is_file]
        nodes: WidestNodes | None = WidestNodes(shapes, self._database, self.terms)
        present = recent = self._present(FACTS, HIDDEN)
        first, number, building = True, 0, 0
        while True:
            number += 1
            self._database.run(f"CREATE OR REPLACE TEMP TABLE {FOUND} ({COLUMNS})")
            selects = [s for shape in plain for s in self._selects(shape, present, recent, first=first)]
            if selects:
                self._database.make(FOUND, f"SELECT DISTINCT s, p, o FROM ({' UNION ALL '.join(selects)}) x(s, p, o)")
            built = sum(file.run(first=first, recent=recent.predicates) for file in files)
            self._unwritable |= self._equality.run(first=first, hides=self._hides)
            self._equate_axioms()
            new = self._keep_what_is_new()
            if not new and nodes is not None:
                nodes.run()
                nodes = None  # they are a stratum: nothing that follows from them changes them
                new = self._keep_what_is_new()
            self._tell(f"round {number}", new)
            if not new:
                return False
            recent = self._present(FRESH, FRESH_HIDDEN)
            if self._axioms.grew(recent.predicates, recent.types, self.program.axioms):
                return True
            present = Present(present.predicates | recent.predicates, present.types | recent.types)
            building = building + 1 if built else 0
            if building > MAX_BUILDING_ROUNDS:
                raise LimitError(
                    f"the rules still build new terms after {MAX_BUILDING_ROUNDS} rounds",
                    hint="look for a rule that builds IRIs from its own results",
                )
            first = False

    def _selects(self, shape: Shape, present: Present, recent: Present, *, first: bool) -> Iterator[str]:
        """Write the queries of an OWL rule: one for all facts, or one for each atom that a recent fact may match."""
        everything, fresh = (self._union(FACTS, HIDDEN), self._union(FRESH, FRESH_HIDDEN))
        for place in range(1 if first else len(shape.body)):
            rows = self._live_rows(shape, present, None if first else (place, recent))
            if rows is None:
                continue
            sources = [everything] * len(shape.body)
            if not first:
                sources[place] = fresh
            found = join(shape.body, sources, self._number, rows=rows)
            for atom in shape.head:
                head = [found.written(node, self._number) for node in atom[:3]]
                idle = [f"{head[0]} <> {head[2]}"] if atom.predicate == _SAME_AS else []
                yield found.select(head, idle)

    def _union(self, one: str, other: str) -> str:
        return f"(SELECT * FROM {one} UNION ALL SELECT * FROM {other})" if self._hides else one

    def _live_rows(self, shape: Shape, present: Present, recent: tuple[int, Present] | None) -> NumberedRows | None:
        """Give the rows of a shape for which every atom may match something; None if there are none."""
        columns = shape.rows.columns
        live = []
        for row in shape.rows.rows:
            numbers = {column: self._number(term) for column, term in zip(columns, row, strict=True)}

            def known(node: Node, numbers: dict[Var, int] = numbers) -> int | None:
                return numbers.get(node) if isinstance(node, Var) else self._number(node)

            for place, atom in enumerate(shape.body):
                where = recent[1] if recent is not None and recent[0] == place else present
                if not where.may_match(known(atom.predicate), known(atom.object), self._type):
                    break
            else:
                live.append(tuple(numbers.values()))
        return (columns, live) if live else None

    def _present(self, *names: str) -> Present:
        """See which predicates and types there are in tables of facts."""
        union = " UNION ALL ".join(f"SELECT p, o FROM {name}" for name in names if self._hides or name == names[0])
        predicates = {p for (p,) in self._database.rows(f"SELECT DISTINCT p FROM ({union})")}
        types = self._database.rows(f"SELECT DISTINCT o FROM ({union}) WHERE p = {self._type}")
        return Present(frozenset(predicates), frozenset(o for (o,) in types))

    def _keep_what_is_new(self) -> int:
        """Move what was found and is new to the facts, or out of sight; give how many there were."""
        database = self._database
        predicates = [str(p) for (p,) in database.rows(f"SELECT DISTINCT p FROM {FOUND}")]
        if not predicates:
            return 0
        known = f"SELECT 1 FROM {self._union(FACTS, HIDDEN)} f WHERE f.s = x.s AND f.p = x.p AND f.o = x.o"
        if len(predicates) <= _FEW_PREDICATES:  # facts lie sorted by predicate: this skips most of them
            known += f" AND f.p IN ({', '.join(predicates)})"
        place = tables.place_of(self.program, self._number, self._unwritable)
        database.make(
            "candidates",
            f"SELECT s, p, o, {place} AS place FROM (SELECT DISTINCT s, p, o FROM {FOUND}) x"
            f" WHERE NOT EXISTS ({known})",
        )
        counts = dict(database.rows("SELECT place, count(*) FROM candidates GROUP BY place"))
        plain, hidden = counts.get(Place.GRAPH.value, 0), counts.get(Place.HIDDEN.value, 0)
        for name, place_ in ((FRESH, Place.GRAPH), (FRESH_HIDDEN, Place.HIDDEN)):
            if counts.get(place_.value):
                database.make(name, f"SELECT s, p, o FROM candidates WHERE place = {place_.value}")
            else:
                database.run(f"CREATE OR REPLACE TEMP TABLE {name} ({COLUMNS})")
        if plain:
            database.run(f"INSERT INTO {FACTS} SELECT * FROM {FRESH}")
            database.run(f"INSERT INTO {DERIVED} SELECT * FROM {FRESH}")
        if hidden:
            self._hides = True
            database.run(f"INSERT INTO {HIDDEN} SELECT * FROM {FRESH_HIDDEN}")
        return int(plain + hidden)

    def _conclude_facts(self, facts: Iterable[Fact]) -> None:
        """Add what the axioms alone bring."""
        given = list(facts)
        self.terms.learn(term for fact in given for term in fact)
        self._unwritable |= {
            self._number(term)
            for term in (*_predicates_of(self._shapes), *(fact[1] for fact in given))
            if not isinstance(term, NamedNode)
        }
        self._database.run(f"CREATE OR REPLACE TEMP TABLE {FOUND} ({COLUMNS})")
        self._database.insert(FOUND, (tuple(map(self._number, fact)) for fact in given))
        self._keep_what_is_new()

    def _equate_axioms(self) -> None:
        """Let what axioms say of themselves be carried over to other names of a class or property.

        That a class is below itself is left out of the graph; that it is below an equal one is not.
        """
        axioms = self.program.axioms.facts
        if self._axioms_equated or not self._equality:
            return
        self.terms.learn(term for fact in axioms for term in fact)
        if self._equality.touches(frozenset(self._number(fact[0]) for fact in axioms)):
            self._axioms_equated = True
            idle = [fact for fact in axioms if self.program.place(fact) is Place.NOWHERE]
            self._database.insert(HIDDEN, (tuple(map(self._number, fact)) for fact in idle))
            self._hides = True
            self._equality.run(first=True, hides=True)

    def _types_of_literals(self) -> None:
        """Add the datatypes of literals that a rule looks at (dt-type2)."""
        looked_at = self.program.types_looked_at & DATATYPES
        if not looked_at:
            return
        numbers = [n for (n,) in self._database.rows(f"SELECT DISTINCT o FROM {FACTS} WHERE o < 0")]
        self.terms.recall(numbers)
        self._database.insert(
            HIDDEN,
            (
                (number, self._type, self._number(datatype))
                for number in numbers
                for datatype in looked_at
                if is_in(self.terms.term(number), datatype)  # type: ignore[arg-type]
            ),
        )
        self._hides = True


class Present:
    """Which predicates, and which types, some facts have."""

    def __init__(self, predicates: frozenset[int], types: frozenset[int]) -> None:
        self.predicates = predicates
        self.types = types

    def may_match(self, predicate: int | None, value: int | None, type_: int) -> bool:
        """Tell whether a fact with this predicate and object may be there; None is anything."""
        if predicate is None:
            return bool(self.predicates)
        if predicate == type_ and value is not None:
            return value in self.types
        return predicate in self.predicates


def _terms_of(shapes: Iterable[Shape]) -> Iterator[Term]:
    for shape in shapes:
        for atom in (*shape.body, *shape.head, *shape.rule.asserted_atoms()):
            for node in atom:
                if node is not None and not isinstance(node, Var):
                    yield node
        for row in shape.rows.rows:
            yield from row


def _predicates_of(shapes: Iterable[Shape]) -> Iterator[Term]:
    """Give the predicates that heads may have by what the axioms say."""
    for shape in shapes:
        for atom in shape.head:
            if isinstance(atom.predicate, Var) and atom.predicate in shape.rows.columns:
                yield from (term for (term,) in shape.rows.project([atom.predicate]))
