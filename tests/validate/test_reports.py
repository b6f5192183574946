"""Reports as text, JSON and Turtle."""

from __future__ import annotations

import json
import random

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from rdflib.namespace import RDF, SH

from kgtool.validate import Finding, Report
from kgtool.vocabulary import PREFIXES

from .packaged import checked

XSD = PREFIXES["xsd"]
FINDINGS = (
    Finding(
        "violation",
        NamedNode("https://w3id.org/kgtool/ontology#x"),
        "https://schema.org/startDate",
        Literal("2020-02-31", datatype=NamedNode(XSD + "date")),
        {"fr": "pas une date", "en": "not a date"},
        PREFIXES["kg"] + "StartDateShape",
        PREFIXES["sh"] + "NodeConstraintComponent",
    ),
    Finding("warning", BlankNode("b"), "<urn:x:a> | <https://schema.org/name>", None, {"fr": "sans nom"}),
    Finding("violation", NamedNode("urn:x:a"), None, Literal("A", language="fr"), {"": "clash"}, rule="cax-dw"),
)


def test_text_says_what_and_where_in_both_languages() -> None:
    assert Report(FINDINGS).as_text("en").splitlines() == [
        "The data do not conform: 2 violations, 1 warning, 0 remarks",
        'violation: kg:x schema:startDate "2020-02-31"^^xsd:date',
        "    not a date [kg:StartDateShape]",
        'violation: <urn:x:a> "A"@fr',
        "    clash [cax-dw]",
        "warning: _:b <urn:x:a> | schema:name",
        "    sans nom",
    ]
    assert "2 violations, 1 avertissement, 0 remarque\n" in Report(FINDINGS).as_text("fr")
    assert "avertissement: _:b" in Report(FINDINGS).as_text("fr")
    assert "    pas une date" in Report(FINDINGS).as_text("fr")


def test_json_holds_every_part() -> None:
    found = json.loads(json.dumps(Report(FINDINGS).as_json()))
    assert (found["conforms"], found["violations"], found["warnings"], found["infos"]) == (False, 2, 1, 0)
    first, second, third = found["findings"]
    assert first == {
        "severity": "violation",
        "focus": {"type": "uri", "value": "https://w3id.org/kgtool/ontology#x"},
        "path": "https://schema.org/startDate",
        "value": {"type": "literal", "value": "2020-02-31", "datatype": XSD + "date"},
        "message": {"fr": "pas une date", "en": "not a date"},
        "shape": PREFIXES["kg"] + "StartDateShape",
        "rule": PREFIXES["sh"] + "NodeConstraintComponent",
    }
    assert second["value"] == {"type": "literal", "value": "A", "xml:lang": "fr"}
    assert third["focus"] == {"type": "bnode", "value": "b"}


def test_turtle_is_a_shacl_report() -> None:
    graph = rdflib.Graph().parse(data=Report(FINDINGS).as_turtle(), format="turtle")
    (report,) = graph.subjects(RDF.type, SH.ValidationReport)
    assert graph.value(report, SH.conforms) == rdflib.Literal(False)
    results = list(graph.objects(report, SH.result))
    assert len(results) == 3
    assert {graph.value(result, SH.resultSeverity) for result in results} == {SH.Violation, SH.Warning}
    (date,) = graph.subjects(SH.sourceShape, rdflib.URIRef(PREFIXES["kg"] + "StartDateShape"))
    assert graph.value(date, SH.resultPath) == rdflib.URIRef("https://schema.org/startDate")
    assert {text.language for text in graph.objects(date, SH.resultMessage)} == {"fr", "en"}
    assert rdflib.URIRef(PREFIXES["kg"] + "cax-dw") in set(graph.objects(None, SH.sourceConstraintComponent))


def test_the_same_findings_give_the_same_bytes() -> None:
    shuffled = [*FINDINGS, *FINDINGS]
    random.Random(7).shuffle(shuffled)
    assert Report(tuple(shuffled)).as_turtle() == Report(FINDINGS).as_turtle()
    assert Report(tuple(shuffled)).ordered() == Report(FINDINGS).ordered()


def test_an_empty_report_conforms() -> None:
    assert Report().conforms
    assert b"true" in Report().as_turtle()
    assert Report().as_json()["findings"] == []


def test_reports_add_up() -> None:
    assert (Report(FINDINGS[:1]) + Report(FINDINGS[1:])).findings == FINDINGS
    assert Report(FINDINGS[1:2]).conforms


def test_messages_name_the_value_in_each_language() -> None:
    (finding,) = checked('x:a schema:startDate "soon" .').findings
    assert finding.path == "https://schema.org/startDate"
    assert finding.value == Literal("soon")
    assert finding.message["en"].startswith('"soon" is not a date')
    assert finding.message["fr"].startswith("« soon » n'est pas une date")
    assert list(parse(checked("").as_turtle(), format=RdfFormat.TURTLE))
