"""Links for others: SSSOM by its specification, same-as triples, and spreadsheets in which no cell runs."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kgtool.graph import KnowledgeGraph
from kgtool.link.entities.links import link_id
from kgtool.link.entities.spreadsheet import guarded, write_csv
from kgtool.vocabulary import ID_BASE
from tests.link.registries import HERE

CHU = link_id(f"{HERE}chu", f"{ID_BASE}ror/02ppyfa04")
UNIV = link_id(f"{HERE}univ", f"{ID_BASE}ror/0000lille")
#: The slots of a mapping in the SSSOM data model (1.1) that kgtool fills; two more are extensions of the head.
SLOTS = {
    "record_id", "subject_id", "subject_label", "subject_category", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "reviewer_label", "subject_source", "object_source", "review_date",
    "confidence", "comment",
}  # fmt: skip
#: Those of a mapping set.
SET_SLOTS = {
    "sssom_version", "curie_map", "mapping_set_id", "mapping_set_title", "license", "mapping_tool",
    "mapping_tool_version", "mapping_date", "extension_definitions",
}  # fmt: skip
#: The pattern of the data model.
JUSTIFICATION = re.compile(
    "semapv:(MappingReview|ManualMappingCuration|LogicalReasoning|LexicalMatching|CompositeMatching|UnspecifiedMatching"
    "|SemanticSimilarityThresholdMatching|LexicalSimilarityThresholdMatching|MappingChaining|MappingInversion"
    "|StructuralMatching|InstanceBasedMatching|BackgroundKnowledgeBasedMatching)"
)


@pytest.fixture
def reviewed(store: Path) -> Path:
    with KnowledgeGraph.open(store, write=True) as graph:
        graph.link()
        graph.review(CHU, "accepted", by="A|B. Reviewer", why="=1+1")
        graph.review(UNIV, "rejected", by="A. Reviewer", why="another\tone")
    return store


def head_and_rows(text: str) -> tuple[dict[str, object], list[dict[str, str]]]:
    """Read SSSOM/TSV: a YAML head in comments, then the table."""
    lines = text.splitlines(keepends=True)
    head = [line.removeprefix("#") for line in lines if line.startswith("#")]
    values: dict[str, object] = {}
    for line in head:
        key, _, value = line.strip().partition(": ")
        if not line.startswith(" "):
            name = key.rstrip(":\n")
            values[name] = json.loads(value) if value else {}
        elif isinstance(inner := values[name], dict):
            inner[key.removeprefix("- ")] = json.loads(value) if value.startswith('"') else value
    table = "".join(line for line in lines if not line.startswith("#"))
    return values, list(csv.DictReader(io.StringIO(table), delimiter="\t"))


def test_sssom_is_what_its_data_model_says(reviewed: Path) -> None:
    with KnowledgeGraph.open(reviewed) as graph:
        head, rows = head_and_rows(graph.links_as_sssom("0.1.0"))
    assert head.keys() == SET_SLOTS
    assert head["sssom_version"] == "1.1"
    prefixes = head["curie_map"]
    assert isinstance(prefixes, dict)
    assert len(rows) == len({row["record_id"] for row in rows}) >= 8
    for row in rows:
        assert row.keys() == SLOTS | {"kgtool_node", "kgtool_status"}
        assert JUSTIFICATION.fullmatch(row["mapping_justification"])
        assert 0 <= float(row["confidence"]) <= 1
        assert bool(row["review_date"]) == bool(row["reviewer_label"])
        for column in ("subject_id", "predicate_id", "object_id"):
            prefix = row[column].partition(":")[0]
            assert prefix in prefixes or prefix in ("http", "https", "urn"), row[column]
    objects = [row["object_id"].partition(":") for row in rows]
    expanded = {f"{prefixes[prefix]}{rest}" for prefix, _, rest in objects if prefix in prefixes}
    assert "https://ror.org/02ppyfa04" in expanded


def test_sssom_says_what_reviews_made_of_links(reviewed: Path) -> None:
    with KnowledgeGraph.open(reviewed) as graph:
        rows = {row["record_id"].rpartition("/")[2]: row for row in head_and_rows(graph.links_as_sssom("1"))[1]}
    accepted, rejected = rows[CHU], rows[UNIV]
    assert (accepted["predicate_id"], accepted["predicate_modifier"]) == ("owl:sameAs", "")
    assert accepted["reviewer_label"] == r"A\|B. Reviewer"
    assert rejected["predicate_modifier"] == "Not"
    assert {rows[id]["mapping_justification"] for id in (CHU, UNIV)} == {"semapv:ManualMappingCuration"}
    others = {row["predicate_id"] for id, row in rows.items() if id not in (CHU, UNIV)}
    assert others == {"skos:exactMatch", "skos:closeMatch"}


def test_no_cell_of_the_csv_is_a_formula(reviewed: Path) -> None:
    with KnowledgeGraph.open(reviewed) as graph:
        links = graph.links()
        data = write_csv(links, graph.registry_iris(links), bom=True)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert {row["id"]: row["review"] for row in rows}[CHU] == "'=1+1"
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n \uff1dabc'|0"), max_size=6))
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    shown = guarded(cell)
    assert shown in (cell, f"'{cell}")
    assert not shown.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))
