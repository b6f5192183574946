"""IdRef: authorities of people, organisations and concepts, with the documents that name them, from its RDF/XML.

What an authority says of somebody's life (notes, citizenship, dates) is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kgtool.errors import KgtoolError, LimitError, Location, ParseError
from kgtool.ingest.registries.describing import About, Said, written
from kgtool.ingest.registries.inputs import Input
from kgtool.ingest.registries.registry import Fault, Record, Registry, Setting, Survey
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.statements import cleaned, iri, term, text, web_address
from kgtool.ingest.xml_checks import xml_checked
from kgtool.vocabulary import PREFIXES

#: Bytes of the RDF of one authority; those of prolific authors have a tenth of it.
AUTHORITY: Final = 1 << 26
_MOST: Final = 5000
_MARCREL: Final = "http://id.loc.gov/vocabulary/relators/"
_CITATION: Final = f"{PREFIXES['dcterms']}bibliographicCitation"
_SAME: Final = f"{PREFIXES['owl']}sameAs"
_BROADER: Final = f"{PREFIXES['skos']}broader"
_TYPE: Final = f"{PREFIXES['rdf']}type"
_NAMES: Final = (f"{PREFIXES['foaf']}name", f"{PREFIXES['skos']}prefLabel", f"{PREFIXES['skos']}altLabel")

#: (text, language or None) of a literal; (IRI, "@id") of an IRI.
Value = tuple[str, str | None]
Facts = Mapping[str, list[Value]]


def read(source: Input) -> Iterator[Record | Fault]:
    """Read the authorities that an RDF/XML file describes.

    A record's fields are the properties of the authority (``facts``), and the documents that name it (``documents``):
    address, relator, citation.
    """
    yield from records(source.blocks(prefer=(r"\.(rdf|xml)$",)), source.name)


def records(blocks: Iterator[bytes], name: str, number: int = 0) -> Iterator[Record | Fault]:
    """Give the records of the bytes of RDF/XML.

    :param number: of the records before these.
    """
    try:
        facts, documents = _graph(blocks, name)
    except (ParseError, LimitError) as error:
        yield Fault(number + 1, f"this RDF/XML cannot be read: {error}")
        return
    for subject, said in facts.items():
        if not {value for value, _ in said[_TYPE]} & REGISTRY.table["classes"].keys() or not said.keys() & set(_NAMES):
            continue
        number += 1
        key = written("IdRef", subject)
        if subject.startswith(("http://www.idref.fr/", "https://www.idref.fr/")) and is_sound("IdRef", key):
            yield Record(number, key, {"facts": said, "documents": documents.get(subject, [])})
        else:
            yield Fault(number, f"<{subject[:100]}> is no authority of IdRef")


def _graph(
    blocks: Iterator[bytes], name: str
) -> tuple[dict[str, defaultdict[str, list[Value]]], dict[str, list[tuple[str, str, str]]]]:
    """Read a file's triples by subject, and the documents by whom they name.

    :raises ParseError: if it is no RDF/XML, is cut off, or has entities that refer to others.
    """
    content = bytearray()
    for block in xml_checked(blocks, name):
        content += block
        if len(content) > AUTHORITY:
            raise ParseError(f"more than {AUTHORITY >> 20} MiB", where=Location(name))
    facts: defaultdict[str, defaultdict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in parse(bytes(content), format=RdfFormat.RDF_XML, base_iri="http://www.idref.fr/"):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal | NamedNode):
                language = quad.object.language if isinstance(quad.object, Literal) else "@id"
                facts[quad.subject.value][quad.predicate.value].append((quad.object.value, language))
    except (SyntaxError, ValueError) as error:
        if isinstance(error, KgtoolError):
            raise
        raise ParseError(str(error)[:200], where=Location(name)) from error
    documents: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for subject, said in facts.items():
        citation = next((words for words, _ in said.get(_CITATION, [])), "")
        for predicate in [name for name in said if name.startswith(_MARCREL)]:
            for person, _ in said[predicate]:
                documents[person].append((subject, predicate.removeprefix(_MARCREL), citation))
    return dict(facts), dict(documents)


def survey(record: Record) -> Survey:
    """Tell what an authority is called."""
    facts: Facts = record.fields["facts"]
    name = next((words for own in _NAMES for words, _ in facts.get(own, [])), record.key)
    kinds = tuple(value for value, _ in facts.get(_TYPE, []))
    return Survey(name, (("IdRef", record.key), *_others(facts)), kinds=kinds)


def describe(record: Record, setting: Setting) -> Said:
    """Describe a person, an organisation or a concept, and the documents that name them."""
    facts: Facts = record.fields["facts"]
    about = About(setting, record, iri(f"http://www.idref.fr/{record.key}/id"))
    path, table = (record.key,), REGISTRY.table
    me = about.node(path)
    kinds = [table["classes"][value] for value, _ in facts[_TYPE] if value in table["classes"]]
    yield from about.thing(path, [term(kind) for kind in dict.fromkeys(kinds)], "")
    labelled = False
    for own in _NAMES:
        for words, language in facts.get(own, []):
            name = cleaned(words)
            if name and language != "@id":
                predicate = (
                    "skos:altLabel" if labelled and (own != _NAMES[1] or kinds != ["kg:Theme"]) else "rdfs:label"
                )
                yield me, term(predicate), text(name, language)
                labelled = True
    for own, said in (("foaf:givenName", "givenName"), ("foaf:familyName", "familyName")):
        for words, _ in facts.get(f"{PREFIXES['foaf']}{said}", [])[:1]:
            yield me, term(own), text(words)
    yield from about.identifier(path, "IdRef", record.key)
    for scheme, value in _others(facts):
        yield from about.identifier(path, scheme, value)
    for above, _ in facts.get(_BROADER, []):
        key = written("IdRef", above)
        if is_sound("IdRef", key) and kinds == ["kg:Theme"]:
            yield me, term("skos:broader"), about.node((key,))
    documents = record.fields["documents"]
    if len(documents) > _MOST:
        yield about.fault(f"{len(documents)} documents: those after the {_MOST}th are left out")
    for address, relator, citation in documents[:_MOST]:
        yield from _document(about, address, relator, citation)


def _document(about: About, address: str, relator: str, citation: str) -> Said:
    where = web_address(address)
    if where is None or not cleaned(citation):
        return
    path = ("document", address.removesuffix("/id").partition("://")[2].removeprefix("www."))
    me = about.node(path)
    yield from about.thing(path, [term("schema:CreativeWork")], citation)
    yield me, term(REGISTRY.table["roles"].get(relator, "schema:contributor")), about.node((about.record.key,))
    yield me, term("schema:url"), where


def _others(facts: Facts) -> list[tuple[str, str]]:
    """Give the identifiers that other registries have for an authority."""
    registries = REGISTRY.table["registries"].items()
    found = [
        (scheme, value.removeprefix(head))
        for value, _ in facts.get(_SAME, [])
        for head, scheme in registries
        if value.startswith(head)
    ]
    return list(dict.fromkeys(found))


REGISTRY: Final = Registry("idref", read, survey, describe, places=False)
