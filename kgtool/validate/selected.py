"""The targets that a query selects (SHACL-AF section 3.1), among a few nodes.

In general the query is asked for each of the nodes. Two kinds of query would then look at more than these nodes:

- one with a single triple pattern, such as any triple of ``?this``, goes through all that a hub says. A triple alone
  makes its subject a target, so once a node is known to be none, only triples added to it are looked at;
- one that groups goes through whatever it groups. Where ``kg:groupedBy`` names the variables by which nodes count as
  alike, only the nodes that are like those in question are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

import rdflib
from pyoxigraph import QuerySolutions, Triple

from kgtool.store.interface import Results
from kgtool.store.tokens import closing, tokens
from kgtool.validate.declared import TargetQuery
from kgtool.validate.graphs import InMemory, Merged
from kgtool.validate.memory import Key, Memory
from kgtool.validate.pattern_reader import read_patterns
from kgtool.validate.patterns import Path, Pattern
from kgtool.validate.reach import Scratch, reach_of
from kgtool.validate.terms import AnyTerm, Term, from_rdflib, to_rdflib
from kgtool.validate.view import DataGraph

_THIS = rdflib.Variable("this")


def selected(query: TargetQuery, focus: Collection[Term], data: DataGraph, memory: Memory | None) -> set[Term]:
    """Give the nodes of a focus that a target's query selects.

    :param memory: what is known of the store; None: nothing may be taken as known.
    """
    alone = _alone(query.text)
    if alone is not None:
        return _by_one_triple(query, alone, focus, data.facts, memory)
    keys = _key_query(query.text, query.grouped_by)
    if keys is not None and memory is not None:
        found = _among_alike(query, keys, focus, data.facts, memory)
        if found is not None:
            return found
    if re.search(r"\bGROUP\s+BY\b", query.text, re.IGNORECASE):
        rows = data.query(query.text).bindings
        return {from_rdflib(row[_THIS]) for row in rows if _THIS in row}.intersection(focus)
    return {node for node in focus if data.query(query.text, initBindings={"this": to_rdflib(node)}).bindings}


@lru_cache(maxsize=64)
def _alone(text: str) -> Pattern | None:
    """Give the only pattern of a query, if it is one of ``?this``'s own triples."""
    query = read_patterns(text)
    if query is None or query.aggregated or not query.flat or query.group.inner or len(query.group.patterns) != 1:
        return None
    (pattern,) = query.group.patterns
    return pattern if _is_near(pattern) and pattern.subject == "this" and "this" in query.projected else None


def _by_one_triple(
    query: TargetQuery, pattern: Pattern, focus: Collection[Term], data: Merged, memory: Memory | None
) -> set[Term]:
    predicate = pattern.path.iri if isinstance(pattern.path, Path) else None
    known = set() if memory is None else memory.untargeted.setdefault(query.node, set())
    change = data.change
    unknown = [node for node in focus if node not in known]
    triples = [triple for triple in change.added if triple.subject in known]
    triples += (triple for node in unknown for triple in data.match(node, predicate, None))
    found = _subjects(query.text, triples)
    known -= found
    # The store may keep what this change removes, if it is refused.
    known.update(set(unknown) - found - _subjects(query.text, change.removed))
    return {node for node in focus if node in found}


def _subjects(text: str, triples: Collection[Triple]) -> set[AnyTerm]:
    rows = InMemory(triples).query(text, {}) if triples else None
    return {row["this"] for row in rows} if isinstance(rows, QuerySolutions) else set()


@lru_cache(maxsize=64)
def _key_query(text: str, names: frozenset[str]) -> str | None:
    """Take out of a target's query the sub-select that gives ``?this`` with what it is grouped by.

    None if there is none, or if a node's key depends on more than the node's own triples and those that point to it.
    """
    words = list(tokens(text))
    head = text[: next((word.start for word in words if word.is_word("SELECT")), 0)]
    for index, word in enumerate(words):
        if names and word.is_word("SELECT"):
            opening = next(place for place in range(index, len(words)) if words[place].is_mark("{"))
            key_query = head + text[word.start : words[closing(words, opening)].end]
            found = read_patterns(key_query)
            if found is not None and found.projected == names | {"this"} and not found.aggregated:
                near = all(_is_near(each) and "this" in (each.subject, each.object) for each in found.group.patterns)
                return key_query if near and not found.group.inner else None
    return None


def _is_near(pattern: Pattern) -> bool:
    return isinstance(pattern.path, str) or pattern.path.kind == "link"


def _among_alike(
    query: TargetQuery, key_query: str, focus: Collection[Term], data: Merged, memory: Memory
) -> set[Term] | None:
    """Ask a query that groups of the nodes that have a key in common with one of the focus; None if some have none."""
    reach, keys_reach = reach_of(query.text, frozenset()), reach_of(key_query, frozenset({"this"}))
    if reach is None or keys_reach is None:
        return None
    scratch = Scratch(data)
    keyed = {node for node in focus if scratch.fetch(keys_reach, {"this": node})}
    if not keyed:
        return set()
    keys = _by_key(scratch.query(key_query, {}), query.grouped_by)
    alike = memory.alike.get(query.node)
    if alike is None:
        alike = _by_key(data.base.query(key_query, {}), query.grouped_by)
    if keys is None or alike is None:
        return None
    memory.alike[query.node] = alike
    candidates: set[Term] = set()
    for key, nodes in keys.items():
        if nodes & keyed:
            alike.setdefault(key, set()).update(nodes & keyed)
            candidates |= alike[key]
    near = Scratch(data)
    near.fetch(reach, {}, universe=candidates)
    rows = near.query(query.text, {})
    return {row["this"] for row in rows}.intersection(focus) if isinstance(rows, QuerySolutions) else None


def _by_key(rows: Results, names: Collection[str]) -> dict[Key, set[Term]] | None:
    """Collect nodes by key; None if a part of a key is unbound, as that would be like any other."""
    found: dict[Key, set[Term]] = {}
    for row in rows if isinstance(rows, QuerySolutions) else ():
        key = tuple(row[name] for name in sorted(names))
        if None in key:
            return None
        found.setdefault(key, set()).add(row["this"])
    return found
