"""The WHERE of a rule, read from SPARQL part by part; what the language of rules lacks is refused where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from pyoxigraph import NamedNode

from kgtool.errors import ParseError
from kgtool.reasoning.language import Absent, Aggregate, Atom, Bind, Node, Optionally, Var
from kgtool.reasoning.rulefiles.expressions import constraint, expression
from kgtool.reasoning.rulefiles.pieces import Condition, Inside, Part, Piece, atoms_of, conditions_of, variables
from kgtool.reasoning.rulefiles.subselects import sub_select
from kgtool.reasoning.rulefiles.triples import Triple, triples
from kgtool.reasoning.rulefiles.words import Words
from kgtool.store.tokens import closing
from kgtool.vocabulary import iri, is_reserved

_HIERARCHY: Final = (iri("rdfs", "subClassOf"), iri("rdfs", "subPropertyOf"))
#: What the language lacks, and what to write instead.
_LACKING: Final = {
    "UNION": "two ways to conclude the same are two files",
    "MINUS": "write FILTER NOT EXISTS { GRAPH ?g { … } }",
    "SERVICE": "load the data into the store instead",
    "VALUES": "write FILTER(?x IN (…))",
    "LATERAL": "write the patterns themselves",
}
_NO_BIND: Final = {
    Inside.ABSENT: "compare in a FILTER, or compute the value outside",
    Inside.OPTIONAL: "compute the value after the OPTIONAL; where a part is unbound, it is too",
}


def group(words: Words, inside: Inside) -> list[Piece]:
    """Take a group with its braces.

    :raises ParseError: for what the language of rules lacks, or what has no place in such a group.
    """
    words.expect("{")
    found: list[Piece] = []
    while not words.skip_mark("}"):
        if not words.skip_mark("."):
            first = words.index
            parts = list(_parts(words, inside))
            found += (Piece(part, first, words.index) for part in parts)
    return found


def _parts(words: Words, inside: Inside) -> Iterable[Part]:
    word = words.peek()
    if word.is_word("GRAPH"):
        return _graph(words)
    if word.is_word("FILTER"):
        return (_filter(words, inside),)
    if word.is_word("BIND"):
        if inside in _NO_BIND:
            raise words.refuse(f"BIND inside {inside.value}", _NO_BIND[inside])
        return (_bind(words),)
    if word.is_word("OPTIONAL"):
        if inside is not Inside.WHERE:
            raise words.refuse(f"OPTIONAL inside {inside.value}", "an OPTIONAL stands in the WHERE itself")
        return (_optional(words),)
    if word.is_word("SELECT") or (word.is_mark("{") and words.peek(1).is_word("SELECT")):
        if inside is not Inside.WHERE:
            raise words.refuse(f"a sub-SELECT inside {inside.value}", "a sub-SELECT stands in the WHERE itself")
        return (_sub_select(words, optional=False),)
    if word.is_word(*_LACKING):
        raise _lacking(words)
    if word.is_mark("{"):
        raise _braces(words)
    return _triples(words, inside)


def _lacking(words: Words) -> ParseError:
    name = words.peek().text.upper()
    return words.refuse(f"{name} is outside the language of rules", _LACKING[name])


def _braces(words: Words) -> ParseError:
    """Say what is wrong with a group in a group: as a rule it is the first of a UNION."""
    end = closing(words.all, words.index) + 1
    if end < len(words.all) and words.all[end].is_word("UNION"):
        words.index = end
        return _lacking(words)
    return words.refuse("a group in a group", "leave the inner braces out")


def _graph(words: Words) -> list[Atom]:
    words.take()
    named = words.peek()
    graph: Node = words.variable() if named.kind == "variable" else words.name()
    if isinstance(graph, NamedNode) and is_reserved(graph.value):
        raise words.refuse(
            f"<{graph.value}> holds nothing that a source asserts",
            "name a source's graph, or any by a variable; what follows is seen outside GRAPH",
            named,
        )
    start = words.expect("{")
    found = triples(words)
    if not words.peek().is_mark("}"):
        raise words.refuse(
            f"{words.peek().text[:40]} inside GRAPH", "only triples stand there; write it after the closing brace"
        )
    if not found:
        raise words.refuse("a GRAPH without a triple", "say which triples the source asserts", start)
    words.take()
    return [triple.atom(graph) for triple in found]


def _filter(words: Words, inside: Inside) -> Condition | Absent:
    words.take()
    negated = words.peek().is_word("NOT") and words.peek(1).is_word("EXISTS")
    if words.peek().is_word("EXISTS"):
        raise words.refuse("FILTER EXISTS is outside the language of rules", "write it as a pattern of the body")
    if not negated:
        return Condition(constraint(words))
    if inside is not Inside.WHERE:
        raise words.refuse(f"NOT EXISTS inside {inside.value}", "negation stands in the WHERE itself")
    words.index += 2
    start = words.peek()
    pieces = group(words, Inside.ABSENT)
    atoms = atoms_of(pieces)
    asserted = set(variables(atom for atom in atoms if atom.graph is not None))
    if all(atom.graph is None for atom in atoms):
        raise words.refuse("a NOT EXISTS without GRAPH", "say what no source asserts: GRAPH ?g { … }", start)
    for piece in pieces:
        if isinstance(piece.part, Atom) and piece.part.graph is None and piece.part.subject not in asserted:
            subject = Var(piece.part.subject)
            raise words.refuse(
                f"negation over what follows: nothing asserted binds ?{subject} here",
                f"bind it in the same NOT EXISTS: GRAPH ?g {{ ?x a ?{subject} }}",
                words.place(subject, piece.first, piece.last),
            )
    return Absent(atoms, conditions_of(pieces))


def _bind(words: Words) -> Bind:
    words.take()
    words.expect("(")
    value = expression(words)
    if not words.skip_word("AS"):
        raise words.unreadable()
    variable = words.variable()
    words.expect(")")
    return Bind(variable, value)


def _optional(words: Words) -> Optionally | Aggregate:
    words.take()
    if words.peek(1).is_word("SELECT") or (words.peek(1).is_mark("{") and words.peek(2).is_word("SELECT")):
        words.expect("{")
        aggregate = _sub_select(words, optional=True)
        if not words.peek().is_mark("}"):
            raise words.refuse("a sub-SELECT that is not alone in its OPTIONAL", "give it an OPTIONAL of its own")
        words.take()
        return aggregate
    start = words.peek()
    pieces = group(words, Inside.OPTIONAL)
    atoms = atoms_of(pieces)
    if not atoms:
        raise words.refuse("an OPTIONAL without a triple", "say what may be there", start)
    if any(atom.graph is None for atom in atoms):
        for piece in pieces:
            if not isinstance(piece.part, Atom) or piece.part.graph is not None:
                raise words.refuse(
                    "an OPTIONAL with triples outside GRAPH and something else",
                    "write GRAPH ?g { … } around the triples, or give them an OPTIONAL of their own",
                    words.all[piece.first],
                )
    return Optionally(atoms, conditions_of(pieces))


def _sub_select(words: Words, *, optional: bool) -> Aggregate:
    braces = words.skip_mark("{")
    aggregate = sub_select(words, lambda: group(words, Inside.SUB_SELECT), optional=optional)
    if braces:
        words.expect("}")
    return aggregate


def _triples(words: Words, inside: Inside) -> list[Atom]:
    """Take triples outside GRAPH."""
    if inside is Inside.SUB_SELECT:
        first = words.index
        if triples(words):
            words.index = first
            raise words.refuse(
                "an aggregate over what follows", "write GRAPH ?g { … }: aggregates look at asserted triples only"
            )
        raise words.unreadable()
    found = triples(words)
    if not found:
        raise words.unreadable()
    for triple in found:
        if inside is Inside.ABSENT:
            _check_hierarchy(words, triple)
        elif inside is Inside.OPTIONAL:
            _check_attribute(words, triple, found[0])
    return [triple.atom() for triple in found]


def _check_hierarchy(words: Words, triple: Triple) -> None:
    """Let a negation look at the hierarchy of classes and properties, and at nothing else that follows."""
    shape = isinstance(triple.subject, Var), triple.predicate in _HIERARCHY, isinstance(triple.object, NamedNode)
    if shape == (True, True, True):
        return
    wrong = triple.words[shape.index(False) if shape[1] else 1]
    raise words.refuse(
        f"negation over what follows: {wrong.text[:80]}",
        "write GRAPH ?g { … }: negation looks at asserted triples, and at ?type rdfs:subClassOf or "
        "?property rdfs:subPropertyOf with an IRI",
        wrong,
    )


def _check_attribute(words: Words, triple: Triple, first: Triple) -> None:
    """Let an OPTIONAL look at what follows only as the attributes of one node."""
    shape = (
        isinstance(triple.subject, Var) and triple.subject == first.subject,
        isinstance(triple.predicate, NamedNode),
        isinstance(triple.object, Var),
    )
    if shape != (True, True, True):
        wrong = triple.words[shape.index(False)]
        raise words.refuse(
            f"an OPTIONAL over what follows: {wrong.text[:80]}",
            "write GRAPH ?g { … }, or attributes of one node that a rule builds: ?node kg:name ?value",
            wrong,
        )
