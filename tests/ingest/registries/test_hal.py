"""HAL: documents, authors who are told apart or not, and where they signed from on the day of publication."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtool.ingest.registries.hal import REGISTRY
from kgtool.ingest.registries.places import region_named

from .reading import every_file, read, written

SEP, JOIN = "_FacetSep_", "_JoinSep_"
DOC = {
    "halId_s": "hal-01234567",
    "uri_s": "https://hal.science/hal-01234567",
    "docType_s": "ART",
    "en_title_s": ["On islets"],
    "doiId_s": "10.1000/ABC",
    "publicationDate_s": "2019-05",
    "authQuality_s": ["aut", "edt"],
    "authFullNameFormIDPersonIDIDHal_fs": [f"Ada Lovelace{SEP}1-7{SEP}ada-lovelace", f"Bo Li{SEP}2-0{SEP}"],
    "authIdHasStructure_fs": [
        f"1-7{SEP}Ada Lovelace{JOIN}10{SEP}Unit Ten",
        f"1-7{SEP}Ada Lovelace{JOIN}20{SEP}University",
        f"2-0{SEP}Bo Li{JOIN}20{SEP}University",
    ],
    "labStructId_i": [10],
}


def test_a_document_has_title_day_and_identifiers(tmp_path: Path) -> None:
    found = read("hal", written(tmp_path, DOC))
    assert found.said() == []
    assert found.ask(
        """<https://w3id.org/kgtool/id/hal/hal-01234567> a schema:ScholarlyArticle ; rdfs:label "On islets"@en ;
        schema:datePublished "2019-05"^^xsd:gYearMonth ; schema:sameAs <https://doi.org/10.1000/abc> ;
        schema:identifier [ schema:propertyID "DOI" ; schema:value "10.1000/abc" ]"""
    )


def test_an_affiliation_is_attested_when_it_was_published_and_never_timeless(tmp_path: Path) -> None:
    found = read("hal", written(tmp_path, DOC))
    rows = found.rows(
        """SELECT ?who ?where ?day WHERE { ?m a kg:Membership ; org:member/rdfs:label ?who ;
        org:organization/rdfs:label ?where ; kg:attestedOn ?day }"""
    )
    # Who names a laboratory is not said to have named the university above it; who names none has named what there is.
    assert rows == [("Ada Lovelace", "Unit Ten", "2019-05"), ("Bo Li", "University", "2019-05")]
    assert not found.ask("{ ?s org:memberOf ?o } UNION { ?s schema:startDate ?o } UNION { ?s org:unitOf ?o }")


def test_who_is_not_told_apart_is_a_person_of_one_document(tmp_path: Path) -> None:
    other = {**DOC, "halId_s": "hal-07654321"}
    found = read("hal", written(tmp_path, [DOC, other]))
    named = found.rows("SELECT ?name (COUNT(?p) AS ?n) WHERE { ?p a kg:Researcher ; rdfs:label ?name } GROUP BY ?name")
    assert named == [("Ada Lovelace", "1"), ("Bo Li", "2")]


def test_what_each_did_is_kept(tmp_path: Path) -> None:
    found = read("hal", written(tmp_path, DOC))
    assert found.ask('?d schema:author [ rdfs:label "Ada Lovelace" ] ; schema:editor [ rdfs:label "Bo Li" ]')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"publicationDate_tdate": "2003-01-01T00:00:00Z"}, "published 2019-05 and 2003-01-01"),
        ({"doiId_s": "doi/12"}, "no DOI"),
        ({"label_xml": "<TEI><a></TEI>"}, "cannot be read"),
        ({"label_xml": "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;'>]><a>&c;</a>"}, "refers to other entities"),
        ({"en_title_s": []}, "no title"),
    ],
)
def test_what_is_wrong_of_a_document_is_left_out_and_told(tmp_path: Path, change: dict, said: str) -> None:
    found = read("hal", written(tmp_path, DOC | change))
    (fault,) = found.faults
    assert fault.part
    assert said in fault.what
    assert (fault.number, fault.key) == (1, "hal-01234567")


def test_documents_that_contradict_themselves_date_nobody(tmp_path: Path) -> None:
    found = read("hal", written(tmp_path, DOC | {"publicationDate_tdate": "2003-01-01T00:00:00Z"}))
    assert found.ask("?m a kg:Membership")
    assert not found.ask("?m kg:attestedOn ?day")


def test_parts_of_names_are_kept_only_where_each_author_has_them(tmp_path: Path) -> None:
    given = {"authFirstName_s": ["Ada", "Bo"], "authLastName_s": ["Lovelace", "Li"]}
    assert read("hal", written(tmp_path, DOC | given)).ask('?p foaf:familyName "Li"')
    short = {**given, "authLastName_s": ["Lovelace"]}
    assert not read("hal", written(tmp_path, DOC | short)).ask("?p foaf:familyName ?name")


def test_a_record_without_a_name_is_left_out(tmp_path: Path) -> None:
    found = read("hal", written(tmp_path, {"response": {"docs": [{"docid": "1"}, DOC, 7]}}))
    assert [record.key for record in found.records] == ["hal-01234567"]
    assert [(fault.number, fault.part) for fault in found.faults] == [(1, False), (3, False)]


def test_the_full_record_says_which_structure_was_named_and_what_stands_above(samples: Path) -> None:
    found = read("hal", samples / "hal_api/docs_with_contributor_identifiers.json")
    assert found.ask(
        """?m a kg:Membership ; org:member <https://w3id.org/kgtool/id/hal/author/1288873> ;
        org:organization [ rdfs:label "Laboratoire Chrono-environnement (UMR 6249)" ; a kg:ResearchUnit ;
            schema:sameAs <https://ror.org/028cef883> ]"""
    )
    assert found.ask(
        "<https://w3id.org/kgtool/id/hal/author/1288873> schema:sameAs <https://orcid.org/0000-0002-3053-9512>"
    )
    # The record was written on 16 October 2024: on that day the CNRS was above the unit.
    assert found.ask(
        """?s a kg:Supervision ; kg:supervisedUnit <https://w3id.org/kgtool/id/hal/structure/57629> ;
        kg:supervisingInstitution [ rdfs:label "Centre National de la Recherche Scientifique" ] ;
        kg:attestedOn "2024-10-16"^^xsd:date"""
    )
    # A structure that HAL calls old ended; nobody saw it in 2024.
    old = "<https://w3id.org/kgtool/id/hal/structure/509756>"
    assert found.ask(f'?s kg:supervisedUnit {old} ; schema:endDate "2011-12-31"^^xsd:date')
    assert not found.ask(f"?s kg:supervisedUnit {old} ; kg:attestedOn ?day")


def test_a_document_lies_where_it_was_signed_from(samples: Path) -> None:
    records = read("hal", samples / "hal_api/docs_with_contributor_identifiers.json").records
    places = REGISTRY.survey(records[0]).places
    assert any(map(region_named("departments:25").holds, places))  # Besançon
    assert not any(map(region_named("hauts-de-france").holds, places))


def test_every_stored_document_is_read(samples: Path) -> None:
    answers = [json.loads(file.read_text(encoding="utf-8")) for file in every_file(samples / "hal_api")]
    documents = sum(len(answer["response"]["docs"]) if "response" in answer else 1 for answer in answers)
    found = read("hal", *every_file(samples / "hal_api"))
    assert len(found.records) == documents
    assert all(fault.part for fault in found.faults)
    assert not found.ask("?person foaf:mbox ?mail")
    assert not found.ask("?person ?p ?o FILTER(CONTAINS(STR(?o), '@univ') || CONTAINS(STR(?o), 'be0a5a9592885608'))")


def test_the_structures_that_an_author_named_are_taken_where_hal_tells_them_apart(tmp_path: Path) -> None:
    """An author may name a hospital that is no laboratory of HAL beside one that is."""
    named = [f"1-7{SEP}Ada Lovelace{JOIN}20{SEP}University", f"2-0{SEP}Bo Li{JOIN}30{SEP}Hospital"]
    found = read("hal", written(tmp_path, {**DOC, "authIdHasPrimaryStructure_fs": named}))
    rows = found.rows("SELECT ?who ?where { ?m org:member/rdfs:label ?who ; org:organization/rdfs:label ?where }")
    assert rows == [("Ada Lovelace", "University"), ("Bo Li", "Hospital")]


def test_a_number_in_the_place_of_an_idhal_is_none(tmp_path: Path) -> None:
    authors = [f"Ada Lovelace{SEP}1-7{SEP}7", f"Bo Li{SEP}2-8{SEP}bo-li"]
    found = read("hal", written(tmp_path, {**DOC, "authFullNameFormIDPersonIDIDHal_fs": authors}))
    assert found.rows('SELECT ?v { ?i schema:propertyID "idHAL" ; schema:value ?v }') == [("bo-li",)]


def test_two_authors_of_one_document_are_not_one_person_whatever_their_number(tmp_path: Path) -> None:
    authors = [f"Ada Lovelace{SEP}1-7{SEP}ada-lovelace", f"Bo Li{SEP}2-7{SEP}"]
    found = read("hal", written(tmp_path, {**DOC, "authFullNameFormIDPersonIDIDHal_fs": authors}))
    people = found.rows("SELECT ?p ?name { ?p a kg:Researcher ; rdfs:label ?name }")
    assert sorted(name for _, name in people) == ["Ada Lovelace", "Bo Li"]
    assert len({person for person, _ in people}) == 2
    assert not any(person.endswith("/author/7") for person, _ in people)
