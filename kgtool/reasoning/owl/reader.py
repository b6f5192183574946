"""Reads ``owl2rl.rules``, the OWL 2 RL/RDF rules as data, into the language of rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.language import Atom, Chain, Each, Member, Node, Pair, Rule, Term, Var
from kgtool.vocabulary import iri

_FILE: Final = Path(__file__).with_name("owl2rl.rules")
_TABLE: Final = re.compile(r"table (\d+): (.+)")
_TOKEN: Final = re.compile(r"\s*(=>|[A-Za-z]+:[A-Za-z]+|\?[a-z]+|\d+|[a-z]+(?=\()|false|[(){},;.])")
#: Every rule looks into literals or says what it says in triples.
_LITERALS: Final = "literals"
_AXIOMS: Final = "axioms "
_NO_AXIOMS: Final = frozenset({iri("owl", "Thing"), iri("owl", "Nothing")})


@lru_cache(maxsize=1)
def axiom_predicates() -> frozenset[NamedNode]:
    """Give the predicates of triples that are axioms."""
    named = [line.removeprefix(_AXIOMS).split() for line in _lines() if line.startswith(_AXIOMS)]
    return frozenset(iri(*name.split(":")) for names in named for name in names)


@lru_cache(maxsize=1)
def axiom_types() -> frozenset[Term]:
    """Give the types that make a triple an axiom, such as ``owl:TransitiveProperty``."""
    types = {atom.object for rule in owl_rules() for atom in rule.body if atom.predicate == iri("rdf", "type")}
    return frozenset(term for term in types if not isinstance(term, Var) and term not in _NO_AXIOMS)


@lru_cache(maxsize=1)
def list_predicates() -> frozenset[Node]:
    """Give the predicates of axioms that lead to a list."""
    return frozenset(
        atom.predicate for rule in owl_rules() for part in rule.lists for atom in rule.body if atom.object == part.head
    )


@lru_cache(maxsize=1)
def owl_rules() -> tuple[Rule, ...]:
    """Give the 78 rules of tables 4 to 9, in the order of the tables.

    Rules about literals have neither body nor head: :mod:`kgtool.reasoning.owl.datatypes` carries them out.

    >>> len(owl_rules())
    78
    >>> [rule.labels["en"] for rule in owl_rules() if rule.name == "cax-sco"]
    ['What is in a class is in every broader class']
    """
    return tuple(_read([line for line in _lines() if not line.startswith(_AXIOMS)]))


def _lines() -> list[str]:
    return [line for line in _FILE.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]


def _read(lines: list[str]) -> Iterator[Rule]:
    source = ""
    position = 0
    while position < len(lines):
        table = _TABLE.fullmatch(lines[position])
        if table is not None:
            source = f"OWL 2 Profiles, table {table[1]}"
            position += 1
            continue
        name, labels, said = lines[position], lines[position + 1 : position + 3], lines[position + 3].strip()
        position += 4
        yield _rule(name, dict(_label(line) for line in labels), said, source)


def _label(line: str) -> tuple[str, str]:
    language, _, label = line.strip().partition(" ")
    return language, label


def _rule(name: str, labels: dict[str, str], said: str, source: str) -> Rule:
    if said == _LITERALS:
        return Rule(name, labels, (), (), source=source, text=said)
    left, _, right = said.partition("=>")
    words = _Words(left)
    body: list[Atom] = []
    lists: list[Member | Pair | Each | Chain] = []
    while words.rest:
        part = words.part()
        if isinstance(part, Atom):
            body.append(part)
        else:
            lists.append(part)
    head = [] if right.strip() == "false" else _Words(right).atoms()
    return Rule(name, labels, tuple(head), tuple(body), tuple(lists), source=source, text=said)


class _Words:
    """The words of one side of a rule, read from the left."""

    def __init__(self, text: str) -> None:
        self.rest = _TOKEN.findall(text)

    def take(self, expected: str | None = None) -> str:
        """Take the next word.

        :raises ValueError: if another one was expected.
        """
        word: str = self.rest.pop(0)
        if expected is not None and word != expected:
            raise ValueError(f"{expected} expected, not {word}")
        return word

    def part(self) -> Atom | Member | Pair | Each | Chain:
        """Take a triple or an atom about a list, and the full stop after it."""
        word = self.rest[0]
        if word not in ("member", "pair", "each", "chain"):
            return self.atom()
        self.take()
        self.take("(")
        names = [self.variable()]
        local: list[Var] = []
        while (mark := self.take()) != ")":
            (local if mark == ";" or local else names).append(self.variable())
        part: Member | Pair | Each | Chain
        if word == "member":
            part = Member(*names)
        elif word == "pair":
            part = Pair(*names)
        elif word == "chain":
            part = Chain(*names)
        else:
            self.take("{")
            end = self.rest.index("}")
            inner = _Words("")
            inner.rest, self.rest = self.rest[:end], self.rest[end + 1 :]
            part = Each(names[0], names[1], tuple(inner.atoms()), tuple(local))
        self.full_stop()
        return part

    def atoms(self) -> list[Atom]:
        """Take triples up to the end."""
        atoms = []
        while self.rest:
            atoms.append(self.atom())
        return atoms

    def atom(self) -> Atom:
        """Take a triple, and the full stop after it."""
        atom = Atom(self.node(), self.node(), self.node())
        self.full_stop()
        return atom

    def full_stop(self) -> None:
        """Take a full stop, unless this is the end."""
        if self.rest:
            self.take(".")

    def node(self) -> Node:
        """Take a variable, a name or a number."""
        word = self.take()
        if word.startswith("?"):
            return Var(word[1:])
        if word.isdigit():
            return Literal(int(word))
        prefix, _, local = word.partition(":")
        return iri(prefix, local)

    def variable(self) -> Var:
        """Take a variable."""
        return Var(self.take().removeprefix("?"))
