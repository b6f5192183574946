"""What a check found, as text for people, JSON for programs, and a SHACL validation report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import pyoxigraph as ox

from kgtool.validate.terms import Term
from kgtool.vocabulary import PREFIXES, iri

Severity: TypeAlias = Literal["violation", "warning", "info"]

_SEVERITIES: Final[tuple[Severity, ...]] = ("violation", "warning", "info")
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "violation": "violation",
        "warning": "warning",
        "info": "remark",
        "conforms": "The data conform",
        "refused": "The data do not conform",
    },
    "fr": {
        "violation": "violation",
        "warning": "avertissement",
        "info": "remarque",
        "conforms": "Les données sont conformes",
        "refused": "Les données ne sont pas conformes",
    },
}
#: The rule of a finding that says that not all nodes were looked at, as violations enough were found.
NOT_ALL: Final = "not-all-looked-at"
_LOCAL: Final = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+)*", re.ASCII)


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    :param severity: only a ``violation`` refuses data.
    :param focus: the node that it is about.
    :param path: the property that it is about: an IRI, or a SPARQL property path whose IRIs stand in ``<>``.
    :param value: the value that is wrong; None where one is missing.
    :param message: language (``fr``, ``en``; empty where it is not said) to text.
    :param shape: IRI of the shape, None where no shape is behind it.
    :param rule: IRI or name of what it breaks: a constraint component, an OWL 2 RL rule.
    """

    severity: Severity
    focus: Term | None
    path: str | None
    value: Term | None
    message: Mapping[str, str]
    shape: str | None = None
    rule: str | None = None

    def text(self, language: str) -> str:
        """Give the message in a language, or else in English, or else in whichever there is.

        >>> Finding("info", None, None, None, {"fr": "sans nom"}).text("en")
        'sans nom'
        """
        for wanted in (language, "en", ""):
            if wanted in self.message:
                return self.message[wanted]
        return next(iter(self.message.values()), "")


@dataclass(frozen=True)
class Report:
    """Findings of one or several checks; reports add up with ``+``.

    >>> (Report(()) + Report((Finding("warning", None, None, None, {}),))).conforms
    True
    """

    findings: tuple[Finding, ...] = ()

    @property
    def conforms(self) -> bool:
        """Tell whether nothing refuses the data (warnings do not)."""
        return all(finding.severity != "violation" for finding in self.findings)

    def __add__(self, other: Report) -> Report:
        return Report(self.findings + other.findings)

    def count(self, severity: Severity) -> int:
        """Give how many findings are of a severity."""
        return sum(finding.severity == severity for finding in self.findings)

    def ordered(self) -> tuple[Finding, ...]:
        """Give the findings, gravest first, each once, in an order that depends on nothing but them."""
        return tuple(sorted({_key(finding): finding for finding in self.findings}.values(), key=_key))

    def as_text(self, language: str = "en") -> str:
        """Write a line of summary, then two lines a finding: what it is about, and what to know.

        :param language: ``en`` or ``fr``; another one gives English.

        >>> print(Report((Finding("warning", ox.NamedNode("urn:x:a"), None, None, {"en": "no name"}),)).as_text())
        The data conform: 0 violations, 1 warning, 0 remarks
        warning: <urn:x:a>
            no name
        """
        words = _WORDS.get(language, _WORDS["en"])
        least = 2 if language == "fr" else 0
        counts = [(words[severity], self.count(severity)) for severity in _SEVERITIES]
        told = ", ".join(f"{n} {word}{'s' if n != 1 and n >= least else ''}" for word, n in counts)
        lines = [f"{words['conforms' if self.conforms else 'refused']}: {told}"]
        for finding in self.ordered():
            about = [_show(finding.focus), _show_path(finding.path), _show(finding.value)]
            source = _shorten(finding.shape or finding.rule or "")
            lines.append(f"{words[finding.severity]}: {' '.join(part for part in about if part)}".rstrip(": "))
            lines.append(f"    {finding.text(language)}" + (f" [{source}]" if source else ""))
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """Give the report as plain values.

        ``{"conforms": bool, "violations": int, "warnings": int, "infos": int, "findings": [{"severity", "focus":
        TERM | null, "path": str | null, "value": TERM | null, "message": {LANGUAGE: str}, "shape": str | null,
        "rule": str | null}]}``, where TERM is a term of SPARQL 1.1 Query Results JSON (§ 3.2.2).
        """
        return {
            "conforms": self.conforms,
            "violations": self.count("violation"),
            "warnings": self.count("warning"),
            "infos": self.count("info"),
            "findings": [
                {
                    "severity": finding.severity,
                    "focus": _json_term(finding.focus),
                    "path": finding.path,
                    "value": _json_term(finding.value),
                    "message": dict(finding.message),
                    "shape": finding.shape,
                    "rule": finding.rule,
                }
                for finding in self.ordered()
            ],
        }

    def as_turtle(self) -> bytes:
        """Write a ``sh:ValidationReport`` (SHACL § 3.6): as there, a warning alone makes ``sh:conforms`` false."""
        report = ox.BlankNode("report")
        triples = [
            ox.Triple(report, iri("rdf", "type"), iri("sh", "ValidationReport")),
            ox.Triple(report, iri("sh", "conforms"), ox.Literal(not self.findings)),
        ]
        for number, finding in enumerate(self.ordered(), start=1):
            result = ox.BlankNode(f"result{number}")
            triples.append(ox.Triple(report, iri("sh", "result"), result))
            triples.extend(ox.Triple(result, *pair) for pair in _result_properties(finding))
        return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""


def _result_properties(finding: Finding) -> list[tuple[ox.NamedNode, Term]]:
    pairs: list[tuple[ox.NamedNode, Term]] = [
        (iri("rdf", "type"), iri("sh", "ValidationResult")),
        (iri("sh", "resultSeverity"), iri("sh", finding.severity.capitalize())),
    ]
    for name, term in (("focusNode", finding.focus), ("value", finding.value)):
        if term is not None:
            pairs.append((iri("sh", name), _apart(term)))
    for name, text in (("resultPath", finding.path), ("sourceShape", finding.shape)):
        if text is not None and "<" not in text:
            pairs.append((iri("sh", name), ox.NamedNode(text)))
    if finding.rule is not None:
        rule = ox.NamedNode(finding.rule) if ":" in finding.rule else iri("kg", finding.rule)
        pairs.append((iri("sh", "sourceConstraintComponent"), rule))
    for language, text in sorted(finding.message.items()):
        message = ox.Literal(text, language=language) if language else ox.Literal(text)
        pairs.append((iri("sh", "resultMessage"), message))
    return pairs


def _apart(term: Term) -> Term:
    """Keep the blank nodes of the data apart from those of the report."""
    return ox.BlankNode(f"data-{term.value}") if isinstance(term, ox.BlankNode) else term


def _key(finding: Finding) -> tuple[int, str, str, str, str, str, Sequence[tuple[str, str]]]:
    return (
        _SEVERITIES.index(finding.severity),
        str(finding.focus or ""),
        finding.path or "",
        str(finding.value or ""),
        finding.shape or "",
        finding.rule or "",
        tuple(sorted(finding.message.items())),
    )


def _json_term(term: Term | None) -> dict[str, str] | None:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    if term.datatype.value == PREFIXES["xsd"] + "string":
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def _shorten(text: str) -> str:
    """Write an IRI with a known prefix where it has one."""
    if ":" not in text:
        return text
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace) and _LOCAL.fullmatch(text, len(namespace)):
            return f"{prefix}:{text[len(namespace) :]}"
    return f"<{text}>"


def _show_path(path: str | None) -> str:
    if path is None:
        return ""
    return re.sub(r"<([^>]*)>", lambda found: _shorten(found[1]), path) if "<" in path else _shorten(path)


def _show(term: Term | None) -> str:
    if isinstance(term, ox.NamedNode):
        return _shorten(term.value)
    if isinstance(term, ox.Literal) and not term.language and term.datatype.value != PREFIXES["xsd"] + "string":
        return f"{ox.Literal(term.value)}^^{_shorten(term.datatype.value)}"
    return "" if term is None else str(term)
