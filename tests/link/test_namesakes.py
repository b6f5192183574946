"""People who may be taken for one another: twins in a unit, names that are only alike, and what settles who is who."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgtool.graph import KnowledgeGraph
from kgtool.link.entities.links import Link, link_id
from kgtool.vocabulary import ID_BASE
from tests.link.registries import HERE, identifier, make_store

UNIT = 'a kg:ResearchUnit ; rdfs:label "Laboratoire de mécanique du bocage"@fr .'
STUDY = "A study of the mechanics of hedges in wet areas"


def member(person: str, place: str) -> str:
    return f"<{place}/m-{person}> a kg:Membership ; org:member <{place}/{person}> ; org:organization <{place}/lab> ."


def people(place: str, *names: str) -> str:
    """People of the unit of a place, by their names; the first word in lower case names the node."""
    nodes = {name.split()[0].lower(): name for name in names}
    return f"<{place}/lab> {UNIT}" + "".join(
        f'<{place}/{node}> a foaf:Person ; rdfs:label "{name}" . {member(node, place)}' for node, name in nodes.items()
    )


def works(place: str, author: str, *dois: str) -> str:
    """Works of one title, each with its DOI, or without for an empty one."""
    return "".join(
        f'<{place}/w{n}> a schema:ScholarlyArticle ; rdfs:label "{STUDY}" ; schema:author <{place}/{author}> '
        + (f"; schema:identifier {identifier('DOI', doi, f'{place}/w{n}')} ." if doi else ".")
        for n, doi in enumerate(dois)
    )


def linked(store: Path, here: str, hal: str) -> dict[tuple[str, str], Link]:
    made = make_store(store, {"region": here, "hal": hal})
    with KnowledgeGraph.open(made, write=True) as graph:
        found = graph.link().links
    return {(each.subject.removeprefix(HERE), each.object.rpartition("/")[2]): each for each in found}


def test_a_record_that_may_be_either_twin_is_chosen_for_neither(tmp_path: Path) -> None:
    """Everything else agrees: the unit, the article, and who wrote it too."""
    here = people("here", "Jean Dupont", "Jules Dupont", "Marc Petitjean") + works("here", "jean", "10.1000/a")
    here += "<here/w0> schema:author <here/jules>, <here/marc> ."
    hal = people("hal", "J. Dupont", "Marc Petitjean") + works("hal", "j.", "10.1000/A")
    found = linked(tmp_path / "store", here, hal + "<hal/w0> schema:author <hal/marc> .")
    assert [found[twin, "j."].status for twin in ("jean", "jules")] == ["candidate", "candidate"]
    assert '"Jules Dupont"' in found["jean", "j."].why
    assert found["marc", "marc"].status == "chosen"


def test_a_record_with_the_whole_name_is_that_twins(tmp_path: Path) -> None:
    found = linked(tmp_path / "store", people("here", "Jean Dupont", "Jules Dupont"), people("hal", "Jules Dupont"))
    statuses = {pair: link.status for pair, link in found.items() if link.kind == "person"}
    assert statuses == {("jules", "jules"): "chosen"}


def test_what_an_identifier_or_a_review_settles_is_nobody_elses(tmp_path: Path) -> None:
    here = people("here", "Jean Dupont", "Jules Dupont")
    orcid = identifier("ORCID", "0000-0002-1825-0097", "here")
    hal = people("hal", "J. Dupont") + works("hal", "j.", "") + f"<hal/j.> schema:identifier {orcid} ."
    here += works("here", "jean", "") + "<here/w0> schema:author <here/jules> ."
    found = linked(tmp_path / "known", here + f"<here/jules> schema:identifier {orcid} .", hal)
    assert [found[twin, "j."].status for twin in ("jean", "jules")] == ["candidate", "chosen"]
    linked(tmp_path / "reviewed", here, hal)
    with KnowledgeGraph.open(tmp_path / "reviewed", write=True) as graph:
        graph.review(link_id(f"{HERE}jean", f"{ID_BASE}hal/j."), "accepted", by="A. Reviewer")
        links = [link for link in graph.link().links if link.kind == "person"]
    statuses = {link.subject.removeprefix(HERE): link.status for link in links}
    assert statuses == {"jean": "chosen", "jules": "candidate"}


@pytest.mark.parametrize("other", ["Michele Dupont", "Michèle Dupont", "Mich. Dupont", "M. Dupont"])
def test_a_name_that_is_only_alike_needs_more_than_the_unit(tmp_path: Path, other: str) -> None:
    found = linked(tmp_path / "store", people("here", "Michel Dupont"), people("hal", other))
    assert [link.status for (subject, _), link in found.items() if subject == "michel"] in ([], ["candidate"])


def test_a_record_is_not_chosen_for_two_organisations_that_identifiers_tell_apart(tmp_path: Path) -> None:
    """Where one has more in common with it, such as the home page, the record is that one's."""
    name = 'a kg:Institution ; rdfs:label "Institut des bocages humides"@fr'
    page = "; foaf:homepage <https://bocages.example.org/>"
    rors = (("old", "02ppyfa04"), ("new", "02kzqn938"))
    for more, statuses in (("", ["candidate", "candidate"]), (page, ["candidate", "chosen"])):
        extra = {"old": "", "new": more}
        here = "".join(
            f"<here/{one}> {name} {extra[one]} ; schema:identifier {identifier('ROR', ror, f'here/{one}')} ."
            for one, ror in rors
        )
        found = linked(tmp_path / (more[:1] or "none"), here, f"<hal/record> {name} {more} .")
        assert [found[one, "record"].status for one in ("old", "new")] == statuses
