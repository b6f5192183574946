"""What contradicts itself in a closure: the false-rules, and what the rules about literals refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal

from kgtool.reasoning.bulk.closure import Closure
from kgtool.reasoning.bulk.dialect import Database
from kgtool.reasoning.bulk.joins import join
from kgtool.reasoning.bulk.same_values import compares_objects
from kgtool.reasoning.bulk.tables import FACTS, HIDDEN
from kgtool.reasoning.bulk.terms import Terms, obviously_well_formed
from kgtool.reasoning.clash import Clash, clash_of, different_values, ill_formed, is_no_value, outside_datatype
from kgtool.reasoning.language import Fact, Var
from kgtool.reasoning.matching.solve import Binding
from kgtool.reasoning.owl.datatypes import DATATYPES, as_told, differ, is_outside
from kgtool.reasoning.owl.specialise import Specialised
from kgtool.vocabulary import iri

#: A graph that contradicts itself often does so everywhere: more than this of one rule help nobody.
MOST_OF_A_RULE: Final = 100
_BATCH: Final = 20_000
_ALL_FACTS: Final = f"(SELECT s, p, o FROM {FACTS} UNION ALL SELECT s, p, o FROM {HIDDEN})"
_TYPE: Final = iri("rdf", "type")
_SAME_AS: Final = iri("owl", "sameAs")


def find_clashes(database: Database, closure: Closure) -> list[Clash]:
    """Give what contradicts itself, at most :data:`MOST_OF_A_RULE` of each rule, in a fixed order."""
    found = dict.fromkeys(
        clash
        for clashes in (
            _by_rules(database, closure),
            _ill_formed_literals(database, closure.terms),
            _outside_datatypes(database, closure),
            _equal_to_what_is_outside(database, closure),
            _equal_literals(database, closure.terms),
        )
        for clash in clashes
    )
    return sorted(found, key=lambda clash: (clash.rule, str(clash.premises)))


def _by_rules(database: Database, closure: Closure) -> Iterator[Clash]:
    for rule in closure.program.checks:
        for binding in _bindings(database, closure, rule):
            yield _as_told(clash_of(rule, binding), database, closure)


def _bindings(database: Database, closure: Closure, rule: Specialised) -> list[Binding]:
    """Give solutions of a specialised rule, the values that the axioms give among them."""
    terms = closure.terms
    columns = rule.rows.columns
    rows = [tuple(map(terms.number, row)) for row in rule.rows.rows]
    if not rows:
        return []
    source = closure.same_values.seen_through(_ALL_FACTS) if compares_objects(rule.body, columns) else _ALL_FACTS
    found = join(rule.body, [source] * len(rule.body), terms.number, rows=(columns, rows))
    names = list(found.columns)
    select = found.select([found.columns[name] for name in names])
    solutions = database.rows(f"SELECT DISTINCT * FROM ({select}) ORDER BY ALL LIMIT {MOST_OF_A_RULE}")
    terms.recall(number for solution in solutions for number in solution)
    return [{name: terms.term(number) for name, number in zip(names, row, strict=True)} for row in solutions]


def _as_told(clash: Clash, database: Database, closure: Closure) -> Clash:
    """Give a clash with the literals that were told, where the rule asked for others of the same value."""

    def is_told(fact: Fact) -> bool:
        subject, predicate, value = map(closure.terms.number, fact)
        there = f"SELECT 1 FROM {_ALL_FACTS} WHERE s = {subject} AND p = {predicate} AND o = {value} LIMIT 1"
        return bool(database.rows(there)) or closure.program.axioms.holds(fact)

    return replace(clash, premises=tuple(as_told(premise, is_told) for premise in clash.premises))


def _ill_formed_literals(database: Database, terms: Terms) -> Iterator[Clash]:
    """Find literals that are none of their datatype (dt-not-type)."""
    typed = f"text[1] = '\"' AND text[-1] = '>' AND NOT ({obviously_well_formed('text')})"
    used = f"id IN (SELECT o FROM {FACTS} WHERE o < 0)"
    for batch in database.batches(f"SELECT id FROM terms WHERE {typed} AND {used} ORDER BY text", _BATCH):
        numbers = [number for (number,) in batch]
        terms.recall(numbers)
        for number in numbers:
            literal = terms.term(number)
            if isinstance(literal, Literal) and is_no_value(literal):
                row = database.rows(f"SELECT s, p, o FROM {FACTS} WHERE o = {number} ORDER BY ALL LIMIT 1")
                yield ill_formed(terms.facts(row)[0])


def _outside_datatypes(database: Database, closure: Closure) -> Iterator[Clash]:
    """Find literals that a rule puts into a datatype that lacks their value (dt-not-type)."""
    terms = closure.terms
    for rule in closure.program.owl:
        if len(rule.head) != 1 or rule.head[0].predicate != _TYPE or not isinstance(rule.head[0].object, Var):
            continue
        subject, kind = rule.head[0].subject, rule.head[0].object
        if kind not in rule.rows.columns or not isinstance(subject, Var):
            continue
        place = rule.rows.columns.index(kind)
        rows = [tuple(map(terms.number, row)) for row in rule.rows.rows if row[place] in DATATYPES]
        if not rows:
            continue
        found = join(rule.body, [_ALL_FACTS] * len(rule.body), terms.number, rows=(rule.rows.columns, rows))
        literals = found.select([found.columns[subject], found.columns[kind]], [f"{found.columns[subject]} < 0"])
        for number, datatype in database.rows(f"SELECT DISTINCT * FROM ({literals}) ORDER BY ALL"):
            literal, named = terms.term(number), terms.term(datatype)
            if is_outside(literal, named):  # type: ignore[arg-type]
                yield outside_datatype((literal, _TYPE, named))


def _equal_to_what_is_outside(database: Database, closure: Closure) -> Iterator[Clash]:
    """Find literals that are the same as something in a datatype that lacks their value (dt-not-type with eq-rep-s)."""
    if not closure.equality:
        return
    terms, equal = closure.terms, closure.equality.table
    datatypes = ", ".join(str(terms.number(datatype)) for datatype in sorted(DATATYPES, key=str))
    rows = database.rows(
        f"SELECT DISTINCT a.member, f.o FROM {equal} a JOIN {equal} b ON a.name = b.name"
        f" JOIN {_ALL_FACTS} f ON f.s = b.member"
        f" WHERE a.member < 0 AND b.member > 0 AND f.p = {terms.number(_TYPE)} AND f.o IN ({datatypes}) ORDER BY ALL"
    )
    for number, datatype in rows:
        literal, named = terms.term(number), terms.term(datatype)
        if is_outside(literal, named):  # type: ignore[arg-type]
            yield outside_datatype((literal, _TYPE, named))


def _equal_literals(database: Database, terms: Terms) -> Iterator[Clash]:
    """Find different literals that are said to be the same (dt-diff with eq-diff1)."""
    same = terms.number(_SAME_AS)
    rows = database.rows(
        f"SELECT s, p, o FROM {_ALL_FACTS}"
        f" WHERE p = {same} AND s < 0 AND o < 0 AND s > o ORDER BY ALL LIMIT {MOST_OF_A_RULE * 100}"
    )
    for fact in terms.facts(rows):
        if differ(fact[0], fact[2]):  # type: ignore[arg-type]
            yield different_values(fact)
