"""Explanations as text that anyone can read, in French or English: blocks of lines, whose names a page can link."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kgtool.reasoning.language import Atom, Fact, Node, Term, Var
from kgtool.reasoning.language.sentence import Days
from kgtool.reasoning.proofs.explanation import Explanation
from kgtool.reasoning.proofs.naming import Labels, Mention, Names, Piece
from kgtool.reasoning.proofs.outline import OutlinedProof, Reference, Told, outline
from kgtool.reasoning.proofs.phrases import counted, phrase
from kgtool.reasoning.proofs.proof import Denied, NearMiss, Origin, Said, Step
from kgtool.reasoning.proofs.terms import distinct_steps, nodes_of, predicates_of
from kgtool.reasoning.proofs.wording import printable
from kgtool.vocabulary import iri

#: Steps that stand one on the other before the text goes on at the margin.
_DEEPEST: Final = 6
_DASH: Final = " – "
_CHAIN: Final = iri("owl", "propertyChainAxiom")

Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Block:
    """Lines that belong together, and what they rest on.

    :param mark: stands before the first line: a number, a dash, or nothing.
    """

    lines: tuple[Line, ...]
    children: tuple[Block, ...] = ()
    mark: str = ""


def explanation_blocks(
    explanation: Explanation, labels: Labels, language: str, *, meant: str | None = None
) -> tuple[Block, ...]:
    """Tell why a fact holds, or what it lacks.

    :param language: ``fr`` or ``en``.
    :param meant: a property that may have been meant in place of one that the graph does not use.
    """
    names = Names(nodes_of(explanation), predicates_of(explanation), labels, language)
    blocks = tuple(_Teller(names, language).explanation(explanation))
    return (*blocks, Block(((phrase("meant", language, name=meant),),))) if meant else blocks


def contradiction_blocks(steps: Sequence[Step], labels: Labels, language: str) -> tuple[Block, ...]:
    """Tell what contradicts itself, and why it holds."""
    names = Names(nodes_of(*steps), predicates_of(*steps), labels, language)
    return tuple(_Teller(names, language).contradictions(steps))


def as_text(blocks: Sequence[Block]) -> str:
    """Write blocks as indented text.

    >>> as_text([Block((("a",), ("b",)), (Block((("c",),), mark="-"),), mark="(1)")])
    '(1) a\\n    b\\n    - c\\n'
    """
    parts = ["".join(f"{line}\n" for line in _lines(block)) for block in blocks]
    return "\n".join(parts)


def _lines(block: Block) -> Iterator[str]:
    margin = f"{block.mark} " if block.mark else ""
    for line in block.lines:
        yield margin + "".join(piece.text if isinstance(piece, Mention) else piece for piece in line)
        margin = " " * len(margin)
    # What a line without a mark introduces stands below it, not beside it.
    inner = margin or "  "
    for child in block.children:
        yield from (inner + line for line in _lines(child))


class _Teller:
    """Tells in one language, with one set of names."""

    def __init__(self, names: Names, language: str) -> None:
        self._names = names
        self._language = language

    def explanation(self, explanation: Explanation) -> Iterator[Block]:
        said = [self._said_by(explanation.said)] if explanation.said else []
        yield Block((self._fact(explanation.fact), *said))
        sentence = next(self._sentences(explanation.proofs[:1]), None)
        if sentence is not None:
            yield sentence
        for place, proof in enumerate(outline(explanation.proofs, _DEEPEST)):
            key = "otherwise follows" if place else "also follows" if said else "follows"
            yield self._proof(key, proof)
        if not explanation.holds:
            yield Block(((self._phrase("does not follow"),),))
            if not explanation.missing:
                yield Block(((self._phrase("nothing near"),),))
            for place, miss in enumerate(explanation.missing):
                yield self._miss("also close" if place else "closest", miss)

    def contradictions(self, steps: Sequence[Step]) -> Iterator[Block]:
        if not steps:
            yield Block(((self._phrase("consistent"),),))
            return
        yield Block(((counted("one clash", "clashes", len(steps), self._language),),))
        for proof in outline(steps, _DEEPEST):
            first, *rest = proof.parts
            line = (self._phrase("clash", rule=self._rule(first.step)),)
            yield Block((line,), tuple(self._premises(first)), f"({first.number})")
            yield from map(self._told, rest)

    def _proof(self, key: str, proof: OutlinedProof) -> Block:
        steps = counted("one step", "steps", proof.steps, self._language)
        line = (self._phrase(key, steps=steps), self._phrase("colon"))
        return Block((line,), tuple(map(self._told, proof.parts)))

    def _told(self, told: Told) -> Block:
        fact = self._fact(told.step.fact, told.step.lists)
        if told.like is not None:
            return Block(((*fact, self._phrase("like", number=told.like)),), mark=f"({told.number})")
        because = (self._phrase("because", rule=self._rule(told.step)),)
        said = self._in_words(told.step)
        lines = (fact, because, (self._phrase("that is"), *said)) if said else (fact, because)
        return Block(lines, tuple(self._premises(told)), f"({told.number})")

    def _sentences(self, proofs: Iterable[Step]) -> Iterator[Block]:
        """Tell proofs whose rules say what they conclude in words, with what they rest on, as a sentence."""
        for proof in proofs:
            for step in distinct_steps(proof):
                said = self._in_words(step)
                if said:
                    origins = dict.fromkeys(
                        origin
                        for inner in distinct_steps(step)
                        for premise in inner.premises
                        if isinstance(premise, Said)
                        for origin in premise.origins
                    )
                    yield Block(((*said, "."), self._said_by(origins)) if origins else ((*said, "."),))

    def _in_words(self, step: Step) -> Line:
        """Give what a rule says in words of a conclusion."""
        if step.in_words is None:
            return ()
        values = step.in_words.values
        line: list[Piece] = []
        for part in step.in_words.sentences[self._language].said_of(values):
            match part:
                case Days(start, stop):
                    line.append(self._days(values.get(start), values.get(stop)))
                case Var():
                    line.append(self._names.of(values[part]) if part in values else self._names.of(part))
                case _:
                    line.append(part)
        return tuple(line)

    def _days(self, start: Term | None, stop: Term | None) -> str:
        """Put an interval in words."""
        first, last = (None if day is None else str(self._names.of(day)) for day in (start, stop))
        if first is not None and first == last:
            return self._phrase("on day", day=first)
        key = {(True, True): "from to", (True, False): "from on", (False, True): "up to"}.get(
            (first is not None, last is not None), "any day"
        )
        return self._phrase(key, first=first, last=last)

    def _premises(self, told: Told) -> Iterator[Block]:
        lists = told.step.lists
        for premise in told.premises:
            match premise:
                case Told():
                    yield self._told(premise)
                case Reference():
                    where = self._phrase("below" if premise.below else "above", number=premise.number)
                    yield Block(((*self._fact(premise.fact, lists), where),), mark="-")
                case Said():
                    said = [self._said_by(premise.origins)] if premise.origins else []
                    yield Block((self._fact(premise.fact, lists), *said), mark="-")
        for denied in told.step.denied:
            yield Block((self._denied(denied),), mark="-")

    def _said_by(self, origins: Iterable[Origin]) -> Line:
        line: list[Piece] = [self._phrase("said by")]
        for place, origin in enumerate(origins):
            line += [self._phrase("and")] if place else []
            line.append(self._names.of(origin.graph))
            if origin.when is not None:
                line.append(self._phrase("loaded", day=self._names.day(origin.when)))
        return tuple(line)

    def _denied(self, denied: Denied) -> Line:
        first, *rest = denied.atoms
        line: list[Piece] = [self._phrase("denied"), *self._atom(first)]
        for atom in rest:
            line += [self._phrase("where"), *self._atom(atom)]
        return tuple(line)

    def _miss(self, key: str, miss: NearMiss) -> Block:
        parts = (
            ("holding", [self._fact(fact) for fact in miss.holding]),
            ("missing", [self._atom(atom) for atom in miss.missing]),
            ("denying", [self._fact(fact) for fact in miss.denying]),
        )
        children = tuple(
            Block(
                ((self._phrase(name), self._phrase("colon")),),
                tuple(Block((line,), mark="-") for line in lines),
            )
            for name, lines in parts
            if lines
        )
        return Block(((self._phrase(key, rule=self._rule(miss)),),), children)

    def _fact(self, fact: Fact, lists: Iterable[tuple[Term, tuple[Term, ...]]] = ()) -> Line:
        """Put a fact in a line; a list that the rule reads is put as its members."""
        for head, members in lists:
            if fact[2] == head:
                return (*self._triple(fact[0], fact[1]), *self._list(fact[1], members))
        return self._triple(*fact)

    def _list(self, predicate: Term, members: Iterable[Term]) -> Iterator[Piece]:
        before, _, after = self._phrase("chain" if predicate == _CHAIN else "list", members="\0").partition("\0")
        yield before
        for place, member in enumerate(members):
            yield from ((", ",) if place else ())
            yield self._names.of(member)
        yield after

    def _atom(self, atom: Atom) -> Line:
        return self._triple(*atom[:3])

    def _triple(self, subject: Node, predicate: Node, value: Node | None = None) -> Line:
        names = self._names
        line = (names.of(subject), _DASH, names.of(predicate), _DASH)
        return line if value is None else (*line, names.of(value))

    def _rule(self, rule: Step | NearMiss) -> str:
        labels = rule.labels
        return printable(labels.get(self._language) or labels.get("en") or rule.rule)

    def _phrase(self, key: str, **parts: object) -> str:
        return phrase(key, self._language, **parts)
