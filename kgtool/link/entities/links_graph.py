"""Links as triples: each an annotated axiom, as SSSOM writes mappings in RDF, and the chosen ones as plain triples.

A link says ``?link owl:annotatedSource ?subject ; owl:annotatedTarget ?object ; sssom:confidence ?c ; rdfs:comment
?why``, and where it is chosen, there is ``?subject skos:exactMatch ?object`` if an identifier says so, else
``skos:closeMatch``. Nothing here says ``owl:sameAs``: that is for reviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.link.entities.links import CHOSEN, Link
from kgtool.link.entities.reading import Ask
from kgtool.link.entities.reviews import SSSOM
from kgtool.vocabulary import PREFIXES, SOURCE_PREFIX, iri

#: The graph of links, made anew by linking.
LINKS: Final = NamedNode(f"{SOURCE_PREFIX}links")
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_LABELS: Final = ("subject_label", "object_label")
SEMAPV: Final = "https://w3id.org/semapv/vocab/"


def predicate_of(link: Link) -> NamedNode:
    """Give what a link says as long as nobody has reviewed it."""
    return iri("skos", "exactMatch" if link.exact else "closeMatch")


def plain_quad(link: Link) -> Quad:
    """Give what a chosen link says, as a plain triple."""
    return Quad(NamedNode(link.subject), predicate_of(link), NamedNode(link.object), LINKS)


def links_quads(links: Iterable[Link], used: Iterable[str], base: str, day: str) -> Iterator[Quad]:
    """Write links, with what the graph is and what it was made from.

    :param used: the graphs that were linked.
    :param day: of the state that was linked, ``YYYY-MM-DD``.
    """
    yield from _description(used, base, day)
    for link in links:
        node = NamedNode(f"{base}link/{link.id}")
        subject, other, predicate = NamedNode(link.subject), NamedNode(link.object), predicate_of(link)
        facts: list[tuple[NamedNode, NamedNode | Literal]] = [
            (iri("rdf", "type"), iri("owl", "Axiom")),
            (iri("rdfs", "label"), Literal(f"{link.subject_label} = {link.object_label}?", language="en")),
            (iri("owl", "annotatedSource"), subject),
            (iri("owl", "annotatedProperty"), predicate),
            (iri("owl", "annotatedTarget"), other),
            (_slot("confidence"), Literal(f"{link.confidence:.3f}", datatype=iri("xsd", "decimal"))),
            (_slot("mapping_justification"), NamedNode(SEMAPV + link.justification.partition(":")[2])),
            (_slot("subject_category"), Literal(link.kind)),
            (_slot("object_source"), Literal(link.registry)),
            (_slot("subject_label"), Literal(link.subject_label)),
            (_slot("object_label"), Literal(link.object_label)),
            (iri("dcterms", "type"), Literal(link.status)),
            (iri("rdfs", "comment"), Literal(link.why, language="en")),
        ]
        yield from (Quad(node, name, value, LINKS) for name, value in facts)
        if link.status == CHOSEN:
            yield plain_quad(link)


def read_links(ask: Ask) -> tuple[list[Link], str]:
    """Read the links of a graph, and the day of the state that they are about; empty if there are none."""
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("owl", "rdfs", "dcterms", "skos", "prov"))
    slots = (
        "subject_category",
        "object_source",
        "confidence",
        "mapping_justification",
        "subject_label",
        "object_label",
    )
    text = f"""{prefixes} PREFIX sssom: <{SSSOM}>
        SELECT ?subject ?object ?predicate ?status ?why {" ".join(f"?{slot}" for slot in slots)} WHERE {{
          GRAPH {LINKS} {{ ?link owl:annotatedSource ?subject ; owl:annotatedTarget ?object ;
            owl:annotatedProperty ?predicate ; dcterms:type ?status ; rdfs:comment ?why ;
            {" ; ".join(f"sssom:{slot} ?{slot}" for slot in slots)} }} }}"""
    links = []
    for row in ask(text, False):
        subject, other, predicate, status, why, kind, registry, confidence, justification, one, two = (
            term.value if isinstance(term, NamedNode | Literal) else "" for term in row
        )
        links.append(
            Link(
                subject=subject,
                object=other,
                kind=kind,
                registry=registry,
                confidence=float(confidence),
                status=status,
                exact=predicate == iri("skos", "exactMatch").value,
                justification="semapv:" + justification.removeprefix(SEMAPV),
                why=why,
                subject_label=one,
                object_label=two,
            )
        )
    day = f"{prefixes} SELECT ?at WHERE {{ GRAPH {LINKS} {{ {LINKS} prov:generatedAtTime ?at }} }}"
    days = [row[0].value[:10] for row in ask(day, False) if isinstance(row[0], Literal)]
    in_order = sorted(links, key=lambda link: (link.subject, link.registry, -link.confidence, link.object))
    return in_order, max(days, default="")


def _description(used: Iterable[str], base: str, day: str) -> Iterator[Quad]:
    activity = NamedNode(f"{base}linking/links")
    at = Literal(f"{day}T00:00:00Z", datatype=iri("xsd", "dateTime"))
    facts: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (LINKS, iri("rdf", "type"), iri("prov", "Entity")),
        (LINKS, iri("rdf", "type"), iri("dcat", "Dataset")),
        (LINKS, iri("dcterms", "title"), Literal("Liens vers les répertoires", language="fr")),
        (LINKS, iri("dcterms", "title"), Literal("Links to registries", language="en")),
        (LINKS, iri("dcterms", "license"), NamedNode(LICENCE)),
        (LINKS, iri("prov", "wasGeneratedBy"), activity),
        (LINKS, iri("prov", "generatedAtTime"), at),
        (activity, iri("rdf", "type"), iri("prov", "Activity")),
        (activity, iri("rdfs", "label"), Literal("Rapprochement avec les répertoires", language="fr")),
        (activity, iri("rdfs", "label"), Literal("Linking with registries", language="en")),
        (activity, iri("prov", "endedAtTime"), at),
        *((activity, iri("prov", "used"), NamedNode(graph)) for graph in sorted(used)),
    ]
    yield from (Quad(subject, predicate, value, LINKS) for subject, predicate, value in facts)


def _slot(name: str) -> NamedNode:
    return NamedNode(SSSOM + name)
