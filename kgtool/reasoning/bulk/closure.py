"""A closure from scratch: rounds of SQL, each looking only at what the round before found, until nothing is new.

Source: semi-naive evaluation, as in Abiteboul, Hull and Vianu, Foundations of Databases, 1995, section 13.1.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from kgtool.reasoning.bulk.after_nodes import less_what_nodes_are
from kgtool.reasoning.bulk.aggregates import Aggregates
from kgtool.reasoning.bulk.axioms import StoredAxioms
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.equality import Equality
from kgtool.reasoning.bulk.files import RuleFile
from kgtool.reasoning.bulk.growth import Growth
from kgtool.reasoning.bulk.owl_rules import OwlRule
from kgtool.reasoning.bulk.same_values import SameValues, compares_objects
from kgtool.reasoning.bulk.tables import FACTS
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.bulk.widest import WidestNodes
from kgtool.reasoning.inverses import turning_around
from kgtool.reasoning.language import Atom, Fact, Rule, Term, Var
from kgtool.reasoning.levels import Level, levels_of
from kgtool.reasoning.matching.patterns import keys_of
from kgtool.reasoning.owl.datatypes import DATATYPES, is_in
from kgtool.reasoning.program import EQUALITY, Place, Program, program_of
from kgtool.reasoning.shapes import Shape, class_hierarchy, shapes_of, with_closed_hierarchy
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")

#: Told about the progress: a few words, and how many facts were new.
Tell = Callable[[str, int], None]


class Closure:
    """The closure of the quads of a database, computed into its tables, see :mod:`kgtool.reasoning.bulk.tables`.

    :param database: with the tables ``terms`` and ``quads``.
    :param files: the store's rule files.
    :raises LimitError: if rules go on building longer and longer names.
    :raises MemoryLimitError: if it does not fit.
    """

    def __init__(self, database: Database, files: Sequence[Rule], tell: Tell | None = None) -> None:
        self._database = database
        self._rule_files = tuple(files)
        self._tell = tell or (lambda words, count: None)
        self.terms = Terms(database)
        self._axioms = StoredAxioms(database, self.terms)
        self._number = self.terms.number
        self.same_values = SameValues(database, self.terms)
        self._start()
        self.program = self._program()
        self._run()

    def _start(self, kept: str | None = None) -> None:
        self._growth = Growth(self._database, self._number(_TYPE), kept)
        self.equality = Equality(self._database, self.terms)
        self._axioms_equated = False
        self._literals_equated: set[int] = set()

    def _program(self) -> Program:
        """Read the axioms as they are known now, and what they make of the rules."""
        program = program_of(self._axioms.read(), self._rule_files)
        shapes = shapes_of((rule for rule in program.owl if rule.head), program.files)
        self._shapes = with_closed_hierarchy(shapes)
        self.terms.learn(_terms_of(self._shapes))
        return program

    def _run(self) -> None:
        """Run the rules to their fixpoint; axioms that turn up on the way change the rules: all is looked at again.

        What looks at the class hierarchy and denies something, or at nodes that compete, has then looked too early:
        the closure starts again, with these axioms known.
        """
        early = any(
            rule.widest is not None or any(a.graph is None for n in rule.absent for a in n.atoms)
            for rule in self._rule_files
        )
        while True:
            self._tell("axioms", len(self.program.facts))
            self._conclude_facts(self.program.facts)
            self._types_of_literals()
            if not self._rounds():
                return
            if early:
                self._database.make("axioms_found", self._axioms.with_lists)
                self._start("SELECT * FROM axioms_found")
            self.program = self._program()

    def _rounds(self) -> bool:
        """Run the levels of rules, each until nothing is new; give True as soon as an axiom is."""
        growth = self._growth
        growth.survey()
        shapes = [s for s in self._shapes if s.rule.name not in EQUALITY and s.rule.widest is None]
        self._compares = any(
            compares_objects(part.body, part.rows.columns) and self._may_apply(part.body) for part in self.program.owl
        )
        if self._compares:
            self.same_values.survey()
        aggregates = Aggregates(self._database, self.terms)
        self._files = {s: RuleFile(s, self._database, self.terms, aggregates) for s in shapes if s.is_file}
        self._rules = {s: OwlRule(s, self.terms, self.same_values) for s in shapes if not s.is_file}
        nodes = WidestNodes(self._shapes, self._database, self.terms, self.equality, aggregates)
        # Equality carries everything over to everything, so with it there is one level only.
        together = Level(tuple(shapes), tuple(shapes))
        self._equates = self._may_equate(shapes)
        levels = [together] if self._equates else levels_of(shapes)
        for number, level in enumerate(levels, 1):
            if self._run_level(level, f"stratum {number} of {len(levels)}"):
                return True
        # Nodes that compete are a stratum: nothing that follows from them changes them.
        growth.begin_with_nodes(nodes.run(self._may_apply))
        if not growth.keep_what_is_new(self.program, self._number):
            return False
        if not self._equates:  # else whatever is said of one may be said of others, too
            rest = less_what_nodes_are(shapes, nodes.typed())
            together = Level(rest, rest)
            self._rules |= {
                s: OwlRule(s, self.terms, self.same_values) for s in rest if not s.is_file and s not in self._rules
            }
        return self._axioms_grew() or self._run_level(together, "what follows from nodes", first=False)

    def _may_equate(self, shapes: Sequence[Shape]) -> bool:
        """Tell whether anything is, or may turn out to be, the same as something else."""
        return self._number(_SAME_AS) in self._growth.known.predicates or any(
            predicate in (None, _SAME_AS) for s in shapes for atom in s.head for predicate, _ in keys_of(atom, s.rows)
        )

    def _may_apply(self, body: Sequence[Atom]) -> bool:
        """Tell whether the properties that a body names may have facts, said by a source where it asks for that."""
        concluded = {predicate for s in self._shapes for atom in s.head for predicate, _ in keys_of(atom, s.rows)}
        return all(
            isinstance(atom.predicate, Var)
            or (atom.graph is None and atom.predicate in concluded)
            or self._number(atom.predicate) in self._growth.known.predicates
            for atom in body
        )

    def _run_level(self, level: Level, name: str, *, first: bool = True) -> bool:
        """Run rules until nothing is new; give True as soon as an axiom is.

        :param first: look at all facts at first; else only at the recent ones.
        """
        growth = self._growth
        turning = () if self._equates or not first else turning_around(level.recursive)
        others = Level(*(tuple(s for s in shapes if s not in turning) for shapes in (level.shapes, level.recursive)))
        if self._run_to_fixpoint(others, name, first=first):
            return True
        # What was turned around is not turned back: the rules that do it look at what the others found since.
        since: int | None = None
        while turning:
            if since is not None:
                growth.look_at_what_came_since(since)
            turned = self._run_round(turning, first=since is None)
            self._tell(f"{name}, turned around", turned)
            since = growth.rounds
            if self._axioms_grew() or (turned and self._run_to_fixpoint(others, name, first=False)):
                return True
            if not turned or growth.rounds == since:
                return False
        return False

    def _run_to_fixpoint(self, level: Level, name: str, *, first: bool) -> bool:
        """Run all rules of a level in rounds until nothing is new; give True as soon as an axiom is.

        The class hierarchy goes before each round: it looks at what the others found, not at what it found itself.

        :param first: look at all facts at first; else at those of the last round.
        """
        growth = self._growth
        above = () if self._equates else class_hierarchy(level.recursive)
        shapes, again = (tuple(s for s in some if s not in above) for some in (level.shapes, level.recursive))
        number = 0
        while True:
            number += 1
            if above and (first or self._may_find(above)):
                last = growth.rounds - 1
                self._tell(f"{name}, class hierarchy, round {number}", self._run_round(above, first=first))
                if self._axioms_grew():
                    return True
                if not first:
                    growth.look_at_what_came_since(last)
            new = self._run_round(shapes if first else again, first=first)
            self._tell(f"{name}, round {number}", new)
            if self._axioms_grew():
                return True
            if not new or not level.recursive:
                return False
            first = False

    def _may_find(self, shapes: Sequence[Shape]) -> bool:
        """Tell whether OWL rules have anything to look at among the recent facts."""
        return any(True for shape in shapes for _ in self._rules[shape].queries(self._growth, first=False))

    def _run_round(self, shapes: Sequence[Shape], *, first: bool) -> int:
        """Run rules once; give how many facts were new."""
        growth = self._growth
        files = [self._files[shape] for shape in shapes if shape.is_file]
        queries = [q for s in shapes if not s.is_file for q in self._rules[s].queries(growth, first=first)]
        growth.begin(queries, others_find=bool(files) or self._equates)
        for file in files:
            if first and not self._may_apply(file.rule.body):
                continue
            file.run(first=first, recent=growth.recent.predicates, older=growth.older.predicates)
        if files and self._compares:
            self.same_values.survey()  # rule files may make literals
        if self._equates:
            growth.unwritable |= self.equality.run(first=first, hides=growth.hides)
            self._equate_axioms()
            self._equate_types_of_literals()
        return growth.keep_what_is_new(self.program, self._number)

    def _axioms_grew(self) -> bool:
        """Tell whether there are axioms among the recent facts."""
        recent = self._growth.recent
        return self._axioms.grew(recent.predicates, recent.types, self.program.axioms)

    def _conclude_facts(self, facts: Iterable[Fact]) -> None:
        """Add what the axioms alone bring."""
        given = list(dict.fromkeys(facts))
        self.terms.learn(term for fact in given for term in fact)
        self._growth.unwritable |= {
            self._number(term)
            for term in (*_predicates_of(self._shapes), *(fact[1] for fact in given))
            if not isinstance(term, NamedNode)
        }
        self._growth.begin_with([(self._number(s), self._number(p), self._number(o)) for s, p, o in given])
        self._growth.keep_what_is_new(self.program, self._number)

    def _equate_axioms(self) -> None:
        """Let what axioms say of themselves be carried over to other names of a class or property.

        That a class is below itself is left out of the graph; that it is below an equal one is not.
        """
        axioms = self.program.axioms.facts
        if self._axioms_equated or not self.equality:
            return
        self.terms.learn(term for fact in axioms for term in fact)
        if self.equality.touches(frozenset(self._number(fact[0]) for fact in axioms)):
            self._axioms_equated = True
            idle = [fact for fact in axioms if self.program.place(fact) is Place.NOWHERE]
            self._growth.hide((s, p, o) for s, p, o in (map(self._number, fact) for fact in idle))
            self.equality.run(first=True, hides=True)

    def _equate_types_of_literals(self) -> None:
        """Let the datatypes of literals be carried over to what is the same as they (dt-type2 with eq-rep-s)."""
        literals = self.equality.literals - self._literals_equated
        if not literals:
            return
        self._literals_equated |= literals
        looked_at = self.program.types_looked_at  # of these it is known by now
        self._put_into_datatypes(literals, DATATYPES - looked_at)
        self.equality.run(first=True, hides=True)

    def _types_of_literals(self) -> None:
        """Add the datatypes of literals that a rule looks at (dt-type2)."""
        looked_at = self.program.types_looked_at & DATATYPES
        if not looked_at:
            return
        numbers = [n for (n,) in self._database.rows(f"SELECT DISTINCT o FROM {FACTS} WHERE o < 0")]
        self._put_into_datatypes(numbers, looked_at)

    def _put_into_datatypes(self, literals: Collection[int], datatypes: Collection[Term]) -> None:
        self.terms.recall(literals)
        self._growth.hide(
            (number, self._number(_TYPE), self._number(datatype))
            for number in literals
            for datatype in datatypes
            if is_in(self.terms.term(number), datatype)  # type: ignore[arg-type]
        )


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
