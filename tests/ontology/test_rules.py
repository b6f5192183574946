"""What the rule files conclude, run with the closure over data that stands in named graphs."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kgtool.vocabulary import PREFIXES

from .closure import materialise
from .sources import BASE

KG = PREFIXES["kg"]

STRUCTURE = """
<person/pattou> a kg:Researcher . <person/director> a foaf:Person .
<institution/inserm> a kg:ResearchBody . <institution/university> a kg:University . <institution/chu> a kg:Hospital .
<unit/u1190> a kg:ResearchUnit . <unit/team> a kg:Team ; org:unitOf <unit/u1190> .
<network/n> a kg:Network .
<supervision/1> a kg:Supervision ; kg:supervisedUnit <unit/u1190> ; kg:supervisingInstitution <institution/inserm> ;
    kg:attestedOn "2022"^^xsd:gYear .
"""


def links(store: ox.Store, predicate: str) -> set[tuple[str, str]]:
    found = store.quads_for_pattern(None, ox.NamedNode(KG + predicate), None, ox.DefaultGraph())
    return {(short(quad.subject), short(quad.object)) for quad in found}


def short(term: object) -> str:
    return str(term).strip("<>").removeprefix(BASE)


def test_who_directs_a_unit_is_affiliated_with_its_supervisor() -> None:
    store = materialise(
        STRUCTURE + "<membership/1> a kg:Membership ; org:member <person/pattou> ; org:organization <unit/u1190> ."
    )
    assert links(store, "affiliatedWith") == {
        ("person/pattou", "unit/u1190"),
        ("person/pattou", "institution/inserm"),
    }
    assert links(store, "supervisedBy") == {("unit/u1190", "institution/inserm")}
    assert links(store, "supervises") == {("institution/inserm", "unit/u1190")}
    assert links(store, "employedBy") == set()


def test_affiliation_goes_up_every_kind_of_link() -> None:
    store = materialise(
        STRUCTURE
        + """
        [] org:member <person/pattou> ; org:organization <unit/team> .
        <unit/u1190> org:subOrganizationOf <unit/federation> .
        <unit/federation> kg:supervisedBy <institution/university> .
        """
    )
    assert {whole for person, whole in links(store, "affiliatedWith") if person == "person/pattou"} == {
        "unit/team",
        "unit/u1190",
        "institution/inserm",
        "unit/federation",
        "institution/university",
    }


def test_affiliation_goes_round_a_cycle_and_ends() -> None:
    store = materialise(
        """
        <person/a> org:memberOf <unit/u> . <unit/u> org:subOrganizationOf <unit/v> .
        <unit/v> org:subOrganizationOf <unit/u> .
        """
    )
    assert links(store, "affiliatedWith") == {("person/a", "unit/u"), ("person/a", "unit/v")}


def test_a_plain_link_counts_when_it_is_asserted_and_not_when_it_follows() -> None:
    store = materialise(
        STRUCTURE + "<person/pattou> org:memberOf <unit/u1190> . <person/director> org:headOf <institution/chu> ."
    )
    assert {person for person, _ in links(store, "affiliatedWith")} == {"person/pattou"}


@pytest.mark.parametrize("type_", ["org:Organization", "kg:University", "foaf:Organization", "<class/own>"])
def test_an_organisation_that_is_a_member_is_affiliated_with_nothing(type_: str) -> None:
    store = materialise(
        f"""
        <class/own> rdfs:subClassOf kg:Institution . <member> a {type_} . <network/n> a kg:Network .
        [] a kg:Membership ; org:member <member> ; org:organization <network/n> .
        <member> org:memberOf <network/other> .
        """
    )
    assert links(store, "affiliatedWith") == set()


def test_a_member_of_unknown_type_counts_as_a_person() -> None:
    store = materialise("[] org:member <person/unknown> ; org:organization <network/n> .")
    assert links(store, "affiliatedWith") == {("person/unknown", "network/n")}


def test_a_membership_named_from_the_member_counts() -> None:
    store = materialise("<person/a> org:hasMembership <membership/1> . <membership/1> org:organization <unit/u> .")
    assert links(store, "affiliatedWith") == {("person/a", "unit/u")}


def test_only_an_employment_makes_an_employer() -> None:
    store = materialise(
        STRUCTURE
        + """
        <m/1> a kg:Employment ; org:member <person/pattou> ; org:organization <institution/chu> .
        <m/2> a kg:Membership ; org:member <person/pattou> ; org:organization <institution/inserm> .
        """
    )
    assert links(store, "employedBy") == {("person/pattou", "institution/chu")}


def test_a_project_involves_organisations_directly_and_through_units_but_not_through_people() -> None:
    store = materialise(
        STRUCTURE
        + """
        <m/1> a kg:Employment ; org:member <person/pattou> ; org:organization <institution/chu> .
        <p/1> a kg:Participation ; kg:project <project/precinash> ; kg:participant <person/pattou> .
        <p/2> a kg:Participation ; kg:project <project/precinash> ; kg:participant <unit/team> .
        <unit/u1190> org:subOrganizationOf <unit/federation> .
        <unit/federation> kg:supervisedBy <institution/university> .
        """
    )
    involved = {"unit/team", "unit/u1190", "institution/inserm", "unit/federation", "institution/university"}
    assert links(store, "involves") == {("project/precinash", organisation) for organisation in involved}
    assert links(store, "involvedIn") == {(organisation, "project/precinash") for organisation in involved}


def test_what_comes_out_of_a_reorganisation_succeeds_what_went_in() -> None:
    store = materialise(
        """
        <event/1> a org:ChangeEvent ; org:originalOrganization <unit/a>, <unit/b> ; org:resultingOrganization <unit/c> .
        <unit/c> org:changedBy <event/2> . <unit/d> org:resultedFrom <event/2> .
        """
    )
    assert links(store, "succeededBy") == {("unit/a", "unit/c"), ("unit/b", "unit/c"), ("unit/c", "unit/d")}


def test_what_lies_in_a_city_lies_in_its_region() -> None:
    store = materialise(
        """
        <institution/chu> kg:locatedIn <place/lille> . <institution/elsewhere> schema:location <place/lille> .
        <place/lille> schema:containedInPlace <region/hdf> .
        <region/hdf> schema:containedInPlace <country/france> .
        """
    )
    assert links(store, "locatedIn") == {
        ("institution/chu", place) for place in ("place/lille", "region/hdf", "country/france")
    }
    elsewhere = store.quads_for_pattern(None, ox.NamedNode(PREFIXES["schema"] + "location"), None, ox.DefaultGraph())
    assert {(short(quad.subject), short(quad.object)) for quad in elsewhere} == links(store, "locatedIn") | {
        ("institution/elsewhere", "place/lille")
    }


def test_a_project_is_part_of_the_programme_above_its_programme() -> None:
    store = materialise(
        "<project/p> kg:partOfProgramme <programme/a> . <programme/a> kg:partOfProgramme <programme/b> ."
    )
    assert ("project/p", "programme/b") in links(store, "partOfProgramme")
