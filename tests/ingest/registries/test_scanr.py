"""scanR: three generations of documents, with the same meaning."""

from __future__ import annotations

from pathlib import Path

import pytest

from .reading import every_file, read, written


def test_a_person_was_seen_in_the_years_of_the_publications(samples: Path) -> None:
    found = read("scanr", samples / "scanr_api/scanr_api_person_doc.json")
    assert found.ask(
        """?p a kg:Researcher ; rdfs:label "David Reymond" ; schema:sameAs <https://orcid.org/0000-0003-2071-6594> ,
        <http://www.idref.fr/122796527/id>"""
    )
    # The dates of scanR are those of the first and last publication: seen then, and not begun or ended then.
    assert found.rows("SELECT ?d WHERE { ?m a kg:Membership ; kg:attestedOn ?d }") == [("2018",), ("2023",)]
    assert not found.ask("?m schema:startDate ?d")
    unit = "<https://w3id.org/kgtool/id/scanr/200815499S>"
    assert found.ask(f"?m org:organization {unit} . {unit} a kg:ResearchUnit")


def test_a_directory_says_when_it_began(scanr_files: Path) -> None:
    found = read("scanr", scanr_files / "v2/persons.json", date="2019-06-01")
    assert found.ask(
        """?m org:member [ rdfs:label "Jean-Michel Muller" ] ; schema:startDate "2015-01-01"^^xsd:date ;
        kg:attestedOn "2019-06-01"^^xsd:date"""
    )
    for private in ("mail@mail.com", "Meilleure thèse", "Titulaire"):
        assert not found.ask(f'?s ?p ?o FILTER(CONTAINS(STR(?o), "{private}"))')


def test_a_tutelle_is_a_supervision_since_its_year(scanr_files: Path) -> None:
    found = read("scanr", scanr_files / "v1/rnsr.json", date="2018")
    assert len(found.records) == 30
    assert found.ask(
        """?s a kg:Supervision ; kg:supervisedUnit [ rdfs:label "ÉCONOMIE PUBLIQUE" ] ;
        kg:supervisingInstitution [ rdfs:label "Institut national de la recherche agronomique" ] ;
        org:role kg:role-supervisor ; schema:startDate "1949"^^xsd:gYear ; kg:attestedOn "2018"^^xsd:gYear"""
    )
    assert found.ask('?m org:member [ a foaf:Person ; rdfs:label "Fabrice AGOU" ] ; org:role kg:role-director')
    assert not found.ask("{ ?s org:unitOf ?o } UNION { ?s org:subOrganizationOf ?o } UNION { ?s foaf:mbox ?o }")


def test_a_project_has_participants_with_their_roles(scanr_files: Path) -> None:
    found = read("scanr", scanr_files / "v2/projects.json")
    assert found.ask(
        """?p a kg:Participation ; kg:project [ a kg:Project ; schema:identifier [ schema:propertyID "ANR" ;
        schema:value "ANR-14-CE25-0013" ] ; kg:partOfProgramme [ rdfs:label "Appel a projet nanotech" ] ] ;
        kg:participant <https://w3id.org/kgtool/id/scanr/idref029762871> ; org:role kg:role-coordinator"""
    )
    assert found.ask('?p kg:participant [ a org:Organization ; rdfs:label "Université de Bordeaux" ]')
    assert any("'Date' is no date" in said for said in found.said())


def test_a_thesis_is_signed_on_its_day(samples: Path) -> None:
    found = read("scanr", samples / "scanr_api/scanr_api_doc_hash_2.json")
    assert found.ask(
        """?m a kg:Membership ; org:member [ rdfs:label "Maxime Montoya" ] ; kg:attestedOn "2019-12-06"^^xsd:date ;
        org:organization <https://w3id.org/kgtool/id/scanr/200322879K>"""
    )
    assert found.ask('?t a schema:Thesis ; schema:identifier [ schema:propertyID "NNT" ; schema:value "2019lysem032" ]')


def test_the_search_service_has_copies_beside_the_keys(tmp_path: Path) -> None:
    """The documents of today: a link has the key, and what it leads to under ``denormalized``."""
    there = {"id": "180089013", "label": {"default": "CNRS", "fr": "Centre national"}, "status": "active"}
    unit = {
        "id": "200815499S",
        "label": {"default": "Un laboratoire"},
        "kind": ["Structure de recherche"],
        "institutions": [
            {"structure": "180089013", "relationType": "établissement tutelle", "fromDate": "2008-01-01T00:00:00",
             "label": None, "denormalized": there},
        ],
    }  # fmt: skip
    paper = {
        "id": "doi10.1000/xyz",
        "title": {"default": "T"},
        "year": 2024,
        "affiliations": [{"id": "200815499S", "label": {"default": "Un laboratoire"}}, {"id": "star"}],
        "projects": [
            {"id": "ANR-14-CE25-0013", "label": {"fr": "Projet"}, "type": "ANR", "year": 2014},
            {"id": None},
            7,
        ],
    }
    found = read(
        "scanr", written(tmp_path, {"hits": {"hits": [{"_source": unit}, {"_source": paper}]}}), date="2026-11"
    )
    assert found.said() == []
    assert found.ask(
        """?s a kg:Supervision ; kg:supervisedUnit [ rdfs:label "Un laboratoire" ] ; org:role kg:role-supervisor ;
        kg:supervisingInstitution [ rdfs:label "Centre national"@fr ] ; schema:startDate "2008-01-01"^^xsd:date ;
        kg:attestedOn "2026-11"^^xsd:gYearMonth"""
    )
    assert found.ask('?t schema:sourceOrganization [ a kg:ResearchUnit ; rdfs:label "Un laboratoire" ]')
    assert found.ask('?t schema:isBasedOn [ a kg:Project ; rdfs:label "Projet"@fr ]')
    assert not found.ask("?t schema:sourceOrganization <https://w3id.org/kgtool/id/scanr/star>")


@pytest.mark.parametrize(
    "document", [{"id": "x"}, {"label": "no id"}, {"id": "", "title": "t"}, {"id": 5, "title": "t"}]
)
def test_what_is_no_document_is_told(tmp_path: Path, document: dict) -> None:
    found = read("scanr", written(tmp_path, document))
    assert (found.records, [fault.part for fault in found.faults]) == ([], [False])


def test_every_stored_document_is_read(samples: Path, scanr_files: Path) -> None:
    files = [*every_file(samples / "scanr_api"), *every_file(scanr_files / "v1"), *every_file(scanr_files / "v2")]
    found = read("scanr", *files)
    assert len(found.records) > 300
    assert all(fault.part for fault in found.faults)


PUBLICATION = {
    "id": "doi10.1000/x",
    "title": {"default": "On islets"},
    "publicationDate": "2024-05-01",
    "authors": [
        {
            "fullName": "Ada Lovelace",
            "role": "author",
            "denormalized": {"id": "idref02667584X", "orcid": "0000-0002-1825-0097"},
            "affiliations": [
                {"name": "Unit", "id_name_author_labo": "a###Ada###200711923J###Unit", "structure": "200711923J"},
                {"name": "University", "structure": "130023583"},
            ],
        },
        {"fullName": "Bo Li", "affiliations": [{"name": "Hospital"}, {"name": "University", "structure": "130023583"}]},
    ],
}


def test_of_the_affiliations_of_an_author_laboratories_were_named_and_the_rest_added(tmp_path: Path) -> None:
    found = read("scanr", written(tmp_path, PUBLICATION))
    rows = found.rows("SELECT ?who ?where { ?m org:member/rdfs:label ?who ; org:organization/rdfs:label ?where }")
    assert rows == [("Ada Lovelace", "Unit"), ("Bo Li", "Hospital"), ("Bo Li", "University")]


def test_an_author_has_the_identifiers_that_the_search_service_keeps_beside(tmp_path: Path) -> None:
    found = read("scanr", written(tmp_path, PUBLICATION))
    assert found.ask(
        """<https://w3id.org/kgtool/id/scanr/idref02667584X> rdfs:label "Ada Lovelace" ;
        schema:sameAs <https://orcid.org/0000-0002-1825-0097>"""
    )


def test_a_link_to_a_structure_takes_its_name_from_the_document_beside_it(tmp_path: Path) -> None:
    link = {"structure": "130023583", "relationType": "établissement tutelle", "fromDate": "2018-01-01"}
    inner = {"id": "130023583", "label": {"default": "Université de Lille", "fr": "Université de Lille"}}
    unit = {"id": "200711923J", "label": {"default": "Unit"}, "institutions": [{**link, "denormalized": inner}]}
    found = read("scanr", written(tmp_path, unit), date="2026")
    assert found.ask('?s a kg:Supervision ; kg:supervisingInstitution [ rdfs:label "Université de Lille"@fr ]')
