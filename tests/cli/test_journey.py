"""The first graph from end to end, as its first users go through it."""

from __future__ import annotations

import csv
import io

import pytest

from kgtool.export import FORMATS

PREFIXES = """
PREFIX kg: <https://w3id.org/kgtool/ontology#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
"""
ID = "https://w3id.org/kgtool/id/hauts-de-france/"
INSTITUTIONS = PREFIXES + "SELECT DISTINCT ?i WHERE { ?i a kg:Institution }"
AT_INSERM = PREFIXES + "SELECT DISTINCT ?p WHERE { ?p kg:affiliatedWith <" + ID + "institution/inserm> }"


def column(answer) -> set[str]:
    return {row[0] for row in list(csv.reader(io.StringIO(answer.stdout.decode())))[1:]}


@pytest.fixture(scope="module")
def two_stores(kgtool_in, made_region, tmp_path_factory):
    again = kgtool_in(tmp_path_factory.mktemp("again"))
    again("build", fresh=True)
    return kgtool_in(made_region), again


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("only", ["asserted", "inferred"])
def test_building_twice_gives_the_same_bytes(two_stores, format_, only):
    """Each by an interpreter with hashes of its own."""
    export = ("export", "-f", format_, "--only", only)
    one, two = (kgtool(*export, fresh=fresh).stdout for kgtool, fresh in zip(two_stores, (False, True), strict=True))
    assert one == two
    assert len(one) > 1000


def test_building_twice_in_the_same_place_gives_the_same_bytes(region):
    _, *before = region.content()
    region("build", fresh=True)
    assert [*region.content()[1:]] == before


@pytest.mark.parametrize(("query", "follows"), [(INSTITUTIONS, "institution/"), (AT_INSERM, "person/francois-pattou")])
def test_some_questions_only_reasoning_answers(region, query, follows):
    with_, without = (column(region("query", query, "--reasoning", mode)) for mode in ("on", "off"))
    assert without < with_
    assert any(follows in iri for iri in with_ - without)


def researcher(orcid: str) -> str:
    return (
        "@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix schema: <https://schema.org/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        '<urn:x:ada> a kg:Researcher ; rdfs:label "Ada"@en ; schema:identifier <urn:x:ada/orcid> .\n'
        '<urn:x:ada/orcid> a schema:PropertyValue ; schema:propertyID "ORCID" ;\n'
        f'  schema:value "https://orcid.org/{orcid}" .\n'
    )


def test_a_wrong_check_digit_is_refused_and_a_right_one_is_not(region, write):
    write("right.ttl", researcher("0000-0002-1825-0097"))
    write("wrong.ttl", researcher("0000-0002-1825-0096"))
    before = region.content()
    region("validate")
    region("validate", "right.ttl")
    told = region("validate", "wrong.ttl", code=1).stdout.decode()
    assert "0000-0002-1825-0096" in told
    assert region.json("validate", "wrong.ttl", "--json", code=1)
    assert region.content() == before
    region("load", "right.ttl")


def test_entails_answers_by_what_follows(region, write):
    prefix = (
        "@prefix kg: <https://w3id.org/kgtool/ontology#> . @prefix org: <http://www.w3.org/ns/org#> .\n"
        f"<{ID}person/francois-pattou> "
    )
    write("yes.ttl", prefix + f"kg:affiliatedWith <{ID}institution/inserm> .")
    write("no.ttl", prefix + "a org:Organization .")
    assert region("entails", "yes.ttl").stdout == b"yes\n"
    assert b"Organization" in region("entails", "no.ttl", code=1).stdout


def test_a_file_that_breaks_at_its_last_line_leaves_the_counts(region, write):
    lines = [f"<urn:x:s{n}> <urn:x:p> <urn:x:o{n}> ." for n in range(10_000)]
    write("late.nt", "\n".join([*lines, "<urn:x:last> <urn:x:p> <urn:x:"]))
    before = region.json("stats", "--json")
    assert "late.nt:10001" in region("load", "late.nt", code=2).stderr.decode()
    assert region.json("stats", "--json") == before


def test_a_region_of_ones_own_in_a_folder(kgtool, write):
    write("bretagne/people/ada.ttl", researcher("0000-0002-1825-0097"))
    kgtool("build", "bretagne")
    graphs = column(kgtool("query", "SELECT DISTINCT ?g WHERE { GRAPH ?g { <urn:x:ada> ?p ?o } }"))
    assert graphs == {"urn:kgtool:source:people/ada.ttl"}
    kgtool("query", PREFIXES + "ASK { <urn:x:ada> a org:Organization }", code=1)
    kgtool("query", PREFIXES + "ASK { <urn:x:ada> a kg:Researcher }")
    assert not column(kgtool("query", AT_INSERM))


def test_the_ontology_alone(kgtool):
    kgtool("build", "--no-data")
    assert not column(kgtool("query", AT_INSERM))
    kgtool("query", PREFIXES + "ASK { kg:University a ?class }")
