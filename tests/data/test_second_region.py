"""A second region is built of two Turtle files and no Python, and affiliations follow there as in the first."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from kgtool.graph import KnowledgeGraph
from kgtool.transactions.building import sources_of_build
from kgtool.vocabulary import PREFIXES

from .conftest import ROOT
from .second_region import BASE, FILES, FOLDER, RNSR, Ask, Place, ask_the_files, ask_the_graph, place_in

README = (FOLDER / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"```console\n\$ (.*?)```", README, re.DOTALL)
#: The day of the load is another one each time.
DAY = re.compile(r"loaded on \d+ \w+ \d{4}")
AFFILIATIONS = """SELECT ?through ?institution ?possibleFrom ?possibleUntil ?certainFrom ?certainUntil ?person WHERE {
    ?affiliation a kg:Affiliation ; kg:person ?person ; kg:through ?through ; kg:institution ?institution
    OPTIONAL { ?affiliation kg:possibleFrom ?possibleFrom } OPTIONAL { ?affiliation kg:possibleUntil ?possibleUntil }
    OPTIONAL { ?affiliation kg:certainFrom ?certainFrom } OPTIONAL { ?affiliation kg:certainUntil ?certainUntil } }"""
#: Possible on every day, certain on none: what was seen in a year, of which neither start nor end is known.
UNBOUNDED = (None, None, None, None)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place_in(tmp_path_factory.mktemp("second"))


@pytest.fixture(scope="module")
def built(place: Place) -> dict[str, object]:
    """What the build of the README prints, as JSON."""
    told: dict[str, object] = json.loads(place.run("kgtool --store bretagne build --json examples/bretagne"))
    return told


@pytest.fixture(scope="module")
def region(place: Place, built: dict[str, object]) -> Iterator[Ask]:
    assert built["added"]
    with KnowledgeGraph.open(place.store) as graph:
        yield ask_the_graph(graph)


@pytest.fixture(scope="module")
def files() -> Ask:
    return ask_the_files()


def test_the_command_line_builds_it_without_a_warning(built: dict[str, object]) -> None:
    read = built["files"]
    assert isinstance(read, list)
    assert [name for name in read if "examples" in name] == [f"examples/bretagne/{file.name}" for file in FILES]
    assert built["warnings"] == 0


@pytest.mark.usefixtures("built")
def test_it_validates(place: Place) -> None:
    report = json.loads(place.run("kgtool --store bretagne validate --json"))
    assert (report["conforms"], report["violations"], report["warnings"]) == (True, 0, 0)


def test_it_holds_no_program() -> None:
    assert {path.suffix for path in FOLDER.rglob("*") if path.is_file()} == {".ttl", ".md"}


def test_it_can_be_built_beside_the_first_region() -> None:
    _, sources = sources_of_build([ROOT / "data", FOLDER], with_data=True)
    assert {path.name for path in FILES} <= {Path(source.name).name for source in sources}


@pytest.mark.usefixtures("built")
def test_nothing_of_the_first_region_is_in_it(place: Place) -> None:
    told = place.run("kgtool --store bretagne export -f nquads --only all")
    assert f"<{BASE}unit/igdr>" in told
    assert "<https://w3id.org/kgtool/id/hauts-de-france" not in told


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_short_and_uses_its_own_names(file: Path) -> None:
    assert file.stat().st_size < 300_000
    assert "hauts-de-france" not in file.read_text(encoding="utf-8")
    terms = {t for q in parse(path=str(file), format=RdfFormat.TURTLE) for t in (q.subject, q.predicate, q.object)}
    ours = {term.value for term in terms if isinstance(term, NamedNode) and "/kgtool/id/" in term.value}
    shape = re.compile(re.escape(BASE) + r"[a-z]+(-[a-z]+)*/[a-z0-9]+(-[a-z0-9]+)*")
    assert ours
    assert [iri for iri in sorted(ours) if not shape.fullmatch(iri)] == []


@pytest.mark.parametrize(
    ("file", "licence"),
    [
        ("rnsr-2022-ille-et-vilaine.ttl", "https://opensource.org/license/mit"),
        ("ror-ille-et-vilaine.ttl", "https://creativecommons.org/publicdomain/zero/1.0/"),
    ],
)
def test_a_graph_tells_its_provenance(files: Ask, file: str, licence: str) -> None:
    graph = f"<urn:kgtool:source:{file}>"
    found = files(
        f"""SELECT ?licence ?when WHERE {{ GRAPH {graph} {{ {graph} a prov:Entity, dcat:Dataset ;
            prov:wasDerivedFrom ?source ; prov:wasGeneratedBy ?reading ; dcterms:license ?licence ;
            dcterms:title ?french, ?english . ?source a prov:Entity . ?reading a prov:Activity ; prov:used ?source ;
            prov:endedAtTime ?when FILTER(LANG(?french) = "fr" && LANG(?english) = "en") }} }}"""
    )
    assert found == [(licence, "2026-11-26T00:00:00Z")]


def test_everything_is_typed_and_named_in_french(files: Ask) -> None:
    named = files(
        f"""SELECT ?thing WHERE {{ {{ ?thing ?p ?o }} UNION {{ ?s ?p ?thing }}
            FILTER(isIRI(?thing) && STRSTARTS(STR(?thing), "{BASE}")) }}"""
    )
    assert len(named) > 250
    assert files(f'SELECT ?thing WHERE {{ ?thing a ?kind FILTER(STRSTARTS(STR(?thing), "{BASE}")) }}') == named
    assert not files(
        f"""SELECT ?thing WHERE {{ ?thing a ?kind
            FILTER(STRSTARTS(STR(?thing), "{BASE}") && ?kind != schema:PropertyValue)
            FILTER NOT EXISTS {{ ?thing rdfs:label ?label FILTER(LANG(?label) = "fr") }} }}"""
    )
    assert not files(
        """SELECT ?thing WHERE { ?thing rdfs:label ?one, ?other
            FILTER(LANG(?one) = LANG(?other) && STR(?one) < STR(?other)) }"""
    )


def test_people_have_names_and_are_at_the_head_of_something(files: Ask) -> None:
    kept = {PREFIXES["foaf"] + name for name in ("name", "givenName", "familyName")}
    kept |= {PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"}
    assert {name for (name,) in files("SELECT ?p WHERE { ?person a foaf:Person ; ?p ?o }")} == kept
    people = files("SELECT ?person WHERE { ?person a foaf:Person }")
    assert len(people) == 20
    assert files("SELECT ?person WHERE { ?m org:member ?person ; org:role kg:role-director }") == people


@pytest.mark.parametrize(
    ("unit", "supervisors", "participants"),
    [
        ("erl-1305", ["cnrs", "inserm", "universite-rennes-1"], []),
        ("ltsi", ["inserm", "universite-rennes-1"], ["chru-rennes", "cnrs"]),
        ("mobidic", ["etablissement-francais-du-sang", "inserm", "universite-rennes-1"], []),
    ],
)
def test_known_supervisors(region: Ask, unit: str, supervisors: list[str], participants: list[str]) -> None:
    for role, institutions in (("supervisor", supervisors), ("participant", participants)):
        found = region(
            f"""SELECT ?institution WHERE {{ ?node kg:supervisedUnit <unit/{unit}> ; org:role kg:role-{role} ;
                kg:supervisingInstitution ?institution }}"""
        )
        assert found == [(f"{BASE}institution/{name}",) for name in institutions]
    both = region(f"SELECT ?institution WHERE {{ <unit/{unit}> kg:supervisedBy ?institution }}")
    assert both == [(f"{BASE}institution/{name}",) for name in sorted(supervisors + participants)]


def test_a_director_of_two_units_is_affiliated_through_each(region: Ask) -> None:
    expected = [
        ("unit/erl-1305", "institution/cnrs"),
        ("unit/erl-1305", "institution/inserm"),
        ("unit/erl-1305", "institution/universite-rennes-1"),
        ("unit/erl-1305", "unit/erl-1305"),
        ("unit/igdr", "institution/cnrs"),
        ("unit/igdr", "institution/universite-rennes-1"),
        ("unit/igdr", "unit/igdr"),
    ]
    found = [row[:-1] for row in region(AFFILIATIONS) if row[-1] == f"{BASE}person/reynald-gillet"]
    assert found == [(BASE + through, BASE + institution, *UNBOUNDED) for through, institution in expected]


def test_affiliations_are_those_of_heads_with_their_unit_and_its_supervisors(region: Ask, files: Ask) -> None:
    heads = files("SELECT ?person ?unit WHERE { ?m org:member ?person ; org:organization ?unit }")
    above = files("SELECT ?unit ?top WHERE { ?s kg:supervisedUnit ?unit ; kg:supervisingInstitution ?top }")
    stated = {(unit, unit, *UNBOUNDED, person) for person, unit in heads}
    stated |= {(unit, top, *UNBOUNDED, person) for person, unit in heads for below, top in above if below == unit}
    assert len(stated) == 21 + 60
    assert set(region(AFFILIATIONS)) == stated


@pytest.mark.usefixtures("built")
def test_dates_that_a_source_adds_bound_the_affiliations(place: Place, tmp_path: Path) -> None:
    """The membership began in March and was seen on 30 June; the supervision was seen on 15 April and 30 September."""
    shutil.copytree(place.folder, tmp_path, dirs_exist_ok=True, symlinks=True)
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    (tmp_path / "seen.ttl").write_text(
        f"""@base <{BASE}> .\n{prefixes}
        <membership/reynald-gillet-erl-1305-director-2022> schema:startDate "2022-03"^^xsd:gYearMonth ;
            kg:attestedOn "2022-06-30"^^xsd:date .
        <supervision/erl-1305-inserm-2022> kg:attestedOn "2022-04-15"^^xsd:date, "2022-09-30"^^xsd:date .""",
        encoding="utf-8",
    )
    dated = Place(tmp_path)
    dated.run("kgtool --store bretagne load seen.ttl")
    with KnowledgeGraph.open(dated.store) as graph:
        rows = [row[:-1] for row in ask_the_graph(graph)(AFFILIATIONS) if row[0] == f"{BASE}unit/erl-1305"]
    assert [(institution, *bounds) for _, institution, *bounds in rows] == [
        (f"{BASE}institution/cnrs", "2022-03-01", None, None, None),
        (f"{BASE}institution/inserm", "2022-03-01", None, "2022-04-15", "2022-06-30"),
        (f"{BASE}institution/universite-rennes-1", "2022-03-01", None, None, None),
        (f"{BASE}unit/erl-1305", "2022-03-01", None, "2022-03-31", "2022-06-30"),
    ]


def test_a_term_of_the_region_is_below_one_that_all_know(region: Ask, files: Ask) -> None:
    kinds = {f"{BASE}succession/{name}" for name in ("hiving-off", "integration", "merger", "renewal", "split-merger")}
    stated = files(f"SELECT ?event ?kind WHERE {{ {RNSR} {{ ?event a ?kind ; org:resultingOrganization ?unit }} }}")
    assert {kind for _, kind in stated} == kinds
    changes = {
        event for (event,) in region("SELECT ?event WHERE { ?event a org:ChangeEvent ; schema:startDate ?year }")
    }
    assert {event for event, _ in stated} == changes
    assert len(changes) == 12


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("shown", SHOWN, ids=range(len(SHOWN)))
def test_the_readme_shows_the_answer(place: Place, shown: str) -> None:
    lines = shown.splitlines(keepends=True)
    # A quoted text may go on over lines: the command ends where its quotes are closed.
    end = next(n for n in range(1, len(lines) + 1) if "".join(lines[:n]).count("'") % 2 == 0)
    command, expected = "".join(lines[:end]), "".join(lines[end:])
    assert DAY.sub("", place.run(command)).strip() == DAY.sub("", expected).strip()


@pytest.mark.usefixtures("built")
def test_the_readme_shows_three_and_explains_an_affiliation(place: Place) -> None:
    assert len(SHOWN) == 3
    (command,) = re.findall(r"`(kgtool --store bretagne explain [^`]*)`", README)
    told = place.run(f"{command} --language en")
    assert "Reynald Gillet, director of: ERL 1305" in told
    assert "ERL 1305, supervisor: Inserm" in told
    assert "Said by RNSR: structures of health research in Ille-et-Vilaine, as of 2022" in told


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", README)
    assert targets
    assert [target for target in targets if "://" not in target and not (FOLDER / target).exists()] == []
