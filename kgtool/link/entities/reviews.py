"""Reviews of links: who found two things the same, or not, when and why; the last one of a link counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from kgtool.errors import InputError
from kgtool.link.entities.links import Pair, link_id
from kgtool.link.entities.reading import Ask
from kgtool.vocabulary import PREFIXES, SOURCE_PREFIX, iri

#: The graph of reviews, which linking anew leaves as it is.
REVIEWS: Final = NamedNode(f"{SOURCE_PREFIX}reviews")
ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
WITHDRAWN: Final = "withdrawn"
DECISIONS: Final = (ACCEPTED, REJECTED, WITHDRAWN)
SSSOM: Final = "https://w3id.org/sssom/"
_LONGEST: Final = 2000


@dataclass(frozen=True)
class Review:
    """What somebody decided of a link.

    :param number: of the review among those of its link, from 1.
    :param decision: ``accepted``, ``rejected`` or ``withdrawn``.
    :param at: when, as ``xsd:dateTime`` writes it.
    :param confidence, evidence, kind: what the link said when it was reviewed.
    """

    subject: str
    object: str
    number: int
    decision: str
    by: str
    at: str
    why: str = ""
    confidence: float = 0.0
    evidence: str = ""
    kind: str = ""

    @property
    def link(self) -> str:
        """The name of the link."""
        return link_id(self.subject, self.object)


def checked(decision: str, by: str, why: str) -> None:
    """Refuse a review that does not say what it has to.

    :raises InputError: for another word, nobody's name, a rejection without a reason, or texts that are too long.
    """
    if decision not in DECISIONS:
        raise InputError(f"no decision is called {decision[:40]!r}", hint=f"one of: {', '.join(DECISIONS)}")
    if not by.strip():
        raise InputError("the review does not say who made it", hint="give a name")
    if decision == REJECTED and not why.strip():
        raise InputError("the rejection does not say why", hint="give a reason that others can check")
    if max(len(by), len(why)) > _LONGEST:
        raise InputError(f"a text of the review has more than {_LONGEST} characters", hint="make it shorter")


def read_reviews(ask: Ask) -> list[Review]:
    """Read the reviews of a graph, those of a link in their order."""
    text = f"""PREFIX owl: <{PREFIXES["owl"]}> PREFIX prov: <{PREFIXES["prov"]}> PREFIX dcterms: <{PREFIXES["dcterms"]}>
        PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX sssom: <{SSSOM}>
        SELECT ?subject ?object ?number ?decision ?by ?at ?why ?confidence ?evidence ?kind WHERE {{ GRAPH {REVIEWS} {{
            ?review owl:annotatedSource ?subject ; owl:annotatedTarget ?object ; dcterms:identifier ?number ;
                dcterms:type ?decision ; sssom:reviewer_label ?by ; prov:endedAtTime ?at .
            OPTIONAL {{ ?review rdfs:comment ?why }}
            OPTIONAL {{ ?review sssom:confidence ?confidence }}
            OPTIONAL {{ ?review sssom:subject_category ?kind }}
            OPTIONAL {{ ?review dcterms:description ?evidence }} }} }}"""
    found = []
    for row in ask(text, False):
        subject, other, number, decision, by, at, why, confidence, evidence, kind = map(_text, row)
        if number.isdecimal():
            said = (decision, by, at, why, _number(confidence), evidence, kind)
            found.append(Review(subject, other, int(number), *said))
    return sorted(found, key=lambda review: (review.subject, review.object, review.number))


def last_reviews(reviews: Iterable[Review]) -> dict[Pair, Review]:
    """Give for each link the review that counts; one that was withdrawn counts for none."""
    last = {(review.subject, review.object): review for review in reviews}
    return {pair: review for pair, review in last.items() if review.decision != WITHDRAWN}


def review_quads(review: Review, base: str) -> Iterator[Quad]:
    """Write a review; of one that accepts, also that the two are the same."""
    node = NamedNode(f"{base}review/{review.link}-{review.number}")
    subject, other = NamedNode(review.subject), NamedNode(review.object)
    text = f"{review.decision} by {review.by}"
    facts: list[tuple[NamedNode, NamedNode | Literal]] = [
        (iri("rdf", "type"), iri("prov", "Activity")),
        (iri("rdfs", "label"), Literal(f"Review of a link: {text}", language="en")),
        (iri("prov", "used"), NamedNode(f"{base}link/{review.link}")),
        (iri("prov", "endedAtTime"), Literal(review.at, datatype=iri("xsd", "dateTime"))),
        (iri("owl", "annotatedSource"), subject),
        (iri("owl", "annotatedProperty"), iri("owl", "sameAs")),
        (iri("owl", "annotatedTarget"), other),
        (iri("dcterms", "identifier"), Literal(str(review.number))),
        (iri("dcterms", "type"), Literal(review.decision)),
        (NamedNode(f"{SSSOM}reviewer_label"), Literal(review.by)),
        (NamedNode(f"{SSSOM}confidence"), Literal(str(review.confidence), datatype=iri("xsd", "decimal"))),
    ]
    if review.why:
        facts.append((iri("rdfs", "comment"), Literal(review.why)))
    if review.kind:
        facts.append((NamedNode(f"{SSSOM}subject_category"), Literal(review.kind)))
    if review.evidence:
        facts.append((iri("dcterms", "description"), Literal(review.evidence, language="en")))
    yield from (Quad(node, predicate, value, REVIEWS) for predicate, value in facts)
    if review.decision == ACCEPTED:
        yield same_as(review.subject, review.object)


def same_as(subject: str, other: str) -> Quad:
    """Give the quad that says that two things are the same."""
    return Quad(NamedNode(subject), iri("owl", "sameAs"), NamedNode(other), REVIEWS)


def description_of_reviews() -> Iterator[Quad]:
    """Say what the graph of reviews is."""
    for language, title in (("fr", "Relectures des liens"), ("en", "Reviews of links")):
        yield Quad(REVIEWS, iri("dcterms", "title"), Literal(title, language=language), REVIEWS)
    for class_ in (iri("prov", "Entity"), iri("dcat", "Dataset")):
        yield Quad(REVIEWS, iri("rdf", "type"), class_, REVIEWS)


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else ""


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
