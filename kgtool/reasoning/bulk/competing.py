"""The nodes of one competition, one row each: what they go by, and their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kgtool.reasoning.bulk.dialect import ID, Database
from kgtool.reasoning.bulk.files import SOLUTIONS
from kgtool.reasoning.bulk.growth import Query
from kgtool.reasoning.bulk.joins import NodeTable
from kgtool.reasoning.bulk.terms import Terms
from kgtool.reasoning.language import Atom, Rule, Term, Var
from kgtool.reasoning.widest import Competition
from kgtool.vocabulary import iri

_TYPE: Final = iri("rdf", "type")
_ANY_NODE: Final = Var("node")
_DAY: Final = "LIKE '\"____-__-__\"^^<http://www.w3.org/2001/XMLSchema#date>'"


class CompetingNodes:
    """The tables of a competition: the nodes that stay, those of them that are recent, and those just built.

    Columns are ``node``, then ``g0``, ``g1``, … for what nodes go by, then ``start0``, ``stop0``, ``start1``, … for
    their intervals; all hold numbers of terms, or NULL.

    :param place: tells the tables of several competitions apart.
    """

    def __init__(
        self, competition: Competition, rules: Sequence[Rule], place: int, database: Database, terms: Terms
    ) -> None:
        self._database = database
        self._terms = terms
        self._empty_if_unbound = competition.empty_if_unbound
        self.table = f"nodes{place}"
        self.recent = f"recent_nodes{place}"
        self._built = f"built_nodes{place}"
        self._groups = [f"g{number}" for number in range(len(competition.group))]
        self._bounds = [f"{name}{number}" for number in range(len(competition.intervals)) for name in ("start", "stop")]
        self._columns = [*self._groups, *self._bounds]
        self._predicates = (*competition.group, *(bound for pair in competition.intervals for bound in pair))
        self._numbers = dict(zip(self._columns, map(terms.number, self._predicates), strict=True))
        #: What every rule says of its nodes without a variable: of all nodes it holds, and no column holds it.
        self._always = frozenset[Atom].intersection(*(_constant_heads(rule) for rule in rules))

    def begin(self) -> None:
        """Begin without nodes."""
        columns = ", ".join(f"{name} {ID}" for name in ("node", *self._columns))
        for table in (self.table, self.recent, self._built):
            self._database.run(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")

    def as_facts(self, *, recent: bool) -> str:
        """Write a query for what the nodes, or the recent ones, have: (s, p, o)."""
        return " UNION ALL ".join(query.select for query in self.facts(recent=recent))

    def facts(self, *, recent: bool = False) -> list[Query]:
        """Give queries for what the nodes, or the recent ones, have, each once."""
        table, number = self.recent if recent else self.table, self._terms.number
        queries = [
            Query(
                f"SELECT node AS s, {predicate}::{ID} AS p, {column} AS o FROM {table} WHERE {column} IS NOT NULL",
                frozenset({(predicate, None)}),
            )
            for column, predicate in self._numbers.items()
        ]
        for atom in sorted(self._always, key=str):
            predicate, value = number(atom.predicate), number(atom.object)  # type: ignore[arg-type]
            kind = (predicate, value if atom.predicate == _TYPE else None)
            select = f"SELECT node AS s, {predicate}::{ID} AS p, {value}::{ID} AS o FROM {table}"
            queries.append(Query(select, frozenset({kind})))
        return queries

    def typed(self) -> frozenset[tuple[Term, Term]]:
        """Give the predicates of the nodes with each type that every rule gives to them."""
        kinds = {a.object for a in self._always if a.predicate == _TYPE and not isinstance(a.object, Var)}
        return frozenset((predicate, kind) for predicate in self._predicates for kind in kinds)

    def as_table(self, *, recent: bool) -> NodeTable:
        """Give the table of the nodes, or of the recent ones, and which of its columns holds what."""
        columns = dict(zip(self._predicates, self._columns, strict=True))
        return NodeTable(self.recent if recent else self.table, columns)

    def _in_columns(self, rule: Rule) -> dict[str, Atom]:
        """Give the atoms of a rule's head that the columns hold."""
        said = dict(zip(self._predicates, self._columns, strict=True))
        found: dict[str, Atom] = {}
        for atom in rule.head:
            column = said.get(atom.predicate)  # type: ignore[arg-type]
            if column is not None and isinstance(atom.object, Var):
                found.setdefault(column, atom)
        return found

    def rest(self, rule: Rule) -> list[Atom]:
        """Give the atoms of a rule's head that the columns do not hold."""
        held = {*self._in_columns(rule).values()}
        always = {_of_any_node(atom) for atom in rule.head} & self._always
        return [atom for atom in rule.head if atom not in held and _of_any_node(atom) not in always]

    def take(self, rule: Rule) -> None:
        """Take the nodes that a rule's solutions build.

        A node without the first of what it goes by is in no group, and none.
        """
        assert rule.widest is not None, "only rules with a widest build nodes that compete"
        values: dict[str, str] = {"node": f"v_{rule.widest.node}"}
        values |= {column: f"v_{atom.object}" for column, atom in self._in_columns(rule).items()}
        names = ", ".join(values)
        self._database.run(
            f"INSERT INTO {self._built} ({names}) SELECT {', '.join(values.values())} FROM {SOLUTIONS}"
            f" WHERE {values['node']} IS NOT NULL AND {values['g0']} IS NOT NULL"
        )

    def compete(self, touched: str | None = None) -> int:
        """Let what was built compete with what is there; give how many nodes are recent.

        :param touched: a query for nodes of which something else is new.
        """
        database = self._database
        known = f"SELECT 1 FROM {self.table} n WHERE n.node = b.node"
        database.make("arrived", f"SELECT DISTINCT * FROM {self._built} b WHERE NOT EXISTS ({known})")
        database.run(f"DELETE FROM {self._built}")
        if self._find_rivals():
            self._find_what_lies_inside()
            database.run("DELETE FROM arrived WHERE node IN (FROM inside)")
            database.run(f"DELETE FROM {self.table} WHERE node IN (FROM inside)")
        again = f" UNION ALL SELECT * FROM {self.table} WHERE node IN ({touched})" if touched else ""
        recent = database.make(self.recent, f"SELECT * FROM arrived{again}")
        database.run(f"INSERT INTO {self.table} SELECT * FROM arrived")
        return recent

    def _find_rivals(self) -> int:
        """Make the table ``rivals`` of the nodes that share their group with one that arrived."""
        if not self._database.count("arrived"):
            return 0
        same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM c.{name}" for name in self._groups)
        groups = ", ".join(self._groups)
        both = f"(FROM arrived UNION ALL FROM {self.table})"
        crowded = f"SELECT {groups} FROM {both} GROUP BY {groups} HAVING count(*) > 1"
        self._database.make("crowded", crowded)
        return self._database.make("rivals", f"SELECT r.* FROM {both} r JOIN crowded c ON {same}")

    def _find_what_lies_inside(self) -> None:
        """Make the table ``inside`` of the rivals that lie inside another one of their group."""
        texts = ", ".join(f"t{bound}.text AS {bound}" for bound in self._bounds)
        joins = " ".join(f"LEFT JOIN terms t{bound} ON t{bound}.id = r.{bound}" for bound in self._bounds)
        groups = ", ".join(f"r.{name}" for name in self._groups)
        named = f"rivals r JOIN terms name ON name.id = r.node {joins}"
        self._database.make("competing", f"SELECT r.node, name.text AS name, {groups}, {texts} FROM {named}")
        same_group = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in self._groups)
        inside = " AND ".join(_inside(place, empty) for place, empty in enumerate(self._empty_if_unbound))
        alike = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in self._bounds)
        self._database.make(
            "inside",
            f"SELECT DISTINCT a.node FROM competing a JOIN competing b ON {same_group}"
            f" WHERE a.node <> b.node AND {inside} AND (NOT ({alike}) OR a.name > b.name)",
        )


def _constant_heads(rule: Rule) -> frozenset[Atom]:
    return frozenset(_of_any_node(atom) for atom in rule.head if not isinstance(atom.object, Var))


def _of_any_node(atom: Atom) -> Atom:
    return atom._replace(subject=_ANY_NODE)


def _inside(place: int, empty_if_unbound: bool) -> str:
    """Write that an interval of ``a`` lies inside that of ``b``; days compare as text, other bounds as themselves."""
    start, stop = f"start{place}", f"stop{place}"
    later = _not_before(f"a.{start}", f"b.{start}")
    earlier = _not_before(f"b.{stop}", f"a.{stop}")
    lies = f"(b.{start} IS NULL OR {later}) AND (b.{stop} IS NULL OR {earlier})"
    if empty_if_unbound:
        some = f"(b.{start} IS NOT NULL OR b.{stop} IS NOT NULL)"
        return f"((a.{start} IS NULL AND a.{stop} IS NULL) OR ({some} AND {lies}))"
    return f"({lies})"


def _not_before(later: str, earlier: str) -> str:
    return f"coalesce({later} = {earlier} OR ({later} {_DAY} AND {earlier} {_DAY} AND {later} >= {earlier}), false)"
