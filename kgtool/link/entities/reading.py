"""The things of a graph that may be linked, read by a few queries over all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kgtool.link.entities.entity import Entity, Work, homepage_key, identifier_key
from kgtool.link.entities.rules import Rules
from kgtool.link.folding import folded, plain_signs, words_of
from kgtool.vocabulary import PREFIXES

#: Gives the rows of a SELECT: its text, and whether what follows is seen.
Ask = Callable[[str, bool], Iterator[Sequence[NamedNode | BlankNode | Literal | Triple | None]]]

#: Names and links of one thing that are compared: nobody has more, unless to make the comparison slow.
_MOST = 60
_LONGEST = 300
#: Letters of a title that no other publication is likely to have.
_TITLE = 25
#: What other places lie in: that two things are in one region says little.
_WIDE = "?town schema:containedInPlace ?area"
_PREFIXES = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


@dataclass
class _Draft:
    """What was read of a thing so far."""

    names: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    identifiers: dict[tuple[str, str], str] = field(default_factory=dict)
    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    homepages: set[str] = field(default_factory=set)


def read_entities(ask: Ask, rules: Rules, base: str) -> dict[str, Entity]:
    """Read every thing of a kind that is linked, by its IRI.

    :param ask: evaluates a query.
    :param base: what IRIs of imported things begin with, for the identifiers that are in them.
    """
    kinds = dict(_kinds(ask, rules))
    drafts: dict[str, _Draft] = {iri: _Draft() for iri in kinds}
    dois: dict[str, set[str]] = defaultdict(set)
    labels = _read_names(ask, rules, drafts)
    _read_parts(ask, rules, drafts)
    _read_identifiers(ask, rules, base, drafts, dois)
    _read_links(ask, rules, drafts)
    areas = ask(f"{_PREFIXES}SELECT DISTINCT ?area WHERE {{ {_WIDE} }}", False)
    wide = {row[0].value for row in areas if isinstance(row[0], NamedNode)}
    keys = {iri: _keys(iri, draft.names, draft.identifiers) for iri, draft in drafts.items()}

    def named(iris: set[str]) -> dict[str, str]:
        return {key: labels.get(iri, iri) for iri in sorted(iris) for key in keys.get(iri) or _titled(iri, labels)}

    def works(iris: set[str]) -> tuple[Work, ...]:
        return tuple(
            Work(labels.get(iri, iri), keys.get(iri) or _titled(iri, labels), frozenset(dois.get(iri, ())))
            for iri in sorted(iris)
        )

    entities = {}
    for iri, draft in drafts.items():
        places = {folded(name): name for place in sorted(draft.links["place"] - wide) if (name := labels.get(place))}
        workers = {other for other in draft.links["worker"] if other != iri}
        entities[iri] = Entity(
            iri=iri,
            kind=kinds[iri],
            names=tuple(dict.fromkeys(draft.names))[:_MOST],
            apart=(draft.parts["family"], draft.parts.get("given", "")) if "family" in draft.parts else None,
            identifiers=draft.identifiers,
            places=places,
            organisations=named(draft.links["organisation"]),
            works=works(draft.links["work"]),
            companions=tuple(sorted({name for other in workers if (name := labels.get(other))}))[:_MOST],
            successors=frozenset(draft.links["successor"]),
            homepages=frozenset(draft.homepages),
        )
    return entities


def entities_of_graphs(ask: Ask, graphs: Iterable[NamedNode]) -> set[str]:
    """Give the IRIs of what has a type in one of these graphs."""
    values = " ".join(str(graph) for graph in graphs)
    text = f"SELECT DISTINCT ?thing WHERE {{ VALUES ?graph {{ {values} }} GRAPH ?graph {{ ?thing a ?class }} }}"
    return {row[0].value for row in ask(text, False) if isinstance(row[0], NamedNode)}


def _kinds(ask: Ask, rules: Rules) -> Iterator[tuple[str, str]]:
    for kind, classes in reversed(list(rules.kinds.items())):  # of several kinds the first counts
        text = f"SELECT DISTINCT ?thing WHERE {{ VALUES ?class {{ {_values(classes)} }} ?thing a ?class }}"
        yield from ((row[0].value, kind) for row in ask(text, True) if isinstance(row[0], NamedNode))


def _read_names(ask: Ask, rules: Rules, drafts: dict[str, _Draft]) -> dict[str, str]:
    """Read names into the drafts, and give a label for everything that has one: English before French before others."""
    order = {name: place for place, name in enumerate(rules.evidence["name"])}
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    text = f"SELECT ?thing ?property ?name WHERE {{ VALUES ?property {{ {_values(order)} }} ?thing ?property ?name }}"
    for thing, property_, name in ask(text, False):
        if isinstance(thing, NamedNode) and isinstance(property_, NamedNode) and isinstance(name, Literal):
            language = {"en": 0, "fr": 1}.get((name.language or "").partition("-")[0], 2)
            shown = plain_signs(name.value[:_LONGEST])
            if shown:
                found[thing.value].append((order[property_.value], language, shown))
    labels = {}
    for iri, names in found.items():
        in_order = [name for _, _, name in sorted(names)]
        labels[iri] = in_order[0]
        if iri in drafts:
            drafts[iri].names = in_order
    return labels


def _read_parts(ask: Ask, rules: Rules, drafts: dict[str, _Draft]) -> None:
    """Read family names and given names, of people who have one of each; of several, nobody knows which go together."""
    for part in ("family", "given"):
        seen: dict[str, set[str]] = defaultdict(set)
        values = _values(rules.evidence[part])
        for thing, name in ask(f"SELECT ?thing ?name WHERE {{ VALUES ?p {{ {values} }} ?thing ?p ?name }}", False):
            if isinstance(thing, NamedNode) and thing.value in drafts and isinstance(name, Literal):
                seen[thing.value].add(plain_signs(name.value[:_LONGEST]))
        for iri, names in seen.items():
            if len(names) == 1:
                drafts[iri].parts[part] = names.pop()


def _read_identifiers(ask: Ask, rules: Rules, base: str, drafts: dict[str, _Draft], dois: dict[str, set[str]]) -> None:
    """Read identifiers into the drafts, and the DOIs of whatever has one."""
    text = """SELECT ?thing ?scheme ?value WHERE {
        ?thing schema:identifier ?node . ?node schema:propertyID ?scheme ; schema:value ?value }"""
    for thing, scheme, value in ask(_PREFIXES + text, False):
        if isinstance(thing, NamedNode) and isinstance(scheme, Literal) and isinstance(value, Literal):
            _identify(rules, drafts.get(thing.value), scheme.value, value.value)
            if scheme.value.casefold() == "doi":
                dois[thing.value] |= rules.dois_in(value.value)
    same = _values(rules.evidence["same"])
    for thing, other in ask(f"SELECT ?thing ?iri WHERE {{ VALUES ?p {{ {same} }} ?thing ?p ?iri }}", False):
        if isinstance(thing, NamedNode) and isinstance(other, NamedNode):
            found = rules.identifier_of(other.value)
            if found:
                _identify(rules, drafts.get(thing.value), *found)
            if doi := rules.dois_in(other.value):
                dois[thing.value] |= doi
    for iri, draft in drafts.items():
        registry = rules.registry_of(iri, base)
        if registry and rules.registries[registry][0]:
            key = iri.removeprefix(f"{base}{registry}/")
            if "/" not in key:
                _identify(rules, draft, rules.registries[registry][0], key)


def _identify(rules: Rules, draft: _Draft | None, scheme: str, value: str) -> None:
    if draft is not None and value.strip() and len(draft.identifiers) < _MOST:
        key = identifier_key(rules, scheme, value.strip()[:_LONGEST])
        if key[1]:
            draft.identifiers.setdefault(key, value.strip()[:_LONGEST])


def _read_links(ask: Ask, rules: Rules, drafts: dict[str, _Draft]) -> None:
    for kind in ("place", "organisation", "successor", "homepage"):
        text = f"SELECT ?thing ?end WHERE {{ VALUES ?p {{ {_values(rules.evidence[kind])} }} ?thing ?p ?end }}"
        for thing, end in ask(text, kind != "homepage"):
            draft = drafts.get(thing.value) if isinstance(thing, NamedNode) else None
            if draft is None or not isinstance(end, NamedNode | Literal):
                continue
            if kind == "homepage":
                draft.homepages |= {homepage_key(end.value)} - {""}
            elif isinstance(end, NamedNode) and len(draft.links[kind]) < _MOST:
                draft.links[kind].add(end.value)
    people = drafts.keys()
    for path in rules.paths["work"]:
        for thing, work in ask(f"{_PREFIXES}SELECT DISTINCT ?person ?work WHERE {{ ?person {path} ?work }}", False):
            if isinstance(thing, NamedNode) and isinstance(work, NamedNode) and thing.value in people:
                drafts[thing.value].links["work"].add(work.value)
    workers: dict[str, set[str]] = defaultdict(set)
    for path in rules.paths["worker"]:
        for work, thing in ask(f"{_PREFIXES}SELECT DISTINCT ?work ?person WHERE {{ ?work {path} ?person }}", False):
            if isinstance(thing, NamedNode) and isinstance(work, NamedNode):
                workers[work.value].add(thing.value)
    for draft in drafts.values():
        for each in draft.links["work"]:
            draft.links["worker"] |= workers[each]


def _keys(iri: str, names: Iterable[str], identifiers: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Give what a thing is recognised by when others refer to it: its IRI, its identifiers, its names."""
    return frozenset([iri, *(":".join(key) for key in identifiers), *(folded(name) for name in names)])


def _titled(iri: str, labels: Mapping[str, str]) -> frozenset[str]:
    """Give what a publication is recognised by: its IRI, and a title that is long enough to be its own."""
    title = " ".join(words_of(labels.get(iri, "")))
    return frozenset([iri, title]) if len(title) >= _TITLE else frozenset([iri])


def _values(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)
