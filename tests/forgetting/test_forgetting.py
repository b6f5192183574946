"""After a person was forgotten nothing in the store names that person, and all that is about others is as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kgtool import KnowledgeGraph
from kgtool.errors import InputError

from .people import NAME, NEEDLES, ORCID, PERSON, STAYING, files_with, forget, naming, statements, turtle


def test_no_byte_of_the_store_names_the_person(store: Path) -> None:
    audit = store / "audit.jsonl"
    text = f'INSERT DATA {{ <{PERSON}> foaf:name "{NAME}" }} # ORCID {ORCID}'
    lines = [json.dumps({"text": text, "kind": "update"}), json.dumps({"text": STAYING})]
    audit.write_text("\n".join(lines) + "\n", "ascii")
    before = files_with(store)
    assert {needle for needle in NEEDLES if any(line.endswith(needle) for line in before)} == set(NEEDLES)
    report = forget(store)
    assert files_with(store) == []
    assert files_with(store, [STAYING, "Basile Quintin"])
    assert report.log_lines == 1
    kept = [json.loads(line) for line in audit.read_text("ascii").splitlines()]
    assert [entry.get("kind") for entry in kept] == ["update", None]
    assert kept[1]["text"] == STAYING


def test_what_is_about_others_is_as_before(store: Path) -> None:
    before = statements(store)
    report = forget(store)
    after = statements(store)
    assert naming(after) == []
    gone = before - after
    ours = (PERSON, "membership-7", "membership-9", "hal-12", "example.org/link", "_:", "#first", "#rest", "Portrait")
    assert [row for row in gone if not any(word in str(row) for word in ours)] == []
    come = {row for row in after - before if "#rest" not in str(row)}
    assert [str(row) for row in come if "Portrait of […], neurologist" not in str(row)] == []
    assert set(report.people) == {PERSON, f"https://orcid.org/{ORCID}", "https://example.org/hal-12"}
    assert report.still_named == ()


def test_a_list_goes_on_without_the_person(store: Path) -> None:
    forget(store)
    with KnowledgeGraph.open(store) as kg:
        members = kg.query(
            "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>"
            " SELECT ?who { <https://example.org/article> <https://schema.org/author>/rdf:rest*/rdf:first ?who }"
        )
        found = sorted(str(who) for (who,) in members.solutions())
        assert found == ["<https://example.org/other>", "<https://example.org/university>"]


def test_the_store_is_in_order_afterwards(store: Path) -> None:
    forget(store)
    report = KnowledgeGraph.check(store)
    assert [finding for finding in report.findings if finding.part != "columns"] == []
    assert report.in_order


def test_a_rehearsal_says_the_same_and_changes_nothing(store: Path) -> None:
    before = statements(store)
    rehearsed = forget(store, dry_run=True)
    assert statements(store) == before
    assert not (store / "forgotten.json").exists()
    done = forget(store)
    assert (rehearsed.people, rehearsed.removed, rehearsed.nodes) == (done.people, done.removed, done.nodes)
    assert (rehearsed.done, done.done) == (False, True)


def test_forgetting_again_finds_nothing_more(store: Path) -> None:
    forget(store)
    after = statements(store)
    assert (forget(store).removed, statements(store)) == (0, after)
    with KnowledgeGraph.open(store) as kg:
        assert len(kg.forgotten()) == 1


@pytest.mark.parametrize("iri", ["https://example.org/university", "no iri", "http://www.w3.org/ns/org#Membership"])
def test_who_is_no_person_is_not_forgotten(store: Path, iri: str) -> None:
    before = statements(store)
    if iri.endswith("#Membership"):
        with KnowledgeGraph.open(store, write=True) as kg:
            kg.update("INSERT DATA { <http://www.w3.org/ns/org#Membership> a <http://www.w3.org/2002/07/owl#Class> }")
        before = statements(store)
    with pytest.raises(InputError):
        forget(store, iri)
    assert statements(store) == before


def test_who_follows_to_be_the_person_goes_as_well(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as kg:
        text = f":desk a owl:FunctionalProperty . :of :desk :same, <{PERSON}> . :same :likes :tea ."
        kg.load(turtle(text, "urn:g:same"))
    assert "https://example.org/same" in forget(store).people
    with KnowledgeGraph.open(store, write=True) as kg:
        assert not kg.query("ASK { <https://example.org/same> ?p ?o }").answer
        assert kg.update("INSERT DATA { <https://example.org/same> <urn:p> 1 }").left_out == 1


def test_a_namesake_stays_and_no_text_is_touched(store: Path) -> None:
    namesake = f'<https://example.org/n> a foaf:Person ; foaf:name "{NAME}" . :award rdfs:label "{NAME} award" .'
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.load(turtle(namesake, "urn:g:namesake"))
    report = forget(store)
    assert report.namesakes == ("https://example.org/n",)
    left = {mention.node for mention in report.still_named}
    assert left == {"https://example.org/n", "https://example.org/award", "https://example.org/page"}
    assert report.rewritten == 0


def test_a_stranger_who_shares_an_identifier_stays_and_is_told_of(store: Path) -> None:
    stranger = f":stranger a foaf:Person ; foaf:name 'Otto Wolff' ; schema:sameAs <https://orcid.org/{ORCID}> ."
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.load(turtle(stranger, "urn:g:stranger"))
    assert forget(store).doubtful == ("https://example.org/stranger",)
    with KnowledgeGraph.open(store) as kg:
        assert kg.query("ASK { ?s <http://xmlns.com/foaf/0.1/name> 'Otto Wolff' }").answer


def test_texts_of_others_lose_the_name_only_when_asked(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.load(turtle(':project a foaf:Project ; rdfs:comment "Led by Quatrefages Lenoir, Eleonore." .', "urn:g:p"))
    assert [m.node for m in forget(store, dry_run=True).still_named] == ["https://example.org/project"]
    assert forget(store, texts=True).still_named == ()
    with KnowledgeGraph.open(store) as kg:
        assert kg.query("ASK { ?s <http://www.w3.org/2000/01/rdf-schema#comment> 'Led by […].' }").answer


def test_the_note_on_the_list_does_not_name_the_person(store: Path) -> None:
    forget(store, why=f"letter of {NAME}, 26 November")
    with KnowledgeGraph.open(store) as kg:
        assert [person.why for person in kg.forgotten()] == ["letter of […], 26 November"]
    assert (store / "forgotten.json").stat().st_mode & 0o077 == 0
