"""The command that says why: what it takes, what it prints, how it leaves."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kgtool.reasoning.proofs.as_json import contradictions_document

REGION = "https://w3id.org/kgtool/id/hauts-de-france"
LUC, INSERM = f"{REGION}/person/luc-buee", f"{REGION}/institution/inserm"
ADA = "https://example.org/ada"
ENGLISH = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}


def explain(kgtool, *args, **more):
    return kgtool("explain", *args, env=more.pop("env", ENGLISH), **more).stdout.decode()


def test_a_triple_that_follows_is_explained(people):
    told = explain(people, ADA, "a", "<https://example.org/Physician>")
    day = told.split("loaded on ")[1].split(")")[0]
    assert (
        told
        == f"""\
Ada – is a – Physician

It follows in 1 step:
  (1) Ada – is a – Physician
      because: What is in a class is in every broader class
      - Neurologist – is a kind of – Physician
        Said by people.ttl (loaded on {day})
      - Ada – is a – Neurologist
        Said by people.ttl (loaded on {day})
"""
    )


def test_the_exit_code_is_the_answer(people):
    explain(people, ADA, "a", "foaf:Person")
    explain(people, ADA, "a", "<https://example.org/Neurologist>")
    no = explain(people, "<https://example.org/ben>", "a", "<https://example.org/Neurologist>", code=1)
    assert "This does not follow." in no
    assert people("explain", "<https://example.org/nobody>", "foaf:knows", ADA, code=1).stderr == b""


def test_json_is_the_short_form_of_the_json_format(people):
    short = people.json("explain", ADA, "a", "foaf:Person", "--json")
    assert short == people.json("explain", ADA, "a", "foaf:Person", "-f", "json")
    assert short["holds"] is True
    assert {term["value"] for term in short["triple"].values()} >= {ADA, "http://xmlns.com/foaf/0.1/Person"}
    assert people.json("explain", ADA, "a", "foaf:Project", "--json", code=1)["holds"] is False


def test_turtle_is_the_same_each_time(people):
    first = people("explain", ADA, "a", "foaf:Person", "-f", "turtle").stdout
    assert len(list(parse(first, RdfFormat.TURTLE))) > 10
    assert people("explain", ADA, "a", "foaf:Person", "-f", "turtle").stdout == first


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (LUC, "kg:affiliatedWith", f"<{INSERM}>"),
        ("Luc Buée", "affilié à", "Inserm"),
        (f"{REGION}/membership/luc-buee-u1172-director-2022", "kg:attestedOn", '"2022"^^xsd:gYear'),
    ],
)
def test_terms_are_written_in_many_ways(region, subject, predicate, value):
    assert region.json("explain", subject, predicate, value, "--json")["holds"] is True


def test_the_limit_is_that_of_proofs(region):
    asked = ("explain", "InBrain Pharma", "a", "schema:Organization", "--json")
    assert len(region.json(*asked)["proofs"]) == 3
    assert len(region.json(*asked, "--limit", "1")["proofs"]) == 1
    region(*asked, "--limit", "0", code=2)
    region(*asked, "--limit", "1000", code=2)


@pytest.mark.parametrize(
    ("env", "options", "french"),
    [
        ({"LANG": "fr_FR.UTF-8"}, (), True),
        ({"LANG": "de_DE.UTF-8"}, (), False),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_GB.UTF-8"}, (), False),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "en_GB.UTF-8", "LC_ALL": "fr_CA"}, (), True),
        ({"LANG": "fr_FR.UTF-8"}, ("--language", "en"), False),
        ({}, ("--language", "fr"), True),
    ],
)
def test_the_language_is_that_of_the_environment_unless_told(people, env, options, french):
    told = explain(people, ADA, "a", "foaf:Person", *options, env={**ENGLISH, **env, "PYTHONUTF8": "1"})
    assert ("Cela se déduit" in told) is french
    assert ("It follows" in told) is not french


def test_a_terminal_of_another_encoding_gets_what_it_can_show(people):
    told = people("explain", ADA, "a", "foaf:Person", env={**ENGLISH, "PYTHONIOENCODING": "ascii"}).stdout
    assert told.startswith(b"Ada ? is a ? Person\n")


@pytest.mark.parametrize(
    ("terms", "parts"),
    [
        ((ADA, "foof:knows", ADA), ["foof:knows", "foaf:knows"]),
        ((ADA, "foaf:name", '"Ada'), ['"Ada', "no literal"]),
        ((ADA, "a"), ["subject, property and object"]),
        ((ADA, "a", ADA, "--contradictions"), ["--contradictions"]),
    ],
)
def test_what_is_wrong_is_said_with_what_may_have_been_meant(people, terms, parts):
    done = people("explain", *terms, code=2)
    assert done.stdout == b""
    for part in parts:
        assert part in done.stderr.decode()


def test_labels_of_data_cannot_steer_the_terminal(people):
    insert = 'INSERT DATA { <urn:x:a> <http://www.w3.org/2000/01/rdf-schema#label> "Lille\\u001B[2J" ; <urn:x:p> 1 }'
    people("update", insert)
    assert b"\x1b" not in people("explain", "<urn:x:a>", "<urn:x:p>", "1").stdout
    told = people("explain", "Lille[2J", "<urn:x:p>", "1", code=2).stderr
    assert b"did you mean Lille\\x1b[2J?" in told


def test_a_property_that_nothing_has_may_be_a_slip(people):
    told = explain(people, ADA, "foaf:konws", "<https://example.org/ben>", code=1)
    assert "did you mean foaf:knows?" in told
    assert people.json("explain", ADA, "foaf:konws", ADA, "--json", code=1)["meant"] == "foaf:knows"
    assert people.json("explain", ADA, "foaf:knows", ADA, "--json", code=1)["meant"] is None


def test_contradictions_are_explained(people, write):
    assert explain(people, "--contradictions") == "Nothing contradicts itself.\n"
    assert people.json("explain", "--contradictions", "--json") == contradictions_document([])
    write("clash.ttl", """\
        @prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        :Physician owl:disjointWith :Patient . :ada a :Patient .
        """)  # fmt: skip
    people("load", "clash.ttl", "--allow-inconsistent")
    told = explain(people, "--contradictions", code=1)
    assert "These contradict each other: Nothing is in two disjoint classes" in told
    assert "Ada – is a – Neurologist" in told, "down to what sources say"
    document = people.json("explain", "--contradictions", "--json", code=1)
    assert [step["rule"]["name"] for step in document["contradictions"]] == ["cax-dw"]
    turtle = people("explain", "--contradictions", "-f", "turtle", code=1).stdout
    assert "urn:kgtool:rule:cax-dw" in {quad.object.value for quad in parse(turtle, RdfFormat.TURTLE)}


def test_it_works_beside_a_running_server(people):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = people.start("serve", "--port", port)
    try:
        assert any(b"kgtool serves" in line for line in server.stderr)
        assert people.json("explain", ADA, "a", "foaf:Person", "--json")["holds"] is True
    finally:
        server.terminate()
        server.communicate(timeout=60)


def test_nothing_but_the_result_is_on_standard_output(people):
    done = people("explain", ADA, "a", "foaf:Person", "--json")
    assert json.loads(done.stdout)
    assert done.stderr == b""


def test_a_store_that_is_not_there_is_said_so(kgtool, tmp_path: Path):
    assert str(tmp_path / "store") in kgtool("explain", ADA, "a", ADA, code=2).stderr.decode()
