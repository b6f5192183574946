"""Memberships and supervisions that cannot be: the commands name node, value and rule, and change nothing."""

from __future__ import annotations

import pytest

WRONG = """\
@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix : <urn:x:> .
:late a kg:Membership ; org:member :p ; org:organization :o ;
  schema:startDate "2021"^^xsd:gYear ; schema:endDate "2020-06"^^xsd:gYearMonth .
:seen a kg:Membership ; org:member :p ; org:organization :o ;
  schema:startDate "2021"^^xsd:gYear ; kg:attestedOn "2020-12-31"^^xsd:date .
:nobody a kg:Membership ; org:organization :o .
:nowhere a kg:Membership ; org:member :p .
:february a kg:Membership ; org:member :p ; org:organization :o ; schema:startDate "2020-02-31"^^xsd:date .
:text a kg:Membership ; org:member :p ; org:organization :o ; schema:startDate "spring 2020" .
:zero a kg:Supervision ; kg:supervisedUnit :u ; kg:supervisingInstitution :o ; schema:endDate "0000"^^xsd:gYear .
"""
#: Node and property as the report shows them, the value, and the rule.
TOLD = [
    ("<urn:x:late> schema:endDate", '"2020-06"', "[kg:IntervalShape]"),
    ("<urn:x:seen> kg:attestedOn", '"2020-12-31"', "[kg:AttestedFromStartShape]"),
    ("<urn:x:nobody> org:member", "", "[kg:MemberEndShape]"),
    ("<urn:x:nowhere> org:organization", "", "[kg:OrganizationEndShape]"),
    ("<urn:x:february> schema:startDate", '"2020-02-31"', "[kg:StartDateShape]"),
    ("<urn:x:text> schema:startDate", '"spring 2020"', "[kg:StartDateShape]"),
    ("<urn:x:zero> schema:endDate", '"0000"', "[kg:EndDateShape]"),
]


@pytest.mark.parametrize(("args", "code"), [(("load",), 2), (("validate",), 1)], ids=["load", "validate"])
def test_what_cannot_be_is_told_and_not_taken(kgtool, write, args, code):
    kgtool("build", "--no-data")
    before = kgtool.content()
    write("wrong.ttl", WRONG)
    done = kgtool(*args, "wrong.ttl", code=code)
    lines = (done.stdout + done.stderr).decode().splitlines()
    for node, value, rule in TOLD:
        (place,) = [number for number, line in enumerate(lines) if line.startswith(f"violation: {node}")]
        assert value in lines[place]
        assert lines[place + 1].endswith(rule)
    assert kgtool.content() == before
