"""What each command does when all is well: exit code, nothing but the result on standard output, JSON."""

from __future__ import annotations

import csv
import io
import json
import subprocess

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

FOAF = "PREFIX foaf: <http://xmlns.com/foaf/0.1/> PREFIX : <https://example.org/> "
PERSONS = FOAF + "SELECT ?p WHERE { ?p a foaf:Person } ORDER BY ?p"
NAMED = FOAF + "SELECT ?p ?name WHERE { ?p foaf:name ?name FILTER(isIRI(?p)) } ORDER BY ?p"


def rows(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode())))


def test_load_tells_what_it_did_and_a_second_time_adds_nothing(kgtool, write):
    write("a.nt", "<urn:x:a> <urn:x:p> <urn:x:b> .\n<urn:x:a> <urn:x:p> <urn:x:c> .\n")
    first = kgtool.json("load", "a.nt", "--json")
    again = kgtool.json("load", "a.nt", "--json")
    assert (first["read"], first["added"]) == (2, 2)
    assert (again["read"], again["added"]) == (2, 0)
    assert {"read", "reason", "write", "total"} <= first["seconds"].keys()
    assert first["commit"]
    assert isinstance(first["inferred"], int)


def test_load_puts_a_file_into_the_graph_of_its_name_unless_told_otherwise(kgtool, write):
    write("a.nt", "<urn:x:a> <urn:x:p> <urn:x:b> .\n")
    kgtool("load", "a.nt")
    kgtool("load", "a.nt", "--graph", "urn:x:g")
    kgtool("load", "-", "--format", "ntriples", stdin="<urn:x:s> <urn:x:p> <urn:x:o> .\n")
    answer = kgtool("query", "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    assert rows(answer.stdout)[1:] == [["urn:kgtool:source:a.nt"], ["urn:kgtool:source:stdin"], ["urn:x:g"]]


def test_load_replace_swaps_what_the_graph_holds(people, write):
    write("people.ttl", "<urn:x:only> <urn:x:p> 1 .\n")
    people("load", "people.ttl", "--replace")
    answer = people("query", "SELECT ?s WHERE { ?s ?p ?o }", "--reasoning", "off")
    assert rows(answer.stdout) == [["s"], ["urn:x:only"]]


def test_unload_removes_the_graph_and_what_followed(people):
    people("unload", "urn:kgtool:source:people.ttl")
    people("query", "ASK { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https://example.org/')) }", code=1)


def test_query_sees_what_follows_unless_told_not_to(people):
    follow = [["p"], ["https://example.org/ada"], ["https://example.org/ben"]]
    assert rows(people("query", PERSONS).stdout) == follow
    assert rows(people("query", PERSONS, "--reasoning", "on").stdout) == follow
    assert rows(people("query", PERSONS, "--reasoning", "off").stdout) == [["p"]]


def test_a_query_comes_as_text_as_a_file_or_on_standard_input(people, write):
    write("persons.rq", "\ufeff" + PERSONS)
    expected = people("query", PERSONS).stdout
    assert people("query", "-q", PERSONS).stdout == expected
    assert people("query", "persons.rq").stdout == expected
    assert people("query", "-", stdin=PERSONS).stdout == expected


@pytest.mark.parametrize(
    ("name", "format_"),
    [("json", QueryResultsFormat.JSON), ("xml", QueryResultsFormat.XML), ("tsv", QueryResultsFormat.TSV)],
)
def test_every_solution_format_says_the_same(people, name, format_):
    answer = people("query", NAMED, "-f", name)
    solutions = parse_query_results(answer.stdout, format_)
    assert [(s["p"].value, s["name"].value, s["name"].language) for s in solutions] == [
        ("https://example.org/ada", "Ada", "en"),
        ("https://example.org/ben", "Ben", None),
    ]


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("ntriples", RdfFormat.N_TRIPLES),
        ("jsonld", RdfFormat.JSON_LD),
        ("rdfxml", RdfFormat.RDF_XML),
    ],
)
def test_every_graph_format_says_the_same(people, name, format_):
    answer = people("query", FOAF + "CONSTRUCT { ?a :met ?b } WHERE { ?a foaf:knows ?b FILTER isIRI(?b) }", "-f", name)
    (triple,) = [quad.triple for quad in parse(answer.stdout, format_)]
    assert [term.value for term in triple] == [f"https://example.org/{name}" for name in ("ada", "met", "ben")]


def test_json_is_the_short_form_of_the_json_of_the_kind(people):
    assert people.json("query", NAMED, "--json")["head"]["vars"] == ["p", "name"]
    assert parse(people("query", "CONSTRUCT WHERE { ?s ?p ?o }", "--json").stdout, RdfFormat.JSON_LD)
    assert people.json("query", "ASK {}", "--json")["boolean"] is True


def test_a_table_shows_terms_for_people(people):
    text = people("query", NAMED, "-f", "table").stdout.decode()
    assert [line.split() for line in text.splitlines()] == [
        ["p", "name"],
        ["<https://example.org/ada>", "Ada", "@en"],
        ["<https://example.org/ben>", "Ben"],
    ]


def test_data_cannot_steer_the_terminal(people):
    people("update", 'INSERT DATA { <urn:x:a> <urn:x:p> "a\\u001B[2Jb" }')
    assert b"\x1b" not in people("query", "SELECT ?o WHERE { <urn:x:a> <urn:x:p> ?o }", "-f", "table").stdout


def test_ask_prints_its_answer_and_leaves_by_it(people):
    assert people("query", FOAF + "ASK { :ada a foaf:Person }").stdout == b"true\n"
    assert people("query", FOAF + "ASK { :ada a foaf:Project }", code=1).stdout == b"false\n"


def test_commit_names_what_was_answered_from(people):
    alone = people("query", "--commit").stdout.decode().strip()
    beside = people("query", "ASK {}", "--commit")
    assert beside.stdout == b"true\n"
    assert beside.stderr.decode().strip() == f"commit: {alone}"
    people("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }")
    assert people("query", "--commit").stdout.decode().strip() != alone


def test_update_goes_to_the_default_source_with_its_consequences(people):
    report = people.json("update", FOAF + "INSERT DATA { :eve a :Neurologist }", "--json")
    assert people("query", FOAF + "ASK { :eve a foaf:Person GRAPH <urn:kgtool:default> { :eve a :Neurologist } }")
    assert report["added"] == 1
    people("update", FOAF + "DELETE DATA { :eve a :Neurologist }")
    people("query", FOAF + "ASK { :eve a foaf:Person }", code=1)


def test_export_takes_its_format_from_the_file_unless_told(people):
    people("export", "-o", "all.nq")
    assert {q.graph_name.value for q in parse(path=str(people.cwd / "all.nq"))} == {"urn:kgtool:source:people.ttl"}
    people("export", "-o", "all.txt", "-f", "ntriples")
    assert (people.cwd / "all.txt").read_bytes() == people("export", "-f", "ntriples").stdout
    assert [p.name for p in people.cwd.iterdir() if p.name.startswith(".")] == []


def test_export_of_what_was_stated_of_what_follows_and_of_both(people):
    def lines(*args):
        return set(people("export", "-f", "ntriples", *args).stdout.splitlines())

    person = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Person> ."
    follows = b"<https://example.org/ada> " + person
    assert follows not in lines()
    assert follows in lines("--only", "inferred")
    assert lines("--only", "all") == lines() | lines("--only", "inferred")
    assert lines("--graph", "urn:kgtool:source:people.ttl") == lines()


def test_entails_says_yes_and_no_and_what_fails(people, write):
    write("yes.ttl", "<https://example.org/ada> a <http://xmlns.com/foaf/0.1/Person> .\n")
    write(
        "no.ttl", "<https://example.org/ada> a <http://xmlns.com/foaf/0.1/Project>, <https://example.org/Physician> .\n"
    )
    assert people("entails", "yes.ttl").stdout == b"yes\n"
    told = people("entails", "no.ttl", code=1).stdout.decode()
    assert "foaf/0.1/Project" in told
    assert "Physician" not in told
    assert people.json("entails", "no.ttl", "--json", code=1)["entailed"] is False


def test_entails_matches_blank_nodes_together(people, write):
    prefix = "@prefix foaf: <http://xmlns.com/foaf/0.1/> . "
    write("yes.ttl", prefix + '[] foaf:knows [ foaf:name "Somebody" ] .')
    write("no.ttl", prefix + '[] foaf:knows [ foaf:name "Somebody", "Ben" ] .')
    people("entails", "yes.ttl")
    assert len(people.json("entails", "no.ttl", "--json", code=1)["missing"]) == 1


def test_validate_changes_nothing(people, write):
    before = people.content()
    write("more.ttl", "<urn:x:a> <urn:x:p> <urn:x:b> .\n")
    people("validate")
    people("validate", "more.ttl")
    assert people.json("validate", "more.ttl", "-f", "json")
    assert parse(people("validate", "-f", "turtle").stdout, RdfFormat.TURTLE)
    assert people.content() == before


def test_reason_gives_the_same_closure_and_can_be_switched_off(people):
    _, *before = people.content()
    report = people.json("reason", "--json")
    assert [*people.content()[1:]] == before
    assert report["asserted"] == len(set(people("export", "-f", "ntriples").stdout.splitlines()))
    assert report["inferred"] == len(people("export", "-f", "ntriples", "--only", "inferred").stdout.splitlines())
    assert people.json("reason", "--engine", "none", "--json")["inferred"] == 0


def test_stats_count_for_programs_and_for_people(people):
    counts = people.json("stats", "--json")
    assert {"commit", "engine", "sources", "asserted", "inferred", "quads", "classes"} <= counts.keys()
    (source,) = [s for s in counts["sources"] if s["graph"] == "urn:kgtool:source:people.ttl"]
    assert source["quads"] == len(people("export", "-f", "ntriples").stdout.splitlines())
    text = people("stats").stdout.decode()
    assert counts["commit"] in text
    assert "urn:kgtool:source:people.ttl" in text


def test_the_store_comes_from_the_environment_too(people):
    store = str(people.store)
    env = {"KGTOOL_STORE": store}
    other = type(people)(people.cwd / "absent", people.cwd)
    assert other("stats", code=2).stdout == b""
    command = [part for part in other.command("stats", "--json") if part not in ("--store", str(other.store))]
    done = subprocess.run(command, env=people.environment(env), cwd=people.cwd, capture_output=True, check=True)
    assert json.loads(done.stdout) == people.json("stats", "--json")


def test_nothing_but_the_result_is_on_standard_output(people, write):
    write("more.ttl", "<urn:x:a> <urn:x:p> <urn:x:b> .\n")
    for command in (
        ("load", "more.ttl", "--json"),
        ("update", "INSERT DATA { <urn:x:a> <urn:x:p> 1 }", "--json"),
        ("reason", "--json"),
        ("stats", "--json"),
        ("unload", "urn:kgtool:source:more.ttl", "--json"),
    ):
        done = people(*command)
        json.loads(done.stdout)
        assert done.stderr == b"", command
