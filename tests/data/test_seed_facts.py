"""Every fact of the presentation page, asked in SPARQL."""

from __future__ import annotations

import pytest

from .conftest import BASE, Holds, Rows

PAGE = "GRAPH <urn:kgtool:source:presentation-page.ttl>"
ROLE = "https://w3id.org/kgtool/ontology#role-"
THEME = "https://w3id.org/kgtool/ontology#theme-"


def test_the_region_has_its_four_figures(rows: Rows) -> None:
    figures = rows(
        """SELECT ?indicator ?value ?seen WHERE {
            ?figure a kg:Statistic ; schema:about <region/hauts-de-france> ; kg:indicator ?indicator ;
                schema:value ?value ; kg:attestedOn ?seen }"""
    )
    seen = "2026-11-23"
    prefix = "https://w3id.org/kgtool/ontology#indicator-"
    assert figures == [
        (prefix + "hospitals-and-clinics", "160", seen),
        (prefix + "laboratories", "80", seen),
        (prefix + "researchers", "4000", seen),
        (prefix + "third-places", "2", seen),
    ]


def test_the_region_works_on_the_eight_themes(rows: Rows) -> None:
    themes = rows("SELECT ?theme WHERE { <region/hauts-de-france> a kg:Region ; kg:hasTheme ?theme }")
    assert {theme for (theme,) in themes} == {
        THEME + name
        for name in (
            "metabolic-and-cardiovascular-diseases",
            "inflammatory-diseases",
            "neurodegenerative-diseases",
            "oncology",
            "infectious-diseases",
            "pharmacology",
            "immunity",
            "digital-health-and-medical-imaging",
        )
    }


@pytest.mark.parametrize(
    ("hospital", "french", "english"),
    [
        ("chu-de-lille", "hôpital public de France", "Third public hospital of France"),
        ("centre-oscar-lambret", "nationale", "National reference in cancer care"),
        ("chu-amiens-picardie", "simulation médicale", "medical simulation centre in Europe"),
    ],
)
def test_a_hospital_has_its_distinction(holds: Holds, hospital: str, french: str, english: str) -> None:
    assert holds(
        f"""ASK {{ {PAGE} {{ <institution/{hospital}> a kg:Hospital ; kg:locatedIn <region/hauts-de-france> ;
            kg:hasDistinction ?distinction .
            ?distinction a kg:Distinction ; schema:about <institution/{hospital}> ; rdfs:label ?french, ?english .
            FILTER(LANG(?french) = "fr" && CONTAINS(?french, "{french}"))
            FILTER(LANG(?english) = "en" && CONTAINS(?english, "{english}")) }} }}"""
    )


ROLES = {
    "francois-pattou": {
        ("unit/chu-de-lille-chirurgie-generale-et-endocrinienne", "head-of-department"),
        ("unit/u1190", "director"),
        ("unit/egid", "co-founder"),
        ("platform/diabinnov", "co-founder"),
    },
    "charlotte-cordonnier": {
        ("unit/chu-de-lille-neurologie-vasculaire", "head-of-department"),
        ("institution/inserm", "researcher"),
        ("network/strokelink", "coordinator"),
    },
    "paolo-giacobini": {("institution/inserm", "research-director")},
    "david-devos": {
        ("institution/chu-de-lille", "neurologist"),
        ("institution/inserm", "researcher"),
        ("company/inbrain-pharma", "co-founder"),
        ("company/inbrain-pharma", "chief-scientific-officer"),
        ("company/invenis-biotherapies", "co-founder"),
    },
    "joel-haas": {("institution/inserm", "research-director")},
}


@pytest.mark.parametrize("person", ROLES)
def test_a_person_has_the_roles_of_the_page_and_no_other(rows: Rows, person: str) -> None:
    found = rows(
        f"""SELECT ?organization ?role WHERE {{ {PAGE} {{
            <person/{person}> a kg:Researcher .
            ?node a ?kind ; org:member <person/{person}> ; org:organization ?organization ; org:role ?role
            FILTER(?kind IN (kg:Membership, kg:Employment)) }} }}"""
    )
    assert set(found) == {(BASE + organization, ROLE + role) for organization, role in ROLES[person]}


def test_a_grade_at_inserm_is_an_employment_and_no_other_role_is(rows: Rows) -> None:
    employments = rows(
        f"SELECT ?person ?role WHERE {{ {PAGE} {{ ?node a kg:Employment ; org:member ?person ; org:role ?role }} }}"
    )
    assert employments == [
        (f"{BASE}person/{name}", ROLE + "research-director") for name in ("joel-haas", "paolo-giacobini")
    ]


def test_the_page_presents_five_people(rows: Rows) -> None:
    people = rows(f"SELECT ?person WHERE {{ {PAGE} {{ ?person a kg:Researcher }} }}")
    assert {person for (person,) in people} == {f"{BASE}person/{name}" for name in ROLES}


def test_the_roles_of_the_page_are_undated(rows: Rows) -> None:
    assert not rows(
        f"""SELECT ?node WHERE {{ {PAGE} {{ ?node a ?kind ; ?date ?when
            FILTER(?kind IN (kg:Membership, kg:Employment, kg:Participation, kg:Supervision))
            FILTER(?date IN (schema:startDate, schema:endDate, kg:attestedOn)) }} }}"""
    )


@pytest.mark.parametrize(
    "fact",
    [
        # hospital departments and the unit
        "<unit/chu-de-lille-chirurgie-generale-et-endocrinienne> a kg:HospitalDepartment ; "
        "org:unitOf <institution/chu-de-lille>",
        "<unit/chu-de-lille-neurologie-vasculaire> a kg:HospitalDepartment ; org:unitOf <institution/chu-de-lille>",
        '<unit/u1190> a kg:ResearchUnit ; skos:altLabel "UMR 1190"',
        "?node a kg:Supervision ; kg:supervisedUnit <unit/u1190> ; kg:supervisingInstitution <institution/inserm>",
        # founders
        "<unit/egid> schema:founder <person/francois-pattou>",
        "<platform/diabinnov> schema:founder <person/francois-pattou>",
        "<company/inbrain-pharma> a kg:Company ; schema:founder <person/david-devos>",
        "<company/invenis-biotherapies> a kg:Company ; schema:founder <person/david-devos>",
        '<person/david-devos> schema:jobTitle "Professor of medical pharmacology"@en',
        "<network/strokelink> a kg:Network",
        # projects
        '<project/precidiab> a kg:Project ; skos:altLabel "PreciDIAB" ; kg:hasTheme kg:theme-diabetes ; '
        'rdfs:label "Centre National de Médecine de Précision des Diabètes"@fr ; '
        'dcterms:description "Prevention, care and treatment of diabetes."@en',
        '<project/precise> a kg:Project ; rdfs:label "PRECISE"@fr ; '
        "kg:hasTheme kg:theme-immune-mediated-inflammatory-diseases",
        "<project/precinash> a kg:Project ; kg:hasTheme kg:theme-steatohepatitis",
        "?node a kg:Participation ; kg:project <project/precinash> ; kg:participant <person/francois-pattou> ; "
        "org:role kg:role-coordinator",
        "<project/precinash> kg:partOfProgramme <programme/recherche-hospitalo-universitaire> ; "
        "frapo:isFundedBy <programme/programme-d-investissements-d-avenir>",
        '<programme/recherche-hospitalo-universitaire> a kg:Programme ; skos:altLabel "RHU"',
        "<programme/programme-d-investissements-d-avenir> a kg:Programme",
        # third places
        '<third-place/in-citu> a kg:ThirdPlace ; schema:foundingDate "2022"^^xsd:gYear ; '
        "kg:hasTheme kg:theme-digital-health ; kg:locatedIn <region/hauts-de-france>",
        '<third-place/greco-exper> a kg:ThirdPlace ; schema:foundingDate "2024"^^xsd:gYear ; '
        "kg:locatedIn <region/hauts-de-france>",
        # valorisation and platforms
        "<institution/eurasante> a kg:SupportOrganisation",
        "?figure a kg:Statistic ; schema:about <institution/eurasante> ; schema:value 30 ; "
        "kg:indicator kg:indicator-years-of-existence",
        "<platform/plateformes-lilloises-en-biologie-et-sante> a kg:Platform",
        "<institution/centre-oscar-lambret> kg:hasTheme kg:theme-oncology",
    ],
)
def test_the_page_states(holds: Holds, fact: str) -> None:
    assert holds(f"ASK {{ {PAGE} {{ {fact} }} }}")


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ("third-place/in-citu", ("validation", "startups", "health professionals", "researchers")),
        ("third-place/greco-exper", ("interventional medicine", "robotics", "artificial intelligence")),
        ("institution/eurasante", ("companies and researchers", "calls for projects", "company creation")),
        ("project/precise", ("Complex", "immune-mediated")),
        ("project/precinash", ("Clinical development", "NASH")),
    ],
)
def test_a_description_says_what_for(rows: Rows, thing: str, words: tuple[str, ...]) -> None:
    ((text,),) = rows(
        f'SELECT ?text WHERE {{ {PAGE} {{ <{thing}> dcterms:description ?text FILTER(LANG(?text) = "en") }} }}'
    )
    assert text is not None
    assert [word for word in words if word not in text] == []


def test_three_projects_and_two_third_places(rows: Rows) -> None:
    assert len(rows("SELECT ?project WHERE { ?project a kg:Project }")) == 3
    assert len(rows("SELECT ?place WHERE { ?place a kg:ThirdPlace }")) == 2


def test_eurasante_has_no_derived_year_of_foundation(holds: Holds) -> None:
    assert not holds("ASK { <institution/eurasante> schema:foundingDate ?year }")
