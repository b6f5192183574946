"""What other sources add to the page, and where they differ from it."""

from __future__ import annotations

import pytest

from .conftest import BASE, Holds, Rows

ROLE = "https://w3id.org/kgtool/ontology#role-"


@pytest.mark.parametrize(
    ("source", "fact"),
    [
        ("eurasante-com", '<company/inbrain-pharma> schema:foundingDate "2018"^^xsd:gYear ; kg:spinOffOf <unit/u1172>'),
        ("eurasante-com", "<company/inbrain-pharma> schema:founder <person/caroline-moreau>, <person/david-devos>"),
        (
            "eurasante-com",
            '<company/invenis-biotherapies> schema:foundingDate "2021"^^xsd:gYear ; '
            "kg:spinOffOf <unit/u1172>, <institution/taipei-medical-university>",
        ),
        ("eco121-fr", "<company/inbrain-pharma> kg:locatedIn <place/loos> . <place/loos> a kg:City"),
        ("strokelink-avc-fr", "<network/strokelink> kg:hasTheme kg:theme-cardiovascular-diseases"),
        (
            "strokelink-avc-fr",
            "?node org:member <network/strokelink> ; org:organization <network/f-crin> ; "
            'schema:startDate "2022-01"^^xsd:gYearMonth',
        ),
        (
            "strokelink-avc-fr",
            "?node org:member <person/jean-marc-olivot> ; org:organization <network/strokelink> ; "
            "org:role kg:role-coordinator",
        ),
        (
            "isite-ulne",
            '<distinction/precinash-rhu-label> schema:about <project/precinash> ; dcterms:issued "2016"^^xsd:gYear',
        ),
        (
            "isite-ulne",
            "?node kg:project <project/precinash> ; kg:participant <company/sanofi> ; org:role kg:role-partner",
        ),
        (
            "isite-ulne",
            "<programme/recherche-hospitalo-universitaire> kg:partOfProgramme "
            "<programme/programme-d-investissements-d-avenir>",
        ),
        (
            "reseau-chu-org",
            "?node a kg:Participation ; kg:project <project/precinash> ; kg:participant <institution/chu-de-lille> ; "
            "org:role kg:role-partner",
        ),
        ("precidiab-org", "<project/precidiab> frapo:isSupportedBy <institution/anr>"),
        ("rnsr-2022", "<unit/prism> kg:locatedIn <place/villeneuve-d-ascq> . <place/villeneuve-d-ascq> a kg:City"),
        (
            "precidiab-org",
            "?node kg:project <project/precidiab> ; kg:participant <person/philippe-froguel> ; "
            "org:role kg:role-director",
        ),
        (
            "precidiab-org",
            "<distinction/precidiab-national-centre-label> schema:about <project/precidiab> ; "
            'dcterms:issued "2019-12"^^xsd:gYearMonth',
        ),
        (
            "hautsdefrance-fr",
            "<unit/egid> schema:founder <person/philippe-froguel>, <person/francois-pattou>, <person/bart-staels>",
        ),
        ("hautsdefrance-fr", '<distinction/egid-labex> schema:about <unit/egid> ; dcterms:issued "2011"^^xsd:gYear'),
        (
            "hubsante-org",
            "?node org:member <person/francois-pattou> ; org:role kg:role-head-of-department ; "
            "org:organization <unit/chu-de-lille-chirurgie-generale-et-endocrinienne> ; "
            'schema:startDate "2005"^^xsd:gYear',
        ),
        (
            "lilncog",
            "?node org:member <person/david-devos> ; org:organization <institution/universite-de-lille> ; "
            "org:role kg:role-professor",
        ),
        (
            "presse-inserm-fr",
            "?node org:member <person/paolo-giacobini> ; org:organization <unit/u1172> ; "
            'kg:attestedOn "2022-09-01"^^xsd:date',
        ),
        (
            "presse-inserm-fr",
            "?node a kg:Supervision ; kg:supervisedUnit <unit/u1172> ; "
            'kg:supervisingInstitution <institution/chu-de-lille> ; kg:attestedOn "2022-09-01"^^xsd:date',
        ),
        (
            "presse-inserm-fr",
            "?node org:member <person/charlotte-cordonnier> ; org:organization <unit/u1171> ; "
            'kg:attestedOn "2016-10-25"^^xsd:date',
        ),
        ("inserm-fr", "?node org:member <person/charlotte-cordonnier> ; org:organization <unit/u1172>"),
    ],
)
def test_a_source_states(holds: Holds, source: str, fact: str) -> None:
    assert holds(f"ASK {{ GRAPH <urn:kgtool:source:{source}.ttl> {{ {fact} }} }}")


def test_two_sources_differ_on_the_grade_of_joel_haas(rows: Rows) -> None:
    grades = rows(
        """SELECT ?graph ?kind ?role WHERE { GRAPH ?graph {
            ?node a ?kind ; org:member <person/joel-haas> ; org:organization <institution/inserm> ;
                org:role ?role } }"""
    )
    kg = "https://w3id.org/kgtool/ontology#"
    assert grades == [
        ("urn:kgtool:source:inserm-fr.ttl", kg + "Employment", ROLE + "research-fellow"),
        ("urn:kgtool:source:presentation-page.ttl", kg + "Employment", ROLE + "research-director"),
    ]


def test_two_sources_spell_joel_haas_differently(rows: Rows) -> None:
    assert rows("SELECT ?name WHERE { <person/joel-haas> foaf:name ?name }") == [("Joel Haas",), ("Joël Haas",)]


def test_sources_differ_on_when_egid_was_founded(rows: Rows) -> None:
    years = rows("SELECT ?graph ?year WHERE { GRAPH ?graph { <unit/egid> schema:foundingDate ?year } }")
    assert years == [
        ("urn:kgtool:source:hautsdefrance-fr.ttl", "2009"),
        ("urn:kgtool:source:rnsr-2022.ttl", "2012"),
        ("urn:kgtool:source:ror.ttl", "2009"),
    ]


def test_the_labels_of_u1190_follow_each_other(rows: Rows) -> None:
    changes = rows(
        """SELECT ?year ?before ?after WHERE { GRAPH <urn:kgtool:source:actuia-com.ttl> { ?change a org:ChangeEvent ;
            schema:startDate ?year ; org:originalOrganization ?before ; org:resultingOrganization ?after } }"""
    )
    assert changes == [
        (year, f"{BASE}unit/{before}", f"{BASE}unit/{after}")
        for year, before, after in (("2005", "erit-m", "unit-m"), ("2009", "unit-m", "u859"), ("2015", "u859", "u1190"))
    ]


def test_strokelink_is_part_of_f_crin_since_its_label_only(holds: Holds) -> None:
    assert not holds("ASK { <network/strokelink> org:subOrganizationOf|org:unitOf|org:memberOf ?network }")


def test_giacobini_is_at_chu_de_lille_through_his_unit_only(rows: Rows) -> None:
    found = rows("SELECT ?where WHERE { ?node org:member <person/paolo-giacobini> ; org:organization ?where }")
    assert found == [(f"{BASE}institution/inserm",), (f"{BASE}unit/u1172",)]


def test_giacobini_founded_no_company(holds: Holds) -> None:
    assert not holds("ASK { ?company schema:founder <person/paolo-giacobini> }")
