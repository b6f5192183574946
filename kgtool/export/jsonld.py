"""JSON-LD for people: compacted with a context, sorted, with nodes written inside the one that refers to them.

Blank nodes nest as in Turtle. A node with an IRI nests where the only triple that has it as object stands, if it is a
dependent of that subject: it has no label of its own, or its IRI goes on where the subject's ends (after ``#`` or
``/``). Where the context has a reverse term for a property, as in ``"memberships": {"@reverse": "org:member"}``, a node
that nothing refers to stands under that term inside the one node that it has as this property's value. Above
``NESTED_STATEMENTS`` only blank nodes nest, so that a large graph need not be in memory.
Source: JSON-LD 1.1, and its API's section 6 (compaction) and 8.6 (native types).
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from itertools import islice
from typing import Final

from kgtool.errors import InputError
from kgtool.export.jsonld_context import Context, Term
from kgtool.export.nesting import Nesting, Pair, Triple, nest
from kgtool.export.tokens import (
    RDF_FIRST,
    RDF_NIL,
    RDF_TYPE,
    XSD,
    LiteralParts,
    is_blank,
    is_literal,
    literal_parts,
    subjects,
    unescape,
)
from kgtool.vocabulary import PREFIXES

NESTED_STATEMENTS: Final = 200_000
_LABELS: Final = frozenset(
    f"<{PREFIXES[prefix]}{name}>"
    for prefix, name in (
        ("rdfs", "label"),
        ("skos", "prefLabel"),
        ("foaf", "name"),
        ("schema", "name"),
        ("dcterms", "title"),
    )
)
# Integers that every JSON reader holds exactly, in the form that they come back in.
_INTEGER = re.compile("0|-?[1-9][0-9]{0,14}")

# Stands before the predicate of a triple that is told from its object's side.
_REVERSE: Final = "^"

Json = dict[str, "Json"] | list["Json"] | str | int | bool


def write_jsonld(
    rows: Iterable[str],
    blank_triples: Iterable[Triple],
    prefixes: Mapping[str, str],
    document: Mapping[str, object] | None,
    write: Callable[[str], None],
) -> tuple[str, int]:
    """Write the nodes of a JSON-LD document, and give what stands before them, and the number of statements.

    :param rows: sorted rows, read three times at most.
    :param blank_triples: the triples that mention blank nodes, sorted.
    :raises InputError: a context that refers to another document; a literal with a base direction.
    """
    context = Context(document, prefixes, _schemes(rows))
    known = list(islice(rows, NESTED_STATEMENTS + 1))
    small = len(known) <= NESTED_STATEMENTS
    nodes = _Nodes(context, _nesting(known, context.reverse_terms) if small else nest(blank_triples))
    count, between = 0, ""
    for _, subject, pairs in subjects(known if small else rows):
        count += len(pairs)
        if small:
            pairs = nodes.nesting.described.get(subject, [])
        if pairs and subject not in nodes.nesting.inline:
            text = json.dumps(nodes.node(subject, pairs), ensure_ascii=False, indent=2)
            write(between + "\n    " + text.replace("\n", "\n    "))
            between = ","
    write(("\n  " if between else "") + "]\n}\n")
    graph = context.keyword("@graph")
    shown = json.dumps(context.used_definitions(), ensure_ascii=False, indent=2).replace("\n", "\n  ")
    return f'{{\n  "@context": {shown},\n  {json.dumps(graph, ensure_ascii=False)}: [', count


def _schemes(rows: Iterable[str]) -> set[str]:
    """Give the schemes of IRIs such as ``geo:1,2``, which a prefix of that name would change."""
    found = set()
    for _, subject, pairs in subjects(rows):
        for token in {subject, *(token for pair in pairs for token in pair)}:
            iri = literal_parts(token).datatype if is_literal(token) else token[1:-1] if token[0] == "<" else ""
            scheme, _, rest = iri.partition(":")
            if not rest.startswith("//"):
                found.add(scheme)
    return found


def _nesting(rows: Iterable[str], reverse_terms: Container[str]) -> Nesting:
    triples = [(subject, *pair) for _, subject, pairs in subjects(rows) for pair in pairs]
    labelled = {subject for subject, predicate, _ in triples if predicate in _LABELS}
    classes = {value for _, predicate, value in triples if predicate == RDF_TYPE}
    turned = _turned(triples, reverse_terms)
    owned = {value for _, predicate, value in turned if predicate[0] == _REVERSE}

    def nest_iri(node: str, parent: str) -> bool:
        below = node.startswith((f"{parent[:-1]}#", f"{parent[:-1]}/"))
        return node in owned or (node not in classes and (below or node not in labelled))

    return nest(turned, nest_iri=nest_iri)


def _turned(triples: list[Triple], reverse_terms: Container[str]) -> list[Triple]:
    """Turn around the triples that a reverse term can say: of subjects that nothing refers to, one triple each."""
    described = {subject for subject, _, _ in triples}
    fixed = {value for _, _, value in triples} | {subject for subject, name, _ in triples if name == RDF_FIRST}
    turnable = [
        triple
        for triple in triples
        if triple[1][1:-1] in reverse_terms and triple[0] not in fixed and triple[2] in described
    ]
    times = Counter((subject, predicate) for subject, predicate, _ in triples)
    chosen: dict[str, Triple] = {}
    for triple in turnable:
        if times[triple[:2]] == 1:
            chosen.setdefault(triple[0], triple)
    turned = set(chosen.values())
    kept = [triple for triple in triples if triple not in turned]
    return sorted([*kept, *((value, f"{_REVERSE}{name}", subject) for subject, name, value in turned)])


class _Nodes:
    """Makes the JSON of nodes."""

    def __init__(self, context: Context, nesting: Nesting) -> None:
        self._context = context
        self.nesting = nesting

    def node(self, subject: str, pairs: list[Pair]) -> dict[str, Json]:
        """Give a node object: identifier, types, then the properties by name."""
        types: list[Json] = []
        properties: defaultdict[str, list[str]] = defaultdict(list)
        owned: defaultdict[Term, list[Json]] = defaultdict(list)
        for predicate, value in pairs:
            if predicate == RDF_TYPE and value[0] == "<":
                types.append(self._context.name(value[1:-1]))
            elif predicate[0] == _REVERSE:
                term = self._context.reverse_terms[predicate[2:-1]]
                owned[term].append(self._value(value, term))
            else:
                properties[predicate[1:-1]].append(value)
        found: dict[str, Json] = {}
        for predicate, values in properties.items():
            self._property(found, predicate, values)
        for term, nodes in owned.items():
            found[self._context.use(term)] = nodes if term.always_list or len(nodes) > 1 else nodes[0]
        start: dict[str, Json] = {}
        if not is_blank(subject):
            start[self._context.keyword("@id")] = self._context.reference(subject[1:-1])
        elif subject not in self.nesting.inline and subject not in self.nesting.unnamed:
            start[self._context.keyword("@id")] = subject
        if types:
            start[self._context.keyword("@type")] = types if len(types) > 1 else types[0]
        return {**start, **dict(sorted(found.items()))}

    def _property(self, found: dict[str, Json], predicate: str, values: list[str]) -> None:
        lists: set[str] = set()
        language_maps: dict[str, dict[str, Json]] = {}
        for value in values:
            term = self._choose(predicate, value)
            if term and term.container == "@list" and term.name in lists:
                term = None  # One term, one list: a second one is said without the term.
            key = self._context.use(term) if term else self._context.unaliased(predicate)
            if term and term.container == "@list":
                members: list[Json] = [self._value(member, term) for member in self.nesting.lists.get(value, [])]
                found[key] = members
                lists.add(key)
            elif term and term.container == "@language":
                escaped, language, _ = literal_parts(value)
                texts = language_maps.setdefault(key, {})
                _append(texts, language, unescape(escaped), always_list=term.always_list)
                found[key] = dict(sorted(texts.items()))
            else:
                _append(found, key, self._value(value, term), always_list=bool(term and term.always_list))

    def _choose(self, predicate: str, value: str) -> Term | None:
        """Choose the term for a value: one made for it, else one that says nothing of its values."""
        terms = self._context.terms(predicate)
        made_for = [term for term in terms if self._fits(term, value, exactly=True)]
        return next(iter(made_for or [term for term in terms if self._fits(term, value, exactly=False)]), None)

    def _fits(self, term: Term, value: str, *, exactly: bool) -> bool:
        is_list = value in self.nesting.lists or value == RDF_NIL
        if term.container == "@list":
            return exactly and is_list and all(self._coerces(term, item) for item in self.nesting.lists.get(value, []))
        if term.container == "@language":
            return exactly and is_literal(value) and literal_parts(value).language not in ("", "@none")
        if is_list or not exactly:
            return not term.type and (not term.language or not is_literal(value))
        return bool(term.type or term.language) and self._coerces(term, value)

    def _coerces(self, term: Term, value: str) -> bool:
        if not is_literal(value):
            return term.type in ("@id", "@vocab") if term.container != "@list" else term.type in ("@id", "@vocab", "")
        parts = literal_parts(value)
        if term.type:
            return term.type == (parts.datatype or (f"{XSD}string" if not parts.language else ""))
        return term.container == "@list" or term.language == parts.language

    def _value(self, token: str, term: Term | None) -> Json:
        if is_literal(token):
            return self._literal(token, term)
        if token in self.nesting.lists or token == RDF_NIL:
            members = [self._value(member, None) for member in self.nesting.lists.get(token, [])]
            return {self._context.keyword("@list"): list(members)}
        if token in self.nesting.inline:
            return self.node(token, self.nesting.described.get(token, []))
        if term and term.type == "@vocab" and not is_blank(token):
            return self._context.name(token[1:-1])
        named = token if is_blank(token) else self._context.reference(token[1:-1])
        return named if term and term.type in ("@id", "@vocab") else {self._context.keyword("@id"): named}

    def _literal(self, token: str, term: Term | None) -> Json:
        parts = literal_parts(token)
        text = unescape(parts.escaped)
        native = _native(parts)
        if native is not None and (not term or term.type in ("", parts.datatype)):
            return native
        if term and term.type and term.type == (parts.datatype or f"{XSD}string"):
            return text
        if term and not term.type and not parts.datatype and parts.language == term.language:
            if parts.language or term.plain:
                return text
        elif not term and not parts.datatype and not parts.language and self._context.plain:
            return text
        value: dict[str, Json] = {}
        if parts.datatype:
            value[self._context.keyword("@type")] = self._context.name(parts.datatype)
        elif "--" in parts.language:
            raise InputError(
                f"JSON-LD 1.1 has no standard way to keep the base direction of the literal {token[:80]}",
                hint="choose another format",
            )
        elif parts.language:
            value[self._context.keyword("@language")] = parts.language
        value[self._context.keyword("@value")] = text
        return value


def _native(parts: LiteralParts) -> Json | None:
    """Give the JSON value that says the same as a literal and comes back as it, if there is one."""
    if parts.datatype == f"{XSD}boolean" and parts.escaped in ("true", "false"):
        return parts.escaped == "true"
    if parts.datatype == f"{XSD}integer" and _INTEGER.fullmatch(parts.escaped):
        return int(parts.escaped)
    return None


def _append(found: dict[str, Json], key: str, value: Json, *, always_list: bool) -> None:
    """Add a value under a key: alone it stands for itself, several stand in an array."""
    present = found.get(key)
    if present is None:
        found[key] = [value] if always_list else value
    elif isinstance(present, list):
        present.append(value)
    else:
        found[key] = [present, value]
