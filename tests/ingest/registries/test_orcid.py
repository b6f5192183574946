"""ORCID: what a person made public, from the API and from the public data file, read to the same triples."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from .reading import Read, read, written

ORCID = "0000-0002-1825-0097"


def entry(section: str, number: int, name: str, **more: Any) -> dict:
    organization = {
        "name": name,
        "address": {"city": "Lille", "region": None, "country": "FR"},
        "disambiguated-organization": more.pop("ror", None),
    }
    return {"summaries": [{f"{section}-summary": {"put-code": number, "organization": organization, **more}}]}


def date(year: str, month: str | None = None) -> dict:
    return {"year": {"value": year}, "month": {"value": month} if month else None, "day": None}


ROR = {"disambiguated-organization-identifier": "https://ror.org/02kzqn938", "disambiguation-source": "ROR"}
RECORD = {
    "orcid-identifier": {"uri": f"https://orcid.org/{ORCID}", "path": ORCID},
    "person": {
        "name": {"given-names": {"value": "Josiah"}, "family-name": {"value": "Carberry"}, "credit-name": None},
        "biography": {"content": "Born in a small town"},
        "emails": {"email": [{"email": "josiah@example.org"}]},
        "external-identifiers": {
            "external-identifier": [
                {
                    "external-id-type": "ISNI",
                    "external-id-value": "0000000108743640",
                    "external-id-relationship": "self",
                }
            ]
        },
    },
    "activities-summary": {
        "employments": {
            "affiliation-group": [
                entry(
                    "employment",
                    11,
                    "Université de Lille",
                    ror=ROR,
                    **{
                        "role-title": "Professeur",
                        "department-name": "Médecine",
                        "start-date": date("2019", "09"),
                        "end-date": None,
                        "last-modified-date": {"value": 1700000000000},
                    },
                ),
                entry("employment", 12, "Institut", **{"start-date": date("2001"), "end-date": date("1999")}),
                entry("employment", 13, ""),
            ]
        },
        "educations": {
            "affiliation-group": [
                entry("education", 21, "École", **{"start-date": date("1990"), "end-date": date("1995", "06")})
            ]
        },
        "distinctions": {"affiliation-group": [entry("distinction", 31, "Academy")]},
        "works": {
            "group": [
                {
                    "work-summary": [
                        {"put-code": 1, "title": {"title": {"value": "Second"}}, "display-index": "0"},
                        {
                            "put-code": 2,
                            "title": {"title": {"value": "Preferred"}},
                            "type": "journal-article",
                            "display-index": "1",
                            "publication-date": date("2020"),
                            "external-ids": {
                                "external-id": [
                                    {
                                        "external-id-type": "doi",
                                        "external-id-value": "10.1000/x",
                                        "external-id-relationship": "self",
                                    }
                                ]
                            },
                        },
                    ]
                }
            ]
        },
    },
}
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<record:record path="/{ORCID}" xmlns:record="http://www.orcid.org/ns/record" xmlns:person="http://www.orcid.org/ns/person"
  xmlns:common="http://www.orcid.org/ns/common" xmlns:details="http://www.orcid.org/ns/personal-details"
  xmlns:activities="http://www.orcid.org/ns/activities" xmlns:employment="http://www.orcid.org/ns/employment"
  xmlns:education="http://www.orcid.org/ns/education" xmlns:work="http://www.orcid.org/ns/work"
  xmlns:external-identifier="http://www.orcid.org/ns/external-identifier">
 <common:orcid-identifier><common:uri>https://orcid.org/{ORCID}</common:uri><common:path>{ORCID}</common:path></common:orcid-identifier>
 <person:person><person:name><details:given-names>Josiah</details:given-names>
  <details:family-name>Carberry</details:family-name></person:name>
  <external-identifier:external-identifiers><external-identifier:external-identifier put-code="5">
   <common:external-id-type>ISNI</common:external-id-type><common:external-id-value>0000000108743640</common:external-id-value>
   <common:external-id-relationship>self</common:external-id-relationship>
  </external-identifier:external-identifier></external-identifier:external-identifiers></person:person>
 <activities:activities-summary>
  <activities:employments><activities:affiliation-group><employment:employment-summary put-code="11">
   <common:last-modified-date>2023-11-14T22:13:20.000Z</common:last-modified-date>
   <common:department-name>Médecine</common:department-name><common:role-title>Professeur</common:role-title>
   <common:start-date><common:year>2019</common:year><common:month>09</common:month></common:start-date>
   <common:organization><common:name>Université de Lille</common:name>
    <common:address><common:city>Lille</common:city><common:country>FR</common:country></common:address>
    <common:disambiguated-organization>
     <common:disambiguated-organization-identifier>https://ror.org/02kzqn938</common:disambiguated-organization-identifier>
     <common:disambiguation-source>ROR</common:disambiguation-source></common:disambiguated-organization>
   </common:organization></employment:employment-summary></activities:affiliation-group></activities:employments>
  <activities:educations><activities:affiliation-group><education:education-summary put-code="21">
   <common:start-date><common:year>1990</common:year></common:start-date>
   <common:end-date><common:year>1995</common:year><common:month>06</common:month></common:end-date>
   <common:organization><common:name>École</common:name><common:address><common:city>Lille</common:city>
    <common:country>FR</common:country></common:address></common:organization>
   </education:education-summary></activities:affiliation-group></activities:educations>
  <activities:works><activities:group>
   <work:work-summary put-code="1" display-index="0"><work:title><common:title>Second</common:title></work:title>
   </work:work-summary>
   <work:work-summary put-code="2" display-index="1"><work:title><common:title>Preferred</common:title></work:title>
    <common:external-ids><common:external-id><common:external-id-type>doi</common:external-id-type>
     <common:external-id-value>10.1000/x</common:external-id-value>
     <common:external-id-relationship>self</common:external-id-relationship></common:external-id></common:external-ids>
    <work:type>journal-article</work:type><common:publication-date><common:year>2020</common:year></common:publication-date>
   </work:work-summary></activities:group></activities:works>
 </activities:activities-summary>
</record:record>
"""


def test_an_employment_goes_on_from_its_start_and_was_seen_when_it_was_last_touched(tmp_path: Path) -> None:
    found = read("orcid", written(tmp_path, RECORD))
    assert found.ask(
        """?m a kg:Employment ; org:member <https://w3id.org/kgtool/id/orcid/0000-0002-1825-0097> ;
        org:organization [ rdfs:label "Université de Lille" ; schema:sameAs <https://ror.org/02kzqn938> ] ;
        schema:startDate "2019-09"^^xsd:gYearMonth ; kg:attestedOn "2023-11-14"^^xsd:date ;
        schema:roleName "Professeur" ; schema:department "Médecine" """
    )


def test_what_has_ended_was_not_seen_afterwards(tmp_path: Path) -> None:
    found = read("orcid", written(tmp_path, RECORD))
    school = '?m org:organization [ rdfs:label "École" ]'
    assert found.ask(f'{school} ; schema:startDate "1990"^^xsd:gYear ; schema:endDate "1995-06"^^xsd:gYearMonth')
    assert not found.ask(f"{school} ; kg:attestedOn ?day")


def test_an_end_before_the_start_leaves_both_out_and_is_told(tmp_path: Path) -> None:
    found = read("orcid", written(tmp_path, RECORD))
    assert found.ask('?m org:organization [ rdfs:label "Institut" ]')
    assert not found.ask('?m org:organization [ rdfs:label "Institut" ] ; schema:startDate ?day')
    assert sorted(found.said()) == [
        "an entry of employment has no organisation or no number (put-code)",
        "it ends (1999) before it starts (2001)",
    ]


def test_the_preferred_entry_of_a_work_is_the_work(tmp_path: Path) -> None:
    found = read("orcid", written(tmp_path, RECORD))
    assert found.rows("SELECT ?t WHERE { ?w schema:author ?p ; rdfs:label ?t }") == [("Preferred",)]


def test_nothing_else_of_a_person_is_read(tmp_path: Path) -> None:
    found = read("orcid", written(tmp_path, RECORD))
    texts = " ".join(text for (text,) in found.rows("SELECT ?o WHERE { ?s ?p ?o }"))
    for private in ("Born", "josiah@", "Academy"):
        assert private not in texts


def test_who_has_no_works_is_not_called_a_researcher(tmp_path: Path) -> None:
    bare = {**RECORD, "activities-summary": {}}
    assert read("orcid", written(tmp_path, bare)).ask("?p a foaf:Person")
    assert read("orcid", written(tmp_path, RECORD)).ask("?p a kg:Researcher")


def test_the_data_file_says_what_the_api_says(tmp_path: Path) -> None:
    groups = RECORD["activities-summary"]
    shorter = {
        **groups,
        "employments": {"affiliation-group": groups["employments"]["affiliation-group"][:1]},
        "distinctions": {},
    }
    of_json = read("orcid", written(tmp_path, {**RECORD, "activities-summary": shorter}))
    of_xml = read("orcid", written(tmp_path, XML, "record.xml"))

    def triples(found: Read) -> set[str]:
        return {str(quad.triple) for quad in found.graph}

    assert of_xml.faults == of_json.faults == []
    assert triples(of_xml) == triples(of_json)


@pytest.mark.parametrize(
    "xml",
    [
        XML[: len(XML) // 2],
        '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
        "<a/>",
        XML.replace(ORCID, "0000-0002-1825-0098"),
    ],
)
def test_xml_that_is_no_record_is_told(tmp_path: Path, xml: str) -> None:
    found = read("orcid", written(tmp_path, xml, "record.xml"))
    assert (found.records, len(found.faults)) == ([], 1)
    assert "root:" not in found.said()[0]


def test_an_archive_of_the_data_file_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "ORCID_2025_10_summaries.tar.gz"
    files = {"097/a.xml": XML, "000/b.xml": XML[:500], "README.txt": "no record", "700/c.xml": "<a>" * 5000}
    with tarfile.open(path, "w:gz") as archive:
        for name, text in files.items():
            content = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    found = read("orcid", path)
    assert [(record.number, record.key) for record in found.records] == [(1, ORCID)]
    assert [fault.number for fault in found.faults] == [2, 3]
    assert "000/b.xml" in found.said()[0]
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(path.read_bytes()[:-300])
    assert "cannot be read" in " ".join(read("orcid", cut).said())


def test_what_is_not_public_is_not_read(tmp_path: Path) -> None:
    """Members of ORCID, and the persons themselves, are given records with parts that not everyone may see."""
    hidden = entry("employment", 14, "Hidden institute", visibility="limited")
    name = {"given-names": {"value": "Josiah"}, "family-name": {"value": "Carberry"}, "visibility": "private"}
    others = {"other-name": [{"content": "J. C.", "visibility": "PRIVATE"}, {"content": "JC", "visibility": "PUBLIC"}]}
    record = {
        **RECORD,
        "person": {"name": name, "other-names": others},
        "activities-summary": {"employments": {"affiliation-group": [hidden]}},
    }
    found = read("orcid", written(tmp_path, record))
    texts = {text for (text,) in found.rows("SELECT ?o WHERE { ?s ?p ?o }")}
    assert "JC" in texts
    assert not texts & {"Hidden institute", "Josiah", "Carberry", "Josiah Carberry", "J. C."}
    assert found.said() == ["the name is not public"]


def test_what_is_not_public_in_the_data_file_is_not_read(tmp_path: Path) -> None:
    hidden = XML.replace("<person:name>", '<person:name visibility="private">').replace(
        'employment-summary put-code="11">', 'employment-summary put-code="11" visibility="registered-only">'
    )
    found = read("orcid", written(tmp_path, hidden, "record.xml"))
    assert found.said() == ["the name is not public"]
    assert not found.ask('?s ?p ?o FILTER(STR(?o) IN ("Josiah", "Carberry", "Université de Lille"))')
    assert found.ask('?m a kg:Membership ; org:organization [ rdfs:label "École" ]')
