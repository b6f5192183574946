"""Who was forgotten does not come back: by loading, updating, building anew, or restoring an old backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool import KnowledgeGraph
from kgtool.errors import StoreDamagedError
from kgtool.ingest import sources_of_files

from .people import GRAPHS, NAME, ORCID, PERSON, PREFIXES, files_with, forget, naming, statements, turtle

ORCID_DIGITS = ORCID.replace("-", "")


def without_notes(rows: set[object]) -> set[str]:
    """Give statements but those that say when something was loaded; cells of lists have other names each time."""
    return {str(row) for row in rows if "urn:kgtool:load:" not in str(row) and "_:" not in str(row)}


def test_what_is_loaded_again_comes_without_the_person(store: Path) -> None:
    forget(store)
    after = statements(store)
    with KnowledgeGraph.open(store, write=True) as kg:
        reports = [kg.load(turtle(text, graph), replace=True) for graph, text in GRAPHS.items()]
    assert all(report.left_out for report in reports)
    assert without_notes(statements(store)) == without_notes(after)
    assert files_with(store) == []


@pytest.mark.parametrize(
    "data",
    [
        f"<{PERSON}> <https://example.org/likes> <https://example.org/tea>",
        f"<https://example.org/tea> <https://example.org/liked> <{PERSON}>",
        "<http://example.org/person/eleonore-quatrefages-lenoir/> a <https://example.org/Thing>",
        f"<https://example.org/new> <https://schema.org/sameAs> <http://orcid.org/{ORCID}>",
        f"<https://w3id.org/kgtool/id/orcid/{ORCID}> a <https://example.org/Thing>",
        f"<https://example.org/new> <https://schema.org/identifier> [ <https://schema.org/propertyID> 'orcid' ;"
        f" <https://schema.org/value> '{ORCID_DIGITS}' ]",
        f"GRAPH <{PERSON}> {{ <https://example.org/tea> a <https://example.org/Thing> }}",
        f"<https://example.org/new> <http://www.w3.org/2002/07/owl#sameAs> <{PERSON}>",
    ],
)
def test_an_update_that_names_the_person_in_any_way_says_nothing_of_that_person(store: Path, data: str) -> None:
    forget(store)
    after = statements(store)
    with KnowledgeGraph.open(store, write=True) as kg:
        report = kg.update(f"INSERT DATA {{ {data} }}")
        assert kg.insert_all([f"INSERT DATA {{ {data} }}"] * 2) is None
    assert (report.added, report.left_out > 0) == (0, True)
    assert statements(store) == after


@pytest.mark.parametrize(
    "data",
    [
        f"<{PERSON}-martin> a <http://xmlns.com/foaf/0.1/Person>",
        f"<https://example.org/new> <http://xmlns.com/foaf/0.1/name> '{NAME}'",
        f"<https://example.org/lab> a <http://www.w3.org/ns/org#Organization> ;"
        f" <https://schema.org/identifier> [ <https://schema.org/propertyID> 'ORCID' ;"
        f" <https://schema.org/value> '{ORCID}' ]",
        f"<https://example.org/new> <https://schema.org/identifier> [ <https://schema.org/propertyID> 'IdRef' ;"
        f" <https://schema.org/value> '{ORCID_DIGITS}' ]",
    ],
)
def test_others_are_let_in(store: Path, data: str) -> None:
    forget(store)
    with KnowledgeGraph.open(store, write=True) as kg:
        report = kg.update(f"INSERT DATA {{ {data} }}", allow_inconsistent=True)
    assert (report.added > 0, report.left_out) == (True, 0)


def test_who_comes_to_be_known_as_the_person_goes_with_what_was_known_before(store: Path) -> None:
    forget(store)
    with KnowledgeGraph.open(store, write=True) as kg:
        kg.load(turtle(':idref-5 foaf:name "Quatrefages L." ; :born "1970" .', "urn:g:idref"))
        assert kg.load(turtle(f":idref-5 schema:sameAs <https://orcid.org/{ORCID}> .", "urn:g:more")).left_out == 1
        assert not kg.query("ASK { <https://example.org/idref-5> ?p ?o }").answer
    assert files_with(store) == []


def test_a_first_load_in_one_pass_leaves_the_person_out(tmp_path: Path) -> None:
    """The list stays when a store is built anew; data that name nobody on it go in one pass all the same."""
    data = tmp_path / "data"
    (data / "ontology").mkdir(parents=True)
    (data / "ontology" / "own.ttl").write_text("<urn:A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <urn:B> .")
    (data / "page.ttl").write_text(PREFIXES + GRAPHS["urn:kgtool:source:page"], "utf-8")
    store = tmp_path / "store"
    assert KnowledgeGraph.build(store, [data]).load.left_out == 0
    assert naming(statements(store))
    forget(store)
    assert KnowledgeGraph.build(store, [data]).load.left_out > 0
    assert naming(statements(store)) == []
    assert files_with(store) == []
    assert KnowledgeGraph.check(store).in_order
    (data / "page.ttl").write_text("<urn:a> a <urn:A> .")
    assert KnowledgeGraph.build(store, [data]).load.left_out == 0
    with KnowledgeGraph.open(store) as kg:
        assert kg.query("ASK { <urn:a> a <urn:B> }").answer


def test_an_old_backup_comes_back_without_the_person(store: Path, tmp_path: Path) -> None:
    with KnowledgeGraph.open(store) as kg:
        kg.backup(tmp_path / "backup", link=False)
    forget(store)
    after = statements(store)
    report = KnowledgeGraph.restore(store, tmp_path / "backup")
    assert report.left_out > 0
    assert without_notes(statements(store)) == without_notes(after)
    assert files_with(store) == []
    assert KnowledgeGraph.check(store).in_order


def test_the_list_comes_with_a_backup_to_another_place(store: Path, tmp_path: Path) -> None:
    forget(store)
    with KnowledgeGraph.open(store) as kg:
        kg.backup(tmp_path / "backup")
    KnowledgeGraph.restore(tmp_path / "elsewhere", tmp_path / "backup")
    with KnowledgeGraph.open(tmp_path / "elsewhere", write=True) as kg:
        assert len(kg.forgotten()) == 1
        assert kg.load(turtle(GRAPHS["urn:kgtool:source:page"], "urn:g")).left_out > 0


def test_who_is_let_back_may_be_loaded_and_is_not_put_on_the_list_by_an_older_backup(
    store: Path, tmp_path: Path
) -> None:
    forget(store)
    with KnowledgeGraph.open(store) as kg:
        kg.backup(tmp_path / "backup", link=False)
    with KnowledgeGraph.open(store, write=True) as kg:
        assert kg.allow([PERSON]) == 1
        assert kg.allow([PERSON]) == 0
        assert kg.load(turtle(GRAPHS["urn:kgtool:source:page"], "urn:g")).left_out == 0
        assert kg.query(f"ASK {{ <{PERSON}> ?p ?o }}").answer
    KnowledgeGraph.restore(store, tmp_path / "backup")
    with KnowledgeGraph.open(store) as kg:
        assert kg.forgotten() == ()


def test_somebody_of_whom_nothing_is_known_yet_can_be_kept_out(tmp_path: Path) -> None:
    file = tmp_path / "some.nt"
    file.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:person:x> <urn:b> <urn:c> .\n")
    with KnowledgeGraph.open(tmp_path / "store", write=True, create=True) as kg:
        kg.update("INSERT DATA { <urn:q> <urn:b> <urn:c> }")
    assert forget(tmp_path / "store", "urn:person:x").removed == 0
    with KnowledgeGraph.open(tmp_path / "store", write=True) as kg:
        report = kg.load(sources_of_files([str(file)]))
        assert (report.added, report.left_out) == (1, 1)


def test_a_list_that_cannot_be_read_stops_writing(store: Path) -> None:
    forget(store)
    (store / "forgotten.json").write_text("{")
    with KnowledgeGraph.open(store, write=True) as kg, pytest.raises(StoreDamagedError):
        kg.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
