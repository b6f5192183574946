"""What scanR says of publications and projects: who signed from where on that day, who takes part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kgtool.ingest.registries.describing import About, Path, Said, day_of
from kgtool.ingest.registries.places import slug
from kgtool.ingest.registries.scanr_shapes import (
    described_structure,
    external,
    labels,
    linked,
    listed,
    person,
    reference,
    role_of,
    table,
    texts,
)
from kgtool.ingest.registries.schemes import is_sound
from kgtool.ingest.registries.statements import cleaned, term, text, web_address, when

_MOST_AUTHORS = 3000
#: What only an affiliation with a laboratory has.
_LABORATORY = "id_name_author_labo"


def publication(about: About) -> Said:
    """Describe a publication, its authors, and the structures that they signed from."""
    fields, path = about.record.fields, (about.record.key,)
    me = about.node(path)
    words = (cleaned(fields.get(name)).lower() for name in ("type", "productionType"))
    kind = next((table()["publications"][word] for word in words if word in table()["publications"]), None)
    yield from about.thing(path, [term(kind or "schema:CreativeWork")], "")
    for language, title in labels(fields.get("title")):
        yield me, term("rdfs:label"), text(title, language)
    yield from about.identifier(path, "scanR", about.record.key)
    yield from external(about, path, fields)
    if about.record.key.startswith("doi10."):
        yield from about.identifier(path, "DOI", about.record.key[3:])
    yield from about.undated(fields.get("publicationDate"))
    published = day_of(fields.get("publicationDate")) or fields.get("year")
    if (day := when(published)) is not None:
        yield me, term("schema:datePublished"), day
    yield from _subjects(about)
    known = {key: linked(one) for one in listed(fields.get("affiliations")) if (key := reference(one))}
    for key in dict.fromkeys(
        (*texts(fields.get("structures")), *(key for key in known if labels(known[key]["label"])))
    ):
        yield me, term("schema:sourceOrganization"), about.node((key,))
        yield from described_structure(about, key, known.get(key, {}))
    authors = listed(fields.get("authors"))
    if len(authors) > _MOST_AUTHORS:
        yield about.fault(f"{len(authors)} authors: those after the {_MOST_AUTHORS}th are left out")
    for number, author in enumerate(authors[:_MOST_AUTHORS], 1):
        yield from _author(about, number, author, published if when(published) is not None else None)
    for key, names in _projects(fields.get("projects")):
        yield about.node((key,)), term("rdf:type"), term("kg:Project")
        yield me, term("schema:isBasedOn"), about.node((key,))
        for language, name in names:
            yield about.node((key,)), term("rdfs:label"), text(name, language)


def _projects(value: object) -> Iterator[tuple[str, list[tuple[str | None, str]]]]:
    """Give the keys of projects with their names: a list of keys, or of objects."""
    for key in texts(value):
        yield key, []
    for one in listed(value):
        if (key := cleaned(one.get("id"))) and len(key) <= 300:
            yield key, labels(one.get("label"))


def _subjects(about: About) -> Said:
    fields, me = about.record.fields, about.node((about.record.key,))
    keywords = fields.get("keywords")
    for language, words in keywords.items() if isinstance(keywords, dict) else ():
        for word in dict.fromkeys(map(cleaned, words if isinstance(words, list) else [])):
            if word:
                yield me, term("schema:keywords"), text(word, language if language in ("fr", "en") else None)
    for domain in listed(fields.get("domains")):
        code, names = cleaned(domain.get("code")), labels(domain.get("label"))
        scheme = {"wikidata": "Wikidata", "sudoc": "IdRef"}.get(cleaned(domain.get("type")))
        if not code or scheme is None or not names:
            continue
        path = ("domain", code)
        yield me, term("dcterms:subject"), about.node(path)
        for language, name in names:
            yield from about.thing(path, [term("kg:Theme")], name, language)
        yield from about.identifier(path, scheme, code)


def _author(about: About, number: int, author: Mapping[str, Any], published: object) -> Said:
    """Describe an author; one whom scanR did not identify is of this publication only."""
    given, family = cleaned(author.get("firstName")), cleaned(author.get("lastName"))
    name = cleaned(author.get("fullName")) or f"{given} {family}".strip()
    if not name:
        return
    inner = author.get("denormalized")
    more: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
    known = person(author.get("person")) or person(author.get("id")) or person(more.get("id"))
    here = (about.record.key, "author", str(number))
    path: Path = (known,) if known else here
    role = table()["authors"].get(cleaned(author.get("role")).lower() or "author", "schema:contributor")
    yield about.node((about.record.key,)), term(role), about.node(path)
    yield from about.thing(path, [term("kg:Researcher")], name)
    if given and family:
        yield about.node(path), term("foaf:givenName"), text(given)
        yield about.node(path), term("foaf:familyName"), text(family)
    if known:
        yield from about.identifier(path, "IdRef", known.removeprefix("idref"))
        yield from external(about, path, {"orcid": more.get("orcid")})
    done = set()
    for affiliation in _named_affiliations(author):
        there, structure = _signed_from(about, affiliation)
        if not there or there in done:
            continue
        done.add(there)
        if len(there) == 1:
            yield from described_structure(about, there[0], structure)
            yield from _named(about, there[0], affiliation)
        else:
            yield from about.thing(there, [term("org:Organization")], structure["label"])
        yield from about.membership((*here, "affiliation", there[-1]), path, there, attested=published)


def _named_affiliations(author: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the affiliations of an author: where scanR marks laboratories, these; what stands above them it adds."""
    every = listed(author.get("affiliations"))
    return [one for one in every if one.get(_LABORATORY)] or every


def _signed_from(about: About, affiliation: Mapping[str, Any]) -> tuple[Path, Mapping[str, Any]]:
    """Give the structure of an affiliation: by its key or a number of the RNSR; else by name, in this document only."""
    name = affiliation.get("label") or affiliation.get("name")
    if key := reference({name: affiliation[name] for name in ("structure", "id") if name in affiliation}):
        structure = affiliation.get("structure")
        return (key,), structure if isinstance(structure, dict) else {"label": name}
    numbers = [cleaned(one.get("id")) for one in listed(affiliation.get("ids")) if one.get("type") == "rnsr"]
    sound = [number for number in numbers if is_sound("RNSR", number)]
    if len(sound) == 1:
        return (sound[0],), {"label": name}
    first = next((words for _, words in labels(name)), "")
    slugged = slug(first)[:80]
    return ((about.record.key, "organisation", slugged) if slugged else ()), {"label": first}


def _named(about: About, key: str, affiliation: Mapping[str, Any]) -> Said:
    """Give a structure its IdRef, which theses name beside it."""
    if idref := cleaned(affiliation.get("idref")):
        yield from about.identifier((key,), "IdRef", idref)


def project(about: About) -> Said:
    """Describe a project, who takes part in it, and the call that it answers."""
    fields, path = about.record.fields, (about.record.key,)
    me = about.node(path)
    yield from about.thing(path, [term("kg:Project")], "")
    for language, name in labels(fields.get("label")):
        yield me, term("rdfs:label"), text(name, language)
    for language, name in labels(fields.get("acronym")):
        yield me, term("skos:altLabel"), text(name, language)
    yield from about.identifier(path, cleaned(fields.get("type")) or "scanR", about.record.key)
    yield from about.dates(me, fields.get("startDate"), fields.get("endDate"))
    if (address := web_address(fields.get("projectUrl")) or web_address(fields.get("url"))) is not None:
        yield me, term("foaf:homepage"), address
    call = fields.get("call")
    if isinstance(call, dict) and (code := cleaned(call.get("id"))):
        programme = ("call", code)
        yield me, term("kg:partOfProgramme"), about.node(programme)
        names = labels(call.get("label")) or [(None, code)]
        for language, name in names:
            yield from about.thing(programme, [term("kg:Programme")], name, language)
    for number, one in enumerate(listed(fields.get("participants")), 1):
        yield from _participant(about, number, one)
    for number, one in enumerate(listed(fields.get("persons")), 1):
        key = person(one.get("person"))
        who = (key,) if key else (about.record.key, "person", str(number))
        name = cleaned(f"{cleaned(one.get('firstName'))} {cleaned(one.get('lastName'))}")
        if key or name:
            yield from about.thing(who, [term("foaf:Person")], name)
            node = (about.record.key, "participation", "person", str(number))
            yield from about.participation(node, path, who, role=role_of(one.get("role")))


def _participant(about: About, number: int, one: Mapping[str, Any]) -> Said:
    key, names = reference(one), labels(one.get("label"))
    who: Path = (key,) if key else (about.record.key, "participant", str(number))
    if key:
        yield from described_structure(about, key, {"label": one.get("label")})
    elif names:
        yield from about.thing(who, [term("org:Organization")], names[0][1], names[0][0])
    else:
        return
    node = (about.record.key, "participation", str(number))
    yield from about.participation(node, (about.record.key,), who, role=role_of(one.get("role")))
