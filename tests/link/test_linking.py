"""Things of a region linked with registries, end to end: what is chosen, on what evidence, and what never is."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from kgtool.errors import InputError, MissingError
from kgtool.graph import KnowledgeGraph
from kgtool.link.entities.links import Link
from kgtool.transactions.linking import Linked
from kgtool.vocabulary import ID_BASE, PREFIXES
from tests.link.registries import HERE, REGION, make_store


@pytest.fixture(scope="session")
def linked(made_store: Path) -> Linked:
    with KnowledgeGraph.open(made_store) as graph:
        return graph.link(write=False)


def between(linked: Linked, subject: str, other: str) -> Link | None:
    found = [link for link in linked.links if (link.subject, link.object) == (HERE + subject, ID_BASE + other)]
    return found[0] if found else None


def chosen(linked: Linked, subject: str, other: str) -> Link:
    link = between(linked, subject, other)
    assert link is not None
    assert link.status == "chosen", link
    return link


def test_an_identifier_settles_it_whatever_the_names(linked: Linked) -> None:
    link = chosen(linked, "chu", "ror/02ppyfa04")
    assert (link.exact, link.confidence > 0.97) == (True, True)
    assert "ROR https://ror.org/02ppyfa04 in both" in link.why


def test_a_name_in_another_language_is_a_close_match(linked: Linked) -> None:
    link = chosen(linked, "univ", "ror/0000lille")
    assert not link.exact
    assert link.why.startswith('name "University of Lille" in both')
    assert between(linked, "univ", "ror/0000autre") is None


def test_two_records_of_one_name_are_candidates_that_name_each_other(linked: Linked) -> None:
    links = [between(linked, "institute", f"ror/{key}") for key in ("0000pastr", "0000paste")]
    assert [link.status for link in links if link] == ["candidate", "candidate"]
    assert all(link and "is as like" in link.why for link in links)


def test_identifiers_that_differ_exclude_each_other_whatever_the_names(linked: Linked) -> None:
    assert between(linked, "moved", "ror/0000nouve") is None
    assert between(linked, "other", "hal/lea") is None
    told = {(pair.subject, pair.object): pair.why for pair in linked.excluded}
    assert "is not ROR" in told[f"{HERE}moved", f"{ID_BASE}ror/0000nouve"]
    assert "is not ORCID" in told[f"{HERE}other", f"{ID_BASE}hal/lea"]


def test_a_unit_is_known_by_its_number_its_name_and_its_supervisors(linked: Linked) -> None:
    link = chosen(linked, "u1190", "rnsr/201019111J")
    assert "unit number 1190 in both" in link.why
    assert 'both belong to "' in link.why
    assert between(linked, "u1190", "rnsr/200012345A") is None


def test_a_person_is_never_chosen_on_a_name_alone(linked: Linked) -> None:
    link = between(linked, "lone", "hal/jeanne")
    assert link is not None
    assert (link.status, link.confidence < 0.5, link.exact) == ("candidate", True, False)


def test_a_person_is_chosen_on_a_name_and_an_affiliation_reached_by_reasoning(linked: Linked) -> None:
    link = chosen(linked, "ada", "hal/ada")
    assert 'names "Ada Byron" and "BYRON Ada"' in link.why
    assert 'both affiliated with "Universit' in link.why


def test_a_person_is_chosen_on_a_name_and_somebody_worked_with(linked: Linked) -> None:
    assert 'both worked with "Carl Friedrich Gauss"' in chosen(linked, "mate", "hal/ben").why


def test_a_person_is_chosen_on_initials_and_a_publication_of_the_same_title(linked: Linked) -> None:
    why = chosen(linked, "writer", "hal/emile").why
    assert 'initial "e" of "emile"' in why
    assert 'both took part in "Liver fibrosis' in why


def test_an_orcid_in_another_spelling_settles_who_it_is(linked: Linked) -> None:
    assert chosen(linked, "known", "hal/paul").exact


def test_identifiers_that_agree_and_differ_are_for_people_to_look_at(linked: Linked) -> None:
    link = between(linked, "twice", "hal/zoe")
    assert link is not None
    assert (link.status, link.exact) == ("candidate", False)
    assert "ORCID 0000-0003-1415-9269 in both" in link.why
    assert "IdRef 189057041 is not IdRef 127373624" in link.why


def test_only_things_of_one_kind_are_linked(linked: Linked) -> None:
    assert {link.kind for link in linked.links} == {"organisation", "person"}
    assert not any(link.subject.startswith(f"{ID_BASE}hal/") for link in linked.links)


def test_the_same_state_gives_the_same_links_and_no_second_commit(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        commit, first = graph.commit, graph.links_as_sssom("1")
        graph.link()
        assert (graph.commit, graph.links_as_sssom("1")) == (commit, first)


def test_links_are_a_graph_that_says_what_it_is_and_holds_no_same_as(store: Path) -> None:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link(day=date(2026, 11, 3))
        text = f"""PREFIX owl: <{PREFIXES["owl"]}> PREFIX skos: <{PREFIXES["skos"]}> PREFIX sssom: <https://w3id.org/sssom/>
            PREFIX prov: <{PREFIXES["prov"]}> PREFIX dcterms: <{PREFIXES["dcterms"]}> """
        graph_of = "GRAPH <urn:kgtool:source:links>"
        assert graph.query(
            text + f"ASK {{ {graph_of} {{ <{HERE}chu> skos:exactMatch <{ID_BASE}ror/02ppyfa04> }} }}"
        ).answer
        asked = (
            text
            + f"""SELECT ?c {{ {graph_of} {{ ?link owl:annotatedSource <{HERE}lone> ; sssom:confidence ?c }}
            FILTER NOT EXISTS {{ <{HERE}lone> skos:closeMatch ?o }} }}"""
        )
        assert len(list(graph.query(asked))) == 1
        assert not graph.query(text + "ASK { ?s owl:sameAs ?o }").answer
        assert graph.query(
            text
            + f"""ASK {{ {graph_of} {{ <urn:kgtool:source:links> prov:generatedAtTime ?at ; dcterms:license ?l }}
            FILTER(STRSTARTS(STR(?at), "2026-11-03")) }}"""
        ).answer
        assert [f for f in graph.validate().findings if f.severity == "violation"] == []


def test_links_to_a_graph_of_any_names(tmp_path: Path) -> None:
    partners = '<https://example.org/1> a org:Organization ; rdfs:label "Université de Lille"@fr .'
    store = make_store(tmp_path / "store", {"region": REGION, "partners": partners})
    with KnowledgeGraph.open(store, write=True) as graph:
        with pytest.raises(InputError, match="nothing to link with"):
            graph.link()
        with pytest.raises(MissingError):
            graph.link(against=["urn:kgtool:source:absent"])
        found = graph.link(against=["urn:kgtool:source:partners"])
        assert [(link.subject, link.object) for link in found.links] == [(f"{HERE}univ", "https://example.org/1")]


def test_registries_are_linked_with_one_another_when_asked(made_store: Path, linked: Linked) -> None:
    with KnowledgeGraph.open(made_store) as graph:
        more = graph.link(among=True, write=False)
    new = {(link.subject, link.object): link for link in more.links if link not in linked.links}
    assert (f"{ID_BASE}hal/lille", f"{ID_BASE}rnsr/lille") in new
    assert not any(other == f"{ID_BASE}hal/lille" for _, other in new)
    assert all(link.registry != subject.removeprefix(ID_BASE).partition("/")[0] for (subject, _), link in new.items())
    assert {*linked.links} <= {*more.links}


def test_an_imported_graph_is_exported_alone(store: Path) -> None:
    with KnowledgeGraph.open(store) as graph:
        output = BytesIO()
        graph.export("ntriples", output, graph="urn:kgtool:source:ror")
        assert b"/ror/02ppyfa04>" in output.getvalue()
        assert b"/hal/" not in output.getvalue()


#: Twins in one unit, somebody of whom only the initial is printed, two people of one name, and who signed with them.
TWINS = """
<%(w)s/unit> a kg:ResearchUnit ; rdfs:label "Laboratoire de biologie rare"@fr .
<%(w)s/marie> a kg:Researcher ; rdfs:label "Marie Dupont" . <%(w)s/marc> a kg:Researcher ; rdfs:label "Marc Dupont" .
<%(w)s/m> a kg:Researcher ; rdfs:label "M. Dupont" . <%(w)s/zoe> a kg:Researcher ; rdfs:label "Zoé Lambert-Petit" .
<%(w)s/1> org:member <%(w)s/marie> ; org:organization <%(w)s/unit> .
<%(w)s/2> org:member <%(w)s/marc> ; org:organization <%(w)s/unit> .
<%(w)s/3> org:member <%(w)s/m> ; org:organization <%(w)s/unit> .
<%(w)s/4> org:member <%(w)s/zoe> ; org:organization <%(w)s/unit> .
"""
TOGETHER = """
<%(w)s/paper> a schema:ScholarlyArticle ; rdfs:label "%(title)s" ; schema:author %(authors)s .
"""


def chosen_of(tmp_path: Path, region: str, hal: str) -> set[tuple[str, str]]:
    store = make_store(tmp_path / "store", {"region": region, "hal": hal})
    with KnowledgeGraph.open(store) as graph:
        links = graph.link(write=False).links
    base = len(ID_BASE)
    return {(link.subject[base:], link.object[base:]) for link in links if link.status == "chosen"}


def test_twins_of_one_unit_are_told_apart_and_an_initial_in_it_is_nobody(tmp_path: Path) -> None:
    found = chosen_of(tmp_path, TWINS % {"w": "here"}, TWINS % {"w": "hal"})
    pairs = {("marie", "marie"), ("marc", "marc"), ("zoe", "zoe"), ("unit", "unit")}
    assert found == {(f"here/{one}", f"hal/{other}") for one, other in pairs}


def test_an_initial_that_twins_share_is_neither_whoever_it_worked_with(tmp_path: Path) -> None:
    hal = """<hal/m> a foaf:Person ; foaf:name "M. Dupont" . <hal/zoe> a foaf:Person ; foaf:name "Lambert-Petit, Zoé" .
    <hal/unit> a kg:ResearchUnit ; rdfs:label "Laboratoire de biologie rare"@fr .
    <hal/1> org:member <hal/m> ; org:organization <hal/unit> ."""
    paper = TOGETHER % {"w": "hal", "title": "On hearts", "authors": "<hal/m>, <hal/zoe>"}
    ours = TOGETHER % {"w": "here", "title": "On lungs", "authors": "<here/marie>, <here/marc>, <here/zoe>"}
    found = chosen_of(tmp_path, TWINS % {"w": "here"} + ours, hal + paper)
    assert not {pair for pair in found if pair[1] == "hal/m" and pair[0] != "here/m"}


def test_records_that_their_identifiers_tell_apart_are_not_both_chosen(tmp_path: Path) -> None:
    records = """<hal/unit> a kg:ResearchUnit ; rdfs:label "Laboratoire de biologie rare"@fr .
    <hal/one> a foaf:Person ; foaf:name "Marie Dupont" ; schema:sameAs <https://orcid.org/0000-0002-1825-0097> .
    <hal/two> a foaf:Person ; foaf:name "Marie Dupont" ; schema:sameAs <https://orcid.org/0000-0001-5109-3700> .
    <hal/1> org:member <hal/one> ; org:organization <hal/unit> .
    <hal/2> org:member <hal/two> ; org:organization <hal/unit> ."""
    found = chosen_of(tmp_path, TWINS % {"w": "here"}, records)
    assert found == {("here/unit", "hal/unit")}


def written(place: str, name: str, title: str, doi: str) -> str:
    return f"""<{place}/author> a foaf:Person ; foaf:name "{name}" .
    <{place}/paper> a schema:ScholarlyArticle ; rdfs:label "{title}" ; schema:author <{place}/author> ; {doi} ."""


@pytest.mark.parametrize(
    ("title", "ours", "theirs", "same"),
    [
        ("Fibrose du foie", "https://doi.org/10.1000/XyZ.3", "10.1000/xyz.3", True),
        ("Liver fibrosis after surgery in adults", "doi:10.1000/y2020", "10.1000/y2021", False),
        ("Liver fibrosis after surgery in adults", "", "10.1000/y2021", True),
        ("Fibrose du foie", "", "10.1000/xyz.3", False),
    ],
)
def test_publications_with_dois_are_compared_by_them_and_others_by_their_titles(
    tmp_path: Path, title: str, ours: str, theirs: str, same: bool
) -> None:
    node = '[ a schema:PropertyValue ; schema:propertyID "DOI" ; schema:value "%s" ]'
    known = f"schema:identifier {node % ours}" if ours else "a schema:CreativeWork"
    found = chosen_of(
        tmp_path,
        written("here", "Anne Leroy", title, known),
        written(
            "hal", "Leroy, A.", "Liver fibrosis after surgery in adults", f"schema:sameAs <https://doi.org/{theirs}>"
        ),
    )
    assert (("here/author", "hal/author") in found) is same


def test_a_record_that_gave_way_to_another_does_not_keep_that_one_from_being_chosen(tmp_path: Path) -> None:
    ours = '<here/new> a kg:University ; rdfs:label "Université des dunes"@fr .'
    records = """<ror/0000aaaaa> a kg:University ; rdfs:label "Université des dunes"@fr .
    <ror/0000aaaaa> kg:succeededBy <ror/0000bbbbb> .
    <ror/0000bbbbb> a kg:University ; rdfs:label "Université des dunes"@fr ."""
    store = make_store(tmp_path / "store", {"region": ours, "ror": records})
    with KnowledgeGraph.open(store) as graph:
        links = {link.object[len(ID_BASE) :]: link.status for link in graph.link(write=False).links}
    assert links == {"ror/0000bbbbb": "chosen", "ror/0000aaaaa": "candidate"}
