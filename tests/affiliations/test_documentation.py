"""docs/affiliations.md says what is so: each of its examples has the affiliations, days and answers that it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from kgtool import KnowledgeGraph
from kgtool.ingest import sources_of_bytes

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "affiliations.md").read_text(encoding="utf-8")
EXAMPLE = "https://example.org/"
#: The day of a load is another one each time.
DAY = re.compile(r"(loaded on) \d+ \w+ \d{4}")
Table = list[dict[str, str]]


@dataclass(frozen=True)
class Example:
    """A snippet of Turtle with what the page says of it, under the heading that it stands below."""

    heading: str
    turtle: str
    told: str

    def tables(self, first: str) -> list[Table]:
        """Give the tables whose first column has a name."""
        return [
            table for table in map(_table, re.findall(r"(?:^\|.*\n)+", self.told, re.MULTILINE)) if first in table[0]
        ]


def _table(text: str) -> Table:
    header, _, *rows = ([cell.strip() for cell in line.strip("|\n").split("|")] for line in text.splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def _examples() -> tuple[str, list[Example]]:
    """Give the prefixes, and the examples."""
    parts = re.split(r"^```turtle\n(.*?)^```\n", PAGE, flags=re.DOTALL | re.MULTILINE)
    headings = [re.findall(r"^#+ (.*)$", before, re.MULTILINE) for before in parts[::2]]
    found, heading = [], ""
    for number, turtle in enumerate(parts[1::2]):
        heading = headings[number][-1] if headings[number] else heading
        found.append(Example(heading, turtle, parts[2 * number + 2]))
    return found[0].turtle, found[1:]


PREFIXES, EXAMPLES = _examples()
PROLOGUE = PREFIXES.replace("@prefix", "PREFIX").replace(" .\n", "\n")
CASES = [pytest.param(example, id=f"{number} {example.heading}") for number, example in enumerate(EXAMPLES)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the ontology alone."""
    folder = tmp_path_factory.mktemp("affiliations") / "store"
    KnowledgeGraph.build(folder, [], with_data=False)
    return folder


@pytest.fixture
def graph(store: Path) -> Iterator[KnowledgeGraph]:
    """The graph of that store; what is loaded into it goes again."""
    with KnowledgeGraph.open(store, write=True) as opened:
        yield opened
        opened.update("DROP SILENT GRAPH <urn:x:example>")


def load(graph: KnowledgeGraph, example: Example) -> None:
    graph.load(sources_of_bytes((PREFIXES + example.turtle).encode(), name="x", graph="urn:x:example", format="turtle"))


def rows(graph: KnowledgeGraph, query: str) -> list[list[str]]:
    """Answer a query; things as the page names them."""
    found = graph.query(PROLOGUE + query).solutions()
    return [[term.value.replace(EXAMPLE, ":") if term else "" for term in row] for row in found]  # type: ignore[union-attr]


def said(first: str, last: str, none: str) -> str:
    """Say an interval as the page does."""
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else none


def affiliations(graph: KnowledgeGraph) -> Table:
    """Give the affiliations as rows of the page, each once, by the least of their things' names."""
    asked = """SELECT (MIN(?p) AS ?person) (MIN(?i) AS ?institution) (MIN(?t) AS ?through) ?pf ?pu ?cf ?cu WHERE {
        ?a kg:person ?p ; kg:institution ?i ; kg:through ?t
        OPTIONAL { ?a kg:possibleFrom ?pf } OPTIONAL { ?a kg:possibleUntil ?pu }
        OPTIONAL { ?a kg:certainFrom ?cf } OPTIONAL { ?a kg:certainUntil ?cu } } GROUP BY ?a ?pf ?pu ?cf ?cu"""
    return [
        {
            **dict(zip(("person", "institution", "through"), ends, strict=True)),
            "possible": said(*bounds[:2], "at any date"),
            "certain": said(*bounds[2:], "never"),
        }
        for *ends, a, b, c, d in rows(graph, asked)
        for bounds in [(a, b, c, d)]
    ]


def in_order(table: Table) -> Table:
    return sorted(table, key=lambda row: tuple(row.values()))


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 12
    assert sum(len(example.tables("on")) for example in EXAMPLES) == 1
    assert PAGE.count("```sparql") == 2


@pytest.mark.parametrize("example", CASES)
def test_an_example_has_the_affiliations_shown(graph: KnowledgeGraph, example: Example) -> None:
    (expected,) = example.tables("institution")
    load(graph, example)
    assert in_order(affiliations(graph)) == in_order(expected)


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one.tables("on")], ids=lambda one: one.heading)
def test_days_are_certain_or_possible_as_shown(graph: KnowledgeGraph, example: Example) -> None:
    (expected,) = example.tables("on")
    load(graph, example)
    asked = """SELECT ?i ?pf ?pu ?cf ?cu WHERE { ?a kg:institution ?i
        OPTIONAL { ?a kg:possibleFrom ?pf } OPTIONAL { ?a kg:possibleUntil ?pu }
        OPTIONAL { ?a kg:certainFrom ?cf ; kg:certainUntil ?cu } }"""
    bounds = rows(graph, asked)
    for row in expected:
        day = date.fromisoformat(row["on"]).isoformat()
        for institution in row.keys() - {"on"}:
            mine = [found[1:] for found in bounds if found[0] == institution]
            certain = any(cf and cf <= day <= cu for _, _, cf, cu in mine)
            possible = any(pf <= day and (not pu or day <= pu) for pf, pu, _, _ in mine)
            assert row[institution] == ("certain" if certain else "possible" if possible else "no"), row


@pytest.mark.parametrize("example", [one for one in EXAMPLES if "```sparql" in one.told], ids=lambda one: one.heading)
def test_queries_have_the_answers_shown(graph: KnowledgeGraph, example: Example) -> None:
    load(graph, example)
    queries = re.findall(r"```sparql\n(.*?)```", example.told, re.DOTALL)
    for query, expected in zip(queries, example.tables("from"), strict=True):
        assert rows(graph, query) == [list(row.values()) for row in expected]


def test_the_explanation_is_the_one_shown(store: Path, tmp_path: Path) -> None:
    (example,) = [one for one in EXAMPLES if one.heading.startswith("A supervision that ends")]
    (shown,) = re.findall(r"```console\n\$ (.*?)```", PAGE, re.DOTALL)
    command, _, expected = shown.partition("\n")
    (tmp_path / "example.ttl").write_text(PREFIXES + example.turtle, encoding="utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("KGTOOL_", "LC_", "LANG"))}
    env |= {"KGTOOL_STORE": str(store), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    kgtool = f'kgtool() {{ "{sys.executable}" -m kgtool "$@"; }}; '

    def run(text: str) -> str:
        done = subprocess.run(
            kgtool + text, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("kgtool load example.ttl")
    try:
        assert DAY.sub(r"\1", run(command)).strip() == DAY.sub(r"\1", expected).strip()
    finally:
        run("kgtool unload urn:kgtool:source:example.ttl")


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#\s]+)\)", PAGE):
        assert "://" in target or (ROOT / "docs" / target).exists(), target
