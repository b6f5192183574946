"""Proofs as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from kgtool.reasoning.language import Atom, Fact, Term, Var
from kgtool.reasoning.language.sentence import Sentence


@dataclass(frozen=True)
class Origin:
    """A source graph that says something.

    :param graph: its name.
    :param source: the file or other source that was loaded into it last, if that was noted.
    :param when: when that was, as ``xsd:dateTime`` text.
    """

    graph: Term
    source: str | None = None
    when: str | None = None


@dataclass(frozen=True)
class Said:
    """A leaf of a proof: sources say it."""

    fact: Fact
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Denied:
    """What a rule asks not to be said by any source; variables stand for anything.

    :param atoms: the pattern that nothing matches.
    """

    atoms: tuple[Atom, ...]


@dataclass(frozen=True)
class InWords:
    """What a rule says in words of a conclusion.

    :param sentences: by language.
    :param values: of the variables that they name.
    """

    sentences: Mapping[str, Sentence]
    values: Mapping[Var, Term]


@dataclass(frozen=True)
class Step:
    """A fact that follows by a rule from others.

    :param rule: its name; ``labels`` what it says, by language; ``source`` the table or file that it comes from.
    :param premises: what it follows from; nothing where the rule needs none, or looks into a literal.
    :param lists: the RDF lists that the rule reads, head to members.
    """

    fact: Fact
    rule: str
    labels: Mapping[str, str] = field(hash=False)
    source: str
    premises: tuple[Proof, ...] = ()
    denied: tuple[Denied, ...] = ()
    lists: tuple[tuple[Term, tuple[Term, ...]], ...] = ()
    in_words: InWords | None = field(default=None, compare=False)

    @property
    def size(self) -> int:
        """How many steps and leaves it has, counted as often as they stand in it."""
        return 1 + sum(premise.size if isinstance(premise, Step) else 1 for premise in self.premises)

    @property
    def depth(self) -> int:
        """How many steps stand one on the other."""
        return 1 + max((premise.depth for premise in self.premises if isinstance(premise, Step)), default=0)


Proof: TypeAlias = Said | Step


def parts(proof: Proof) -> Iterator[Proof]:
    """Give a proof and all that it is made of, from the top."""
    yield proof
    if isinstance(proof, Step):
        for premise in proof.premises:
            yield from parts(premise)


@dataclass(frozen=True)
class NearMiss:
    """A rule that would conclude a fact, if something more held.

    :param holding: premises that hold.
    :param missing: patterns of those that do not; variables stand for anything.
    :param denying: what a source says although the rule asks that none does.
    """

    rule: str
    labels: Mapping[str, str] = field(hash=False)
    source: str
    holding: tuple[Fact, ...]
    missing: tuple[Atom, ...]
    denying: tuple[Fact, ...] = field(default=())
