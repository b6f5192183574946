"""The required ends of dated nodes, and what may only be derived."""

from __future__ import annotations

import pytest

from kgtool.validate.check import check_shapes

from .packaged import SHAPES, checked, triples, violations

ENDS = [
    ("kg:Membership", "org:member", "org:organization"),
    ("kg:Employment", "org:organization", "org:member"),
    ("kg:Supervision", "kg:supervisedUnit", "kg:supervisingInstitution"),
    ("kg:Participation", "kg:project", "kg:participant"),
]
REORGANISATION = ("org:ChangeEvent", "org:originalOrganization", "org:resultingOrganization")
AFFILIATION = "x:a a kg:Affiliation ; kg:person x:p ; kg:institution x:i ; kg:through x:i ."


@pytest.mark.parametrize(("kind", "one", "other"), [*ENDS, REORGANISATION])
def test_a_node_with_both_ends_passes(kind: str, one: str, other: str) -> None:
    assert violations(f"x:a a {kind} ; {one} x:p ; {other} [] .") == []


@pytest.mark.parametrize(("kind", "one", "other"), [*ENDS, REORGANISATION])
def test_a_missing_end_is_refused(kind: str, one: str, other: str) -> None:
    assert [node for node, _ in violations(f"x:a a {kind} ; {other} x:o .")] == ["a"]
    assert [node for node, _ in violations(f"x:a {other} x:o .")] == ["a"]
    assert len(violations(f"x:a a {kind} .")) == 2


@pytest.mark.parametrize(("kind", "one", "other"), ENDS)
def test_two_values_of_an_end_are_refused(kind: str, one: str, other: str) -> None:
    found = checked(f"x:a a {kind} ; {one} x:p, x:q ; {other} x:o .").findings
    refused = [finding for finding in found if finding.severity == "violation"]
    assert [finding.value.value for finding in refused if finding.value] == ["urn:x:p", "urn:x:q"]
    assert not checked(f"x:a a {kind} ; {one} [], x:q ; {other} x:o .").conforms


def test_a_reorganisation_has_as_many_ends_as_it_takes() -> None:
    ends = "org:originalOrganization x:p, x:q ; org:resultingOrganization x:r, x:s"
    assert violations(f"x:a a org:ChangeEvent ; {ends} .") == []
    assert violations(f'x:a {ends} ; schema:startDate "2020-02-30"^^xsd:date .') == [("a", "StartDateShape")]
    assert violations('x:a org:originalOrganization x:p ; org:resultingOrganization "Unit" .') == [
        ("a", "ResultingOrganizationEndShape")
    ]


@pytest.mark.parametrize("same", ["x:p owl:sameAs x:q .", "x:q owl:sameAs x:r . x:p owl:sameAs x:r ."])
def test_two_names_of_one_individual_are_one_value(same: str) -> None:
    data = f"x:a a kg:Membership ; org:member x:p, x:q ; org:organization x:o . {same}"
    assert violations(data) == []
    assert len(violations(data + "x:a org:member x:other .")) == 3


def test_text_is_no_end() -> None:
    assert violations('x:a org:member "Jane" ; org:organization x:o .') == [("a", "MemberEndShape")]


@pytest.mark.parametrize(
    "data",
    [
        AFFILIATION,
        "[] a kg:Affiliation .",
        "kg:Old rdfs:subClassOf kg:Affiliation . x:a a kg:Old .",
        'x:a kg:possibleFrom "2020-01-01"^^xsd:date .',
    ],
)
def test_asserting_an_affiliation_is_refused(data: str) -> None:
    assert [shape for _, shape in violations(data)] == ["AssertedAffiliationShape"]


def test_a_derived_affiliation_passes() -> None:
    closure = triples(AFFILIATION)
    assert check_shapes(closure, SHAPES, asserted=[]).conforms
    assert check_shapes(closure, SHAPES).conforms
