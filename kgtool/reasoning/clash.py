"""Inconsistencies: which rule finds them, and what clashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from kgtool.reasoning.language import Fact
from kgtool.reasoning.matching.solve import Binding, instantiate
from kgtool.reasoning.owl.datatypes import is_well_formed
from kgtool.reasoning.owl.reader import owl_rules
from kgtool.reasoning.owl.specialise import Specialised
from kgtool.reasoning.shapes import Shape
from kgtool.vocabulary import PREFIXES, iri

_TEXTS = frozenset({iri("xsd", "string"), iri("xsd", "anyURI"), iri("rdf", "langString")})


@dataclass(frozen=True)
class Clash:
    """An inconsistency: what a false-rule of OWL 2 RL found.

    :param rule: its name, such as ``cax-dw``.
    :param premises: the facts that clash.
    :param labels: what the rule says, by language.
    """

    rule: str
    premises: tuple[Fact, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    def text(self, language: str = "en") -> str:
        """Say what clashes, with prefixed names.

        >>> a, b = NamedNode("urn:x:a"), NamedNode("urn:x:b")
        >>> Clash("eq-diff1", ((a, b, a),), {"en": "Nothing is both"}).text()
        'Nothing is both (eq-diff1): <urn:x:a> <urn:x:b> <urn:x:a>'
        """
        said = self.labels.get(language) or self.labels.get("en", "")
        facts = "; ".join(" ".join(map(short, fact)) for fact in self.premises)
        rule = f"{said} ({self.rule})" if said and self.rule else said or self.rule
        return f"{rule}: {facts}" if facts else rule


def clash_of(rule: Specialised | Shape, binding: Binding) -> Clash:
    """Make a clash of a solution of a false-rule: the axioms first, then the data."""
    about_axioms = [instantiate(atom, binding) for atom in rule.rule.body if atom not in rule.body]
    data = [instantiate(atom, binding) for atom in rule.body]
    premises = tuple(fact for fact in dict.fromkeys((*about_axioms, *data)) if fact is not None)
    return Clash(rule.rule.name, premises, rule.rule.labels)


def is_no_value(literal: Literal) -> bool:
    r"""Tell whether a literal contradicts its own datatype (dt-not-type).

    A text with a character that XML lacks is no ``xsd:string``, strictly; nobody wants a graph refused for that.

    >>> is_no_value(Literal("2020-02-31", datatype=iri("xsd", "date"))), is_no_value(Literal("a\0b"))
    (True, False)
    """
    return literal.datatype not in _TEXTS and not is_well_formed(literal)


def ill_formed(fact: Fact) -> Clash:
    """Make the clash of a literal that is none of its datatype."""
    return Clash("dt-not-type", (fact,), _labels("dt-not-type"))


def outside_datatype(fact: Fact) -> Clash:
    """Make the clash of a literal that follows to be in a datatype that lacks its value."""
    return Clash("dt-not-type", (fact,), _labels("dt-not-type"))


def different_values(fact: Fact) -> Clash:
    """Make the clash of literals with different values that are said to be the same."""
    return Clash("dt-diff", (fact,), _labels("dt-diff"))


def short(term: object) -> str:
    """Write a term for a person: a prefixed name where there is one.

    >>> short(NamedNode("http://www.w3.org/2002/07/owl#sameAs"))
    'owl:sameAs'
    """
    if isinstance(term, NamedNode):
        for prefix, namespace in PREFIXES.items():
            local = term.value.removeprefix(namespace)
            if local != term.value and local.replace("-", "").replace("_", "").isalnum():
                return f"{prefix}:{local}"
    return str(term)


def _labels(name: str) -> Mapping[str, str]:
    return next(rule.labels for rule in owl_rules() if rule.name == name)
