"""A reader of ``owl2rl.rules`` for the proof checker, which must not trust the one that the engines use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pyoxigraph import NamedNode

#: Three nodes each: a variable as text with its question mark, a number, or an IRI.
Pattern = tuple[Any, Any, Any]

_NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
_PART = re.compile(
    r"each\((?P<each>[^)]*)\)\s*\{(?P<inner>[^}]*)\}"
    r"|(?P<kind>member|pair|chain)\((?P<names>[^)]*)\)"
    r"|(?P<triple>[^\s.]+\s+[^\s.]+\s+[^\s.]+)"
)


@dataclass(frozen=True)
class Choice:
    """What a rule says of a list.

    :param head: the variable of the list.
    :param names: the other variables.
    :param local: those that are others for each member.
    :param atoms: what holds for each member.
    """

    kind: str
    head: str
    names: tuple[str, ...]
    local: tuple[str, ...] = ()
    atoms: tuple[Pattern, ...] = ()

    def ways(self, members: Sequence[Any]) -> Iterator[tuple[dict[str, Any], list[Pattern]]]:
        """Give the ways to take it for a list of these members: values of variables, and triples that must hold."""
        if self.kind == "member":
            yield from (({self.names[0]: member}, []) for member in members)
        elif self.kind == "pair":
            yield from (({self.names[0]: one, self.names[1]: two}, []) for one, two in combinations(members, 2))
        elif self.kind == "chain":
            start, end = self.names
            nodes = [start, *(f"?between {number}" for number in range(1, len(members))), end]
            steps = enumerate(members)
            yield {}, [(nodes[number], member, nodes[number + 1]) for number, member in steps]
        else:
            yield {}, [_of_member(self, atom, n, member) for n, member in enumerate(members) for atom in self.atoms]


@dataclass(frozen=True)
class OwlRule:
    """A rule of OWL 2 RL; one without a head says what cannot be."""

    name: str
    body: tuple[Pattern, ...] = ()
    head: tuple[Pattern, ...] = ()
    choice: Choice | None = None
    looks_into_literals: bool = False


def is_variable(node: object) -> bool:
    return isinstance(node, str)


def read_owl_rules(text: str) -> Mapping[str, OwlRule]:
    """Read the rules: below its name each has its labels, and last what it says."""
    rules = {}
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if not line.startswith(("#", "axioms ", "table "))]
        if lines:
            name, said = lines[0].strip(), lines[-1].strip()
            rules[name] = _rule(name, said)
    return rules


def _rule(name: str, said: str) -> OwlRule:
    if said == "literals":
        return OwlRule(name, looks_into_literals=True)
    left, _, right = said.partition("=>")
    body: list[Pattern] = []
    choice = None
    for part in _PART.finditer(left):
        if part["triple"]:
            body.append(_triple(part["triple"]))
        elif part["kind"]:
            head, *names = re.split(r"\s*,\s*", part["names"].strip())
            choice = Choice(part["kind"], head, tuple(names))
        else:
            shared, _, local = part["each"].partition(";")
            head, *names = re.split(r"\s*,\s*", shared.strip())
            inner = tuple(_triple(found["triple"]) for found in _PART.finditer(part["inner"]))
            choice = Choice("each", head, tuple(names), tuple(re.findall(r"\?\w+", local)), inner)
    heads = () if right.strip() == "false" else tuple(_triple(found["triple"]) for found in _PART.finditer(right))
    return OwlRule(name, tuple(body), heads, choice)


def _triple(text: str) -> Pattern:
    subject, predicate, value = text.split()
    return _node(subject), _node(predicate), _node(value)


def _node(word: str) -> str | int | NamedNode:
    if word.startswith("?"):
        return word
    if word.isdigit():
        return int(word)
    prefix, _, local = word.partition(":")
    return NamedNode(_NAMESPACES[prefix] + local)


def _of_member(choice: Choice, atom: Pattern, number: int, member: Any) -> Pattern:
    own = {choice.names[0]: member, **{name: f"{name} {number}" for name in choice.local}}
    subject, predicate, value = (own.get(node, node) if isinstance(node, str) else node for node in atom)
    return subject, predicate, value
