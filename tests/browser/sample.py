"""A region that is not the packaged one: a coast with two universities, a hospital, units, people, dates and places."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kgtool.vocabulary import ID_BASE, PREFIXES

HERE: Final = f"{ID_BASE}coast/"
SCRIPT: Final = "<script>window.hurt = true</script>"
HOSTILE: Final = (SCRIPT, '"><img src=x onerror="window.hurt = true">', "\u202eelliL ed \u2066UHC", "long " * 2000)
_PREFIXES: Final = "".join(
    f"@prefix {name}: <{PREFIXES[name]}> .\n"
    for name in ("kg", "rdfs", "org", "schema", "skos", "foaf", "xsd", "geo", "dcterms", "prov", "dcat")
)

FACTS: Final = """
<city/harbour> a kg:City ; rdfs:label "Harbour"@en, "Le Havre-Neuf"@fr ; geo:lat 43.3 ; geo:long 5.4 .
<city/hill> a kg:City ; rdfs:label "Hill"@en, "La Colline"@fr ; geo:lat 43.5 ; geo:long 5.9 .

<institution/university> a kg:University ;
  rdfs:label "University of the Coast"@en, "Université de la Côte"@fr ; skos:altLabel "UdC" ;
  kg:locatedIn <city/harbour> ; schema:identifier <identifier/university-wikidata> .
<identifier/university-wikidata> a schema:PropertyValue ; schema:propertyID "Wikidata" ; schema:value "Q1" .
<institution/hospital> a kg:Hospital ; rdfs:label "Coast Hospital"@en, "Hôpital de la Côte"@fr ;
  kg:locatedIn <city/hill> .
<institution/health> a kg:ResearchBody ; rdfs:label "National Health Body"@en, "Organisme national de santé"@fr .

<unit/heart> a kg:ResearchUnit ; rdfs:label "Heart and vessels"@en, "Cœur et vaisseaux"@fr ;
  kg:locatedIn <city/harbour> ; kg:hasTheme kg:theme-cardiovascular-diseases .
<unit/brain> a kg:ResearchUnit ; rdfs:label "Brain and age"@en, "Cerveau et âge"@fr ; kg:locatedIn <city/hill> .
<supervision/heart-university> a kg:Supervision ; kg:supervisedUnit <unit/heart> ;
  kg:supervisingInstitution <institution/university> ; schema:startDate "2010"^^xsd:gYear .
<supervision/heart-health> a kg:Supervision ; kg:supervisedUnit <unit/heart> ;
  kg:supervisingInstitution <institution/health> ; schema:startDate "2015-01-01"^^xsd:date ;
  schema:endDate "2022-12-31"^^xsd:date .
<supervision/brain-university> a kg:Supervision ; kg:supervisedUnit <unit/brain> ;
  kg:supervisingInstitution <institution/university> ; kg:attestedOn "2019-06-01"^^xsd:date .

<person/ada> a kg:Researcher ; rdfs:label "Ada" ; foaf:name "Ada" .
<person/ben> a kg:Researcher ; rdfs:label "Ben" ; foaf:name "Ben" .
<membership/ada> a kg:Membership ; rdfs:label "Ada, heart and vessels"@en ; org:member <person/ada> ;
  org:organization <unit/heart> ; schema:startDate "2012"^^xsd:gYear ; schema:endDate "2021-08"^^xsd:gYearMonth .
<membership/ben> a kg:Membership ; rdfs:label "Ben, brain and age"@en ; org:member <person/ben> ;
  org:organization <unit/brain> ; kg:attestedOn "2018-01-01"^^xsd:date, "2020-01-01"^^xsd:date .
<membership/ben-hospital> a kg:Employment ; rdfs:label "Ben, Coast Hospital"@en ; org:member <person/ben> ;
  org:organization <institution/hospital> ; schema:startDate "2016-03-01"^^xsd:date .

<project/tides> a kg:Project ; rdfs:label "Tides"@en, "Marées"@fr ; schema:startDate "2019-01-01"^^xsd:date ;
  schema:endDate "2023-12-31"^^xsd:date ; kg:hasTheme kg:theme-cardiovascular-diseases .
<participation/tides-heart> a kg:Participation ; rdfs:label "Heart and vessels in Tides"@en ;
  kg:project <project/tides> ; kg:participant <unit/heart> .
<participation/tides-hospital> a kg:Participation ; rdfs:label "Coast Hospital in Tides"@en ;
  kg:project <project/tides> ; kg:participant <institution/hospital> .

<urn:kgtool:source:coast.ttl> a prov:Entity, dcat:Dataset ; dcterms:title "The coast"@en, "La côte"@fr ;
  dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ; dcterms:issued "2026-01-15"^^xsd:date .
"""


def write_coast(folder: Path) -> Path:
    """Write the region's data, hostile labels among them, into a new folder."""
    folder.mkdir()
    hostile = "\n".join(
        f"<unit/hostile-{number}> a kg:ResearchUnit ; rdfs:label {_quoted(label)}@en ; "
        "kg:supervisedBy <institution/university> ; kg:locatedIn <city/hill> ."
        for number, label in enumerate(HOSTILE)
    )
    (folder / "coast.ttl").write_text(f"@base <{HERE}> .\n{_PREFIXES}{FACTS}{hostile}\n", "utf-8")
    return folder


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
