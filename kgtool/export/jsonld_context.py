"""What a JSON-LD context means, as far as compacting with it needs.

Source: JSON-LD 1.1, section 4.1 (contexts) and 9.15 (context definitions). Terms with a scoped context, ``@nest``,
or an ``@index``, ``@id``, ``@type`` or ``@graph`` container are left unused: what they would say is said by a prefixed
name instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from kgtool.errors import InputError

KEYWORDS: Final = frozenset({"@id", "@type", "@value", "@language", "@list", "@graph", "@direction"})
_GEN_DELIMS: Final = tuple(":/?#[]@")
_UNUSABLE: Final = frozenset({"@context", "@nest", "@reverse", "@index", "@direction"})
_CONTAINERS: Final = ("", "@list", "@language")


@dataclass(frozen=True)
class Term:
    """A term of a context.

    :param type: IRI of a datatype, ``@id``, ``@vocab``, or "".
    :param language: language tag of plain strings; "" where there is none.
    :param plain: whether a plain string under this term is an ``xsd:string``.
    :param container: ``@list``, ``@language``, or "".
    :param always_list: values stand in an array even when there is only one.
    """

    name: str
    iri: str
    type: str = ""
    language: str = ""
    plain: bool = True
    container: str = ""
    always_list: bool = False


class Context:
    """The terms and prefixes of a context, and which of them are in use.

    >>> context = Context({"@context": {"ex": "urn:x:", "name": "ex:name"}}, {"foaf": "http://xmlns.com/foaf/0.1/"})
    >>> context.name("urn:x:name"), context.name("http://xmlns.com/foaf/0.1/name"), context.reference("urn:x:name")
    ('name', 'foaf:name', 'ex:name')
    >>> context.used_definitions()
    {'ex': 'urn:x:', 'foaf': 'http://xmlns.com/foaf/0.1/', 'name': 'ex:name'}

    :param document: what a ``context.jsonld`` holds, or the context itself.
    :param prefixes: more prefixes; those of the context win.
    :param schemes: IRI schemes of the data. ``geo:1,2`` must stay an IRI where ``geo`` is a prefix too: an entry of
        that name is left out.
    :raises InputError: the context refers to another document.
    """

    def __init__(
        self, document: Mapping[str, object] | None, prefixes: Mapping[str, str], schemes: Collection[str] = ()
    ) -> None:
        given = _entries((document or {}).get("@context", document) or {})
        self._definitions = {
            name: value
            for name, value in {**prefixes, **given}.items()
            if name not in schemes and name not in ("", "_") and "://" not in name
        }
        vocab, language = self._definitions.get("@vocab"), self._definitions.get("@language")
        self._vocab = vocab if isinstance(vocab, str) and ":" in vocab else ""
        self._language = language if isinstance(language, str) else ""
        #: Whether a plain string that no term governs is an ``xsd:string``.
        self.plain = not self._language and not self._definitions.get("@direction")
        self._iris = {name: self._iri_of(name) for name in self._definitions if not name.startswith("@")}
        self._prefixes = sorted(
            ((iri, name) for name, iri in self._iris.items() if self._is_prefix(name, iri)),
            key=lambda item: (-len(item[0]), len(item[1]), item[1]),
        )
        self._terms: dict[str, list[Term]] = {}
        for name in sorted(self._iris, key=lambda name: (len(name), name)):
            term = self._term(name)
            if term:
                self._terms.setdefault(term.iri, []).append(term)
        #: The reverse terms, by the IRI of the property that they turn around.
        self.reverse_terms: dict[str, Term] = {}
        for name in sorted(self._iris, key=lambda name: (len(name), name)):
            term = self._reverse_term(name)
            if term:
                self.reverse_terms.setdefault(term.iri, term)
        self._used: set[str] = set()

    def terms(self, iri: str) -> list[Term]:
        """Give the terms that stand for an IRI, the shortest first."""
        return self._terms.get(iri, [])

    def use(self, term: Term) -> str:
        """Give a term's name, and note its use."""
        self._used.add(term.name)
        return term.name

    def keyword(self, keyword: str) -> str:
        """Give the alias of a keyword, or the keyword."""
        for term in self.terms(keyword):
            return self.use(term)
        return keyword

    def name(self, iri: str) -> str:
        """Write an IRI where a vocabulary term may stand: a property, a class, a datatype."""
        for term in self.terms(iri):
            return self.use(term)
        return self.unaliased(iri)

    def unaliased(self, iri: str) -> str:
        """Write the IRI of a property so that no term's coercion or container touches its values."""
        rest = iri[len(self._vocab) :] if self._vocab and iri.startswith(self._vocab) else ""
        if rest and ":" not in rest and not rest.startswith("@") and rest not in self._definitions:
            return rest
        return self.reference(iri)

    def reference(self, iri: str) -> str:
        """Write an IRI where a node is named: a prefixed name, or as it is."""
        for namespace, prefix in self._prefixes:
            rest = iri[len(namespace) :]
            if rest and iri.startswith(namespace) and not rest.startswith("//"):
                short = f"{prefix}:{rest}"
                if short not in self._definitions:
                    self._used.add(prefix)
                    return short
        return iri

    def used_definitions(self) -> dict[str, object]:
        """Give the entries in use, those that they rest on, and the keywords; sorted by name."""
        found: set[str] = {name for name in self._definitions if name.startswith("@")}
        waiting = set(self._used)
        while waiting:
            name = waiting.pop()
            found.add(name)
            definition = self._definitions[name]
            mentioned = definition.values() if isinstance(definition, Mapping) else [definition]
            for value in [*mentioned, name]:
                for other in (value, value.partition(":")[0]) if isinstance(value, str) else ():
                    if other in self._iris and other not in found:
                        waiting.add(other)
        return {name: self._definitions[name] for name in sorted(found)}

    def _iri_of(self, name: str) -> str:
        definition = self._definitions[name]
        identifier = definition.get("@id", name) if isinstance(definition, Mapping) else definition
        return self._expand(identifier, {name}) if isinstance(identifier, str) else ""

    def _expand(self, value: str, passed: set[str]) -> str:
        if value.startswith("@"):
            return value if value in KEYWORDS else ""
        if value not in passed and value in self._definitions:
            passed.add(value)
            definition = self._definitions[value]
            identifier = definition.get("@id", value) if isinstance(definition, Mapping) else definition
            return self._expand(identifier, passed) if isinstance(identifier, str) else ""
        prefix, colon, rest = value.partition(":")
        if not colon:
            return f"{self._vocab}{value}" if self._vocab else ""
        if rest.startswith("//") or prefix not in self._definitions or prefix in passed:
            return value
        base = self._expand(prefix, {*passed})
        return f"{base}{rest}" if base else value

    def _is_prefix(self, name: str, iri: str) -> bool:
        definition = self._definitions[name]
        if ":" in name or "/" in name or not iri or iri.startswith("@"):
            return False
        if isinstance(definition, Mapping):
            return definition.get("@prefix") is True
        return iri.endswith(_GEN_DELIMS)

    def _reverse_term(self, name: str) -> Term | None:
        definition = self._definitions[name]
        if not isinstance(definition, Mapping) or definition.keys() - {"@reverse", "@type", "@container"}:
            return None
        iri, container = definition.get("@reverse"), definition.get("@container")
        if not isinstance(iri, str) or container not in (None, "@set") or definition.get("@type") not in (None, "@id"):
            return None
        expanded = self._expand(iri, set())
        kind = "@id" if "@type" in definition else ""
        return Term(name, expanded, type=kind, always_list=container == "@set") if ":" in expanded else None

    def _term(self, name: str) -> Term | None:
        definition, iri = self._definitions[name], self._iris[name]
        if not iri:
            return None
        if not isinstance(definition, Mapping):
            return Term(name, iri, language=self._language, plain=self.plain)
        container = definition.get("@container") or ()
        containers = [container] if isinstance(container, str) else list(map(str, container))
        of_values = "".join(kind for kind in containers if kind != "@set")
        if _UNUSABLE & definition.keys() or of_values not in _CONTAINERS:
            return None
        kind, language = definition.get("@type"), definition.get("@language", self._language)
        coercion = "" if not isinstance(kind, str) else kind if kind in ("@id", "@vocab") else self._expand(kind, set())
        if kind and coercion not in ("@id", "@vocab") and ":" not in coercion:
            return None
        return Term(
            name,
            iri,
            type=coercion,
            language="" if coercion else str(language or ""),
            plain=not coercion and not language and (self.plain or "@language" in definition),
            container=of_values,
            always_list="@set" in containers,
        )


def _entries(context: object) -> dict[str, object]:
    parts = context if isinstance(context, list) else [context]
    entries: dict[str, object] = {}
    for part in parts:
        if not isinstance(part, Mapping) or "@import" in part:
            raise InputError(
                "the JSON-LD context refers to another document",
                hint='give the definitions themselves: {"@context": {"name": "https://…"}}',
            )
        entries.update({str(name): value for name, value in part.items()})
    return entries
