"""Links as SSSOM/TSV, the Simple Standard for Sharing Ontology Mappings, version 1.1.

Source: https://mapping-commons.github.io/sssom/spec-formats-tsv/ and the slots of its data model. A link that a review
accepted says ``owl:sameAs``, with the reviewer; one that it rejected says so by the predicate modifier ``Not``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import curies

from kgtool.link.entities.links_graph import LICENCE, SEMAPV, predicate_of
from kgtool.link.entities.reviewed import ReviewedLink
from kgtool.link.entities.reviews import ACCEPTED, REJECTED
from kgtool.link.entities.rules import Rules
from kgtool.vocabulary import PREFIXES, iri

#: The columns, in the order in which the data model lists them.
COLUMNS: Final = (
    "record_id", "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "reviewer_label", "subject_source", "object_source", "review_date",
    "confidence", "comment", "kgtool_node", "kgtool_status",
)  # fmt: skip
_PREFIX_OF_BASE: Final = "kgid"


def write_sssom(
    links: Iterable[ReviewedLink], rules: Rules, base: str, *, day: str, version: str, identifiers: Mapping[str, str]
) -> str:
    """Write links; the same links give the same text.

    :param day: of the state that was linked.
    :param version: of kgtool.
    :param identifiers: IRIs of imported things to the IRIs of their registries, where they have one.
    """
    converter = _converter(rules, base)
    used = {"dcterms", "owl", "semapv", "skos"}

    def curie(iri: str) -> str:
        short = converter.compress(iri)
        if short is None or any(c.isspace() or c in "|\t" for c in short):
            return iri
        used.add(short.partition(":")[0])
        return short

    rows = sorted(_row(link, rules, base, identifiers, curie) for link in links)
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    prefixes = {prefix: expansion for prefix, expansion in sorted(converter.bimap.items()) if prefix in used}
    head = [
        "curie_map:",
        *(f"  {prefix}: {_quoted(expansion)}" for prefix, expansion in prefixes.items()),
        "extension_definitions:",
        *_extension("kgtool_node", "owl:annotatedTarget"),
        *_extension("kgtool_status", "dcterms:type"),
        f"license: {_quoted(LICENCE)}",
        f"mapping_date: {_quoted(day)}",
        f"mapping_set_id: {_quoted(base + 'linking/links')}",
        f"mapping_set_title: {_quoted('Links of the graph to registries')}",
        'mapping_tool: "kgtool"',
        f"mapping_tool_version: {_quoted(version)}",
        'sssom_version: "1.1"',
    ]
    return "".join(f"#{line}\n" for line in head) + table.getvalue()


def _row(
    reviewed: ReviewedLink, rules: Rules, base: str, identifiers: Mapping[str, str], curie: Callable[[str], str]
) -> tuple[str, ...]:
    link, review = reviewed.link, reviewed.review
    predicate = iri("owl", "sameAs") if reviewed.status == ACCEPTED else predicate_of(link)
    source = rules.registries.get(link.registry, ("", link.registry))[1]
    comment = "; ".join(text for text in (link.why, f"review: {review.why}" if review and review.why else "") if text)
    return (
        f"{base}link/{link.id}",
        curie(link.subject),
        _cell(link.subject_label),
        link.kind,
        curie(predicate.value),
        "Not" if reviewed.status == REJECTED else "",
        curie(identifiers.get(link.object, link.object)),
        _cell(link.object_label),
        "semapv:ManualMappingCuration" if review else link.justification,
        _cell(review.by).replace("|", r"\|") if review else "",
        base,
        source,
        review.at[:10] if review else "",
        f"{link.confidence:.3f}",
        _cell(comment),
        link.object,
        reviewed.status,
    )


def _converter(rules: Rules, base: str) -> curies.Converter:
    prefixes = {name: PREFIXES[name] for name in ("dcterms", "owl", "skos")}
    prefixes |= {"semapv": SEMAPV, _PREFIX_OF_BASE: base}
    for scheme in rules.schemes.values():
        if scheme.curie and scheme.iri and scheme.iri.endswith("{value}"):
            prefixes[scheme.curie] = scheme.iri.removesuffix("{value}")
    return curies.Converter.from_prefix_map(prefixes)


def _extension(name: str, property_: str) -> list[str]:
    return [f"  - slot_name: {name}", f"    property: {property_}"]


def _cell(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """Write a text for YAML, which reads JSON's strings."""
    return json.dumps(text, ensure_ascii=False)
