"""Links together with what reviews say of them: what people see, decide on and export."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kgtool.link.entities.links import CANDIDATE, CHOSEN, Link
from kgtool.link.entities.reviews import ACCEPTED, REJECTED, Review, last_reviews
from kgtool.link.entities.rules import Rules

#: What a link may be, in the order of a list for reviewing.
STATUSES = (CHOSEN, CANDIDATE, ACCEPTED, REJECTED)


@dataclass(frozen=True)
class ReviewedLink:
    """A link, and the review that counts, if there is one.

    :param history: every review of it, in order.
    """

    link: Link
    review: Review | None
    history: tuple[Review, ...] = ()

    @property
    def status(self) -> str:
        """``chosen`` or ``candidate``, or what the review says: ``accepted`` or ``rejected``."""
        return self.review.decision if self.review else self.link.status

    def as_json(self) -> dict[str, object]:
        """Give it as JSON."""
        link, review = self.link, self.review
        return {
            "id": link.id,
            "subject": {"id": link.subject, "label": link.subject_label},
            "object": {"id": link.object, "label": link.object_label},
            "kind": link.kind,
            "registry": link.registry,
            "confidence": link.confidence,
            "status": self.status,
            "predicate": "owl:sameAs" if self.status == ACCEPTED else f"skos:{'exact' if link.exact else 'close'}Match",
            "why": link.why,
            "review": None if review is None else {"by": review.by, "at": review.at, "why": review.why},
        }


def with_reviews(links: Iterable[Link], reviews: Iterable[Review], rules: Rules, base: str) -> list[ReviewedLink]:
    """Put links and reviews together; a link that linking no longer finds is what its reviews say of it."""
    reviews = list(reviews)
    last = last_reviews(reviews)
    history: dict[tuple[str, str], list[Review]] = {}
    for review in reviews:
        history.setdefault((review.subject, review.object), []).append(review)
    known = {(link.subject, link.object): link for link in links}
    for pair, each in history.items():
        review = each[-1]
        known.setdefault(pair, _from(review, rules.registry_of(review.object, base) or ""))
    return [ReviewedLink(link, last.get(pair), tuple(history.get(pair, ()))) for pair, link in sorted(known.items())]


def labelled(reviewed: ReviewedLink, labels: dict[str, str]) -> ReviewedLink:
    """Give a link the labels that it lacks."""
    link = reviewed.link
    one = link.subject_label or labels.get(link.subject, link.subject)
    other = link.object_label or labels.get(link.object, link.object)
    return replace(reviewed, link=replace(link, subject_label=one, object_label=other))


def _from(review: Review, registry: str) -> Link:
    return Link(
        subject=review.subject,
        object=review.object,
        kind=review.kind,
        registry=registry,
        confidence=review.confidence,
        status=CANDIDATE,
        exact=False,
        justification="semapv:UnspecifiedMatching",
        why=review.evidence,
    )
