"""Keeps an index as new as its graph: all names are read, and what differs is written.

Whoever comes first for a new commit does so while the others wait. It is written in parts, so that a process that is
ended in the middle leaves less to do for the next one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Final, TypeVar, cast

from pyoxigraph import Literal, NamedNode

from kgtool.errors import StoreError
from kgtool.link.entities.naming import acronym_and_rest
from kgtool.link.reconciliation.index import SAME, Index
from kgtool.link.reconciliation.offered import Classes, Graph, Offered, classes_of_graph
from kgtool.link.reconciliation.words import bare_identifier, key, words
from kgtool.store.labels import NAMING
from kgtool.vocabulary import iri

#: Where a name may stand: the names of labels first, then other names.
NAMES: Final = (
    *NAMING,
    iri("skos", "altLabel"),
    iri("schema", "alternateName"),
    iri("schema", "legalName"),
    iri("skos", "hiddenLabel"),
)
_SAME: Final = (iri("schema", "sameAs"), iri("skos", "exactMatch"), iri("owl", "sameAs"))
#: Terms of vocabularies, and descriptions of sources, are no things that a table names.
_NO_THINGS: Final = (
    *(iri("owl", name) for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "Ontology")),
    iri("rdf", "Property"), iri("rdfs", "Class"), iri("dcat", "Dataset"), iri("prov", "Activity"),
)  # fmt: skip
_PART: Final = 5000
_TRIES: Final = 20
_Row = TypeVar("_Row")


def refresh(index: Index, graph: Graph) -> None:
    """Bring an index to the commit of a graph, if it is behind."""
    if is_as_new(index.commit, graph.commit):
        return
    with index.alone():
        if not is_as_new(index.commit, graph.commit):  # else somebody did it meanwhile
            _fill(index, graph, classes_of_graph(graph))


@contextmanager
def up_to_date(index: Index, graph: Graph) -> Iterator[None]:
    """See an index that is as new as a graph, and stays as it is, whatever others write meanwhile.

    :raises StoreError: if the graph changes so quickly that the index is never whole.
    """
    for _ in range(_TRIES):
        refresh(index, graph)
        with index.unchanging():
            if is_as_new(index.commit, graph.commit):  # else somebody began anew in between
                yield
                return
    raise StoreError("the graph changes too quickly to be looked through", hint="try again")


def is_as_new(held: str, wanted: str) -> bool:
    """Tell whether a commit is another one or a later one of the same store.

    >>> is_as_new("3f9a61c2-18", "3f9a61c2-17"), is_as_new("3f9a61c2-9", "3f9a61c2-17"), is_as_new("", "3f9a61c2-1")
    (True, False, False)
    """
    (store, _, number), (other, _, least) = held.rpartition("-"), wanted.rpartition("-")
    return bool(held) and store == other and int(number) >= int(least)


def parts_of_name(text: str) -> list[str]:
    """Give the names that a name holds: behind an acronym, or in parentheses, where a word is a place or an acronym.

    >>> parts_of_name("CHU Amiens-Picardie (Amiens University Hospital)"), parts_of_name("Inserm (France)")
    (['CHU Amiens-Picardie', 'Amiens University Hospital'], ['Inserm'])
    >>> parts_of_name("METRICS - Evaluation of health technologies")
    ['METRICS', 'Evaluation of health technologies']
    """
    if (parts := acronym_and_rest(text)) is not None:
        return list(parts)
    outside, opened, rest = text.partition("(")
    inside, closed, after = rest.partition(")")
    if not opened or not closed or after.strip() or not words(outside):
        return []
    return [outside.strip(), *([inside.strip()] if len(words(inside)) > 1 else [])]


def kept_classes(index: Index) -> Classes:
    """Give the classes that the graph of an index offers."""
    kept = json.loads(index.about("classes"))
    offered = {
        each: Offered(each, tuple((language, name) for language, name in names), frozenset(broader))
        for each, names, broader in kept["offered"]
    }
    return Classes(offered, frozenset(kept["with_namesakes"]), kept["marked"])


def _keep_classes(index: Index, classes: Classes) -> None:
    offered = [[each.iri, each.names, sorted(each.broader)] for each in classes.offered.values()]
    kept = {"offered": offered, "with_namesakes": sorted(classes.with_namesakes), "marked": classes.marked}
    index.note("classes", json.dumps(kept, ensure_ascii=False))


def _fill(index: Index, graph: Graph, classes: Classes) -> None:
    types = sorted(classes.offered)
    numbers = {each: number for number, each in enumerate(types)}
    held: dict[str, tuple[set[int], list[tuple[int, str, str]], list[tuple[str, str, str]]]] = {}
    if not classes.marked:
        no_things = {node.value for node in _no_things(graph)}
        for thing, *_ in _names(graph):
            if thing not in no_things:
                held.setdefault(thing, (set(), [], []))
    for thing, kind in _types(graph, types):
        if classes.marked or thing in held:
            held.setdefault(thing, (set(), [], []))[0].add(numbers[kind])
    for thing, place, text, language in _names(graph):
        if thing in held:
            held[thing][1].append((place, text, language))
            held[thing][1].extend((len(NAMES), part, language) for part in parts_of_name(text))
    for thing, register, value in _identifiers(graph):
        if thing in held and (bare := bare_identifier(value)):
            held[thing][2].append((register, bare, value))
    _write(index, {thing: facts for thing, facts in held.items() if facts[1]}, types, graph.commit, classes)


def _write(
    index: Index,
    held: dict[str, tuple[set[int], list[tuple[int, str, str]], list[tuple[str, str, str]]]],
    types: Sequence[str],
    commit: str,
    classes: Classes,
) -> None:
    run = index.connection.execute
    known = {iri: (id, digest) for id, iri, digest in run("SELECT id, iri, digest FROM thing")}
    if index.types() != types:  # the numbers of classes have changed
        known = {iri: (id, b"") for iri, (id, _) in known.items()}
    gone = [id for iri, (id, _) in known.items() if iri not in held]
    digests = {
        iri: hashlib.blake2b(repr((sorted(kinds), sorted(names), sorted(same))).encode(), digest_size=12).digest()
        for iri, (kinds, names, same) in held.items()
    }
    changed = [iri for iri in held if known.get(iri, (0, b""))[1] != digests[iri]]
    stale = gone + [known[iri][0] for iri in changed if iri in known]
    numbered = max((id for id, _ in known.values()), default=0)
    run("BEGIN IMMEDIATE")
    index.note("commit", "")
    index.note("types", json.dumps(types))
    for part in _parts(stale):
        _remove(index, part)
    run("COMMIT")
    for part in _parts(changed):
        run("BEGIN IMMEDIATE")
        rows: dict[str, list[tuple[object, ...]]] = {"thing": [], "name": [], "posting": [], "identifier": []}
        for thing in part:
            kinds, names, identifiers = held[thing]
            numbered += 1
            said: set[str] = set()
            for place, text, language in dict.fromkeys(names):
                found = words(text)
                if not found:
                    continue
                said.update(found)
                rows["name"].append((numbered, place, text, language, " ".join(found), key(found)))
            shown = " ".join(map(str, sorted(kinds)))
            rows["thing"].append((numbered, thing, shown, len(said), digests[thing]))
            rows["posting"] += [(word, numbered) for word in said]
            rows["identifier"] += [(bare, register, value, numbered) for register, bare, value in set(identifiers)]
        rows["posting"].sort()
        for table, given in rows.items():
            if given:
                marks = ", ".join("?" * len(given[0]))
                index.connection.executemany(f"INSERT INTO {table} VALUES ({marks})", given)
        _count(index, {str(word) for word, _ in rows["posting"]})
        run("COMMIT")
    run("BEGIN IMMEDIATE")
    _keep_classes(index, classes)
    index.note("things", str(len(held)))
    index.note("commit", commit)
    run("COMMIT")
    if stale:
        index.tidy()


def _remove(index: Index, ids: Sequence[int]) -> None:
    listed = json.dumps(list(ids))
    among = "IN (SELECT value FROM json_each(?))"
    run = index.connection.execute
    lost = {
        word
        for (said,) in run(f"SELECT words FROM name WHERE thing {among}", (listed,)).fetchall()
        for word in str(said).split()
    }
    pairs = [
        (word, thing)
        for thing, said in run(f"SELECT thing, words FROM name WHERE thing {among}", (listed,)).fetchall()
        for word in set(said.split())
    ]
    index.connection.executemany("DELETE FROM posting WHERE word = ? AND thing = ?", pairs)
    for table, column in (("name", "thing"), ("identifier", "thing"), ("thing", "id")):
        run(f"DELETE FROM {table} WHERE {column} {among}", (listed,))
    _count(index, lost)


def _count(index: Index, of: set[str]) -> None:
    """Count anew how many things have these words."""
    listed = json.dumps(sorted(of))
    index.connection.execute("DELETE FROM word WHERE word IN (SELECT value FROM json_each(?))", (listed,))
    index.connection.execute(
        "INSERT INTO word SELECT word, COUNT(*) FROM posting "
        "WHERE word IN (SELECT value FROM json_each(?)) GROUP BY word",
        (listed,),
    )


def _types(graph: Graph, types: Sequence[str]) -> Iterator[tuple[str, str]]:
    for part in _parts(types, 50):
        values = " ".join(f"<{each}>" for each in part)
        rows = graph.query(f"SELECT ?s ?c {{ VALUES ?c {{ {values} }} ?s a ?c FILTER(isIRI(?s)) }}")
        for thing, kind in cast(Iterable[tuple[NamedNode, NamedNode]], rows):
            yield thing.value, kind.value


def _names(graph: Graph) -> Iterator[tuple[str, int, str, str]]:
    for place, naming in enumerate(NAMES):
        rows = graph.query(f"SELECT ?s ?l {{ ?s {naming} ?l FILTER(isIRI(?s) && isLiteral(?l)) }}", reasoning=False)
        for thing, label in cast(Iterable[tuple[NamedNode, Literal]], rows):
            language = (label.language or "").partition("-")[0].lower()
            yield thing.value, place, label.value[:1000], language


def _identifiers(graph: Graph) -> Iterator[tuple[str, str, str]]:
    register, value = iri("schema", "propertyID"), iri("schema", "value")
    rows = graph.query(
        f"SELECT ?s ?r ?v {{ ?s {iri('schema', 'identifier')} ?n . ?n {register} ?r ; {value} ?v "
        "FILTER(isIRI(?s) && isLiteral(?r) && isLiteral(?v)) }",
        reasoning=False,
    )
    for thing, of, number in cast(Iterable[tuple[NamedNode, Literal, Literal]], rows):
        yield thing.value, of.value[:100], number.value[:500]
    for link in _SAME:
        pairs = graph.query(f"SELECT ?s ?o {{ ?s {link} ?o FILTER(isIRI(?s) && isIRI(?o)) }}", reasoning=False)
        for thing, other in cast(Iterable[tuple[NamedNode, NamedNode]], pairs):
            yield thing.value, SAME, other.value


def _no_things(graph: Graph) -> Iterator[NamedNode]:
    kinds = " ".join(map(str, _NO_THINGS))
    rows = graph.query(f"SELECT DISTINCT ?s {{ VALUES ?c {{ {kinds} }} ?s a ?c FILTER(isIRI(?s)) }}")
    for (thing,) in cast(Iterable[tuple[NamedNode]], rows):
        yield thing


def _parts(rows: Sequence[_Row], size: int | None = None) -> Iterator[list[_Row]]:
    left = iter(rows)
    while part := list(islice(left, size or _PART)):
        yield part
