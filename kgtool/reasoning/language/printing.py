"""Writes rules for people, one text each, much as Datalog is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from kgtool.reasoning.language.expressions import INFIX, Expression, Var, variables_of
from kgtool.reasoning.language.rule import (
    Absent,
    Aggregate,
    Atom,
    Bind,
    Chain,
    Each,
    ListAtom,
    Member,
    Node,
    Optionally,
    Pair,
    Rule,
    Widest,
)
from kgtool.vocabulary import PREFIXES, iri

_WIDTH: Final = 100
_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
#: Literals that are known by how they look.
_BARE: Final = {
    iri("xsd", "integer"): re.compile(r"-?\d+"),
    iri("xsd", "boolean"): re.compile("true|false"),
}
_STRINGS: Final = (iri("xsd", "string"), iri("rdf", "langString"))
#: How tightly operators bind; a call binds tightest.
_STRENGTH: Final = {"||": 1, "&&": 2} | dict.fromkeys(INFIX - {"||", "&&"}, 3)


def rule_text(rule: Rule, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """Write a rule: what it concludes, and after ``:-`` from what; on several lines if it is long.

    :param prefixes: prefix to namespace; other IRIs are written whole.

    >>> x, c, d = Var("x"), Var("c"), Var("d")
    >>> a, below = iri("rdf", "type"), iri("rdfs", "subClassOf")
    >>> rule_text(Rule("cax-sco", {}, (Atom(x, a, d),), (Atom(c, below, d), Atom(x, a, c))))
    '?x rdf:type ?d :- ?c rdfs:subClassOf ?d, ?x rdf:type ?c.'
    """
    writer = _Writer(rule, prefixes)
    head = " , ".join(writer.atom(atom) for atom in rule.head) or "false"
    parts = list(writer.body(rule))
    if not parts:
        # A look into literals has neither side, and is carried out by code of its own.
        return f"{head}." if rule.head else f"literals({rule.name})."
    line = f"{head} :- {', '.join(parts)}."
    if len(line) <= _WIDTH:
        return line
    return f"{head} :-\n  " + ",\n  ".join(parts) + "."


class _Writer:
    """Writes the parts of one rule."""

    def __init__(self, rule: Rule, prefixes: Mapping[str, str]) -> None:
        self._namespaces = sorted(((name, prefix) for prefix, name in prefixes.items()), key=lambda item: -len(item[0]))
        self._outside = Counter(_occurrences(rule))
        self._scope = self._outside + Counter(
            variable for part in rule.absent for variable in _inside(part.atoms, part.conditions)
        )

    def body(self, rule: Rule) -> Iterator[str]:
        """Write the parts of a body, in the order in which they are carried out."""
        yield from (self.atom(atom) for atom in rule.body)
        yield from (self.list_atom(part) for part in rule.lists)
        yield from (self.aggregate(part) for part in rule.aggregates)
        yield from (self.optional(part) for part in rule.optional)
        yield from (self.bind(part) for part in rule.binds)
        yield from (self.expression(condition) for condition in rule.conditions)
        yield from (self.absent(part) for part in rule.absent)
        if rule.widest is not None:
            yield _widest(rule.widest)

    def atom(self, atom: Atom) -> str:
        """Write a triple; where it must be asserted, with the graph, if that matters to anything else."""
        said = " ".join(self.node(node) for node in atom[:3])
        if atom.graph is None:
            return said
        alone = isinstance(atom.graph, Var) and self._scope[atom.graph] == 1
        return f"asserted({said})" if alone else f"asserted({said} in {self.node(atom.graph)})"

    def list_atom(self, part: ListAtom) -> str:
        """Write an atom about a list."""
        match part:
            case Member(head, element):
                return f"member({_names((head, element))})"
            case Pair(head, first, second):
                return f"pair({_names((head, first, second))})"
            case Chain(head, start, end):
                return f"chain({_names((head, start, end))})"
            case Each(head, element, atoms, local):
                inside = " . ".join(self.atom(atom) for atom in atoms)
                return f"each({_names((head, element))}{'; ' if local else ''}{_names(local)}) {{ {inside} }}"

    def aggregate(self, part: Aggregate) -> str:
        """Write an aggregate, with what it is taken over."""
        inside = self._within(part.atoms, part.conditions, Counter(_of_aggregate(part)), part.binds)
        results = ", ".join(
            f"?{name} := {call.lower()}({self.expression(value)})" for name, call, value in part.results
        )
        said = f"{results} by {_names(part.groups) or 'nothing'} {{ {', '.join(inside)} }}"
        return f"optionally({said})" if part.optional else said

    def optional(self, part: Optionally) -> str:
        """Write what may be there."""
        atoms = [self.atom(atom) for atom in part.atoms]
        return f"optionally({', '.join([*atoms, *map(self.expression, part.conditions)])})"

    def absent(self, part: Absent) -> str:
        """Write a negation."""
        scope = self._outside + Counter(_inside(part.atoms, part.conditions))
        return f"not({', '.join(self._within(part.atoms, part.conditions, scope))})"

    def _within(
        self, atoms: Iterable[Atom], conditions: Iterable[Expression], scope: Counter[Var], binds: Iterable[Bind] = ()
    ) -> list[str]:
        """Write what stands in a scope of its own."""
        outer, self._scope = self._scope, scope
        said = [*map(self.atom, atoms), *map(self.bind, binds), *map(self.expression, conditions)]
        self._scope = outer
        return said

    def bind(self, part: Bind) -> str:
        """Write a computed value."""
        return f"?{part.variable} := {self.expression(part.value)}"

    def expression(self, expression: Expression, within: int = 0) -> str:
        """Write an expression, in parentheses where an operator around it would tear it apart."""
        if isinstance(expression, Var | NamedNode | BlankNode | Literal):
            return self.node(expression)
        function, arguments = expression.function, expression.arguments
        if function == "!":
            return f"!{self.expression(arguments[0], 4)}"
        if function not in INFIX:
            name = self.node(NamedNode(function)) if ":" in function else function
            return f"{name}({', '.join(self.expression(argument) for argument in arguments)})"
        strength = _STRENGTH[function]
        # = binds no other =; that && and || do leaves their sides as they are
        sides = [self.expression(side, strength + (strength == 3)) for side in arguments]
        said = f" {function} ".join(sides)
        return f"({said})" if strength < within else said

    def node(self, node: Node) -> str:
        """Write a variable or a term."""
        if isinstance(node, Var):
            return f"?{node}"
        if isinstance(node, NamedNode):
            return self.name(node)
        if isinstance(node, Literal):
            bare = _BARE.get(node.datatype)
            if bare is not None and bare.fullmatch(node.value):
                return node.value
            if node.datatype not in _STRINGS:
                return f"{Literal(node.value)}^^{self.name(node.datatype)}"
        return str(node)

    def name(self, name: NamedNode) -> str:
        """Write an IRI with a prefix, if there is one for it."""
        for namespace, prefix in self._namespaces:
            if name.value.startswith(namespace) and _LOCAL.fullmatch(name.value, len(namespace)):
                return f"{prefix}:{name.value[len(namespace) :]}"
        return str(name)


def _widest(widest: Widest) -> str:
    intervals = ", ".join(
        f"?{start} - ?{end} {'empty' if empty else 'unbounded'}"
        for (start, end), empty in zip(widest.intervals, widest.empty_if_unbound, strict=True)
    )
    return f"widest ?{widest.node} by {_names(widest.group)} over {intervals}"


def _names(variables: Iterable[Var]) -> str:
    return ", ".join(f"?{variable}" for variable in variables)


def _inside(atoms: Iterable[Atom], expressions: Iterable[Expression]) -> Iterator[Var]:
    """Give the variables that parts of a rule name, each as often as they do; once in each expression."""
    for atom in atoms:
        yield from atom.variables()
    for expression in expressions:
        yield from variables_of(expression)


def _of_aggregate(part: Aggregate) -> Iterator[Var]:
    """Give the variables within an aggregate."""
    yield from part.groups
    yield from (bind.variable for bind in part.binds)
    values = [value for _, _, value in part.results] + [bind.value for bind in part.binds]
    yield from _inside(part.atoms, [*part.conditions, *values])


def _occurrences(rule: Rule) -> Iterator[Var]:
    """Give the variables of a rule as often as they occur, less those within negations and aggregates."""
    yield from _inside((*rule.head, *rule.body), (*rule.conditions, *(bind.value for bind in rule.binds)))
    yield from (bind.variable for bind in rule.binds)
    for part in rule.optional:
        yield from _inside(part.atoms, part.conditions)
    for aggregate in rule.aggregates:
        yield from (*aggregate.groups, *(name for name, _, _ in aggregate.results))
    for each in rule.lists:
        if isinstance(each, Each):
            yield from _inside(each.atoms, ())
    if rule.widest is not None:
        yield from (rule.widest.node, *rule.widest.group, *(v for interval in rule.widest.intervals for v in interval))
